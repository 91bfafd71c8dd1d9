package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rows as snapshots of older releases have them, where a release did more than append bytes. Used by one thread, while
 * an engine is filled. Offsets that are not named here are those of today's tables.
 */
final class OlderLayouts {
  private OlderLayouts() {}

  /**
   * Cards and accounts, layouts 1 and 2: behind the counters, which begin at 176, layout 2 has what {@link HolderRests}
   * have now, and the monthly amount in SAVINGS.
   *
   * <pre>
   *   0  second part of the card     8  SAVINGS, 40 bytes
   *  48  the card's monthly amount i64
   *  56  number of the last move i64
   *  64  the counters of the limits
   * </pre>
   *
   * @param counters counters of an account where it was written
   */
  static StateReader.OlderRows ofHolders(HolderRests rests, int counters) {
    return new Holders(rests, counters);
  }

  private static final class Holders implements StateReader.OlderRows {
    private static final int COUNTERS = 176;
    private static final int SAVINGS_HEAD = 8 + 40;
    private static final int MONTHLY_AMOUNT = 48;
    private static final int LAST_MOVE = 56;
    private static final int LIMITS = 64;

    private final HolderRests.Cursor rest;
    private final int behind;
    private final int length;

    /** The second part, SAVINGS and the limits of one row, in today's order. */
    private final UnsafeBuffer moved;

    Holders(HolderRests rests, int counters) {
      rest = rests.cursor();
      behind = COUNTERS + counters * Long.BYTES;
      length = behind + LIMITS + LimitCounters.length(counters);
      moved = new UnsafeBuffer(new byte[HolderRests.LIMITS + LimitCounters.length(counters)]);
    }

    @Override
    public int longest() {
      return (length + 63) / 64 * 64;
    }

    @Override
    public void read(int id, UnsafeBuffer row, DirectBuffer written, int offset, int writtenLength) {
      row.putBytes(0, written, offset, COUNTERS);
      row.putBytes(AccountTable.COUNTERS, written, offset + COUNTERS, behind - COUNTERS);
      if (writtenLength < length) {
        return;
      }
      int from = offset + behind;
      row.putLong(AccountTable.MONTHLY_AMOUNT, written.getLong(from + MONTHLY_AMOUNT));
      moved.putBytes(0, written, from, SAVINGS_HEAD);
      moved.putLong(SAVINGS_HEAD, written.getLong(from + LAST_MOVE));
      moved.putBytes(HolderRests.LIMITS, written, from + LIMITS, moved.capacity() - HolderRests.LIMITS);
      if (isMore()) {
        rest.select(id);
        rest.touched().putBytes(0, moved, 0, moved.capacity());
      }
    }

    private boolean isMore() {
      long all = 0;
      for (int at = 0; at < moved.capacity(); at += Long.BYTES) {
        all |= moved.getLong(at);
      }
      return all != 0;
    }
  }

  /**
   * Originals, layouts 1 to 3: the month at 4 and the percentage at 140 have 32 bits, and from 320 on layouts 2 and 3
   * have the rest of the decision.
   */
  static StateReader.OlderRows ofOriginals(DecisionRests rests) {
    return new Originals(rests);
  }

  private static final class Originals implements StateReader.OlderRows {
    private static final int FIRST = 320;
    private static final int LONGEST = 384;
    private static final int MONTH = 4;
    private static final int TOLERANCE = 140;

    private final DecisionRests rests;

    Originals(DecisionRests rests) {
      this.rests = rests;
    }

    @Override
    public int longest() {
      return LONGEST;
    }

    @Override
    public void read(int id, UnsafeBuffer row, DirectBuffer written, int offset, int length) {
      row.putBytes(0, written, offset, FIRST);
      row.putShort(OriginalTable.MONTH, (short) written.getInt(offset + MONTH));
      row.putShort(OriginalTable.TOLERANCE, (short) written.getInt(offset + TOLERANCE));
      row.putInt(OriginalTable.DECISION_REST, rests.take(written, offset + FIRST, length - FIRST));
    }
  }

  /**
   * Answers, layouts 1 to 4: at 32 the number of the card's older answer, i64, and from 176 on layouts 3 and 4 have the
   * rest of the decision.
   */
  static StateReader.OlderRows ofAnswers(DecisionRests rests, RequestMemory memory) {
    return new Answers(rests, memory);
  }

  private static final class Answers implements StateReader.OlderRows {
    private static final int FIRST = 176;
    private static final int LONGEST = 200;
    private static final int OLDER = 32;

    private final DecisionRests rests;
    private final RequestMemory memory;

    Answers(DecisionRests rests, RequestMemory memory) {
      this.rests = rests;
      this.memory = memory;
    }

    @Override
    public int longest() {
      return LONGEST;
    }

    @Override
    public void read(int id, UnsafeBuffer row, DirectBuffer written, int offset, int length) {
      row.putBytes(0, written, offset, FIRST);
      row.putInt(RequestMemory.OLDER, memory.distance(memory.numberAt(id), written.getLong(offset + OLDER)));
      row.putInt(RequestMemory.DECISION_REST, rests.take(written, offset + FIRST, length - FIRST));
    }
  }
}
