package se.valfardskort.authorizer.pipeline;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One journaled record as a reader sees it; a flyweight, valid until the visitor returns. Owned by the reader. */
public final class JournalRecord {
  /** What it is. */
  public Journal.Kind kind = Journal.Kind.DECIDED;

  /** Its place; 1 is the first. */
  public long sequence;

  /** Its stamp, milliseconds since the epoch. */
  public long timeMs;

  /** Which start of the process wrote it. */
  public int epoch;

  /** Last sequence that was known durable when it was written: the same for all that shared a sync. */
  public long durableMark;

  /** Version of the engine that decided it. */
  public int engineVersion;

  /** Holds command and decision. */
  public DirectBuffer buffer = new UnsafeBuffer(new byte[0]);

  /** Where the command begins in {@link #buffer}. */
  public int commandOffset;

  /** Its bytes. */
  public int commandLength;

  /** Where the decision begins in {@link #buffer}. */
  public int decisionOffset;

  /** Its bytes; 0 for a poisoned command of which not even a refusal could be made. */
  public int decisionLength;

  /** The same in a buffer of its own, which nobody changes. */
  public JournalRecord copy() {
    byte[] bytes = new byte[commandLength + decisionLength];
    buffer.getBytes(commandOffset, bytes, 0, commandLength);
    buffer.getBytes(decisionOffset, bytes, commandLength, decisionLength);
    JournalRecord copy = new JournalRecord();
    copy.kind = kind;
    copy.sequence = sequence;
    copy.timeMs = timeMs;
    copy.epoch = epoch;
    copy.durableMark = durableMark;
    copy.engineVersion = engineVersion;
    copy.buffer = new UnsafeBuffer(bytes);
    copy.commandLength = commandLength;
    copy.decisionOffset = commandLength;
    copy.decisionLength = decisionLength;
    return copy;
  }
}
