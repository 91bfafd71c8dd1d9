package se.valfardskort.independent.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request of a card that was decided, with what it takes from the purses now. Amounts in minor units. */
final class Row {
  /** What the request has left behind. */
  enum Kind {
    HOLD,
    POSTING,
    REFUND,
    /** Belongs to a hold, which has its money. */
    INCREMENT,
    /** Declined, or answered without moving anything. */
    NOTHING,
    /** Waits for an original whose reversal came first. */
    TOMBSTONE
  }

  /** What has become of it. */
  enum State {
    OPEN,
    COMPLETED,
    RELEASED,
    /** Its time was up. */
    EXPIRED,
    REVERSED
  }

  final Kind kind;
  final Facts request;
  final int command;
  State state = State.OPEN;

  /** When it was made, and when the clock has found it completed or expired it; 0: not yet. */
  final long madeMs;

  long endedMs;

  /** Nobody can speak of it any more; its money stays where it is. */
  boolean forgotten;

  /** Taken from the purses; negative: given to them. */
  long hjartan;

  long cash;

  /** Refunded of a posting; still counted in {@link #hjartan} and {@link #cash}. */
  long refundedHjartan;

  long refundedCash;

  /** DE 4 and its worth in kronor, as approved. */
  long sent;

  long kronor;

  Programme.Category category = Programme.Category.PLAIN;
  String month = "";

  /** DE 38 under which it is known, first to latest. */
  final List<String> codes = new ArrayList<>();

  /** Of a hold that was completed, in time or not, and of a refund that names a purchase. */
  @Nullable Row posting;

  /** Of a posting: the hold that it completed. */
  @Nullable Row completed;

  /** Of an increment, and what is left of it. */
  @Nullable Row hold;

  long added;

  /** Of a refund: what it gave back of each purse, and what a caseworker must decide. */
  long backHjartan;

  long backCash;

  long waiting;

  /** Of a refund: it named no purchase. */
  boolean unlinked;

  Row(Kind kind, Facts request, int command, long madeMs) {
    this.madeMs = madeMs;
    this.kind = kind;
    this.request = request;
    this.command = command;
  }

  boolean is(Kind other, State now) {
    return kind == other && state == now;
  }

  /** The first code and the latest both name it. */
  boolean isKnownBy(String code) {
    return !codes.isEmpty() && (codes.getFirst().equals(code) || codes.getLast().equals(code));
  }

  /** An advice's code becomes the latest where it does not name the row already. */
  void learn(String code) {
    if (!code.isEmpty() && !isKnownBy(code)) {
      codes.add(code);
    }
  }

  boolean isHeld() {
    return is(Kind.HOLD, State.OPEN);
  }

  /** It was given back, one way or another. */
  boolean isUndone() {
    return state == State.REVERSED || state == State.RELEASED || state == State.EXPIRED;
  }

  long held() {
    return hjartan + cash;
  }

  long refunded() {
    return backHjartan + backCash + waiting;
  }
}
