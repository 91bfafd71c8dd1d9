package se.valfardskort.authorizer.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * The records that the disk itself has: forced, under a name that was forced, in the journal's folder or, where they
 * are pruned there, in the archive. Reads on from where it was.
 */
final class DurableRecords {
  private static final int HEADER = 64;
  private static final int KIND_AT = 3;
  private static final byte KIND_SEAL = 3;
  private static final int SEQUENCE_AT = 8;

  private final SimDisk disk;
  private final SimDisk archive;
  private String file = "";
  private int offset = HEADER;
  private long last;

  DurableRecords(SimDisk disk, SimDisk archive) {
    this.disk = disk;
    this.archive = archive;
  }

  /** Begins anew, since files have changed otherwise than by appending. */
  void forget() {
    file = "";
    offset = HEADER;
    last = 0;
  }

  /** Sequence of the last record of an unbroken row from the first. */
  long last() {
    boolean more = readOn();
    while (more) {
      more = nextFile() && readOn();
    }
    return last;
  }

  /** Returns true where the file's records end, so that the next may go on. */
  private boolean readOn() {
    Platter here = disk.kept().get(file);
    Platter platter = here == null ? archive.kept().get(file) : here;
    if (platter == null) {
      return file.isEmpty();
    }
    byte[] bytes = platter.kept();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = SteppedJournal.lengthAt(bytes, platter.keptLength(), offset);
    while (length > 0) {
      // A seal takes no sequence and names the last one.
      long expected = bytes[offset + KIND_AT] == KIND_SEAL ? last : last + 1;
      if (words.getLong(offset + SEQUENCE_AT) != expected) {
        return false;
      }
      last = expected;
      offset += length;
      length = SteppedJournal.lengthAt(bytes, platter.keptLength(), offset);
    }
    return length == 0;
  }

  private boolean nextFile() {
    String here = nextIn(disk);
    String there = nextIn(archive);
    String next = here.isEmpty() || (!there.isEmpty() && there.compareTo(here) < 0) ? there : here;
    if (next.isEmpty()) {
      return false;
    }
    file = next;
    offset = HEADER;
    return true;
  }

  private String nextIn(SimDisk folder) {
    for (String candidate : folder.kept().tailMap(file, false).keySet()) {
      if (SimDisk.isSegment(candidate)) {
        return candidate;
      }
    }
    return "";
  }
}
