package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/** The decision in an original's row. Owned by the core thread; speaks of the original last selected. */
final class OriginalAnswer {
  private final UnsafeBuffer row;
  private final int first;
  private final int rest;

  /** A decision in {@code row}, whatever that wraps, in two parts: see {@link StoredDecision}. */
  OriginalAnswer(UnsafeBuffer row, int first, int rest) {
    this.row = row;
    this.first = first;
    this.rest = rest;
  }

  /** What the request that made it came to. */
  Effect effect() {
    return Effect.get((short) (row.getByte(first + DecisionEncoder.effectEncodingOffset()) & 0xFF));
  }

  /** Of a refund: it named no purchase. */
  boolean isUnlinked() {
    int flags = row.getInt(first + DecisionEncoder.flagsEncodingOffset(), DecisionEncoder.BYTE_ORDER);
    return DecisionFlagsDecoder.unlinkedRefund(flags);
  }

  void store(DirectBuffer decision, int bodyOffset) {
    StoredDecision.put(row, first, rest, decision, bodyOffset);
  }

  void copyTo(MutableDirectBuffer decision, int bodyOffset) {
    StoredDecision.get(row, first, rest, decision, bodyOffset);
  }
}
