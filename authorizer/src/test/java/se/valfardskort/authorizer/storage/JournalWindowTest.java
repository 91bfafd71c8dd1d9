package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/** The window over a file of 50,000 bytes, which is longer than the window; records are made by hand. */
final class JournalWindowTest {
  private static final int LENGTH = 50_000;
  private static final int RECORD = 64;

  private final byte[] file = new byte[LENGTH];
  private final SegmentWindow window = new SegmentWindow(0);
  private final JournalRecord record = new JournalRecord();

  /** A record of 48 + 10 + 5 bytes and one of padding, at 1,234 ms of epoch 6, engine version 2. */
  private void put(int at, long sequence, long mark) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(at, (byte) 'V').put(at + 1, (byte) 'J').put(at + 2, (byte) 1).put(at + 3, (byte) 1);
    bytes.putInt(at + 4, RECORD).putLong(at + 8, sequence).putLong(at + 16, 1234).putLong(at + 24, mark);
    bytes.putInt(at + 32, 6).putShort(at + 36, (short) 2).putShort(at + 40, (short) 10).putShort(at + 42, (short) 5);
    Arrays.fill(file, at + 48, at + 63, (byte) 7);
    mend(at);
  }

  private void mend(int at) {
    CRC32C crc = new CRC32C();
    crc.update(file, at, 44);
    crc.update(file, at + 48, RECORD - 48);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 44, (int) crc.getValue());
  }

  private void open(int length) throws IOException {
    window.open(new ArrayFile(Arrays.copyOf(file, length)));
    assertEquals(length, window.fileSize());
  }

  @Test
  void shouldTellWhatARecordSays() throws Exception {
    put(40_000, 17, 12);
    open(LENGTH);

    assertNull(window.parse(40_000, record));

    assertEquals(Journal.Kind.DECIDED, record.kind);
    assertEquals(17, record.sequence);
    assertEquals(1234, record.timeMs);
    assertEquals(12, record.durableMark);
    assertEquals(12, window.durableMark());
    assertEquals(6, record.epoch);
    assertEquals(2, record.engineVersion);
    assertEquals(10, record.commandLength);
    assertEquals(5, record.decisionLength);
    assertEquals(record.commandOffset + 10, record.decisionOffset);
    assertEquals(7, record.buffer.getByte(record.commandOffset));
    assertEquals(0, record.buffer.getByte(record.decisionOffset + 5));
    assertEquals(RECORD, window.length());
    assertEquals(1, window.version());
    assertTrue(window.isKindKnown());
    assertFalse(window.isSeal());
  }

  @ParameterizedTest
  @CsvSource({
    // length of the file, of which a record begins at 1,000; what is found there
    "1000, nothing",
    "1001, the file ends within a record's header",
    "1047, the file ends within a record's header",
    "1048, the file ends within a record",
    "1063, the file ends within a record",
    "1064, ",
    "1065, "
  })
  void shouldTellAFileThatEndsTooEarly(int length, @Nullable String found) throws Exception {
    put(1000, 1, 0);
    open(length);

    assertEquals(found, window.parse(1000, record));
  }

  @Test
  void shouldFindNothingInZeros() throws Exception {
    open(LENGTH);
    assertEquals(SegmentWindow.NOTHING, window.parse(0, record));
    assertEquals(SegmentWindow.NOTHING, window.parse(LENGTH - 10, record));
    assertEquals(-1, window.nextValid(0));
    assertEquals(0, window.highestMark(0));
    assertEquals(0, window.endOfData(0));
    assertEquals(777, window.endOfData(777));
  }

  @ParameterizedTest
  @CsvSource({
    // place and new value of a byte; what is wrong
    "0, 1, magic is wrong",
    "2, 0, 'version (0) or length (64) cannot be'",
    "2, 3, 'version (3) or length (64) cannot be'",
    "4, 72, 'version (1) or length (72) cannot be'",
    "6, 1, 'version (1) or length (65600) cannot be'",
    "40, 12, 'version (1) or length (64) cannot be'",
    "8, 9, CRC is wrong",
    "44, 0, CRC is wrong",
    "50, 0, CRC is wrong",
    "63, 1, CRC is wrong"
  })
  void shouldSayWhatIsWrong(int place, int value, String wrong) throws Exception {
    put(0, 1, 0);
    file[place] = (byte) value;
    open(LENGTH);

    String said = window.parse(0, record);
    assertNotNull(said);
    assertTrue(said.contains(wrong), said);
  }

  @Test
  void shouldFindTheNextSoundRecordOnTheAlignmentHoweverFar() throws Exception {
    Arrays.fill(file, 0, 1000, (byte) 'V');
    put(2004, 1, 99);
    put(33_000, 2, 3);
    put(33_064, 3, 9);
    put(33_128, 4, 5);
    file[33_192] = 'V';
    file[33_193] = 'J';
    open(LENGTH);

    assertEquals(33_000, window.nextValid(0));
    assertEquals(33_000, window.nextValid(33_000));
    assertEquals(33_064, window.nextValid(33_008));
    assertEquals(33_128, window.nextValid(33_128));
    assertEquals(-1, window.nextValid(33_136));
    assertEquals(9, window.highestMark(0));
    assertEquals(5, window.highestMark(33_072));
    assertEquals(0, window.highestMark(33_136));
  }

  @ParameterizedTest
  @CsvSource({
    // the only byte that is not zero; from where; end
    "0, 0, 1",
    "0, 1, 1",
    "16431, 0, 16432",
    "16432, 0, 16433",
    "32864, 0, 32865",
    "49999, 0, 50000",
    "49999, 49999, 50000",
    "20000, 30000, 30000"
  })
  void shouldFindTheLastByteThatIsNotZero(int place, long from, long end) throws Exception {
    file[place] = 1;
    open(LENGTH);

    assertEquals(end, window.endOfData(from));
  }

  @Test
  void shouldLoadWhatThereIsAndNoMore() throws Exception {
    for (int i = 0; i < LENGTH; i++) {
      file[i] = (byte) (i % 251);
    }
    open(LENGTH);
    for (long offset : new long[] {0, 100, 40_000, LENGTH - 64, 17, 32_000, 32_864}) {
      assertTrue(window.load(offset, 64));
      int at = window.index(offset);
      for (int i = 0; i < 64; i++) {
        assertEquals((byte) ((offset + i) % 251), window.buffer().getByte(at + i), "offset " + offset);
      }
    }
    assertTrue(window.load(LENGTH, 0));
    assertFalse(window.load(LENGTH - 63, 64));
  }

  @Test
  void shouldNoticeAFileThatBecameShorterThanItWas() throws Exception {
    ArrayFile shrinking = new ArrayFile(file);
    window.open(shrinking);
    shrinking.truncate(1000);

    assertFalse(window.load(990, 64));
    assertEquals(5, window.endOfData(5));
    window.reload();
    assertEquals(1000, window.fileSize());
  }

  /** A file in memory that gives at most 1,000 bytes at a time. */
  private static final class ArrayFile implements DiskFile {
    private byte[] bytes;

    ArrayFile(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = Math.min(Math.min(into.remaining(), 1000), bytes.length - (int) position);
      into.put(bytes, (int) position, count);
      return count;
    }

    @Override
    public int write(ByteBuffer from, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force() {}

    @Override
    public void truncate(long size) {
      bytes = Arrays.copyOf(bytes, (int) size);
    }

    @Override
    public void close() {}
  }
}
