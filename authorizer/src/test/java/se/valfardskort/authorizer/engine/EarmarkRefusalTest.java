package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/** Which earmarks are not granted, and that nothing is set aside for them. */
final class EarmarkRefusalTest {
  private static final int ANNA = 7;

  private final EngineFixture fixture = EngineFixture.configured();
  private final long poolAtFirst = pool();
  private long lastKey;

  @BeforeEach
  void openWithoutMoney() {
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private long pool() {
    return fixture.engine.books().getOrDefault("POOL", 0L);
  }

  private EarmarkTerms terms(long amount, int uses, int aWeek, int days, Covered... scope) {
    return new EarmarkTerms(
        ++lastKey, EarmarkKind.FOOD, fixture.timeMs, fixture.timeMs + days * EngineFixture.DAY_MS, amount, uses, aWeek,
        List.of(), List.of(scope), "caseworker-1");
  }

  /** Rows: amount, uses, uses a week, days until its end, and why it is refused. */
  @ParameterizedTest
  @CsvSource({
    "-1, 1, 0, 30, EARMARK_AMOUNT_INVALID",
    "0, 0, 0, 30, EARMARK_AMOUNT_INVALID",
    "10000000001, 0, 0, 30, EARMARK_AMOUNT_INVALID",
    "100, -1, 0, 30, USES_INVALID",
    "100, 10001, 0, 30, USES_INVALID",
    "100, 0, 0, 0, VALIDITY_INVALID",
    "100, 0, 0, -1, VALIDITY_INVALID",
  })
  void shouldRefuseTermsThatCannotBe(long amount, int uses, int aWeek, int days, CommandRefusal refusal) {
    EarmarkTerms terms = terms(amount, uses, aWeek, days, Covered.category("food"));

    assertEquals(refusal, fixture.earmark(ANNA, terms).refusal());
    assertEquals(poolAtFirst, pool());
  }

  @Test
  void shouldRefuseWhatHasNoScopeNoPoolOrIsThereAlready() {
    assertEquals(CommandRefusal.EARMARK_SCOPE_MISSING, fixture.earmark(ANNA, terms(1_00, 0, 0, 30)).refusal());
    Covered food = Covered.category("food");
    assertEquals(
        CommandRefusal.SCOPE_INVALID,
        fixture.earmark(ANNA, terms(1_00, 0, 0, 30, Covered.category("no-such"))).refusal());
    assertEquals(CommandRefusal.CARD_NOT_FOUND, fixture.earmark(99, terms(1_00, 0, 0, 30, food)).refusal());
    EarmarkTerms once = terms(1_00, 0, 0, 30, food);
    assertNull(fixture.earmark(ANNA, once).refusal());
    assertEquals(CommandRefusal.EARMARK_EXISTS, fixture.earmark(ANNA, once).refusal());
    int other = 8;
    fixture.open(
        other, -1, TestPolicy.OTHER_PROGRAMME, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    assertEquals(
        CommandRefusal.POOL_SHORT, fixture.earmark(other, terms(1_000_000_01L, 0, 0, 30, food)).refusal());
    for (int more = 1; more < Outcome.MOST_EARMARKS; more++) {
      assertNull(fixture.earmark(ANNA, terms(1_00, 0, 0, 30, food)).refusal());
    }
    assertEquals(CommandRefusal.EARMARKS_TOO_MANY, fixture.earmark(ANNA, terms(1_00, 0, 0, 30, food)).refusal());
    assertEquals(CommandRefusal.EARMARK_NOT_FOUND, fixture.endEarmark(ANNA, 4711).refusal());
    TestRequest groceries = fixture.request(ANNA);
    groceries.amount = 8_00;
    assertEquals(8_00, fixture.send(groceries).earmark(), "each pays its krona");
    assertEquals(CommandRefusal.APPROVAL_NOT_FOUND, fixture.revoke(ANNA, 1).refusal(), "an earmark is no approval");
  }
}
