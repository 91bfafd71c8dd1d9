package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.StateOutput;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotHeaderEncoder;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** Writes one snapshot file ({@link SnapshotFormat}). Owned by one thread. */
final class SnapshotOutput implements StateOutput {
  private final DiskFile file;
  private final SnapshotPace pace;
  private final ByteBuffer bytes = SnapshotFormat.frameBuffer(Long.MAX_VALUE);
  private final ByteBuffer crcView = bytes.duplicate();
  private final UnsafeBuffer frame =
      new UnsafeBuffer(bytes, SnapshotFormat.FRAME_HEADER_LENGTH, FRAME_CAPACITY);
  private final CRC32C crc = new CRC32C();
  private final @Nullable SealKey sealKey;
  private final SnapshotSeal seal;
  private long position;

  /**
   * Begins the file.
   *
   * @param sealKey null: it is not sealed
   */
  SnapshotOutput(DiskFile file, SnapshotKey key, @Nullable SealKey sealKey, SnapshotPace pace) throws IOException {
    this.file = file;
    this.pace = pace;
    this.sealKey = sealKey;
    this.seal = new SnapshotSeal(sealKey);
    SnapshotFormat.writeFileHeader(bytes, sealKey == null ? SnapshotFormat.UNSEALED : SnapshotFormat.SEALED);
    write(SnapshotFormat.FILE_HEADER_LENGTH);
    SnapshotHeaderEncoder header =
        new SnapshotHeaderEncoder()
            .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
            .sequence(key.sequence())
            .timeMs(key.timeMs())
            .digest(key.digest())
            .keyCheck(key.keyCheck())
            .epoch(key.epoch())
            .requests(key.requests())
            .engineVersion(key.engineVersion());
    put(MessageHeaderEncoder.ENCODED_LENGTH + header.encodedLength());
  }

  @Override
  public MutableDirectBuffer frame() {
    return frame;
  }

  @Override
  public void put(int length) throws IOException {
    int padded = SnapshotFormat.align(length);
    frame.setMemory(length, padded - length, (byte) 0);
    bytes.putInt(0, length);
    bytes.putInt(SnapshotFormat.CRC_AT, SnapshotFormat.frameCrc(crc, crcView, length));
    write(SnapshotFormat.FRAME_HEADER_LENGTH + padded);
  }

  /** Seals what was written; nothing may be written after it. */
  void end() throws IOException {
    if (sealKey != null) {
      seal.write(frame, 0);
      put(SnapshotSeal.LENGTH);
    }
  }

  /** Bytes written so far. */
  long bytesWritten() {
    return position;
  }

  private void write(int length) throws IOException {
    seal.cover(bytes.limit(length).position(0));
    for (int from = 0; from < length; ) {
      int to = (int) Math.min(length, (long) from + pace.pieceBytes());
      DiskIo.writeFully(file, bytes.limit(to).position(from), position);
      position += to - from;
      from = to;
      pace.written(file, position);
    }
    bytes.clear();
  }
}
