package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * The journal in append-only segment files ({@link JournalFormat}), group commit with one fdatasync a batch.
 *
 * <p>Owned by the journal's thread from the first append on; {@link #durableSequence}, {@link #bytesAppended} and
 * {@link #spareProblem} may be read by any. Appending collects records in one buffer; a sync writes it in a loop until
 * complete and forces the file. Nothing is allocated but at the change of a segment.
 *
 * <p>After a failed write or sync nothing is tried again: the kernel may have dropped the pages it could not write, so
 * a second sync that succeeds would prove nothing. Every later call throws.
 *
 * <p>Where the folder has a key, seals are written ({@link SealChain}): as the first record of a segment, as the last
 * of a full one and of a clean stop, and as the last record of a sync when {@link #SEAL_AFTER_BYTES} or a second of the
 * journal's own time have gone by since the last. They share the batch's sync.
 */
public final class FileJournal implements Journal {
  /** The next segment is made ready when a quarter of this one is used: a short run never writes it. */
  private static final int SPARE_AFTER_SHARE = 4;

  private static final int SEAL_AFTER_BYTES = 64 * 1024;
  private static final long SEAL_AFTER_MS = 1000;

  private final JournalFolder folder;
  private final JournalSettings settings;
  private final Spares spares;
  private final ByteBuffer batch;
  private final ByteBuffer writeView;
  private final ByteBuffer crcView;
  private final UnsafeBuffer out;
  private final CRC32C crc = new CRC32C();
  private final @Nullable SealChain seals;
  /** Room kept at the end of each segment, so that its last record can be a seal. */
  private final int sealRoom;

  private @Nullable DiskFile segment;
  private String segmentName = "";
  private int segmentNumber;
  /** Where the batch buffer's first byte goes. */
  private long filePosition;
  private int buffered;
  private boolean spareAsked;
  private long lastSequence;
  private long lastTimeMs;
  /** The chain covers the batch buffer up to here. */
  private int coveredTo;
  /** Bytes of records since the last seal. */
  private long unsealedBytes;
  private long sealTimeMs;
  /** Last sequence on stable storage; behind {@link #durableSequence} in mode {@code os}. */
  private long markSequence;
  private boolean unsynced;
  private boolean closed;
  private boolean closedWhole;
  /** A thread is in a sync that has not returned; on a disk that hangs it never will. */
  private volatile boolean syncing;
  private @Nullable Throwable failure;
  private volatile long durableSequence;
  /** Last sequence in segments that are whole and never change again. */
  private volatile long closedSequence;
  private final AtomicLong bytesAppended = new AtomicLong();

  private FileJournal(JournalFolder folder, JournalSettings settings, JournalReader.Tail tail, Spares spares) {
    this.folder = folder;
    this.settings = settings;
    this.spares = spares;
    int capacity = JournalFormat.align(settings.bufferBytes() + JournalFormat.MAXIMUM_RECORD_LENGTH);
    this.batch = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    this.writeView = batch.duplicate();
    this.crcView = batch.duplicate();
    this.out = new UnsafeBuffer(batch);
    this.segmentNumber = tail.lastSegment();
    this.lastSequence = tail.end().sequence();
    this.lastTimeMs = tail.end().timeMs();
    SealKey key = folder.sealKey();
    SealChain recovered = tail.seals();
    this.seals = key == null || recovered != null ? recovered : new SealChain(key, true);
    this.sealRoom = seals == null ? 0 : SealChain.RECORD_LENGTH;
    this.durableSequence = lastSequence;
    this.markSequence = lastSequence;
  }

  /**
   * Goes on after {@code tail} in a new segment of a new epoch; both are on stable storage at the return.
   *
   * @param tail what {@link JournalReader} found
   */
  public static FileJournal open(JournalFolder folder, JournalSettings settings, JournalReader.Tail tail)
      throws IOException {
    return open(folder, settings, tail, new SpareSegments(folder.disk(), settings));
  }

  /** As above, with segments from {@code spares}, which are closed with the journal. */
  static FileJournal open(
      JournalFolder folder, JournalSettings settings, JournalReader.Tail tail, Spares spares) throws IOException {
    FileJournal journal = new FileJournal(folder, settings, tail, spares);
    folder.raiseEpoch(tail.lastEpoch(), tail.end().sequence(), journal.lastSeal());
    journal.spares.start();
    boolean opened = false;
    try {
      journal.nextSegment(true);
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        journal.spares.close();
      }
    }
  }

  @Override
  public void append(
      Kind kind,
      long sequence,
      long timeMs,
      DirectBuffer command,
      int commandOffset,
      int commandLength,
      DirectBuffer decision,
      int decisionOffset,
      int decisionLength)
      throws IOException {
    requireUsable();
    if (sequence != lastSequence + 1) {
      throw fail(new IllegalStateException("sequence " + sequence + " was appended after " + lastSequence));
    }
    if (commandLength > JournalFormat.MAXIMUM_BODY_PART || decisionLength > JournalFormat.MAXIMUM_BODY_PART) {
      throw fail(new IllegalStateException(
          "command of " + commandLength + " and decision of " + decisionLength + " bytes: neither may exceed "
              + JournalFormat.MAXIMUM_BODY_PART));
    }
    int unpadded = JournalFormat.RECORD_HEADER_LENGTH + commandLength + decisionLength;
    int length = JournalFormat.align(unpadded);
    makeRoom(length);

    int at = buffered;
    putHeader(out, at, versionOf(seals), kindOf(kind), length, sequence, timeMs);
    out.putInt(at + JournalFormat.ENGINE_VERSION_AT, Core.VERSION);
    out.putShort(at + JournalFormat.COMMAND_LENGTH_AT, (short) commandLength);
    out.putShort(at + JournalFormat.DECISION_LENGTH_AT, (short) decisionLength);
    out.putBytes(at + JournalFormat.RECORD_HEADER_LENGTH, command, commandOffset, commandLength);
    out.putBytes(
        at + JournalFormat.RECORD_HEADER_LENGTH + commandLength, decision, decisionOffset, decisionLength);
    out.setMemory(at + unpadded, length - unpadded, (byte) 0);
    out.putInt(at + JournalFormat.CRC_AT, JournalFormat.recordCrc(crc, crcView, at, length));

    buffered = at + length;
    lastSequence = sequence;
    lastTimeMs = timeMs;
    unsealedBytes += length;
    unsynced = true;
  }

  private static int versionOf(@Nullable SealChain seals) {
    return seals == null ? JournalFormat.UNSEALED : JournalFormat.SEALED;
  }

  private void putHeader(
      UnsafeBuffer into, int at, int version, byte kind, int length, long sequence, long timeMs) {
    into.putShort(at + JournalFormat.MAGIC_AT, JournalFormat.RECORD_MAGIC);
    into.putByte(at + JournalFormat.VERSION_AT, (byte) version);
    into.putByte(at + JournalFormat.KIND_AT, kind);
    into.putInt(at + JournalFormat.LENGTH_AT, length);
    into.putLong(at + JournalFormat.SEQUENCE_AT, sequence);
    into.putLong(at + JournalFormat.TIME_AT, timeMs);
    into.putLong(at + JournalFormat.DURABLE_MARK_AT, markSequence);
    into.putInt(at + JournalFormat.EPOCH_AT, folder.epoch());
  }

  /** Writes the next seal at {@code at}; all before it must have been covered. {@code view} is of the same bytes. */
  private void putSeal(SealChain chain, UnsafeBuffer into, ByteBuffer view, int at) {
    int length = SealChain.RECORD_LENGTH;
    putHeader(into, at, JournalFormat.SEALED, JournalFormat.KIND_SEAL, length, lastSequence, lastTimeMs);
    into.putInt(at + JournalFormat.ENGINE_VERSION_AT, 0);
    into.putShort(at + JournalFormat.COMMAND_LENGTH_AT, (short) SealChain.BODY_LENGTH);
    into.putShort(at + JournalFormat.DECISION_LENGTH_AT, (short) 0);
    chain.seal(lastSequence, into, at + JournalFormat.RECORD_HEADER_LENGTH);
    into.putInt(at + JournalFormat.CRC_AT, JournalFormat.recordCrc(crc, view, at, length));
    unsealedBytes = 0;
    sealTimeMs = lastTimeMs;
  }

  /** Appends a seal over all that came before it; there is room for it in the segment. */
  private void seal() throws IOException {
    SealChain chain = seals;
    if (chain == null || unsealedBytes == 0) {
      return;
    }
    if (buffered + SealChain.RECORD_LENGTH > batch.capacity()) {
      writeOut();
    }
    coverBuffered(chain);
    putSeal(chain, out, crcView, buffered);
    buffered += SealChain.RECORD_LENGTH;
    unsynced = true;
  }

  private void coverBuffered(SealChain chain) {
    chain.cover(out, coveredTo, buffered - coveredTo);
    coveredTo = buffered;
  }

  @Override
  public void sync() throws IOException {
    requireUsable();
    if (!unsynced) {
      return;
    }
    syncing = true;
    try {
      if (unsealedBytes >= SEAL_AFTER_BYTES || lastTimeMs - sealTimeMs >= SEAL_AFTER_MS) {
        seal();
      }
      writeOut();
      if (settings.durability() == JournalSettings.Durability.FSYNC) {
        force();
      }
    } catch (IOException | RuntimeException thrown) {
      throw fail(thrown);
    }
    syncing = false;
    unsynced = false;
    durableSequence = lastSequence;
  }

  @Override
  public long durableSequence() {
    return durableSequence;
  }

  /** Last sequence in segments that are never written again. Any thread. */
  public long closedSequence() {
    return closedSequence;
  }

  /** Place of the last record that was appended. The thread that appends, or after it. */
  public Position end() {
    return new Position(lastSequence, lastTimeMs);
  }

  /** Whether {@link #close} left all that was appended on stable storage. */
  public boolean isClosedWhole() {
    return closedWhole;
  }

  /** Bytes of records written since the start. Any thread. */
  public long bytesAppended() {
    return bytesAppended.get();
  }

  /** What an answer waits for, for the ready line and every report. */
  public JournalSettings.Durability durability() {
    return settings.durability();
  }

  /** Why no segment is ready ahead (a disk that is filling up); null while all is well. Any thread. */
  public @Nullable IOException spareProblem() {
    return spares.problem();
  }

  /**
   * Syncs what is left, trims the segment, and notes how far it is durable. After a failure only lets go.
   *
   * @throws IOException also when another thread still hangs in a sync: then nothing is touched
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    if (syncing && failure == null) {
      throw new IOException(
          "the journal is not closed: a sync of " + folder.disk().describe(segmentName)
              + " has not returned; look at the disk, end the process, start again to recover");
    }
    try {
      if (failure == null) {
        sealTheEnd();
        sync();
        // The anchor first: a file that ends at its last record before anybody noted that looks as if it were cut off.
        folder.anchor(lastSequence, lastSeal());
        DiskFile last = segment();
        last.truncate(filePosition);
        force();
        closedWhole = true;
      }
    } finally {
      closed = true;
      DiskFile last = segment;
      if (last != null) {
        last.close();
      }
      spares.close();
    }
  }

  private SealMark lastSeal() {
    SealChain chain = seals;
    return chain == null ? SealMark.NONE : chain.mark();
  }

  private void sealTheEnd() throws IOException {
    try {
      seal();
    } catch (IOException | RuntimeException thrown) {
      throw fail(thrown);
    }
  }

  private static byte kindOf(Kind kind) {
    return kind == Kind.DECIDED ? JournalFormat.KIND_DECIDED : JournalFormat.KIND_POISON;
  }

  private void makeRoom(int length) throws IOException {
    try {
      if (filePosition + buffered + length + sealRoom > settings.segmentBytes()
          && filePosition + buffered > JournalFormat.SEGMENT_HEADER_LENGTH + sealRoom) {
        seal();
        writeOut();
        // The old segment is whole on disk before the new one exists: only the newest can have a torn tail.
        force();
        segment().close();
        folder.segmentClosed(lastSequence, lastSeal());
        nextSegment(false);
      } else if (buffered + length > batch.capacity()) {
        writeOut();
      }
    } catch (IOException | RuntimeException thrown) {
      throw fail(thrown);
    }
  }

  private void nextSegment(boolean first) throws IOException {
    int number = segmentNumber + 1;
    long firstSequence = lastSequence + 1;
    String name = JournalFormat.nameOf(number, firstSequence);
    int headLength = JournalFormat.SEGMENT_HEADER_LENGTH + sealRoom;
    ByteBuffer head = ByteBuffer.allocateDirect(headLength).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(JournalFormat.SEGMENT_MAGIC_AT, JournalFormat.SEGMENT_MAGIC);
    head.putInt(JournalFormat.SEGMENT_VERSION_AT, versionOf(seals));
    head.putInt(JournalFormat.SEGMENT_NUMBER_AT, number);
    head.putLong(JournalFormat.SEGMENT_FIRST_SEQUENCE_AT, firstSequence);
    head.putInt(JournalFormat.SEGMENT_EPOCH_AT, folder.epoch());
    head.putLong(JournalFormat.SEGMENT_DURABLE_MARK_AT, markSequence);
    head.putInt(JournalFormat.SEGMENT_CRC_AT, JournalFormat.segmentCrc(head, 0));
    SealChain chain = seals;
    if (chain != null) {
      UnsafeBuffer bytes = new UnsafeBuffer(head);
      chain.cover(bytes, 0, JournalFormat.SEGMENT_HEADER_LENGTH);
      putSeal(chain, bytes, head.duplicate(), JournalFormat.SEGMENT_HEADER_LENGTH);
      chain.cover(bytes, JournalFormat.SEGMENT_HEADER_LENGTH, sealRoom);
    }
    segment = first ? spares.takeFirst(head, name) : spares.take(head, name);
    closedSequence = lastSequence;
    segmentName = name;
    segmentNumber = number;
    filePosition = headLength;
    spareAsked = false;
  }

  private void writeOut() throws IOException {
    if (buffered == 0) {
      return;
    }
    SealChain chain = seals;
    if (chain != null) {
      coverBuffered(chain);
      coveredTo = 0;
    }
    writeView.limit(buffered).position(0);
    DiskIo.writeFully(segment(), writeView, filePosition);
    filePosition += buffered;
    bytesAppended.setRelease(bytesAppended.getPlain() + buffered);
    buffered = 0;
    if (!spareAsked && filePosition > settings.segmentBytes() / SPARE_AFTER_SHARE) {
      spareAsked = true;
      spares.prepare();
    }
  }

  private void force() throws IOException {
    segment().force();
    markSequence = lastSequence;
  }

  private DiskFile segment() {
    DiskFile open = segment;
    if (open == null) {
      throw new IllegalStateException("the journal has no open segment");
    }
    return open;
  }

  private void requireUsable() throws IOException {
    if (failure != null) {
      throw new IOException("the journal has failed before and is never tried again; restart to recover", failure);
    }
    if (closed) {
      throw new IOException("the journal is closed");
    }
  }

  private IOException fail(Throwable thrown) {
    failure = thrown;
    return new IOException(
        "the journal cannot be written: " + folder.disk().describe(segmentName) + " at offset " + filePosition
            + ", last durable sequence " + durableSequence + ": " + thrown.getMessage()
            + "; nothing of this batch was answered; mend the disk, then restart to recover",
        thrown);
  }
}
