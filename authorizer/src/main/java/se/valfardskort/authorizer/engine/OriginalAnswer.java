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
  private final StoredDecision decision;

  /** A decision in {@code row}, see {@link StoredDecision}. */
  OriginalAnswer(UnsafeBuffer row, int first, int link, DecisionRests rests) {
    this.row = row;
    this.first = first;
    decision = new StoredDecision(row, first, link, rests);
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

  void store(DirectBuffer bytes, int bodyOffset) {
    decision.store(bytes, bodyOffset);
  }

  void copyTo(MutableDirectBuffer bytes, int bodyOffset) {
    decision.copyTo(bytes, bodyOffset);
  }

  /** See {@link StoredDecision#forget}. */
  void forget() {
    decision.forget();
  }

  /** See {@link StoredDecision#count}. */
  void count(int[] owners) {
    decision.count(owners);
  }
}
