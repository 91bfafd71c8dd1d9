package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import se.valfardskort.authorizer.engine.sbe.snapshot.EngineTotalsDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotEndDecoder;

/** What somebody who knows the format, but not the key, makes of a snapshot's file: every CRC is right again. */
final class ForgedSnapshot {
  private static final int TEMPLATE_AT = SnapshotFormat.FRAME_HEADER_LENGTH + 2;

  private final ByteBuffer bytes;

  ForgedSnapshot(Path file) throws IOException {
    bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Says another balance, on both sides, so that everything in the file agrees with it.
   *
   * @param data folder with a journal and its snapshots
   * @return what somebody who asks for no seal finds in it
   */
  static StoredEngine forgeBalance(Path data, long sequence, long balance, long by) throws IOException {
    Path file = data.resolve("snapshots").resolve(SnapshotFormat.nameOf(sequence));
    ForgedSnapshot forged = new ForgedSnapshot(file);
    if (forged.replace(EngineTotalsDecoder.TEMPLATE_ID, balance, by) == 0) {
      throw new IllegalStateException("no balance is " + balance);
    }
    forged.replace(EngineTotalsDecoder.TEMPLATE_ID, -balance, -by);
    forged.writeTo(file);
    // The forger lets our own program say which hash the forged state has.
    List<String> said = new ArrayList<>();
    believed(data, said).close();
    Matcher hashes = Pattern.compile("the state's hash is (-?\\d+) and was").matcher(said.toString());
    if (!hashes.find()) {
      throw new IllegalStateException("no hash is said: " + said);
    }
    forged.sayStateHash(Long.parseLong(hashes.group(1)));
    forged.writeTo(file);
    said.clear();
    StoredEngine engine = believed(data, said);
    if (!said.isEmpty()) {
      throw new IllegalStateException("badly forged: " + said);
    }
    return engine;
  }

  /** What the newest snapshot holds to somebody who asks for no seal. */
  static StoredEngine believed(Path data, List<String> said) throws IOException {
    try (JournalFolder folder = JournalFolder.follow(new FolderDisk(data.resolve("journal")))) {
      SnapshotFolder snapshots = new SnapshotFolder(new FolderDisk(data.resolve("snapshots")));
      return SnapshotRig.loader(snapshots, folder, said).load().engine();
    }
  }

  /** Replaces a number wherever it stands in messages of that kind; returns how often it stood there. */
  int replace(int template, long number, long by) {
    int replaced = 0;
    for (int at = SnapshotFormat.FILE_HEADER_LENGTH; at < bytes.limit(); at += whole(at)) {
      if (templateAt(at) != template) {
        continue;
      }
      for (int here = at + TEMPLATE_AT; here + Long.BYTES <= at + whole(at); here++) {
        if (bytes.getLong(here) == number) {
          bytes.putLong(here, by);
          replaced++;
        }
      }
      mend(at);
    }
    return replaced;
  }

  /** Says another hash over the whole state. */
  void sayStateHash(long hash) {
    for (int at = SnapshotFormat.FILE_HEADER_LENGTH; at < bytes.limit(); at += whole(at)) {
      if (templateAt(at) == SnapshotEndDecoder.TEMPLATE_ID) {
        bytes.putLong(at + SnapshotFormat.FRAME_HEADER_LENGTH + MessageHeaderDecoder.ENCODED_LENGTH, hash);
        mend(at);
      }
    }
  }

  /** Flips a bit; false where only a length or a CRC stands. */
  boolean flip(int position) {
    if (position < SnapshotFormat.FILE_HEADER_LENGTH) {
      return false;
    }
    int at = SnapshotFormat.FILE_HEADER_LENGTH;
    while (at + whole(at) <= position) {
      at += whole(at);
    }
    if (position < at + SnapshotFormat.FRAME_HEADER_LENGTH) {
      return false;
    }
    bytes.put(position, (byte) (bytes.get(position) ^ (1 << position % 8)));
    mend(at);
    return true;
  }

  int length() {
    return bytes.limit();
  }

  void writeTo(Path file) throws IOException {
    Files.write(file, bytes.array());
  }

  private int templateAt(int frame) {
    return bytes.getShort(frame + TEMPLATE_AT);
  }

  private int whole(int frame) {
    return SnapshotFormat.FRAME_HEADER_LENGTH + SnapshotFormat.align(bytes.getInt(frame));
  }

  private void mend(int frame) {
    ByteBuffer view = bytes.slice(frame, whole(frame)).order(ByteOrder.LITTLE_ENDIAN);
    int crc = SnapshotFormat.frameCrc(new CRC32C(), view.duplicate(), bytes.getInt(frame));
    bytes.putInt(frame + SnapshotFormat.CRC_AT, crc);
  }
}
