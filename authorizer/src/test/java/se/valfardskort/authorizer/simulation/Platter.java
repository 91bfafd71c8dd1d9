package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.SplittableRandom;

/**
 * One file, twice: as the page cache shows it, and as the disk has it.
 *
 * <p>What was written and not forced is remembered by sector, with every content it had since. A power cut keeps any
 * one of them for each sector. A force that fails leaves some sectors on the disk and forgets that the others are not:
 * reading shows them, later forces do not write them, and a power cut takes them away.
 */
final class Platter {
  static final int SECTOR = 512;

  private byte[] seen = new byte[0];
  private int seenLength;
  private byte[] kept = new byte[0];
  private int keptLength;
  private final TreeMap<Integer, List<byte[]>> unforced = new TreeMap<>();
  private final TreeSet<Integer> betrayed = new TreeSet<>();

  int length() {
    return seenLength;
  }

  int keptLength() {
    return keptLength;
  }

  /** What the disk has; not to be changed. */
  byte[] kept() {
    return kept;
  }

  boolean isForced() {
    return unforced.isEmpty() && betrayed.isEmpty() && keptLength == seenLength;
  }

  int read(byte[] into, int offset, int length, int position) {
    int count = Math.min(length, seenLength - position);
    System.arraycopy(seen, position, into, offset, count);
    return count;
  }

  void write(byte[] from, int offset, int length, int position) {
    int end = position + length;
    int reach = roundUp(Math.max(end, seenLength));
    if (seen.length < reach) {
      seen = Arrays.copyOf(seen, Math.max(reach, 2 * seen.length));
    }
    System.arraycopy(from, offset, seen, position, length);
    // A gap that was jumped over is zeros, and dirty with the rest.
    int first = Math.min(position, seenLength) / SECTOR;
    seenLength = Math.max(seenLength, end);
    for (int sector = first; sector * SECTOR < end; sector++) {
      unforced.computeIfAbsent(sector, _ -> new ArrayList<>()).add(sectorOf(seen, sector));
      betrayed.remove(sector);
    }
  }

  void truncate(int length) {
    if (length < seenLength) {
      Arrays.fill(seen, length, seenLength, (byte) 0);
      seenLength = length;
      int lastWhole = roundUp(length) / SECTOR;
      unforced.tailMap(lastWhole, true).clear();
      betrayed.tailSet(lastWhole, true).clear();
      if (length % SECTOR != 0) {
        unforced.computeIfAbsent(length / SECTOR, _ -> new ArrayList<>()).add(sectorOf(seen, length / SECTOR));
      }
    }
  }

  void force() {
    for (Map.Entry<Integer, List<byte[]>> dirty : unforced.entrySet()) {
      keep(dirty.getKey(), dirty.getValue().getLast());
    }
    unforced.clear();
    resize(seenLength);
  }

  /** Some of it is on the disk, and nobody remembers which. */
  void failToForce(SplittableRandom dice) {
    for (Map.Entry<Integer, List<byte[]>> dirty : unforced.entrySet()) {
      if (dice.nextBoolean()) {
        keep(dirty.getKey(), dirty.getValue().getLast());
      } else {
        betrayed.add(dirty.getKey());
      }
    }
    unforced.clear();
    if (seenLength > keptLength || dice.nextBoolean()) {
      resize(seenLength);
    }
  }

  /**
   * Any of what was not forced survives.
   *
   * @return true where something was lost, or kept without what was written before it
   */
  boolean cutPower(SplittableRandom dice) {
    boolean torn = false;
    int mood = dice.nextInt(6);
    for (Map.Entry<Integer, List<byte[]>> dirty : unforced.entrySet()) {
      List<byte[]> versions = dirty.getValue();
      int chosen = switch (mood) {
        case 0 -> 0;
        case 1 -> versions.size();
        default -> dice.nextInt(versions.size() + 1);
      };
      if (chosen > 0) {
        keep(dirty.getKey(), versions.get(chosen - 1));
      }
      torn |= chosen < versions.size();
    }
    if (seenLength != keptLength && mood != 0) {
      resize(mood == 1 || dice.nextBoolean() ? seenLength : between(dice));
    }
    // What lies behind the end is nobody's.
    resize(keptLength);
    torn |= !betrayed.isEmpty();
    unforced.clear();
    betrayed.clear();
    seen = kept.clone();
    seenLength = keptLength;
    return torn;
  }

  private int between(SplittableRandom dice) {
    int low = Math.min(seenLength, keptLength);
    return low + dice.nextInt(Math.abs(seenLength - keptLength) + 1);
  }

  /** A bit turns over where it lies, on the disk and for every reader. */
  void flip(int position, int bit) {
    kept[position] ^= (byte) (1 << bit);
    seen[position] ^= (byte) (1 << bit);
  }

  /** What the disk has of it, as a file of its own. */
  Platter copy() {
    Platter copy = new Platter();
    copy.kept = kept.clone();
    copy.keptLength = keptLength;
    copy.seen = kept.clone();
    copy.seenLength = keptLength;
    return copy;
  }

  private void keep(int sector, byte[] content) {
    int reach = (sector + 1) * SECTOR;
    if (kept.length < reach) {
      kept = Arrays.copyOf(kept, Math.max(reach, 2 * kept.length));
    }
    System.arraycopy(content, 0, kept, sector * SECTOR, SECTOR);
  }

  private void resize(int length) {
    int reach = roundUp(length);
    if (kept.length < reach) {
      kept = Arrays.copyOf(kept, reach);
    }
    if (length < kept.length) {
      Arrays.fill(kept, length, kept.length, (byte) 0);
    }
    keptLength = length;
  }

  private static byte[] sectorOf(byte[] bytes, int sector) {
    return Arrays.copyOfRange(bytes, sector * SECTOR, (sector + 1) * SECTOR);
  }

  private static int roundUp(int length) {
    return (length + SECTOR - 1) / SECTOR * SECTOR;
  }
}
