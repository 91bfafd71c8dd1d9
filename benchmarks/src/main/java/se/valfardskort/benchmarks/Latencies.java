package se.valfardskort.benchmarks;

import java.util.Arrays;

/** Durations of one run, kept whole and sorted at the end. One writer. */
final class Latencies {
  private final long[] valuesNs;
  private int size;

  Latencies(int capacity) {
    valuesNs = new long[capacity];
  }

  void add(long valueNs) {
    if (size < valuesNs.length) {
      valuesNs[size++] = valueNs;
    }
  }

  int size() {
    return size;
  }

  /** p50, p99, p99.9 and the maximum, in microseconds. */
  String describe() {
    Arrays.sort(valuesNs, 0, size);
    return "p50 " + micros(500) + " p99 " + micros(990) + " p99.9 " + micros(999) + " max " + micros(1000) + " us";
  }

  /** One percentile, in microseconds; 0 where nothing was added. */
  long percentileMicros(int perMille) {
    Arrays.sort(valuesNs, 0, size);
    return micros(perMille);
  }

  private long micros(int perMille) {
    if (size == 0) {
      return 0;
    }
    int index = (int) Math.min(size - 1L, (long) size * perMille / 1000);
    return valuesNs[index] / 1000;
  }
}
