package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Approvals in part: only where the terminal can, and nothing but money is missing. */
final class PartialApprovalTest extends HolderTest {
  private TestRequest request(String merchant, long processingCode, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.merchant = merchant;
    request.processingCode = processingCode;
    request.amount = amount;
    request.partialPossible = true;
    return request;
  }

  @ParameterizedTest
  @CsvSource({
    // merchant, DE 3, DE 4, reason (empty: approved), approved HJARTAN and CASH, code
    "ICA000000000001, 0, 700000, , 0, 700000, 00",
    "ICA000000000001, 0, 700001, , 0, 700000, 10",
    "BARNKOOP0000001, 0, 1000001, , 300000, 700000, 10",
    "TAKET0000000001, 0, 800000, , 40000, 700000, 10",
    "BARNKOOP0000001, 9600, 700001, , 0, 700000, 10",
    "BARNKOOP0000001, 9800, 300001, , 300000, 0, 10",
    "TAKET0000000001, 9800, 40001, PROVIDER_CEILING, 0, 0, 05",
    "ICA000000000001, 9800, 100, HJARTAN_NOT_ACCREDITED, 0, 0, 05",
    "ICA000000000001, 1000, 100, SAVINGS_NOT_OPEN, 0, 0, 05"
  })
  void shouldApproveWhatThePursesThatMayPayHave(
      String merchant,
      long processingCode,
      long amount,
      @Nullable DeclineReason reason,
      long hjartan,
      long cash,
      String code) {
    Answer answer = fixture.send(request(merchant, processingCode, amount));

    assertEquals(reason, answer.reason());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(reason == null ? hjartan + cash : 0, answer.approved());
    assertEquals(code, answer.responseCode());
    assertEquals(reason == null ? 6 : 0, answer.authCode().length());
    boolean inPart = code.equals("10");
    assertEquals(inPart ? "approvedInPart" : "", answer.flags());
    assertEquals(
        inPart ? hjartan + cash : DecisionDecoder.transactionApprovedMinorNullValue(), answer.transactionApproved());
  }

  @Test
  void shouldApproveAllOrNothingWhereTheTerminalCannotOrThereIsNothing() {
    TestRequest cannot = request("ICA000000000001", 0, 700_001);
    cannot.partialPossible = false;
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(cannot).reason());
    fixture.send(request("ICA000000000001", 9600, EngineFixture.CASH));

    assertEquals(DeclineReason.INSUFFICIENT_CASH, fixture.send(request("X", 9600, 1)).reason());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(request("X", 0, 1)).reason());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 4, DE 6, approved DE 4 (floor of DE 4 x 7,000 kr / DE 6)
    "100000, 1150000, 60869",
    "60870, 700005, 60869",
    "999999999999, 700001, 999998571429"
  })
  void shouldApproveAForeignAmountInProportion(long sent, long sek, long approved) {
    TestRequest request = request("ICA000000000001", 0, sek);
    request.transactionAmount = sent;

    Answer answer = fixture.send(request);

    assertEquals(EngineFixture.CASH, answer.approved());
    assertEquals(approved, answer.transactionApproved());
  }

  @Test
  void shouldDeclineAForeignAmountOfWhichNothingWouldRemain() {
    TestRequest request = request("ICA000000000001", 0, 700_001);
    request.transactionAmount = 1;

    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(request).reason());
  }

  @Test
  void shouldTakeTheApprovedAmountForTheOriginalsEverAfter() {
    TestRequest request = request("ICA000000000001", 0, 1_400_000);
    request.transactionAmount = 200_00;
    assertEquals(100_00, fixture.send(request).transactionApproved());
    TestRequest reversal = request.reversal(fixture.newKey());
    reversal.replacement = 75_00;

    // Of 100.00, which are 7,000 kr, three quarters remain.
    assertEquals(1_750_00, fixture.send(reversal).approved());
    TestRequest completion = request.completion(fixture.newKey(), 5_250_00);
    completion.transactionAmount = 75_00;
    assertEquals("", fixture.send(completion).flags());
  }

  @Test
  void shouldApproveA0200InPartAndKeepItsAnswer() {
    TestRequest request = request("BARNKOOP0000001", 0, 1_000_001);
    request.messageClass = MessageClass.FINANCIAL;

    Answer answer = fixture.send(request);

    assertEquals(Effect.POST, answer.effect());
    assertNull(answer.reason());
    assertEquals(answer, fixture.send(request));
    assertEquals(10_000_00, fixture.send(request.reversal(fixture.newKey())).approved());
  }
}
