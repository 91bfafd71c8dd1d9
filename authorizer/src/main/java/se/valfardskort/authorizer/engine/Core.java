package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The engine as the pipeline, recovery and the benchmarks see it: a pure, deterministic state machine.
 *
 * <p>Owned by one thread. A command is an SBE message with its header (schema 752); time is the argument
 * {@code timeMs}, milliseconds since the epoch, stamped once by the sequencer and never going back. For each command
 * the caller runs {@link #remembers} (a repeat is answered and nothing more happens), then {@link #decide}, which
 * changes nothing, then {@link #apply}, which is the only place that writes. No clock, random number, thread, I/O or
 * log inside.
 */
public interface Core {
  /**
   * Version of the rules, kept beside every decision: it rises whenever the same command could be decided otherwise,
   * and a program replays only the versions that it contains (architecture.md section 4a).
   */
  int VERSION = 6;

  /** Bytes of an encoded decision, SBE header included: every decision is equally long. */
  int decisionLength();

  /**
   * Looks a partner's message up in the request memory.
   *
   * <p>Writes nothing but {@code decision}. A command of our own is never remembered.
   *
   * @return true when the key is known: {@code decision} then holds the answer to give (the stored one, or 94 where the
   *     content differs or the original was since fully reversed); the command must not be journaled
   */
  boolean remembers(DirectBuffer command, int offset, int length, MutableDirectBuffer decision, int decisionOffset);

  /**
   * Decides; reads state, changes none.
   *
   * @return the decision's stable reason code; 0: approved or accepted
   */
  int decide(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset);

  /**
   * Applies the decision that {@link #decide} just wrote for the same command, and stamps the rolling digest into it.
   *
   * @throws IllegalStateException when an invariant is broken: the process must stop
   */
  void apply(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset);

  /**
   * Writes into {@code decision} a refusal that books nothing and is not remembered (91 or 96), for a command that was
   * not decided. {@code reason} is the stable code.
   */
  void refuse(
      DirectBuffer command, int offset, int length, int reason, MutableDirectBuffer decision, int decisionOffset);

  /**
   * The card of a panToken and its account right after a command, for whoever gave it; null: there is no such card, or
   * this core has none to show. Allocates; bounded: of what the card did, the newest is shown.
   */
  default @Nullable CardView view(DirectBuffer token, int offset) {
    return null;
  }

  /**
   * The run of loads of a programme right after a command, for whoever gave it; null: this core has none to show.
   * Allocates.
   */
  default @Nullable LoadRunView loadRun(int programmeId) {
    return null;
  }

  /**
   * From now on only {@link #decide} and {@link #apply} are called, until {@link #endReplay}: what only
   * {@link #remembers} needs may be left behind. The core must be fresh, or filled from a snapshot.
   */
  default void beginReplay() {}

  /**
   * Makes up for what was left behind. Several threads may run it at once, and share the work; meanwhile another may
   * run {@link #checkInvariants}.
   */
  default void catchUp() {}

  /**
   * When every {@link #catchUp} has returned: all may be called again.
   *
   * @throws IllegalStateException when what was made up for shows that an invariant is broken
   */
  default void endReplay() {}

  /** Rolling digest of all effects applied so far. */
  long digest();

  /** Hash of the whole state; slow, for recovery checks and tests. */
  long stateHash();

  /**
   * Throws {@link IllegalStateException} naming the first broken invariant of architecture.md section 7; slow, for
   * recovery and tests.
   */
  void checkInvariants();
}
