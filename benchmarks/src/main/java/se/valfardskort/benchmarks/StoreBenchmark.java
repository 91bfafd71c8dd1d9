package se.valfardskort.benchmarks;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import se.valfardskort.authorizer.engine.Directory;
import se.valfardskort.authorizer.engine.EngineStore;

/**
 * A full directory with keys of 24 bytes, asked for keys in no order: what one lookup costs a purchase.
 *
 * <p>Keys are computed, not read from a list, so that the only memory that is missed is the directory's own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls fill() before anything else.
public class StoreBenchmark {
  private static final int KEY_LENGTH = 24;

  /** Where the directory lives. */
  @Param({"CHRONICLE", "PROBING", "ARRAY"})
  public StoreKind store;

  /** Entries, which is also the capacity. */
  @Param({"10000", "1000000"})
  public int entries;

  private final UnsafeBuffer key = new UnsafeBuffer(new byte[KEY_LENGTH]);
  private EngineStore opened;
  private Directory directory;
  private long walk;
  private long oldest;
  private long newest;

  /** Fills the directory. */
  @Setup(Level.Trial)
  public void fill() {
    opened = store.open();
    directory = opened.directory("measured", KEY_LENGTH, entries);
    oldest = 0;
    for (newest = 0; newest < entries; newest++) {
      writeKey(newest);
      directory.put(key, 0, (int) newest);
    }
  }

  /** Gives the memory back. */
  @TearDown(Level.Trial)
  public void close() {
    opened.close();
  }

  /** The cost of making a key, to be subtracted from the others. */
  @Benchmark
  public UnsafeBuffer keyOnly() {
    writeKey(oldest + somewhere());
    return key;
  }

  /** A key that is there. */
  @Benchmark
  public int getHit() {
    writeKey(oldest + somewhere());
    int id = directory.get(key, 0);
    if (id == Directory.MISSING) {
      throw new IllegalStateException("a key that was put is missing");
    }
    return id;
  }

  /** A key that is not there. */
  @Benchmark
  public int getMiss() {
    writeKey(-1 - somewhere());
    int id = directory.get(key, 0);
    if (id != Directory.MISSING) {
      throw new IllegalStateException("a key that was never put is there");
    }
    return id;
  }

  /** The oldest entry leaves, a new one comes: the request memory's steady state. */
  @Benchmark
  public int removeAndPut() {
    writeKey(oldest++);
    int id = directory.remove(key, 0);
    writeKey(newest++);
    directory.put(key, 0, id);
    return id;
  }

  private long somewhere() {
    walk += 0x9E37_79B9_7F4A_7C15L;
    return Math.unsignedMultiplyHigh(mix(walk), entries);
  }

  /** Spreads the numbers, since a panToken is an HMAC and even request keys are in no order. */
  private void writeKey(long number) {
    key.putLong(0, mix(number));
    key.putLong(8, number);
    key.putLong(16, ~number);
  }

  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
