package se.valfardskort.authorizer.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** The simulated disk against what is said of real ones, worked out by hand. */
final class SimDiskTest {
  private static final int SECTOR = Platter.SECTOR;

  @Test
  void shouldKeepWhatWasForced() throws IOException {
    SimDisk disk = disk(1);
    DiskFile file = disk.create("a.tmp");
    write(file, 0, 3 * SECTOR, 1);
    file.force();
    disk.rename("a.tmp", "a");

    disk.cutPower();

    assertEquals(List.of("a"), disk.list());
    assertArrayEquals(bytes(3 * SECTOR, 1), read(disk, "a"));
  }

  @Test
  void shouldLoseNamesThatWereNotForced() throws IOException {
    Set<List<String>> seen = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SimDisk disk = disk(seed);
      disk.create("a").force();
      disk.cutPower();
      seen.add(disk.list());
    }

    assertEquals(Set.of(List.of(), List.of("a")), seen);
  }

  @Test
  void shouldTearBetweenSectorsAndNowhereElse() throws IOException {
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 300; seed++) {
      SimDisk disk = disk(seed);
      DiskFile file = disk.create("a.tmp");
      write(file, 0, 2 * SECTOR, 1);
      file.force();
      disk.rename("a.tmp", "a");
      write(file, 0, 2 * SECTOR, 2);
      disk.cutPower();
      byte[] left = read(disk, "a");
      assertArrayEquals(bytes(SECTOR, left[0]), Arrays.copyOf(left, SECTOR));
      assertArrayEquals(bytes(SECTOR, left[SECTOR]), Arrays.copyOfRange(left, SECTOR, 2 * SECTOR));
      seen.add(left[0] + " " + left[SECTOR]);
    }

    assertEquals(Set.of("1 1", "1 2", "2 1", "2 2"), seen);
  }

  @Test
  void shouldForgetAfterAFailedForceWhatIsNotOnTheDisk() throws IOException {
    boolean lost = false;
    for (int seed = 0; seed < 50; seed++) {
      SimDisk disk = disk(seed);
      DiskFile file = disk.create("a.tmp");
      write(file, 0, SECTOR, 1);
      file.force();
      disk.rename("a.tmp", "a");
      write(file, 0, SECTOR, 2);
      disk.faults.oneIn(DiskFaults.Kind.FAILED_FORCE, 1);
      assertThrows(IOException.class, file::force);
      disk.faults.mend();
      file.force();
      assertArrayEquals(bytes(SECTOR, 2), read(disk, "a"), "the page cache shows what was written");
      disk.cutPower();
      lost |= read(disk, "a")[0] == 1;
    }

    assertTrue(lost, "a later force wrote what the failed one had dropped");
  }

  @Test
  void shouldBeHeldByOne() throws IOException {
    SimDisk disk = disk(1);
    disk.lock("lock");

    assertThrows(IOException.class, () -> disk.lock("lock"));
    disk.losesProcess();

    disk.lock("lock");
    assertFalse(disk.list().contains("lock"));
  }

  private static SimDisk disk(int seed) {
    return new SimDisk(new SplittableRandom(seed), new DiskFaults(1), new Tally(), new SimDisk.Surroundings() {
      @Override
      public void waitFor(long ns) {
        // Nobody waits here.
      }

      @Override
      public void powerWent() {
        // It does not go by itself.
      }
    });
  }

  private static void write(DiskFile file, int position, int length, int octet) throws IOException {
    file.write(ByteBuffer.wrap(bytes(length, octet)), position);
  }

  private static byte[] bytes(int length, int octet) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) octet);
    return bytes;
  }

  private static byte[] read(SimDisk disk, String name) throws IOException {
    DiskFile file = disk.open(name);
    ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
    file.read(bytes, 0);
    return bytes.array();
  }
}
