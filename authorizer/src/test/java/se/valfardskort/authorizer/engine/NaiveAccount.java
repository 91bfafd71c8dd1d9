package se.valfardskort.authorizer.engine;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.SavingsRule;

/** An account of {@link NaiveModel}: lists of what happened, from which every balance is added up anew. */
final class NaiveAccount {
  /** Kronor from CASH to SAVINGS; back: below 0. */
  private record Move(long number, LocalDate day, long amount) {}

  /** @param period YYMM of the monthly run; 0: outside of it */
  private record Load(int period, long cash, long hjartan) {}

  final int number;
  final int baz;
  final List<NaivePurchase> purchases = new ArrayList<>();
  final List<NaiveApproval> approvals = new ArrayList<>();
  private final List<Load> loads = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();

  /** Whether EGENFIRMA000001 is its holder's. */
  boolean owner;

  NaiveAccount(int number, int baz) {
    this.number = number;
    this.baz = baz;
  }

  private long sum(ToLongFunction<NaivePurchase> amount) {
    return purchases.stream().mapToLong(amount).sum();
  }

  long cash() {
    long spent = sum(each -> each.cash - each.refundedCash);
    return loads.stream().mapToLong(Load::cash).sum() - spent - saved();
  }

  long hjartan() {
    return loads.stream().mapToLong(Load::hjartan).sum() - sum(each -> each.hjartan - each.refundedHjartan);
  }

  /** {@link Long#MIN_VALUE}: nothing was ever moved there. */
  long savings() {
    return moves.isEmpty() ? Long.MIN_VALUE : saved();
  }

  private long saved() {
    return moves.stream().mapToLong(Move::amount).sum();
  }

  long openHolds() {
    return purchases.stream().filter(each -> each.state == NaivePurchase.State.HELD).count();
  }

  /** Exactly once a month of the run; false: refused. */
  boolean load(int period, long cash, long hjartan) {
    boolean again = period != 0 && loads.stream().anyMatch(each -> each.period == period);
    return !again && loads.add(new Load(period, cash, hjartan));
  }

  /** The card's monthly amount: its last load in the monthly run; before the first one, its last load at all. */
  private long monthlyAmount() {
    boolean run = loads.stream().anyMatch(each -> each.period != 0);
    return loads.stream()
        .filter(each -> !run || each.period != 0)
        .reduce((before, after) -> after)
        .map(each -> each.cash + each.hjartan)
        .orElse(0L);
  }

  /** Every reason why the move cannot be made; none: it is made. */
  Set<CommandRefusal> move(SavingsRule rule, long number, LocalDate today, long amount) {
    Set<CommandRefusal> refusals = EnumSet.noneOf(CommandRefusal.class);
    if (moves.stream().anyMatch(each -> each.number >= number)) {
      return EnumSet.of(CommandRefusal.MOVE_ALREADY_MADE);
    }
    if (amount > 0) {
      addSavingRefusals(refusals, rule, today, amount);
    } else if (-amount > saved()) {
      refusals.add(CommandRefusal.SAVINGS_SHORT);
    }
    if (refusals.isEmpty()) {
      moves.add(new Move(number, today, amount));
    }
    return refusals;
  }

  private void addSavingRefusals(Set<CommandRefusal> refusals, SavingsRule rule, LocalDate today, long amount) {
    YearMonth month = YearMonth.from(today);
    Predicate<Move> counts = each -> each.amount > 0 && YearMonth.from(each.day).equals(month);
    long thisMonth = moves.stream().filter(counts).mapToLong(Move::amount).sum();
    if (rule.bufferMonths() == 0) {
      refusals.add(CommandRefusal.SAVINGS_NOT_OFFERED);
    }
    if (amount > cash()) {
      refusals.add(CommandRefusal.CASH_SHORT);
    }
    if (rule.monthMinor() != Category.NO_LIMIT && thisMonth + amount > rule.monthMinor()) {
      refusals.add(CommandRefusal.SAVINGS_MONTH_LIMIT);
    }
    if (rule.bufferMonths() > 0 && saved() + amount > rule.bufferMonths() * monthlyAmount()) {
      refusals.add(CommandRefusal.SAVINGS_BUFFER_FULL);
    }
  }

  /** The newest purchases, for whoever looks for one to speak of. */
  List<NaivePurchase> recent(int most, Predicate<NaivePurchase> wanted) {
    return purchases.stream().skip(Math.max(0, purchases.size() - most)).filter(wanted).toList();
  }

  /** The approval of that number. */
  @Nullable NaiveApproval approval(long wanted) {
    return approvals.stream().filter(each -> each.number == wanted).findFirst().orElse(null);
  }
}
