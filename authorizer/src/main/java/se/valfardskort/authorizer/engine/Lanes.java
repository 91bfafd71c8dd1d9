package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The waiting lines of {@link Lane}, linked through the rows of originals. Owned by the core thread; offsets are those
 * of {@link OriginalTable}.
 */
final class Lanes {
  static final int LANE = 1;
  static final int NEXT_IN_LANE = 24;
  static final int LANE_MS = 40;

  private final Rows rows;
  private final UnsafeBuffer neighbour = new UnsafeBuffer(0, 0);

  /** Heads and tails, id + 1. */
  private final int[] oldest = new int[Lane.count()];

  private final int[] newest = new int[Lane.count()];

  Lanes(Rows rows) {
    this.rows = rows;
  }

  /** Oldest original in the lane, or {@link OriginalTable#NONE}. */
  int oldestIn(Lane lane) {
    return oldest[lane.number] - 1;
  }

  void join(UnsafeBuffer row, int id, Lane lane, long timeMs) {
    row.putByte(LANE, (byte) lane.number);
    row.putLong(LANE_MS, timeMs);
    row.putInt(NEXT_IN_LANE, 0);
    int last = newest[lane.number];
    if (last == 0) {
      oldest[lane.number] = id + 1;
    } else {
      rows.wrap(neighbour, last - 1);
      neighbour.putInt(NEXT_IN_LANE, id + 1);
    }
    newest[lane.number] = id + 1;
  }

  void leave(UnsafeBuffer row, int id) {
    int lane = row.getByte(LANE);
    if (oldest[lane] != id + 1) {
      throw new IllegalStateException("original " + id + " is not the oldest of its lane");
    }
    int next = row.getInt(NEXT_IN_LANE);
    oldest[lane] = next;
    if (next == 0) {
      newest[lane] = 0;
    }
  }

  int newestIn(Lane lane) {
    return newest[lane.number] - 1;
  }

  /** Takes over head and tail of a lane. */
  void restore(Lane lane, int oldestId, int newestId) {
    oldest[lane.number] = oldestId + 1;
    newest[lane.number] = newestId + 1;
  }

  long hash(long seed) {
    long hash = seed;
    for (int lane = 0; lane < oldest.length; lane++) {
      hash = Hash.mix(Hash.mix(hash, oldest[lane]), newest[lane]);
    }
    return hash;
  }
}
