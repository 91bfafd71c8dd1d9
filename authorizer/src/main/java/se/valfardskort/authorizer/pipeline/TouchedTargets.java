package se.valfardskort.authorizer.pipeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The reply targets that were given something in this batch, each once, in the order of their first answer.
 *
 * <p>Owned by the reply thread. An open-addressed table of identities beside a list, so that a batch over hundreds of
 * links costs no search and nothing is allocated.
 */
final class TouchedTargets {
  private final @Nullable ReplyTarget[] table;
  private final @Nullable ReplyTarget[] list;
  private final int mask;
  private int size;

  /** {@code capacity} targets a batch at most. */
  TouchedTargets(int capacity) {
    int length = Integer.highestOneBit(Math.max(2, capacity) * 2 - 1) * 2;
    table = new @Nullable ReplyTarget[length];
    list = new @Nullable ReplyTarget[capacity];
    mask = length - 1;
  }

  boolean isFull() {
    return size == list.length;
  }

  /** Identity is meant: two links are two targets whatever they think of each other. */
  @SuppressWarnings("ReferenceEquality")
  void add(ReplyTarget target) {
    int place = System.identityHashCode(target) & mask;
    while (table[place] != null) {
      if (table[place] == target) {
        return;
      }
      place = (place + 1) & mask;
    }
    table[place] = target;
    list[size++] = target;
  }

  int size() {
    return size;
  }

  ReplyTarget get(int index) {
    ReplyTarget target = list[index];
    if (target == null) {
      throw new IllegalStateException("no target at " + index + " of " + size);
    }
    return target;
  }

  void clear() {
    if (size > 0) {
      Arrays.fill(table, null);
      Arrays.fill(list, 0, size, null);
      size = 0;
    }
  }
}
