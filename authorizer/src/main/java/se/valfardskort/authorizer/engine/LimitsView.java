package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.CardView.Bound;

/**
 * The figures of a programme beside what the selected account has come to, for people. Owned by the core thread;
 * allocates. Day and month are those of the last command.
 */
final class LimitsView {
  private final EngineState state;
  private final AccountTable account;
  private final int month;
  private final int day;
  private final List<CardView.Limit> found = new ArrayList<>();

  private LimitsView(EngineState state, AccountTable account) {
    this.state = state;
    this.account = account;
    this.month = state.rules.civilTime.monthIndex(state.timeMs);
    this.day = (int) state.rules.civilTime.epochDay(state.timeMs);
  }

  /** Those of the selected account; a figure that is not there is none. */
  static List<CardView.Limit> of(EngineState state, AccountTable account, int contactlessRun) {
    LimitsView view = new LimitsView(state, account);
    for (Programme programme : state.rules.configuration.programmes()) {
      if (programme.id() == account.programmeId()) {
        view.addAccount(programme, contactlessRun);
        programme.categories().forEach(category -> view.addCategory(programme, category));
      }
    }
    return List.copyOf(view.found);
  }

  private void addAccount(Programme programme, int contactlessRun) {
    LimitCounters counters = account.limits;
    Limits limits = programme.limits();
    add(Bound.PURCHASE, "", limits.purchaseMinor(), 0);
    add(Bound.DAY, "", limits.dayMinor(), counters.dayMinor(day));
    add(Bound.DAY_COUNT, "", limits.dayCount(), counters.dayCount(day));
    add(Bound.MONTH, "", limits.monthMinor(), counters.monthMinor(month));
    add(Bound.MONTH_COUNT, "", limits.monthCount(), counters.monthCount(month));
    add(Bound.CONTACTLESS, "", programme.contactlessLimitMinor(), 0);
    add(Bound.CONTACTLESS_COUNT, "", programme.contactlessCount(), contactlessRun);
    add(Bound.OPEN_HOLDS, "", programme.openHolds(), account.openHolds());
  }

  private void addCategory(Programme programme, Category category) {
    String name = category.name();
    Limits limits = category.limits();
    add(Bound.LUXURY, name, category.luxuryLimitMinor(), 0);
    add(Bound.PURCHASE, name, limits.purchaseMinor(), 0);
    int slot = state.cappedNames(programme.id()).indexOf(name);
    if (slot < 0) {
      return;
    }
    LimitCounters counters = account.limits;
    long monthMinor = account.cappedMinor(slot, month);
    add(Bound.CAP, name, category.monthlyCapMinor(), monthMinor);
    add(Bound.DAY, name, limits.dayMinor(), counters.dayMinor(slot, day));
    add(Bound.DAY_COUNT, name, limits.dayCount(), counters.dayCount(slot, day));
    add(Bound.MONTH, name, limits.monthMinor(), monthMinor);
    add(Bound.MONTH_COUNT, name, limits.monthCount(), counters.monthCount(slot, month));
  }

  private void add(Bound bound, String category, long most, long used) {
    if (most != Category.NO_LIMIT) {
      found.add(new CardView.Limit(bound, category, most, used));
    }
  }
}
