package se.valfardskort.authorizer.engine;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * One purchase of {@link NaiveModel}: what it took, on which days, of which approval. Every sum of the model is taken
 * over these, anew each time.
 */
final class NaivePurchase {
  /** What may become of it. */
  enum State {
    HELD,
    POSTED,
    /** Reversed wholly. */
    REVERSED,
    EXPIRED
  }

  /** What was taken on one day; a hold that is raised has several. */
  private record Taken(LocalDate day, long hjartan, long cash) {}

  final NaiveCard card;
  final String category;
  final LocalDate day;
  final boolean countsInCategory;
  final boolean countsInLimits;
  final int tolerancePercent;
  private final List<Taken> taken = new ArrayList<>();

  /** The request that names it: of its hold, then of its completion. */
  TestRequest request;

  long dueMs;
  State state;
  long hjartan;
  long cash;
  long refundedHjartan;
  long refundedCash;
  private long backHjartan;
  private long backCash;

  /** The approval that it needed. */
  @Nullable NaiveApproval approval;

  long drawn;
  boolean use;

  /** A hold that has ended and was completed all the same. */
  boolean completedLate;

  NaivePurchase(
      NaiveCard card,
      TestRequest request,
      String category,
      LocalDate day,
      long timeMs,
      boolean countsInCategory,
      boolean countsInLimits,
      int tolerancePercent) {
    this.card = card;
    this.request = request;
    this.category = category;
    this.day = day;
    this.countsInCategory = countsInCategory;
    this.countsInLimits = countsInLimits;
    this.tolerancePercent = tolerancePercent;
    boolean preauthorization = request.conditionCode == 6;
    dueMs = timeMs + (preauthorization ? 30 : 7) * EngineFixture.DAY_MS;
    state = request.messageClass == MessageClass.AUTHORIZATION ? State.HELD : State.POSTED;
  }

  void take(LocalDate when, long fromHjartan, long fromCash) {
    taken.add(new Taken(when, fromHjartan, fromCash));
    hjartan += fromHjartan;
    cash += fromCash;
  }

  long total() {
    return hjartan + cash;
  }

  /** Gives back what was paid last first: kronor, then Hjartan; of the approval, what was booked beyond it first. */
  void giveBack(long amount) {
    long cashBack = Math.min(amount, cash - refundedCash);
    long hjartanBack = Math.min(amount - cashBack, hjartan - refundedHjartan);
    long beyond = Math.max(0, total() - drawn);
    drawn -= Math.min(drawn, Math.max(0, cashBack + hjartanBack - beyond));
    hjartan -= hjartanBack;
    cash -= cashBack;
    backHjartan += hjartanBack;
    backCash += cashBack;
  }

  /** What of it counts on such days; what went back is taken off its first day, whenever the rest was added. */
  long amountOn(Predicate<LocalDate> days) {
    long amount = days.test(day) ? -backHjartan - backCash : 0;
    for (Taken part : taken) {
      amount += days.test(part.day) ? part.hjartan + part.cash : 0;
    }
    return amount;
  }

  /** The same of its Hjartan alone. */
  long hjartanOn(Predicate<LocalDate> days) {
    long amount = days.test(day) ? -backHjartan : 0;
    for (Taken part : taken) {
      amount += days.test(part.day) ? part.hjartan : 0;
    }
    return amount;
  }

  /** What was reversed or has expired was no purchase. */
  boolean isOne() {
    return state == State.HELD || state == State.POSTED;
  }
}
