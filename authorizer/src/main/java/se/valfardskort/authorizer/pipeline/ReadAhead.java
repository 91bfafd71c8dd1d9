package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and verifies a journal on a thread of its own while the records before are being replayed: two processors then
 * share what recovery has to do.
 *
 * <p>Owned by the thread that recovers, which alone sees the visitor. Records are copied into a few buffers that go
 * round. Nothing is cut off the journal before the visitor has taken all of it.
 */
public final class ReadAhead implements JournalSource {
  private static final int BATCHES = 4;
  private static final int BATCH_BYTES = 1 << 20;

  // A record in a batch: its fields, then command and decision, padded to 8.
  private static final int SEQUENCE_AT = 0;
  private static final int TIME_AT = 8;
  private static final int EPOCH_AT = 16;
  private static final int ENGINE_VERSION_AT = 20;
  private static final int KIND_AT = 24;
  private static final int COMMAND_LENGTH_AT = 28;
  private static final int DECISION_LENGTH_AT = 32;
  private static final int BODY_AT = 40;

  private final JournalSource source;
  private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BATCHES);
  private final BlockingQueue<Batch> filled = new ArrayBlockingQueue<>(BATCHES + 1);
  private final JournalRecord record = new JournalRecord();
  private long bytesRead;

  /** Reads {@code source}, once. */
  public ReadAhead(JournalSource source) {
    this.source = source;
  }

  /** Some records, and how the reading ended where it did. */
  private static final class Batch {
    final UnsafeBuffer bytes;
    int length;
    long bytesRead;

    /** To be counted down when the visitor has taken all so far. */
    @Nullable CountDownLatch taken;

    @Nullable Position end;
    @Nullable Throwable failure;

    Batch(int capacity) {
      bytes = new UnsafeBuffer(new byte[capacity]);
    }

    boolean isLast() {
      return end != null || failure != null;
    }
  }

  /** The reader is to end, because the visitor failed. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;

    Abandoned(InterruptedException cause) {
      super(cause);
    }
  }

  @Override
  public Position readAll(Visitor visitor) throws IOException {
    for (int batch = 0; batch < BATCHES; batch++) {
      free.add(new Batch(BATCH_BYTES));
    }
    Thread reader = Thread.ofPlatform().name("journal-read-ahead").daemon(true).start(new Reader());
    try {
      Batch batch = filled.take();
      while (!batch.isLast()) {
        visit(batch, visitor);
        free.put(batch);
        batch = filled.take();
      }
      visit(batch, visitor);
      return endOf(batch);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the journal was read", interrupted);
    } finally {
      reader.interrupt();
      Recovery.join(reader);
    }
  }

  private void visit(Batch batch, Visitor visitor) throws IOException {
    bytesRead = batch.bytesRead;
    int at = 0;
    while (at < batch.length) {
      UnsafeBuffer bytes = batch.bytes;
      record.sequence = bytes.getLong(at + SEQUENCE_AT);
      record.timeMs = bytes.getLong(at + TIME_AT);
      record.epoch = bytes.getInt(at + EPOCH_AT);
      record.engineVersion = bytes.getInt(at + ENGINE_VERSION_AT);
      record.kind = bytes.getInt(at + KIND_AT) == 0 ? Journal.Kind.DECIDED : Journal.Kind.POISON;
      record.buffer = bytes;
      record.commandOffset = at + BODY_AT;
      record.commandLength = bytes.getInt(at + COMMAND_LENGTH_AT);
      record.decisionOffset = record.commandOffset + record.commandLength;
      record.decisionLength = bytes.getInt(at + DECISION_LENGTH_AT);
      visitor.record(record);
      at += lengthOf(record);
    }
    CountDownLatch taken = batch.taken;
    if (taken != null) {
      visitor.end();
      taken.countDown();
    }
  }

  private static int lengthOf(JournalRecord record) {
    return BitUtil.align(BODY_AT + record.commandLength + record.decisionLength, Long.BYTES);
  }

  private static Position endOf(Batch last) throws IOException {
    Throwable failure = last.failure;
    Position end = last.end;
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (end == null) {
      throw new IllegalStateException("the reading ended nowhere", failure);
    }
    return end;
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  public long bytesTotal() {
    return source.bytesTotal();
  }

  /** The other thread. */
  private final class Reader implements Runnable, Visitor {
    private Batch batch = new Batch(0);

    @Override
    public void run() {
      Batch last = new Batch(0);
      try {
        batch = take();
        Position end = source.readAll(this);
        hand(batch);
        last.end = end;
      } catch (Abandoned abandoned) {
        return;
      } catch (Throwable failed) {
        // What was sound before it is replayed first: the visitor may find an earlier fault.
        last.failure = failed;
        handQuietly(batch);
      }
      last.bytesRead = source.bytesRead();
      handQuietly(last);
    }

    @Override
    public void record(JournalRecord next) {
      int length = lengthOf(next);
      if (batch.length + length > BATCH_BYTES) {
        hand(batch);
        batch = take();
      }
      int at = batch.length;
      UnsafeBuffer bytes = batch.bytes;
      bytes.putLong(at + SEQUENCE_AT, next.sequence);
      bytes.putLong(at + TIME_AT, next.timeMs);
      bytes.putInt(at + EPOCH_AT, next.epoch);
      bytes.putInt(at + ENGINE_VERSION_AT, next.engineVersion);
      bytes.putInt(at + KIND_AT, next.kind == Journal.Kind.DECIDED ? 0 : 1);
      bytes.putInt(at + COMMAND_LENGTH_AT, next.commandLength);
      bytes.putInt(at + DECISION_LENGTH_AT, next.decisionLength);
      bytes.putBytes(at + BODY_AT, next.buffer, next.commandOffset, next.commandLength);
      bytes.putBytes(
          at + BODY_AT + next.commandLength, next.buffer, next.decisionOffset, next.decisionLength);
      batch.length = at + length;
    }

    @Override
    public void end() {
      CountDownLatch taken = new CountDownLatch(1);
      batch.taken = taken;
      hand(batch);
      try {
        taken.await();
      } catch (InterruptedException interrupted) {
        throw new Abandoned(interrupted);
      }
      batch = take();
    }

    private Batch take() {
      try {
        Batch next = free.take();
        next.length = 0;
        next.taken = null;
        return next;
      } catch (InterruptedException interrupted) {
        throw new Abandoned(interrupted);
      }
    }

    private void hand(Batch full) {
      full.bytesRead = source.bytesRead();
      try {
        filled.put(full);
      } catch (InterruptedException interrupted) {
        throw new Abandoned(interrupted);
      }
    }

    private void handQuietly(Batch full) {
      try {
        hand(full);
      } catch (Abandoned nobodyWaits) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
