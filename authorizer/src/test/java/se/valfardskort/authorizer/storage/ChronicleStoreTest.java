package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.engine.Directory;
import se.valfardskort.authorizer.engine.EngineStore;
import se.valfardskort.authorizer.engine.EngineStoreTest;
import se.valfardskort.authorizer.engine.Rows;

/** {@link ChronicleStore} under the common test, and what only an off-heap store has to show. */
final class ChronicleStoreTest extends EngineStoreTest {
  @Override
  protected EngineStore newStore() {
    return new ChronicleStore();
  }

  @ParameterizedTest
  @CsvSource({"16,1", "16,2", "24,17", "32,1000", "24,4099", "16,65536", "32,300000", "24,1000000"})
  void shouldHoldAsManyEntriesAsItsCapacitySays(int keyLength, int capacity) {
    try (ChronicleStore store = new ChronicleStore()) {
      Directory directory = store.directory("filled", keyLength, capacity);
      UnsafeBuffer key = new UnsafeBuffer(new byte[keyLength]);
      for (int number = 0; number < capacity; number++) {
        writeKey(key, number);
        directory.put(key, 0, number);
      }

      assertEquals(capacity, directory.size());
      writeKey(key, capacity);
      assertThrows(IllegalStateException.class, () -> directory.put(key, 0, 0));
      for (int number = 0; number < capacity; number++) {
        writeKey(key, number);
        assertEquals(number, directory.get(key, 0));
      }
    }
  }

  /** Request memory in steady state: full, the oldest key leaves for each that comes, for many times the capacity. */
  @Test
  void shouldStayUsableWhileFullAndTurningOver() {
    int capacity = 20_000;
    try (ChronicleStore store = new ChronicleStore()) {
      Directory directory = store.directory("turning", 24, capacity);
      UnsafeBuffer key = new UnsafeBuffer(new byte[24]);
      for (int number = 0; number < 30 * capacity; number++) {
        if (number >= capacity) {
          writeKey(key, number - capacity);
          assertEquals(number - capacity, directory.remove(key, 0));
        }
        writeKey(key, number);
        assertEquals(Directory.MISSING, directory.get(key, 0));
        directory.put(key, 0, number);
      }
      assertEquals(capacity, directory.size());
    }
  }

  @Test
  void shouldAllocateNothingForAnOperation() {
    try (ChronicleStore store = new ChronicleStore()) {
      Directory directory = store.directory("steady", 32, 50_000);
      Rows rows = store.rows("steady", 64, 50_000);
      UnsafeBuffer key = new UnsafeBuffer(new byte[32]);
      UnsafeBuffer row = new UnsafeBuffer();
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

      // The interpreter's first rounds, and the class loading in them, may allocate; the steady state may not.
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 10; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int number = 0; number < 20_000; number++) {
          writeKey(key, number);
          directory.put(key, 0, number);
          rows.wrap(row, directory.get(key, 0));
          row.putLong(0, number);
          directory.put(key, 0, number + 1);
          directory.remove(key, 0);
          directory.get(key, 0);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }

      // One reading of the counter may itself cost a few bytes; 20,000 rounds of any allocation would cost 320,000.
      assertTrue(least < 1_000, least + " bytes for 20,000 rounds");
    }
  }

  @Test
  void shouldTakeMemoryOnlyForRowsThatAreUsedAndGoBeyondTwoGiB() throws IOException {
    try (ChronicleStore store = new ChronicleStore()) {
      int capacity = 50_000_000;
      long before = residentBytes();
      Rows rows = store.rows("wide", 64, capacity);
      UnsafeBuffer row = new UnsafeBuffer();
      int[] ids = {0, 1, 33_554_431, 33_554_432, capacity - 1};
      for (int id : ids) {
        rows.wrap(row, id);
        assertEquals(0, row.addressOffset() % 64);
        assertEquals(0L, row.getLong(56));
        row.putLong(0, id + 1L);
      }

      for (int id : ids) {
        rows.wrap(row, id);
        assertEquals(id + 1L, row.getLong(0));
      }
      // 3.2 GB are reserved; what else the process took meanwhile is far from the half of it.
      long taken = residentBytes() - before;
      assertTrue(taken < 1L << 30, taken + " bytes became resident");
    }
  }

  @Test
  void shouldRefuseRowsAfterTheStoreWasClosed() {
    ChronicleStore store = new ChronicleStore();
    Rows rows = store.rows("gone", 64, 10);
    store.close();
    store.close();

    assertThrows(IndexOutOfBoundsException.class, () -> rows.wrap(new UnsafeBuffer(), 0));
  }

  @Test
  void shouldSayWhatToDoWhenTheSystemRefusesMemory() {
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> NativeMemory.zeroed("table t", Long.MAX_VALUE / 2));

    assertEquals(
        "table t: the system refused 4611686018427387903 bytes; lower the configured capacity or add memory",
        refusal.getMessage());
  }

  @Test
  void shouldNotCarryTheLibraryThatReportsToAThirdParty() {
    ClassLoader loader = ChronicleStoreTest.class.getClassLoader();

    assertFalse(loader.resources("net/openhft/chronicle/analytics/Analytics.class").findAny().isPresent());
    assertTrue(loader.resources("net/openhft/chronicle/map/ChronicleMap.class").findAny().isPresent());
  }

  @Test
  void shouldFindCompiledWhatChronicleWouldCompileAtTheFirstMap() {
    try (EngineStore store = newStore()) {
      store.directory("first", 16, 1);
    }

    assertNotNull(loadedFrom("net.openhft.chronicle.hash.VanillaGlobalMutableState$$Native"));
  }

  /** Where a class came from; null for one that was compiled in this process. */
  private static @Nullable CodeSource loadedFrom(String name) {
    try {
      ClassLoader loader = ChronicleStoreTest.class.getClassLoader();
      return Class.forName(name, false, loader).getProtectionDomain().getCodeSource();
    } catch (ClassNotFoundException missing) {
      throw new AssertionError(missing);
    }
  }

  private static long residentBytes() throws IOException {
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", 3);
    return Long.parseLong(pages[1]) * 4096;
  }

  private static void writeKey(UnsafeBuffer key, int number) {
    // As a request key: digits that differ little, the rest alike.
    key.setMemory(0, key.capacity(), (byte) '0');
    for (int position = 11, rest = number; rest > 0; position--, rest /= 10) {
      key.putByte(position, (byte) ('0' + rest % 10));
    }
  }
}
