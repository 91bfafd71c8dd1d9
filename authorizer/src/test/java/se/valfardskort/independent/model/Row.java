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
    REVERSED
  }

  /** A part of a refund, and the posting that it was taken off. */
  static final class Share {
    final Row posting;
    final boolean ofHjartan;
    long amount;

    Share(Row posting, boolean ofHjartan, long amount) {
      this.posting = posting;
      this.ofHjartan = ofHjartan;
      this.amount = amount;
    }
  }

  final Kind kind;
  final Facts request;
  final int command;
  State state = State.OPEN;

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

  /** Of a completed hold. */
  @Nullable Row posting;

  /** Of an increment, and what is left of it. */
  @Nullable Row hold;

  long added;

  /** Of a refund: what a caseworker must decide, and where the rest came from. */
  long waiting;

  final List<Share> shares = new ArrayList<>();

  Row(Kind kind, Facts request, int command) {
    this.kind = kind;
    this.request = request;
    this.command = command;
  }

  boolean is(Kind other, State now) {
    return kind == other && state == now;
  }

  boolean isHeld() {
    return is(Kind.HOLD, State.OPEN);
  }

  long held() {
    return hjartan + cash;
  }

  /** What a posting still has, refunds taken off. */
  long left() {
    return hjartan + cash - refundedHjartan - refundedCash;
  }
}
