package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/** Social prescriptions are renewed one after the other, a provider at a time. */
final class PrescriptionTest {
  private static final int ANNA = 7;
  private static final int BERIT = 8;
  private static final long WEEK_MS = 7 * EngineFixture.DAY_MS;
  private static final Covered CHOIR = Covered.merchant(TestPolicy.ACQUIRER, "KOREN0000000001");
  private static final Covered GARDEN = Covered.merchant(TestPolicy.ACQUIRER, "ODLING000000001");

  private final EngineFixture fixture = EngineFixture.configured();
  private long lastKey;

  @BeforeEach
  void open() {
    for (int card : List.of(ANNA, BERIT)) {
      fixture.open(card, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    }
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private Answer prescribe(int card, EarmarkKind kind, Covered... scope) {
    return fixture.earmark(
        card,
        new EarmarkTerms(
            ++lastKey, kind, 0, fixture.timeMs + 8 * WEEK_MS, 600_00, 16, 2, List.of(), List.of(scope),
            "caseworker-1"));
  }

  @Test
  void shouldRefuseASecondOneWhileTheFirstIsOpen() {
    final Answer first = prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR);
    assertNull(first.refusal());

    assertEquals(CommandRefusal.PRESCRIPTION_OPEN, prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR).refusal());
    assertEquals(
        CommandRefusal.PRESCRIPTION_OPEN, prescribe(ANNA, EarmarkKind.PRESCRIPTION, GARDEN, CHOIR).refusal());
    assertNull(prescribe(ANNA, EarmarkKind.PRESCRIPTION, GARDEN).refusal());
    assertNull(prescribe(ANNA, EarmarkKind.OTHER, CHOIR).refusal());
    assertNull(prescribe(BERIT, EarmarkKind.PRESCRIPTION, CHOIR).refusal());
    fixture.timeMs += 8 * WEEK_MS - 1;
    assertEquals(CommandRefusal.PRESCRIPTION_OPEN, prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR).refusal());
    fixture.timeMs++;
    assertNull(prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR).refusal());
  }

  @Test
  void shouldRenewOneThatWasEnded() {
    final Answer first = prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR);
    assertNull(fixture.endEarmark(ANNA, first.originalId()).refusal());

    assertNull(prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR).refusal());
  }

  @Test
  void shouldGrantItOnceWhateverIsRetried() {
    prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR);
    lastKey--;

    assertEquals(CommandRefusal.EARMARK_EXISTS, prescribe(ANNA, EarmarkKind.PRESCRIPTION, CHOIR).refusal());
  }
}
