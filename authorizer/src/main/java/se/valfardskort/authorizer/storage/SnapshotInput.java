package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.StateInput;
import se.valfardskort.authorizer.engine.StateMisfitException;
import se.valfardskort.authorizer.engine.StateOutput;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotEndDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotHeaderDecoder;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * Reads one snapshot file ({@link SnapshotFormat}) and believes none of it: every frame is checked before it is shown,
 * and the last must be where the file ends. Owned by one thread.
 *
 * <p>With a key the seal must be there and fit. It is checked before the engine's last frame is shown: what was read
 * until then is whole, but anybody may have written it, and where it cannot be understood {@link #requireGenuine} tells
 * which of the two it is.
 */
public final class SnapshotInput implements StateInput, AutoCloseable {
  private static final String LOOK =
      "Find out who could write here, and restore the file from a backup; without it the journal is replayed, and what"
          + " was pruned of that lies in the archive";

  private final String place;
  private final DiskFile file;
  private final long size;
  private final SnapshotKey key;
  private final ByteBuffer bytes;
  private final ByteBuffer crcView;
  private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CRC32C crc = new CRC32C();
  private final @Nullable SealKey sealKey;
  private final SnapshotSeal seal;
  private boolean sealed;
  private boolean ended;
  private long position;

  private SnapshotInput(String place, DiskFile file, long sequence, @Nullable SealKey sealKey) throws IOException {
    this.place = place;
    this.file = file;
    this.size = file.size();
    this.sealKey = sealKey;
    this.seal = new SnapshotSeal(sealKey);
    this.bytes = SnapshotFormat.frameBuffer(size);
    this.crcView = bytes.duplicate();
    int version = readFileHeader();
    this.key = readKey();
    if (key.sequence() != sequence) {
      throw damaged(0, "it holds the state after sequence " + key.sequence() + ", not what its name says");
    }
    if (version > SnapshotFormat.SEALED) {
      throw new StateMisfitException(
          place + " is of format version " + version + ", this program reads up to " + SnapshotFormat.SEALED
              + ": a newer release wrote it. Start that release, or restore an older copy of the data folder");
    }
  }

  /**
   * Opens a file; its key has been read when this returns.
   *
   * @param sealKey null: a seal is not looked at
   */
  static SnapshotInput open(String place, DiskFile file, long sequence, @Nullable SealKey sealKey) throws IOException {
    boolean opened = false;
    try {
      SnapshotInput input = new SnapshotInput(place, file, sequence, sealKey);
      opened = true;
      return input;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /** To which place of which journal the state belongs. */
  public SnapshotKey key() {
    return key;
  }

  /** Length of the file. */
  public long size() {
    return size;
  }

  @Override
  public DirectBuffer frame() {
    return frame;
  }

  @Override
  public int next() throws IOException {
    int length = readFrame();
    cover(SnapshotFormat.FRAME_HEADER_LENGTH + SnapshotFormat.align(length));
    frame.wrap(bytes, SnapshotFormat.FRAME_HEADER_LENGTH, length);
    if (header.wrap(frame, 0).templateId() == SnapshotEndDecoder.TEMPLATE_ID) {
      if (sealed) {
        byte[] last = new byte[length];
        frame.getBytes(0, last);
        readSeal();
        frame.wrap(last);
      }
      if (position != size) {
        throw damaged(position, "bytes follow its end mark");
      }
      ended = true;
    }
    return length;
  }

  /**
   * Reads what is left of the file, without a look at it.
   *
   * @throws SnapshotDamagedException when it is not whole or, with a key, not by a holder of the key
   */
  void requireGenuine() throws IOException {
    while (!ended) {
      next();
    }
  }

  /** Reads the next frame into {@link #bytes}; returns the length of its message. */
  private int readFrame() throws IOException {
    if (position == size) {
      throw damaged(position, "the file ends before its end mark");
    }
    read(SnapshotFormat.FRAME_HEADER_LENGTH);
    int length = bytes.getInt(0);
    if (length < MessageHeaderDecoder.ENCODED_LENGTH || length > StateOutput.FRAME_CAPACITY) {
      throw damaged(position, "a frame of " + length + " bytes cannot be");
    }
    int whole = SnapshotFormat.FRAME_HEADER_LENGTH + SnapshotFormat.align(length);
    read(whole);
    if (bytes.getInt(SnapshotFormat.CRC_AT) != SnapshotFormat.frameCrc(crc, crcView, length)) {
      throw damaged(position, "the frame's CRC is wrong");
    }
    position += whole;
    return length;
  }

  private void readSeal() throws IOException {
    long at = position;
    int length = readFrame();
    frame.wrap(bytes, SnapshotFormat.FRAME_HEADER_LENGTH, length);
    if (sealKey != null && (length != SnapshotSeal.LENGTH || !seal.fits(frame, 0))) {
      throw damaged(at, "its seal does not fit: it is not what an authorizer with this key wrote. " + LOOK);
    }
  }

  /** The seal is over the first {@code count} bytes of {@link #bytes}, too. */
  private void cover(int count) {
    seal.cover(bytes.limit(count).position(0));
    bytes.clear();
  }

  /** Returns the format's version; of a newer one no more can be understood than what every format begins with. */
  private int readFileHeader() throws IOException {
    read(SnapshotFormat.FILE_HEADER_LENGTH);
    if (bytes.getLong(0) != SnapshotFormat.MAGIC
        || bytes.getInt(SnapshotFormat.FILE_CRC_AT) != SnapshotFormat.fileCrc(bytes)) {
      throw damaged(0, "its header is not one of a snapshot, or its CRC is wrong");
    }
    int version = bytes.getInt(SnapshotFormat.VERSION_AT);
    sealed = version >= SnapshotFormat.SEALED;
    if (sealKey != null && !sealed) {
      throw damaged(0, "it has no seal: a release before seals wrote it, or somebody without the key. " + LOOK);
    }
    cover(SnapshotFormat.FILE_HEADER_LENGTH);
    position = SnapshotFormat.FILE_HEADER_LENGTH;
    return version;
  }

  private SnapshotKey readKey() throws IOException {
    next();
    if (header.schemaId() != SnapshotHeaderDecoder.SCHEMA_ID
        || header.templateId() != SnapshotHeaderDecoder.TEMPLATE_ID) {
      throw damaged(SnapshotFormat.FILE_HEADER_LENGTH, "its first frame is not a snapshot's");
    }
    SnapshotHeaderDecoder decoder = new SnapshotHeaderDecoder().wrapAndApplyHeader(frame, 0, header);
    return new SnapshotKey(
        decoder.sequence(),
        decoder.timeMs(),
        decoder.epoch(),
        decoder.digest(),
        decoder.engineVersion(),
        decoder.keyCheck(),
        decoder.requests());
  }

  /** Reads {@code count} bytes of the present position into the beginning of {@link #bytes}. */
  private void read(int count) throws IOException {
    if (count > size - position) {
      throw damaged(position, "the file ends within a frame");
    }
    if (DiskIo.readFully(file, bytes.clear().limit(count), position) < count) {
      throw damaged(position, "the file became shorter while it was read");
    }
    bytes.clear();
  }

  private SnapshotDamagedException damaged(long offset, String what) {
    return new SnapshotDamagedException(place + ", offset " + offset + ": " + what);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
