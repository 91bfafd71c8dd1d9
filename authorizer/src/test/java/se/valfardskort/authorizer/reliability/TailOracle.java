package se.valfardskort.authorizer.reliability;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.reliability.TailExhibit.File;
import se.valfardskort.authorizer.reliability.TailExhibit.Item;

/**
 * Says what must be found after a damage, from nothing but the list of what was written where, and these rules:
 *
 * <ul>
 *   <li>the last file's header and its first seal were on disk before the file had its name, and the anchor's durable
 *       mark covers the older file: what is missing of these is refused;
 *   <li>what is missing at the end of the last file, with nothing whole behind it, is a torn tail: everything before is
 *       there, nothing else;
 *   <li>where something whole follows what is not, it is refused (decision 16).
 * </ul>
 */
final class TailOracle {
  /** What must be found. */
  sealed interface Verdict {}

  /**
   * The journal is recovered.
   *
   * @param sequence of the last record
   * @param fileEnd length of its last file afterwards
   * @param tornBytes what is cut off
   */
  record Recovered(long sequence, int fileEnd, long tornBytes) implements Verdict {}

  /**
   * The start is refused, and nothing is changed.
   *
   * @param file named by the message; empty: anything that is said will do
   * @param from first offset that the message may name
   * @param to last one
   * @param before sequence of the last record before it
   * @param orEnd nothing stands at that place or behind it: it may also be said that all ends at that sequence
   */
  record Refused(String file, int from, int to, long before, boolean orEnd) implements Verdict {
    static final Refused SOMEHOW = new Refused("", 0, 0, 0);

    Refused(String file, int from, int to, long before) {
      this(file, from, to, before, false);
    }
  }

  private final TailExhibit exhibit;

  TailOracle(TailExhibit exhibit) {
    this.exhibit = exhibit;
  }

  /** Nothing is wrong with either file. */
  Recovered whole() {
    return new Recovered(exhibit.entries.size(), exhibit.lastFile().dataEnd(), 0);
  }

  /** The older file's end was lost, and the last file with it. */
  Verdict endOfOlderFile(byte[] damaged) {
    File file = exhibit.olderFile();
    int wrong = Arrays.mismatch(damaged, file.bytes());
    if (wrong < 0) {
      return new Recovered(exhibit.mark(), file.dataEnd(), 0);
    }
    if (Arrays.equals(damaged, file.older())) {
      // Whole, sealed and of another life: only the anchor's seal can tell.
      return new Refused(file.name(), 0, file.dataEnd(), -1);
    }
    return refusedAt(file, wrong, damaged, true);
  }

  /** The older file is damaged, and the last one is there. */
  Verdict olderFile(byte[] damaged) {
    File file = exhibit.olderFile();
    int wrong = Arrays.mismatch(damaged, file.bytes());
    if (wrong < 0) {
      return whole();
    }
    if (Arrays.equals(damaged, file.older())) {
      return new Refused(file.name(), 0, file.dataEnd(), -1);
    }
    int endSeal = file.items().getLast().offset();
    if (wrong >= endSeal && endOfData(damaged) <= endSeal) {
      // Without its last seal it could be whole: the one at the beginning of the next file shows it.
      return refusedAt(exhibit.lastFile(), exhibit.lastFile().items().getFirst().offset());
    }
    return refusedAt(file, wrong, damaged, false);
  }

  /** The last file is damaged. */
  Verdict lastFile(byte[] damaged) {
    File file = exhibit.lastFile();
    int wrong = Arrays.mismatch(damaged, file.bytes());
    if (wrong < 0) {
      return whole();
    }
    if (wrong < file.items().getFirst().end()) {
      // An older header and an older seal are sound and may stand together: then the seal shows it.
      return Arrays.equals(damaged, file.older())
          ? new Refused(file.name(), 0, file.items().getFirst().offset(), exhibit.mark())
          : refusedAt(file, wrong);
    }
    Item torn = itemAt(file, wrong);
    int end = torn == null ? file.dataEnd() : torn.offset();
    if (torn != null && wholeFollows(file, damaged, end)) {
      return new Refused(file.name(), end, end, before(file, end));
    }
    return new Recovered(before(file, end), end, Math.max(0, endOfData(damaged) - end));
  }

