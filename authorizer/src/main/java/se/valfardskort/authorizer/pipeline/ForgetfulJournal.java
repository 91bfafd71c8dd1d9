package se.valfardskort.authorizer.pipeline;

import org.agrona.DirectBuffer;

/**
 * A journal of nothing that anybody will ask for again: for scratch pipelines, never for one that answers a partner.
 * Owned by the journal's thread.
 */
public final class ForgetfulJournal implements Journal {
  private long last;

  @Override
  public void append(
      Kind kind,
      long sequence,
      long timeMs,
      DirectBuffer command,
      int commandOffset,
      int commandLength,
      DirectBuffer decision,
      int decisionOffset,
      int decisionLength) {
    last = sequence;
  }

  @Override
  public void sync() {
    // Nothing is kept, so nothing is waited for.
  }

  @Override
  public long durableSequence() {
    return last;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
