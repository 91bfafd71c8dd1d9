package se.valfardskort.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.DeclineReason;

/** Card numbers, amounts and words. */
class CardNumberTest {
  @Test
  void shouldEndWithALuhnDigit() {
    // By hand: of 975200000000000 every other digit from the right is doubled, so the 9 (18, 1+8 = 9), the 5 (10,
    // 1+0 = 1) and zeros; 9 + 7 + 1 + 2 = 19, and 1 makes it a multiple of ten.
    assertEquals("9752000000000001", CardNumber.panOf("000000000"));
    // With a 7 at the end: 14, 1+4 = 5 more; 19 + 5 = 24, and 6 makes 30.
    assertEquals("9752000000000076", CardNumber.panOf("000000007"));
  }

  @Test
  void shouldPassTheLuhnCheckForAnyCard() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      String pan = Long.toString(CardNumber.pan(random.nextInt(CardNumber.LIMIT)));
      int sum = 0;
      for (int at = 0; at < 16; at++) {
        int digit = pan.charAt(15 - at) - '0';
        int weighted = at % 2 == 1 ? digit * 2 : digit;
        sum += weighted / 10 + weighted % 10;
      }
      assertEquals(0, sum % 10, "seed " + seed + ", PAN " + pan);
    }
  }

  @Test
  void shouldRefuseWhatIsNotNineDigits() {
    for (String wrong : new String[] {"", "42", "00000000a", "0000000001", "-00000001"}) {
      assertThrows(IllegalArgumentException.class, () -> CardNumber.panOf(wrong), wrong);
    }
  }

  @Test
  void shouldReadKronorWithoutFloatingPoint() {
    assertEquals(34_750, Kronor.parseMinor("347.50"));
    assertEquals(34_750, Kronor.parseMinor("347,5"));
    assertEquals(34_700, Kronor.parseMinor("347"));
    assertEquals(1, Kronor.parseMinor("0.01"));
    assertEquals(999_999_999_999L, Kronor.parseMinor("9999999999.99"));
    for (String wrong : new String[] {"", ".", "1.234", "1,000.00", "-1", "1.", "99999999999", "1e3"}) {
      assertThrows(IllegalArgumentException.class, () -> Kronor.parseMinor(wrong), wrong);
    }
  }

  @Test
  void shouldWriteKronorAsPeopleDo() {
    assertEquals("7,000.00", Kronor.format(700_000));
    assertEquals("0.05", Kronor.format(5));
    assertEquals("-1,234,567.89", Kronor.format(-123_456_789));
    assertEquals("999.00", Kronor.format(99_900));
  }

  @Test
  void shouldHaveWordsForEveryReasonOfTheAuthorizer() {
    for (DeclineReason reason : DeclineReason.values()) {
      assertTrue(PlainWords.knowsReason(reason.code), reason + " (" + reason.code + ") has no plain words");
    }
  }

  @Test
  void shouldWriteJsonThatNobodyCanBreakOutOf() {
    assertEquals("{\"a\\\"b\":[1,true,\"x\\u000ay\\\\\"],\"c\":{}}",
        Json.of(new java.util.TreeMap<>(java.util.Map.of("a\"b",
            java.util.List.of(1, true, "x\ny\\"), "c", java.util.Map.of()))));
  }
}