  /**
   * A byte and the CRC over it were changed so that they fit: the next seal shows it, at the latest. A seal's own
   * header is under the one after it. Null: there is none, and nothing shows it.
   */
  @Nullable Verdict forged(File file, int at) {
    Item item = itemAt(file, at);
    if (at >= file.dataEnd()) {
      return null;
    }
    int from = item == null ? 0 : item.offset();
    int next = item == null ? 0 : item.end();
    for (Item each : file.items()) {
      if (each.seal() && each.offset() >= next) {
        return new Refused(file.name(), from, each.offset(), -1);
      }
    }
    // The last file begins with a seal over the end of the older one.
    return file == exhibit.olderFile() && item != null ? Refused.SOMEHOW : null;
  }

  /** What a start from a snapshot of {@code sequence} must find where one from the beginning finds {@code verdict}. */
  Verdict fromSnapshot(long sequence, Verdict verdict) {
    return switch (verdict) {
      case Recovered found -> found.sequence() < sequence ? Refused.SOMEHOW : found;
      // What the snapshot covers is not read, and a seal at the beginning of what is read is taken as it is.
      case Refused refused -> refused.to() > refused.from() ? Refused.SOMEHOW : refused;
    };
  }

  /**
   * The older file: there a reader may take zeros, or nothing at all, for its end, and miss what should follow. Of one
   * that stands alone it may take the last seal for a torn tail, too, as long as it misses it: all records are there.
   */
  private Refused refusedAt(File file, int wrong, byte[] damaged, boolean alone) {
    Refused at = refusedAt(file, wrong);
    boolean orEnd = endOfData(damaged) <= at.from() || (alone && at.before() == exhibit.mark());
    return new Refused(at.file(), at.from(), at.to(), at.before(), orEnd);
  }

  private Refused refusedAt(File file, int wrong) {
    Item item = itemAt(file, wrong);
    int offset = item == null ? 0 : item.offset();
    return new Refused(file.name(), offset, offset, item == null ? firstOf(file) - 1 : before(file, offset));
  }

  private long firstOf(File file) {
    return file == exhibit.olderFile() ? 1 : exhibit.mark() + 1;
  }

  /** Sequence of the last record that ends at or before {@code offset}. */
  private long before(File file, int offset) {
    long sequence = firstOf(file) - 1;
    for (Item item : file.items()) {
      sequence = item.end() <= offset ? item.sequence() : sequence;
    }
    return sequence;
  }

  /** Whether a record or seal of this file, or of its older generation, stands whole at or behind {@code offset}. */
  private static boolean wholeFollows(File file, byte[] damaged, int offset) {
    List<Item> items = file.items();
    for (int i = items.size() - 1; i >= 0 && items.get(i).offset() >= offset; i--) {
      Item item = items.get(i);
      if (item.end() <= damaged.length
          && (stands(item, damaged, file.bytes()) || stands(item, damaged, file.older()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a record or seal of the last file's older generation stands whole at {@code offset}. */
  boolean olderStandsAt(int offset, byte[] damaged) {
    File file = exhibit.lastFile();
    Item item = itemAt(file, offset);
    return item != null && item.end() <= damaged.length && stands(item, damaged, file.older());
  }

  private static boolean stands(Item item, byte[] damaged, byte[] written) {
    return Arrays.equals(damaged, item.offset(), item.end(), written, item.offset(), item.end());
  }

  /** The record or seal that has this byte; null: the header has, or nothing. */
  static @Nullable Item itemAt(File file, int at) {
    for (Item item : file.items()) {
      if (at >= item.offset() && at < item.end()) {
        return item;
      }
    }
    return null;
  }

  private static int endOfData(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
