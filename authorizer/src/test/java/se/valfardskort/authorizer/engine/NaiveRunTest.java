package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.MutantRun;

/**
 * The engine against {@link NaiveModel} under many small policies, over the edges of the calendar; and, as negative
 * controls, engines with a fault, in which the model must find it.
 */
@Timeout(600)
final class NaiveRunTest {
  private static final int RUNS = 40;
  private static final int STEPS = 4_000;
  private static final int LEAST = 5;

  /** What a run of all seeds must have come across, or it proves nothing about it. */
  private static final Set<String> REQUIRED = Set.of(
      // Reasons for which a purchase is declined
      "CARD_UNKNOWN", "CARD_FROZEN", "CARD_CLOSED", "CARD_EXPIRED", "QUASI_CASH", "MERCHANT_DENIED", "BLOCKED_GAMBLING",
      "BLOCKED_UNLISTED", "ABROAD", "ABROAD_JOURNEY", "APPROVAL_EDUCATION", "APPROVAL_WORK_TOOLS", "APPROVAL_MOVING",
      "APPROVAL_DEBT", "APPROVAL_UNLISTED", "LUXURY_AMOUNT", "CATEGORY_CAP", "PURCHASE_LIMIT",
      "CATEGORY_PURCHASE_LIMIT", "DAY_AMOUNT", "CATEGORY_DAY_AMOUNT", "DAY_COUNT", "CATEGORY_DAY_COUNT", "MONTH_AMOUNT",
      "CATEGORY_MONTH_AMOUNT", "MONTH_COUNT", "CATEGORY_MONTH_COUNT", "CONTACTLESS_AMOUNT", "CONTACTLESS_COUNT",
      "OPEN_HOLDS", "COMPLETION_ABOVE_TOLERANCE", "HJARTAN_NOT_ACCREDITED", "HJARTAN_OTHER_BAZ", "PROVIDER_CEILING",
      "SAVINGS_NOT_OPEN", "INSUFFICIENT_FUNDS", "INSUFFICIENT_CASH",
      // Reasons for which a command is refused
      "CARD_NOT_FOUND", "PERIOD_ALREADY_LOADED", "APPROVAL_NOT_FOUND", "APPROVAL_EXISTS", "APPROVAL_ENDED",
      "VALIDITY_INVALID", "SCOPE_INVALID", "SAVINGS_NOT_OPENED", "SAVINGS_NOT_OFFERED", "CASH_SHORT", "SAVINGS_SHORT",
      "SAVINGS_MONTH_LIMIT", "SAVINGS_BUFFER_FULL", "MOVE_ALREADY_MADE", "CARD_STATUS_FINAL", "CARD_STATUS_SAME",
      "REVIEW_DAY_INVALID",
      // What was done
      "abroad by an approval", "approval given back", "bought by an approval", "completed by a request",
      "completed for less", "completed for more than approved", "completed late", "completed late on an approval",
      "expired", "frozen", "moved back", "paid by both purses", "raised", "raised into an approval",
      "raised on its approval", "refunded in Hjartan", "refunded on a frozen card", "reversed after a refund",
      "revoked", "saved", "unfrozen", "use given back",
      // Within ten minutes of what a calendar may get wrong
      "midnight", "month", "new year", "end of February", "leap day", "after a leap day", "spring", "autumn");

  @Test
  void shouldDecideAsTheRulesWrittenASecondTime() {
    long first = Long.getLong("naive.seed", 20_261_122L);
    System.out.println("naive model: seeds " + first + " to " + (first + RUNS - 1));
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = first; seed < first + RUNS; seed++) {
      NaiveRun run = new NaiveRun(seed);
      run.play(STEPS);
      run.seen().forEach((what, times) -> seen.merge(what, times, Integer::sum));
    }
    Set<String> seldom = new TreeSet<>(REQUIRED);
    seldom.removeIf(what -> seen.getOrDefault(what, 0) >= LEAST);
    assertTrue(seldom.isEmpty(), () -> "fewer than " + LEAST + " times: " + seldom + "; seen: " + seen);
  }

  /** Each leaves out one thing that the documents say. */
  static Stream<Edit> faults() {
    return Stream.of(
        Edit.in(AllowanceTable.class, "isLiveAt").returns(true),
        Edit.in(AllowanceTable.class, "hasUse").returns(true),
        Edit.in(AllowanceTable.class, "has").returns(true),
        Edit.in(AllowanceTable.class, "isForCard").returns(true),
        Edit.in(AllowanceTable.class, "coversCountry").returns(true),
        Edit.in(AllowanceTable.class, "takeUse").doesNothing(),
        Edit.in(AllowanceTable.class, "giveBackUse").doesNothing(),
        Edit.in(AllowanceTable.class, "giveBack").doesNothing(),
        Edit.in(AllowanceTable.class, "revoke").doesNothing(),
        Edit.in(Scope.class, "covers").returns(true),
        Edit.in(DrawTable.class, "drawMoreApproval").doesNothing(),
        Edit.in(Booking.class, "drawAgain").doesNothing(),
        Edit.in(Reduction.class, "giveApprovalBack").doesNothing(),
        Edit.in(ApprovalHandler.class, "decide(ApprovalGrantDecoder,long,Outcome)").guardOffBefore("APPROVAL_EXISTS"),
        Edit.in(LimitRules.class, "decideDay").guardOffBefore("DAY_AMOUNT"),
        Edit.in(LimitRules.class, "decideDay").guardOffBefore("CATEGORY_DAY_COUNT"),
        Edit.in(LimitRules.class, "decideMonth").guardOffBefore("MONTH_AMOUNT"),
        Edit.in(LimitRules.class, "decideMonth").guardOffBefore("CATEGORY_MONTH_AMOUNT"),
        Edit.in(LimitRules.class, "decideMonth").guardOffBefore("MONTH_COUNT"),
        Edit.in(LimitCounters.class, "uncount").doesNothing(),
        Edit.in(LimitCounters.class, "isOfDay").returns(true),
        Edit.in(Booking.class, "countMore").doesNothing(),
        Edit.in(CivilTime.class, "offsetSecond").returns(3600),
        Edit.in(CivilTime.class, "offsetSecond").returns(0),
        Edit.in(SavingsHandler.class, "decide").guardOffBefore("MOVE_ALREADY_MADE"),
        Edit.in(SavingsHandler.class, "decideSaving").guardOffBefore("SAVINGS_MONTH_LIMIT"),
        Edit.in(AccountTable.class, "monthlyAmount").doesNothing(),
        Edit.in(CardStatusHandler.class, "isReviewed").returns(true),
        Edit.in(CardStatusHandler.class, "decide").guardOffBefore("CARD_STATUS_FINAL"),
        Edit.in(CardTable.class, "changeStatus").doesNothing(),
        Edit.in(LoadHandler.class, "decide(LoadDecoder,Outcome)").guardOffBefore("PERIOD_ALREADY_LOADED"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldFindWhatIsLeftOut(Edit fault) throws InterruptedException {
    @Nullable Throwable found = MutantRun.run(List.of(fault), NaiveScenario.class, 0);

    assertTrue(found instanceof AssertionError || found instanceof IllegalStateException, fault + ": " + found);
  }
}
