package se.valfardskort.authorizer.storage;

import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.engine.Directory;
import se.valfardskort.authorizer.engine.EngineStore;
import se.valfardskort.authorizer.engine.Rows;

/**
 * The engine's state off heap: directories on Chronicle Map, rows in zeroed native memory.
 *
 * <p>Owned by the thread that builds the engine, then by the core thread; the hand-over must be ordered (starting a
 * thread is). Nothing is kept in a file: after {@code kill -9} Chronicle's own files were unopenable in four of six
 * tries, so every start rebuilds the state from the journal (architecture.md section 4). Memory is reserved at once and
 * touched as it is used, so that room for millions of cards costs a demo nothing.
 *
 * <p>The first directory of a process takes some tenths of a second, because Chronicle Map loads its classes then; it
 * would take a second more if the build had not compiled what Chronicle otherwise compiles in each process
 * (src/main/build/MapClasses.java). Later ones take milliseconds. See {@link #prepare}.
 */
public final class ChronicleStore implements EngineStore {
  private static final int SHORTEST_KEY = 16;
  private static final int MAXIMUM_CAPACITY = 1 << 28;

  private final List<ChronicleDirectory> directories = new ArrayList<>();
  private final List<OffHeapRows> tables = new ArrayList<>();

  /** An empty store. */
  public ChronicleStore() {
    // Chronicle reports its use to a third party unless told not to. The reporting jar is excluded from the build;
    // this is the second lock, for a class path that somebody else has put together.
    System.setProperty("chronicle.analytics.disable", "true");
  }

  /** Makes the first directory of the process and drops it: what that takes may then pass beside something else. */
  public static void prepare() {
    try (ChronicleStore first = new ChronicleStore()) {
      first.directory("prepare", SHORTEST_KEY, 1);
    }
  }

  @Override
  public Directory directory(String name, int keyLength, int capacity) {
    if (keyLength != SHORTEST_KEY && keyLength != 24 && keyLength != 32) {
      throw new IllegalArgumentException(
          "directory " + name + ": keys of " + keyLength + " bytes; make it 16, 24 or 32");
    }
    if (capacity < 1 || capacity > MAXIMUM_CAPACITY) {
      throw new IllegalArgumentException(
          "directory " + name + ": capacity " + capacity + "; make it 1 to " + MAXIMUM_CAPACITY);
    }
    ChronicleDirectory directory = new ChronicleDirectory(name, keyLength, capacity);
    directories.add(directory);
    return directory;
  }

  @Override
  public Rows rows(String name, int rowLength, int capacity) {
    if (rowLength < 1 || capacity < 1) {
      throw new IllegalArgumentException(
          "table " + name + ": " + capacity + " rows of " + rowLength + " bytes; both must be 1 or more");
    }
    OffHeapRows rows = new OffHeapRows(name, rowLength, capacity);
    tables.add(rows);
    return rows;
  }

  @Override
  public void close() {
    for (ChronicleDirectory directory : directories) {
      directory.close();
    }
    directories.clear();
    for (OffHeapRows rows : tables) {
      rows.close();
    }
    tables.clear();
  }
}
