package se.valfardskort.authorizer.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reading ahead changes when records are read, and nothing else. */
final class ReadAheadTest {
  /** Several buffers full. */
  private static final int RECORDS = 60_000;

  /** Records of all lengths from 0 on, then perhaps a failure, else a tail that is cut off. */
  private static final class Source implements JournalSource {
    private final JournalRecord record = new JournalRecord();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[2_000]);
    private final @Nullable IOException failure;
    private volatile boolean cut;
    private long read;

    Source(@Nullable IOException failure) {
      this.failure = failure;
    }

    @Override
    public Position readAll(Visitor visitor) throws IOException {
      for (int sequence = 1; sequence <= RECORDS; sequence++) {
        record.sequence = sequence;
        record.timeMs = 1_000L + sequence / 3;
        record.epoch = 1 + sequence / 10_000;
        record.engineVersion = 2;
        record.kind = sequence % 7 == 0 ? Journal.Kind.POISON : Journal.Kind.DECIDED;
        record.buffer = bytes;
        record.commandOffset = sequence % 5;
        record.commandLength = sequence % 300;
        record.decisionOffset = 1_000 + sequence % 11;
        record.decisionLength = sequence % 7 == 0 ? 0 : 93;
        bytes.setMemory(record.commandOffset, record.commandLength, (byte) sequence);
        bytes.setMemory(record.decisionOffset, record.decisionLength, (byte) (sequence * 3));
        read += 100;
        visitor.record(record);
      }
      if (failure != null) {
        throw failure;
      }
      visitor.end();
      cut = true;
      return new Position(RECORDS, 1_000L + RECORDS / 3);
    }

    @Override
    public long bytesRead() {
      return read;
    }

    @Override
    public long bytesTotal() {
      return RECORDS * 100L;
    }
  }

  /** Notes what it sees; throws at one record where it is told to. */
  private static final class Notes implements JournalSource.Visitor {
    private final List<String> seen = new ArrayList<>();
    private final int throwAt;
    private boolean ended;

    Notes(int throwAt) {
      this.throwAt = throwAt;
    }

    @Override
    public void record(JournalRecord record) {
      byte[] command = new byte[record.commandLength];
      byte[] decision = new byte[record.decisionLength];
      record.buffer.getBytes(record.commandOffset, command);
      record.buffer.getBytes(record.decisionOffset, decision);
      seen.add(record.kind + " " + record.sequence + " " + record.timeMs + " " + record.epoch + " "
          + record.engineVersion + " " + Arrays.hashCode(command) + " "
          + Arrays.hashCode(decision));
      if (record.sequence == throwAt) {
        throw new ReplayDifference("at " + throwAt);
      }
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  private static boolean isAlive(String thread) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(alive -> alive.getName().equals(thread));
  }

  @Test
  void shouldShowTheSameRecordsAndEndBeforeTheTailIsCut() throws Exception {
    Notes straight = new Notes(0);
    new Source(null).readAll(straight);
    Source source = new Source(null);
    Notes ahead = new Notes(0);

    ReadAhead reading = new ReadAhead(source);
    Position end = reading.readAll(ahead);

    assertEquals(straight.seen, ahead.seen);
    assertTrue(ahead.ended);
    assertTrue(source.cut);
    assertEquals(new Position(RECORDS, 1_000L + RECORDS / 3), end);
    assertEquals(RECORDS * 100L, reading.bytesRead());
  }

  @Test
  void shouldThrowWhatTheSourceThrowsAfterTheRecordsBefore() {
    IOException damage = new IOException("damaged");
    Notes notes = new Notes(0);

    IOException thrown = assertThrows(IOException.class, () -> new ReadAhead(new Source(damage)).readAll(notes));

    assertSame(damage, thrown);
    assertEquals(RECORDS, notes.seen.size());
    assertFalse(notes.ended);
  }

  @Test
  void shouldLeaveTheTailWhereTheVisitorFails() {
    for (int at : new int[] {1, 10_000, RECORDS}) {
      Source source = new Source(null);
      Notes notes = new Notes(at);

      assertThrows(ReplayDifference.class, () -> new ReadAhead(source).readAll(notes));

      assertEquals(at, notes.seen.size());
      assertFalse(source.cut, "at " + at);
      assertFalse(isAlive("journal-read-ahead"));
    }
  }
}
