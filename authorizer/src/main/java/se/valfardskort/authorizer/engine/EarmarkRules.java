package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;

/**
 * Which earmarks pay, and how much: first of all purses, the one that ends first before the others, as far as each has
 * something left (domain.md section 2).
 *
 * <p>Owned by the core thread; reads state and changes none. The account must be selected. What is found stands in the
 * outcome's {@code earmarkIds} and {@code earmarkPartsMinor}.
 */
final class EarmarkRules {
  private final EngineState state;

  EarmarkRules(EngineState state) {
    this.state = state;
  }

  /**
   * Finds what earmarks pay of {@code amountMinor} there; of a purchase of 0 the first whose visits cost nothing.
   *
   * @param chain what the purchase that is raised has drawn already, 0: it is a new one. Who has paid a part pays more
   *     of it without another use
   * @return null: they pay what the outcome says, perhaps nothing. Else why an earmark that would have paid does not,
   *     where without it a part is left to pay
   */
  @Nullable DeclineReason decide(
      Place place, ProgrammeRules programme, long amountMinor, int chain, Outcome outcome) {
    AllowanceTable earmark = state.allowances;
    DeclineReason refusal = null;
    long leftMinor = amountMinor;
    int id = earmark.first();
    while (id != AllowanceTable.NONE && needsMore(amountMinor, leftMinor, outcome)) {
      earmark.select(id);
      int next = earmark.next();
      long partMinor = Math.min(leftMinor, earmark.purse.availableMinor());
      if (pays(place, programme, amountMinor, partMinor, outcome)) {
        boolean drewOn = state.draws.drewOn(chain, id);
        earmark.select(id);
        DeclineReason hindrance = drewOn ? null : hindrance(amountMinor, outcome);
        if (hindrance == null && (drewOn || earmark.hasUse())) {
          add(id, partMinor, outcome);
          leftMinor -= partMinor;
        }
        refusal = hindrance == null ? refusal : hindrance;
      }
      id = next;
    }
    outcome.earmarkMinor = amountMinor - leftMinor;
    boolean unpaid = needsMore(amountMinor, leftMinor, outcome);
    return unpaid ? refusal : null;
  }

  private static boolean needsMore(long amountMinor, long leftMinor, Outcome outcome) {
    boolean more = amountMinor == 0 ? outcome.earmarkParts == 0 : leftMinor > 0;
    return more && outcome.earmarkParts < Outcome.MOST_EARMARKS;
  }

  /** Whether the selected allowance is an earmark that is for this, and has something to give: money, or a visit. */
  private boolean pays(
      Place place, ProgrammeRules programme, long amountMinor, long partMinor, Outcome outcome) {
    AllowanceTable earmark = state.allowances;
    return earmark.isEarmark()
        && (partMinor > 0 || (amountMinor == 0 && countsVisits()))
        && earmark.isLiveAt(outcome.timeMs)
        && earmark.covers(place, programme);
  }

  /** A visit of 0 kr is for what counts visits: a grant of kronor is no reason to buy nothing. */
  private boolean countsVisits() {
    return state.allowances.uses() != 0 || state.allowances.purse.usesAWeek() != 0;
  }

  /** Its week is full: the holder learns that, and nothing else pays in its place. */
  private @Nullable DeclineReason hindrance(long amountMinor, Outcome outcome) {
    AllowanceTable earmark = state.allowances;
    if (!earmark.hasUse()) {
      return amountMinor == 0 ? DeclineReason.EARMARK_USES : null;
    }
    return earmark.purse.hasVisit(outcome.dayIndex) ? null : DeclineReason.EARMARK_WEEK;
  }

  private static void add(int earmarkId, long partMinor, Outcome outcome) {
    outcome.earmarkIds[outcome.earmarkParts] = earmarkId;
    outcome.earmarkPartsMinor[outcome.earmarkParts] = partMinor;
    outcome.earmarkParts++;
  }

  /**
   * Finds what the earmarks that a purchase drew on pay of {@code moreMinor} beyond it: a completion or an advice for
   * more is for the same thing at the same place.
   */
  void decideMore(int chain, long moreMinor, Outcome outcome) {
    AllowanceTable earmark = state.allowances;
    long leftMinor = moreMinor;
    int id = chain == 0 ? AllowanceTable.NONE : earmark.first();
    while (id != AllowanceTable.NONE && leftMinor > 0 && outcome.earmarkParts < Outcome.MOST_EARMARKS) {
      earmark.select(id);
      int next = earmark.next();
      long partMinor = Math.min(leftMinor, earmark.purse.availableMinor());
      if (earmark.isEarmark() && partMinor > 0 && earmark.isLiveAt(outcome.timeMs) && state.draws.drewOn(chain, id)) {
        add(id, partMinor, outcome);
        leftMinor -= partMinor;
      }
      id = next;
    }
    outcome.earmarkMinor = moreMinor - leftMinor;
  }

  /** Books what was found: as held or as posted, with the chain of the selected original. */
  static void draw(EngineState state, boolean held, Outcome outcome) {
    int chain = state.originals.draws();
    for (int part = 0; part < outcome.earmarkParts; part++) {
      chain =
          state.draws.drawEarmark(
              chain, outcome.earmarkIds[part], outcome.earmarkPartsMinor[part], held, outcome.dayIndex);
    }
    state.originals.draws(chain);
  }
}
