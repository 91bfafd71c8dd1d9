package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** For which late request a reversal waits that came before its original. */
final class TombstoneTest extends HolderTest {
  private static final long TIME = 1122_120000L;
  private static final int STAN = 4711;

  @ParameterizedTest
  @CsvSource({
    // DE 90 of the reversal: MTI, DE 7, DE 32 (0: not told); the late request: class, STAN, DE 7, acquirer; answer
    "100, 1122120000, 123456, AUTHORIZATION, 4711, 1122120000, 123456, REVERSED_BEFORE_ARRIVAL",
    "100, 1122120000, 123456, FINANCIAL, 4711, 1122120000, 123456, ",
    "200, 1122120000, 123456, FINANCIAL, 4711, 1122120000, 123456, REVERSED_BEFORE_ARRIVAL",
    "200, 1122120000, 123456, AUTHORIZATION, 4711, 1122120000, 123456, ",
    "0, 1122120000, 123456, FINANCIAL, 4711, 1122120000, 123456, REVERSED_BEFORE_ARRIVAL",
    "0, 1122120000, 123456, AUTHORIZATION, 4711, 1122120000, 123456, REVERSED_BEFORE_ARRIVAL",
    "100, 1122120000, 123456, AUTHORIZATION, 4711, 1122120001, 123456, ",
    "100, 0, 123456, AUTHORIZATION, 4711, 1122120001, 123456, REVERSED_BEFORE_ARRIVAL",
    "100, 1122120000, 123456, AUTHORIZATION, 4712, 1122120000, 123456, ",
    "100, 1122120000, 123456, AUTHORIZATION, 4711, 1122120000, 654321, ",
    // It speaks of an acquirer that is not its own: nothing is waited for by DE 90.
    "100, 1122120000, 654321, AUTHORIZATION, 4711, 1122120000, 123456, "
  })
  void shouldWaitForTheRequestThatTheReversalNames(
      int mti, long time, long acquirer, MessageClass lateClass, int stan, long lateTime, long lateAcquirer,
      @Nullable DeclineReason reason) {
    TestRequest reversal = fixture.request(ANNA);
    reversal.messageClass = MessageClass.REVERSAL;
    reversal.originalData = true;
    reversal.originalMti = mti;
    reversal.originalStan = STAN;
    reversal.originalTransmissionTime = time;
    reversal.originalAcquirer = acquirer;
    reversal.transmissionTime = TIME;
    assertEquals(Effect.TOMBSTONE, fixture.send(reversal).effect());
    TestRequest late = fixture.request(ANNA);
    late.messageClass = lateClass;
    late.stan = stan;
    late.transmissionTime = lateTime;
    late.acquirer = lateAcquirer;

    assertEquals(reason, fixture.send(late).reason());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 37, DE 41 of the late request; answer
    "632612000001, TERM0001, REVERSED_BEFORE_ARRIVAL",
    "632612000001, TERM0002, ",
    "632612000002, TERM0001, ",
    "632612010001, TERM0001, ",
    "'', TERM0001, "
  })
  void shouldWaitByDe37And41WhereDe90IsAbsent(String rrn, String terminal, @Nullable DeclineReason reason) {
    TestRequest reversal = fixture.request(ANNA);
    reversal.messageClass = MessageClass.REVERSAL;
    reversal.rrn = "632612000001";
    assertEquals(Effect.TOMBSTONE, fixture.send(reversal).effect());
    TestRequest late = fixture.request(ANNA);
    late.rrn = rrn;
    late.terminal = terminal;

    assertEquals(reason, fixture.send(late).reason());
  }

  @ParameterizedTest
  @CsvSource({"AUTHORIZATION", "FINANCIAL"})
  void shouldWaitForNothingWhereNothingIsTold(MessageClass messageClass) {
    TestRequest reversal = fixture.request(ANNA);
    reversal.messageClass = MessageClass.REVERSAL;
    assertEquals(Effect.TOMBSTONE, fixture.send(reversal).effect());
    TestRequest late = fixture.request(ANNA);
    late.messageClass = messageClass;

    assertNull(fixture.send(late).reason());
  }
}
