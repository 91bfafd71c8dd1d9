package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chain of seals by itself: how it goes on where its beginning is gone, and what breaks it. */
final class JournalChainTest {
  private static final SealKey KEY = SealKey.derivedFrom(bytes("0123456789abcdef0123456789abcdef"));
  private static final int BODY = SealChain.BODY_LENGTH;

  private final UnsafeBuffer seals = new UnsafeBuffer(new byte[3 * BODY]);

  private static void cover(SealChain chain, String text) {
    byte[] bytes = ("before" + text + "after").getBytes(StandardCharsets.US_ASCII);
    chain.cover(new UnsafeBuffer(bytes), "before".length(), text.length());
  }

  /** Seals after "first", "second" and "third", at sequences 10, 20 and 30. */
  private SealChain write() {
    SealChain chain = new SealChain(KEY, true);
    cover(chain, "first");
    chain.seal(10, seals, 0);
    cover(chain, "second");
    chain.seal(20, seals, BODY);
    cover(chain, "third");
    chain.seal(30, seals, 2 * BODY);
    return chain;
  }

  @Test
  void shouldCheckWhatWasSealed() {
    SealChain written = write();
    SealChain checked = new SealChain(KEY, true);
    cover(checked, "fir");
    cover(checked, "st");
    assertTrue(checked.check(10, seals, 0));
    cover(checked, "second");
    assertTrue(checked.check(20, seals, BODY));
    assertEquals(2, checked.number());
    cover(checked, "third");
    assertTrue(checked.check(30, seals, 2 * BODY));
    assertEquals(written.mark(), checked.mark());
    assertEquals(3, checked.mark().number());
  }

  @Test
  void shouldTakeTheFirstSealThatItMeetsWhereTheBeginningIsGone() {
    SealChain written = write();
    SealChain checked = new SealChain(KEY, false);
    cover(checked, "what is left of the pruned part");
    assertTrue(checked.check(20, seals, BODY));
    assertEquals(2, checked.number());
    cover(checked, "third");
    assertTrue(checked.check(30, seals, 2 * BODY));
    assertEquals(written.mark(), checked.mark());
  }

  @Test
  void shouldNotTakeAnotherSealForTheSecondOne() {
    write();
    SealChain checked = new SealChain(KEY, false);
    assertTrue(checked.check(10, seals, 0));
    cover(checked, "Second");
    assertFalse(checked.check(20, seals, BODY), "other bytes");

    SealChain otherSequence = new SealChain(KEY, false);
    assertTrue(otherSequence.check(10, seals, 0));
    cover(otherSequence, "second");
    assertFalse(otherSequence.check(21, seals, BODY), "another sequence");

    SealChain leftOut = new SealChain(KEY, false);
    assertTrue(leftOut.check(10, seals, 0));
    cover(leftOut, "second");
    cover(leftOut, "third");
    assertFalse(leftOut.check(30, seals, 2 * BODY), "a seal was left out");

    seals.putLong(BODY, 3);
    SealChain otherNumber = new SealChain(KEY, false);
    assertTrue(otherNumber.check(10, seals, 0));
    cover(otherNumber, "second");
    assertFalse(otherNumber.check(20, seals, BODY), "another number");

    SealChain otherKey = new SealChain(SealKey.derivedFrom(new byte[32]), true);
    cover(otherKey, "first");
    assertFalse(otherKey.check(10, seals, 0), "another key");
  }

  @Test
  void shouldCoverTheSameInOnePieceAsInMany() {
    byte[] bytes = new byte[20_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    SealChain whole = new SealChain(KEY, true);
    whole.cover(new UnsafeBuffer(bytes), 0, bytes.length);
    whole.seal(1, seals, 0);
    SealChain pieces = new SealChain(KEY, true);
    for (int at = 0; at < bytes.length; at += 1000) {
      pieces.cover(new UnsafeBuffer(bytes), at, 1000);
    }

    assertTrue(pieces.check(1, seals, 0));
  }

  /** HMAC of RFC 2104 spelled out, against Java's own; a key of more than a block of 64 bytes is hashed first. */
  @ParameterizedTest
  @ValueSource(ints = {32, 63, 64, 65, 200})
  void shouldDeriveTheKeyAsHmacSaysWhateverItsLength(int length) throws Exception {
    byte[] secret = new byte[length];
    Arrays.fill(secret, (byte) 0x5A);
    byte[] derived = hmac(secret, "valfardskort journal seal 1");

    assertArrayEquals(hmac(derived, "some bytes"), SealKey.derivedFrom(secret).macOf(bytes("some bytes")));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void shouldSayNothingOfTheKey() {
    assertEquals("seal key", KEY.toString());
  }
}
