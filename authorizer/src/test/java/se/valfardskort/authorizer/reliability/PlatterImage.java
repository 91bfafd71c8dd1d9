package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import se.valfardskort.authorizer.reliability.DiskLog.Operation;

/**
 * What a power cut could have left of a folder: contents that a sync has covered are there; of what was written since,
 * sector by sector, the dice decide; names are there when their folder was synced, and of those since the first few.
 *
 * <p>Fed with the operations of a log in order, then cut. One thread.
 */
final class PlatterImage {
  /** What becomes of that which no sync has covered. */
  enum Loss {
    /** All of it is lost. */
    EVERYTHING,
    /** None: the machine stopped, and its cache was saved. */
    NOTHING,
    /** What came first survived, the last write of it torn at a sector. */
    THE_LAST,
    /** Any sectors survived, in any order. */
    ANY_SECTORS
  }

  private static final int SECTOR = 512;

  /** A file's content, whatever its name. */
  private static final class Inode {
    byte[] bytes = new byte[0];
    int size;
    /** Writes and truncations that no sync has covered. */
    final Deque<Operation> pending = new ArrayDeque<>();
    /** How many were covered before those. */
    long covered;

    void write(int offset, ByteBuffer data) {
      int end = offset + data.remaining();
      resize(Math.max(size, end));
      data.duplicate().get(bytes, offset, data.remaining());
    }

    void resize(int wanted) {
      if (wanted > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(wanted, bytes.length * 2));
      }
      if (wanted < size) {
        Arrays.fill(bytes, wanted, size, (byte) 0);
      }
      size = wanted;
    }

    void apply(Operation operation) {
      if (operation.kind() == DiskLog.Kind.WRITE) {
        write(Math.toIntExact(operation.number()), operation.data());
      } else {
        resize(Math.toIntExact(operation.number()));
      }
    }
  }

  /** A change of names in one folder; numbered from 1. */
  private record NameChange(long number, String folder, Operation operation, Inode inode) {}

  /** A sync under way: up to which operation of the file, or change of names in the folder, it covers. */
  private record Sync(Inode inode, String folder, long covers) {}

  private final String root;
  private final Map<String, Inode> cachedNames = new HashMap<>();
  private final Map<String, Inode> names = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();
  private final Map<Long, Sync> syncs = new HashMap<>();
  private long changes;

  /** @param root the folder that was logged, whose paths its operations have */
  PlatterImage(Path root) {
    this.root = root.toString();
  }

  /** The next operation of the log. */
  void feed(Operation operation) {
    String path = operation.path();
    switch (operation.kind()) {
      case CREATE -> change(operation, new Inode());
      case RENAME, UNLINK -> {
        Inode inode = cachedNames.get(path);
        if (inode != null) {
          change(operation, inode);
        }
      }
      case WRITE, TRUNCATE -> {
        Inode inode = cachedNames.get(path);
        if (inode != null) {
          inode.pending.add(operation);
        }
      }
      case SHORT_WRITE -> { }
      case SYNC_BEGIN -> {
        Inode inode = cachedNames.get(path);
        syncs.put(operation.number(), inode == null
            ? new Sync(new Inode(), path, changes)
            : new Sync(inode, "", inode.covered + inode.pending.size()));
      }
      case SYNC_END -> {
        Sync sync = syncs.remove(operation.number());
        if (sync != null) {
          end(sync);
        }
      }
    }
  }

  private void change(Operation operation, Inode inode) {
    String path = operation.path();
    changes++;
    nameChanges.add(new NameChange(changes, path.substring(0, path.lastIndexOf('/')), operation, inode));
    rename(cachedNames, operation, inode);
  }

  private static void rename(Map<String, Inode> names, Operation operation, Inode inode) {
    switch (operation.kind()) {
      case CREATE -> names.put(operation.path(), inode);
      case UNLINK -> names.remove(operation.path());
      default -> {
        names.remove(operation.path());
        names.put(operation.newName(), inode);
      }
    }
  }

  private void end(Sync sync) {
    Inode inode = sync.inode;
    while (inode.covered < sync.covers && sync.folder.isEmpty()) {
      inode.apply(inode.pending.removeFirst());
      inode.covered++;
    }
    for (NameChange change : List.copyOf(nameChanges)) {
      if (change.folder.equals(sync.folder) && change.number <= sync.covers) {
        rename(names, change.operation, change.inode);
        nameChanges.remove(change);
      }
    }
  }

  /** Puts what is left into {@code target}, which is empty. This image is of no use afterwards. */
  void cut(Path target, Loss loss, Random dice) throws IOException {
    int kept = switch (loss) {
      case EVERYTHING -> 0;
      case NOTHING -> nameChanges.size();
      case THE_LAST, ANY_SECTORS -> dice.nextInt(nameChanges.size() + 1);
    };
    for (NameChange change : nameChanges.subList(0, kept)) {
      rename(names, change.operation, change.inode);
    }
    Files.createDirectories(target);
    for (Map.Entry<String, Inode> name : names.entrySet()) {
      Inode inode = name.getValue();
      lose(inode, loss, dice);
      Path file = target.resolve(name.getKey().substring(root.length() + 1));
      Files.createDirectories(file.resolveSibling("."));
      Files.write(file, Arrays.copyOf(inode.bytes, inode.size));
      if (file.endsWith("admin.key")) {
        // The platter keeps bytes and names; what others may do with a key is refused by a start.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  private static void lose(Inode inode, Loss loss, Random dice) {
    List<Operation> pending = List.copyOf(inode.pending);
    inode.pending.clear();
    switch (loss) {
      case EVERYTHING -> { }
      case NOTHING -> pending.forEach(inode::apply);
      case THE_LAST -> {
        int whole = dice.nextInt(pending.size() + 1);
        pending.subList(0, whole).forEach(inode::apply);
        if (whole < pending.size()) {
          tear(inode, pending.get(whole), dice.nextInt(64), 1, dice);
        }
      }
      case ANY_SECTORS -> {
        double share = dice.nextDouble();
        pending.forEach(operation -> tear(inode, operation, Integer.MAX_VALUE, share, dice));
      }
    }
  }

  /** Writes at most so many of its sectors, each with that chance. */
  private static void tear(Inode inode, Operation operation, int sectors, double share, Random dice) {
    if (operation.kind() != DiskLog.Kind.WRITE) {
      if (dice.nextDouble() < share) {
        inode.apply(operation);
      }
      return;
    }
    ByteBuffer data = operation.data();
    int offset = Math.toIntExact(operation.number());
    int at = 0;
    for (int sector = 0; sector < sectors && at < data.limit(); sector++) {
      int length = Math.min(SECTOR - (offset + at) % SECTOR, data.limit() - at);
      if (dice.nextDouble() < share) {
        inode.write(offset + at, data.slice(at, length));
      }
      at += length;
    }
  }
}
