package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The token is HMAC-SHA-256 as everyone else computes it. */
class PanTokenizerTest {
  @Test
  void shouldAgreeWithTheJdksMac() throws Exception {
    long seed = 752;
    Random random = new Random(seed);
    for (int keyLength : new int[] {32, 48, 64, 65, 200}) {
      byte[] key = new byte[keyLength];
      random.nextBytes(key);
      PanTokenizer tokenizer = new PanTokenizer(key);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (int length = 12; length <= 19; length++) {
        byte[] pan = new byte[length];
        for (int i = 0; i < length; i++) {
          pan[i] = (byte) ('0' + random.nextInt(10));
        }
        byte[] token = new byte[40];

        tokenizer.tokenize(pan, 0, length, token, 4);

        byte[] expected = new byte[40];
        System.arraycopy(mac.doFinal(pan), 0, expected, 4, 32);
        assertArrayEquals(expected, token, "seed " + seed + ", key of " + keyLength + ", PAN of " + length);
      }
    }
  }

  @Test
  void shouldCheckTheKeyWithTheMacOfAFixedText() throws Exception {
    byte[] key = Wire.ascii("demo-key-of-the-welfare-card-000");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));

    long check = new PanTokenizer(key).keyCheck();

    byte[] expected = mac.doFinal(Wire.ascii("valfardskort token key check"));
    assertEquals(ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).getLong(), check);
  }

  @Test
  void shouldRefuseAKeyThatIsShorterThanTheHash() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new PanTokenizer(new byte[31]));

    assertTrue(String.valueOf(refused.getMessage()).contains("31 bytes"));
  }

  @Test
  void shouldTellRightCheckDigitsFromWrongOnes() {
    byte[] pan = Wire.ascii("9752000000000001");
    for (int digit = 0; digit <= 9; digit++) {
      pan[15] = (byte) ('0' + digit);

      assertEquals(digit == 1, PanTokenizer.checkDigitOk(pan, 0, pan.length), "digit " + digit);
    }
    assertTrue(PanTokenizer.checkDigitOk(Wire.ascii("4111111111111111"), 0, 16));
    assertTrue(PanTokenizer.checkDigitOk(Wire.ascii("378282246310005"), 0, 15));
    assertFalse(PanTokenizer.checkDigitOk(Wire.ascii("378282246310006"), 0, 15));
  }
}
