package se.valfardskort.authorizer.pipeline;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.LoadRunView;

/**
 * One place in the ring: a command on its way to its decision and its answer.
 *
 * <p>The producer that claimed the sequence fills {@link #command}, {@link #commandLength}, {@link #arrivalNs},
 * {@link #deadlineNs}, {@link #target}, {@link #viewOffset}, {@link #runOf} and {@link #echo}; the core writes
 * {@link #decision}, {@link #sequence}, {@link #view}, {@link #run} and {@link #outcome}; the reply stage reads all and
 * then {@linkplain #wipe() wipes}. Between threads the ring's own barriers order the accesses. A published slot without
 * a command ({@code commandLength} 0) is passed over.
 */
public final class Slot {
  /** Room for one command, its SBE header included. */
  public static final int COMMAND_CAPACITY = 1024;

  /** Room for one decision, its SBE header included. */
  public static final int DECISION_CAPACITY = 256;

  /** Room for the raw wire bytes of the fields that an answer echoes. */
  public static final int ECHO_CAPACITY = 1024;

  /** What the core made of the command. */
  public enum Outcome {
    /** Decided and applied; to be journaled before it is answered. */
    DECIDED,
    /** A repeat: answered from memory, not journaled. */
    REMEMBERED,
    /** Refused before anything was decided (91, 96); not journaled, not remembered. */
    REFUSED,
    /** The engine threw while deciding: journaled as poison, answered 96. */
    POISON
  }

  /** The command, SBE header first. */
  public final UnsafeBuffer command = new UnsafeBuffer(new byte[COMMAND_CAPACITY]);

  /** The decision, SBE header first. */
  public final UnsafeBuffer decision = new UnsafeBuffer(new byte[DECISION_CAPACITY]);

  /** What the answer echoes, in the target's own layout; may hold a PAN, hence wiped after the answer. */
  public final UnsafeBuffer echo = new UnsafeBuffer(new byte[ECHO_CAPACITY]);

  /** Bytes used of {@link #command}. */
  public int commandLength;

  /** Bytes used of {@link #decision}. */
  public int decisionLength;

  /** Bytes used of {@link #echo}. */
  public int echoLength;

  /** Where in {@link #command} the panToken lies whose card is to be shown with the answer; 0: none is. */
  public int viewOffset;

  /** Set by the core where {@link #viewOffset} asks for it; null also where there is no such card. Immutable. */
  public @Nullable CardView view;

  /** Programme whose run of loads is to be shown with the answer, + 1; 0: none is. */
  public int runOf;

  /** Set by the core where {@link #runOf} asks for it. Immutable. */
  public @Nullable LoadRunView run;

  /** {@link Clock#nanoTime} when the request had been read. */
  public long arrivalNs;

  /** Waiting longer than this before the decision is answered 91; 0: no deadline. */
  public long deadlineNs;

  /** Place in the journal; 0 where nothing was journaled. */
  public long sequence;

  /** The sequencer's stamp, milliseconds since the epoch. */
  public long timeMs;

  /** Set by the core. */
  public Outcome outcome = Outcome.REFUSED;

  /** Set by the core: nobody is answered, so that the sender repeats (a reversal or advice that was not booked). */
  public boolean silent;

  /** Who is answered; null for commands of our own that nobody waits for. */
  public @Nullable ReplyTarget target;

  /** Forgets the request: nothing personal stays in the ring. */
  public void wipe() {
    echo.setMemory(0, echoLength, (byte) 0);
    echoLength = 0;
    commandLength = 0;
    decisionLength = 0;
    viewOffset = 0;
    view = null;
    runOf = 0;
    run = null;
    arrivalNs = 0;
    deadlineNs = 0;
    sequence = 0;
    timeMs = 0;
    outcome = Outcome.REFUSED;
    silent = false;
    target = null;
  }
}
