package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a process did to its data folder, as {@code disk_faults.c} has written it down. Immutable. */
final class DiskLog {
  /** What was done; the numbers are the library's. */
  enum Kind {
    CREATE,
    WRITE,
    TRUNCATE,
    RENAME,
    UNLINK,
    SYNC_BEGIN,
    SYNC_END,
    /** The write after it is cut short; nothing is done by it. */
    SHORT_WRITE
  }

  /**
   * One operation.
   *
   * @param end offset in the log at which its record ends
   * @param path absolute
   * @param number offset of a write, size of a truncation, number of a sync
   * @param data what was written, or the new name; a slice of the log
   */
  record Operation(long end, Kind kind, String path, long number, ByteBuffer data) {
    String newName() {
      return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }
  }

  private static final int HEAD = 24;

  final List<Operation> operations;

  private DiskLog(List<Operation> operations) {
    this.operations = operations;
  }

  /** Reads a log that nobody writes any more; less than 2 GiB. */
  static DiskLog read(Path file) throws IOException {
    Kind[] kinds = Kind.values();
    List<Operation> operations = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
      int at = 0;
      while (at + HEAD <= all.capacity()) {
        int pathLength = all.getInt(at + 4);
        int dataAt = at + HEAD + pathLength;
        int dataLength = Math.toIntExact(all.getLong(at + 16));
        byte[] path = new byte[pathLength];
        all.get(at + HEAD, path);
        operations.add(
            new Operation(dataAt + dataLength, kinds[all.getInt(at) - 1], new String(path, StandardCharsets.UTF_8),
                all.getLong(at + 8), all.slice(dataAt, dataLength)));
        at = dataAt + dataLength;
      }
    }
    return new DiskLog(List.copyOf(operations));
  }
}
