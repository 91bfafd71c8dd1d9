package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every implementation of {@link EngineStore} must do; extend it once for each. */
public abstract class EngineStoreTest {
  private static final int CAPACITY = 300;

  private EngineStore store;

  /** A fresh, empty store. */
  protected abstract EngineStore newStore();

  @BeforeEach
  void open() {
    store = newStore();
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** Two threads enter 5,000 keys each of 7,500: those from 2,500 to 4,999 both do, with the same id. */
  @Test
  void shouldBeFilledByTwoThreadsAtOnce() throws Exception {
    Directory directory = store.directory("filled", 16, 7_500);
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int first : new int[] {0, 2_500}) {
      FutureTask<Boolean> task = new FutureTask<>(() -> fill(directory, first, first + 5_000), true);
      tasks.add(task);
      Thread.ofPlatform().name("filler-" + first).start(task);
    }
    for (FutureTask<Boolean> task : tasks) {
      task.get();
    }

    assertEquals(7_500, directory.size());
    UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
    for (int number = 0; number < 7_500; number++) {
      key.putLong(0, number);
      assertEquals(number, directory.get(key, 0));
    }
    key.putLong(0, 7_500);
    assertEquals(Directory.MISSING, directory.get(key, 0));
    assertThrows(IllegalStateException.class, () -> directory.put(key, 0, 1));
  }

  private static void fill(Directory directory, int from, int to) {
    UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
    try (Directory.Filler filler = directory.filler()) {
      for (int number = from; number < to; number++) {
        key.putLong(0, number);
        filler.put(key, 0, number);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32})
  void shouldAnswerAsAHashMapDoes(int keyLength) {
    long seed = 752_000L + keyLength;
    Random random = new Random(seed);
    Directory directory = store.directory("seeded", keyLength, CAPACITY);
    Map<Integer, Integer> model = new HashMap<>();
    UnsafeBuffer key = new UnsafeBuffer(new byte[keyLength + 8]);

    for (int step = 0; step < 60_000; step++) {
      // Slowly swelling and ebbing, so that full and nearly empty are both visited.
      boolean growing = (step / 5_000) % 2 == 0;
      int number = random.nextInt(CAPACITY + 40);
      int offset = random.nextInt(9);
      writeKey(key, offset, keyLength, number);
      String where = "seed " + seed + " step " + step;

      int action = random.nextInt(10);
      if (action < 3) {
        assertEquals(model.getOrDefault(number, Directory.MISSING), directory.get(key, offset), where);
      } else if ((action < 8) == growing) {
        int id = random.nextInt(Integer.MAX_VALUE);
        if (model.size() == CAPACITY && !model.containsKey(number)) {
          assertThrows(IllegalStateException.class, () -> directory.put(key, offset, id), where);
        } else {
          directory.put(key, offset, id);
          model.put(number, id);
        }
      } else {
        Integer removed = model.remove(number);
        assertEquals(removed == null ? Directory.MISSING : removed, directory.remove(key, offset), where);
      }
      assertEquals(model.size(), directory.size(), where);
    }

    for (int number = 0; number < CAPACITY + 40; number++) {
      writeKey(key, 0, keyLength, number);
      assertEquals(model.getOrDefault(number, Directory.MISSING), directory.get(key, 0), "seed " + seed);
    }
  }

  @Test
  void shouldTellKeysApartByEveryByte() {
    Directory directory = store.directory("bytes", 24, 64);
    UnsafeBuffer key = new UnsafeBuffer(new byte[24]);
    for (int position = 0; position < 24; position++) {
      key.setMemory(0, 24, (byte) 0);
      key.putByte(position, (byte) 0x80);
      directory.put(key, 0, position);
    }

    for (int position = 0; position < 24; position++) {
      key.setMemory(0, 24, (byte) 0);
      key.putByte(position, (byte) 0x80);
      assertEquals(position, directory.get(key, 0));
    }
    assertEquals(24, directory.size());
  }

  @Test
  void shouldThrowWhenFullAndStillReplace() {
    Directory directory = store.directory("full", 16, 3);
    UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
    for (int number = 0; number < 3; number++) {
      writeKey(key, 0, 16, number);
      directory.put(key, 0, number);
    }

    directory.put(key, 0, 77);
    writeKey(key, 0, 16, 3);
    assertThrows(IllegalStateException.class, () -> directory.put(key, 0, 3));

    assertEquals(Directory.MISSING, directory.get(key, 0));
    writeKey(key, 0, 16, 2);
    assertEquals(77, directory.get(key, 0));
    assertEquals(3, directory.size());
    assertEquals(3, directory.capacity());
  }

  @Test
  void shouldStartWithZeroedRowsThatKeepWhatIsWritten() {
    int rowLength = 48;
    Rows rows = store.rows("rows", rowLength, CAPACITY);
    UnsafeBuffer row = new UnsafeBuffer();
    assertEquals(CAPACITY, rows.capacity());
    assertEquals(rowLength, rows.rowLength());

    for (int id = 0; id < CAPACITY; id++) {
      rows.wrap(row, id);
      assertEquals(rowLength, row.capacity());
      for (int index = 0; index < rowLength; index += 8) {
        assertEquals(0L, row.getLong(index));
        row.putLong(index, (long) id << 32 | index);
      }
    }

    for (int id = CAPACITY - 1; id >= 0; id--) {
      rows.wrap(row, id);
      for (int index = 0; index < rowLength; index += 8) {
        assertEquals((long) id << 32 | index, row.getLong(index));
      }
    }
  }

  @Test
  void shouldRefuseRowsOutOfBounds() {
    Rows rows = store.rows("bounds", 16, 5);
    UnsafeBuffer row = new UnsafeBuffer();

    assertThrows(IndexOutOfBoundsException.class, () -> rows.wrap(row, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> rows.wrap(row, 5));
    assertThrows(IndexOutOfBoundsException.class, () -> rows.wrap(row, Integer.MAX_VALUE));
    rows.wrap(row, 4);
  }

  @Test
  void shouldRefuseKeyLengthsThatNoDirectoryHas() {
    assertThrows(IllegalArgumentException.class, () -> store.directory("odd", 20, 10));
    assertThrows(IllegalArgumentException.class, () -> store.directory("none", 16, 0));
  }

  private static void writeKey(UnsafeBuffer key, int offset, int keyLength, int number) {
    // Alike but for a few bits, as panTokens never are and test keys always are.
    key.setMemory(offset, keyLength, (byte) 7);
    key.putInt(offset + (number % 3) * 4, number);
  }
}
