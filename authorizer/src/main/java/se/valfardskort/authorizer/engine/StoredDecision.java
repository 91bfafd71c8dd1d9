package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A decision's block in a row, whatever that wraps, but for what {@link DecisionRests} keep of it. Owned by the core
 * thread.
 */
final class StoredDecision {
  private final UnsafeBuffer row;
  private final int first;
  private final int link;
  private final DecisionRests rests;

  /**
   * In a row that is zeros as long as it keeps none.
   *
   * @param first where its first {@link DecisionRests#FIRST} bytes lie
   * @param link where the link to the rest lies, i32
   */
  StoredDecision(UnsafeBuffer row, int first, int link, DecisionRests rests) {
    this.row = row;
    this.first = first;
    this.link = link;
    this.rests = rests;
  }

  /** Keeps the block at {@code body}, in the place of what was kept. */
  void store(DirectBuffer decision, int body) {
    row.putBytes(first, decision, body, DecisionRests.FIRST);
    row.putInt(link, rests.put(row.getInt(link), decision, body));
  }

  /** The reverse of {@link #store}. */
  void copyTo(MutableDirectBuffer decision, int body) {
    row.getBytes(first, decision, body, DecisionRests.FIRST);
    rests.get(row.getInt(link), decision, body);
  }

  /** To be called before the row is cleared. */
  void forget() {
    rests.free(row.getInt(link));
  }

  /** Notes in {@code owners} the rest that it has. */
  void count(int[] owners) {
    if (row.getInt(link) != 0) {
      owners[row.getInt(link) - 1]++;
    }
  }
}
