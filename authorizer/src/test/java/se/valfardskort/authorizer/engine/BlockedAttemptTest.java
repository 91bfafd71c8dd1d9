package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every attempt in a blocked category is noted, whatever came of it. */
final class BlockedAttemptTest {
  private static final int ANNA = 7;

  @ParameterizedTest
  @CsvSource({
    // Type, cashback, MCC, merchant, amount, advice; whether it is noted.
    "0, 0, 5411, ICA000000000001, 100, false, false",
    "0, 0, 7995, ICA000000000001, 100, false, true",
    "0, 0, 7995, ICA000000000001, 900000000, false, true",
    "0, 0, 6011, ICA000000000001, 100, false, true",
    "0, 0, 5309, ICA000000000001, 100, false, true",
    "1, 0, 5411, ICA000000000001, 100, false, true",
    "9, 50, 5411, ICA000000000001, 100, false, true",
    // After approval, and a denied shop of an allowed category: declined, but not blocked categories.
    "0, 0, 8299, ICA000000000001, 100, false, false",
    "0, 0, 5691, LYXMODE00000001, 100, false, false",
    // Registered as food, whatever its MCC says.
    "0, 0, 5993, KIOSKEN00000001, 100, false, false",
    // Decided elsewhere: booked, and noted all the same.
    "0, 0, 7995, ICA000000000001, 100, true, true"
  })
  void shouldBeNoted(
      int type, long cashback, int mcc, String merchant, long amount, boolean advice, boolean noted) {
    EngineFixture fixture = EngineFixture.configured();
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    request.processingCode = type * 10_000L;
    request.cashback = cashback;
    request.mcc = mcc;
    request.merchant = merchant;
    request.amount = amount;
    request.advice = advice;

    Answer answer = fixture.send(request);

    assertEquals(noted, answer.flags().contains("blockedCategory"), answer::flags);
    fixture.engine.checkInvariants();
  }
}
