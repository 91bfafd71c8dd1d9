package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.CommandKeys;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * Where in one segment the records of a card, or with a DE 37, lie. One thread.
 *
 * <p>An entry is eight bytes: a 32-bit hash of the key above, the record's offset in the file divided by eight (records
 * are aligned) below. Entries ascend, so those of a key stand together, the oldest first. A hash only says where to
 * look: whoever looks compares the record.
 */
interface SegmentKeys extends Closeable {
  /** What is looked for. */
  enum Kind {
    /** By the first bytes of the panToken, which is a keyed hash itself. */
    CARD(0),
    RRN(1);

    final int place;

    Kind(int place) {
      this.place = place;
    }
  }

  /** How many entries there are. */
  long count(Kind kind);

  /** One of them. */
  long at(Kind kind, long index) throws IOException;

  @Override
  void close() throws IOException;

  /** Hash of the panToken at {@code offset}. */
  static int hashOfToken(DirectBuffer bytes, int offset) {
    return bytes.getInt(offset, ByteOrder.LITTLE_ENDIAN);
  }

  /** Hash of the twelve characters of a DE 37 at {@code offset}. */
  static int hashOfRrn(DirectBuffer bytes, int offset) {
    int hash = 0x811C_9DC5;
    for (int i = 0; i < CommandKeys.RRN_LENGTH; i++) {
      hash = (hash ^ bytes.getByte(offset + i)) * 0x0100_0193;
    }
    return hash;
  }

  static long entry(int hash, long offset) {
    return (long) hash << Integer.SIZE | offset / JournalFormat.ALIGNMENT;
  }

  static long offsetOf(long entry) {
    return (entry & 0xFFFF_FFFFL) * JournalFormat.ALIGNMENT;
  }

  static int hashOf(long entry) {
    return (int) (entry >> Integer.SIZE);
  }

  /** Index of the last entry of a hash; -1, or an entry of another hash: there is none. */
  default long lastOf(Kind kind, int hash) throws IOException {
    long last = (long) hash << Integer.SIZE | 0xFFFF_FFFFL;
    long low = 0;
    long high = count(kind);
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(kind, middle) <= last) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Entries in memory, as a segment is read. */
  final class Gathered implements SegmentKeys {
    private static final int FIRST_ROOM = 1024;

    private final long[][] entries = {new long[FIRST_ROOM], new long[FIRST_ROOM]};
    private final int[] counts = new int[2];
    private long lastSequence;

    /** Notes what the record at {@code offset} can be found by. */
    void add(JournalRecord record, long offset) {
      lastSequence = record.sequence;
      int token = CommandKeys.tokenOffset(record.buffer, record.commandOffset);
      if (token != CommandKeys.NONE) {
        add(Kind.CARD, entry(hashOfToken(record.buffer, token), offset));
      }
      int rrn = CommandKeys.rrnOffset(record.buffer, record.commandOffset);
      if (rrn != CommandKeys.NONE) {
        add(Kind.RRN, entry(hashOfRrn(record.buffer, rrn), offset));
      }
    }

    private void add(Kind kind, long entry) {
      int place = kind.place;
      if (counts[place] == entries[place].length) {
        entries[place] = Arrays.copyOf(entries[place], 2 * counts[place]);
      }
      entries[place][counts[place]++] = entry;
    }

    /** When all records have been added. */
    void sort() {
      for (int place = 0; place < entries.length; place++) {
        Arrays.sort(entries[place], 0, counts[place]);
      }
    }

    /** Of the last record; 0: there was none. */
    long lastSequence() {
      return lastSequence;
    }

    @Override
    public long count(Kind kind) {
      return counts[kind.place];
    }

    @Override
    public long at(Kind kind, long index) {
      return entries[kind.place][(int) index];
    }

    @Override
    public void close() {
      // It is memory.
    }
  }
}
