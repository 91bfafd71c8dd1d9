package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.ArrayStore;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReadAhead;
import se.valfardskort.authorizer.pipeline.Recovery;

/** One start of a small engine with its journal and its snapshots: recover, pay in, snapshot, stop. */
final class SnapshotRig implements AutoCloseable {
  static final long KEY_CHECK = 0x0102_0304_0506_0708L;
  static final int KEEP = 2;
  private static final EngineCapacity CAPACITY = new EngineCapacity(5, 5, 20, 10, 5, 2, 1 << 12);

  final JournalFolder folder;
  final SnapshotFolder snapshots;
  final List<String> said = new ArrayList<>();
  final SnapshotLoader.Loaded loaded;
  final Engine engine;
  final FileJournal journal;
  private final UnsafeBuffer command = new UnsafeBuffer(new byte[64]);
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
  private Position end;

  private SnapshotRig(JournalFolder folder, SnapshotFolder snapshots) throws IOException {
    this.folder = folder;
    this.snapshots = snapshots;
    folder.settleKeyCheck(KEY_CHECK);
    folder.settleAnswersRemembered(CAPACITY.requests());
    loaded = loader(snapshots, folder, said).load();
    engine = loaded.engine().engine();
    JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER, loaded.key());
    end = Recovery.replay(new ReadAhead(reader), engine, (records, bytes, total) -> { });
    journal = FileJournal.open(folder, JournalRig.SMALL, reader.tail());
  }

  static SnapshotLoader loader(SnapshotFolder snapshots, JournalFolder folder, List<String> said) {
    return new SnapshotLoader(
        snapshots, folder, () -> new StoredEngine(new ArrayStore(), CAPACITY), said::add);
  }

  static SnapshotRig start(Path data) throws IOException {
    return start(data, new FolderDisk(data.resolve("snapshots")));
  }

  static SnapshotRig start(Path data, Disk snapshots) throws IOException {
    return start(data, snapshots, null);
  }

  /** With a key, journal and snapshots are sealed. */
  static SnapshotRig start(Path data, Disk snapshots, @Nullable SealKey key) throws IOException {
    JournalFolder folder = JournalFolder.lock(new FolderDisk(data.resolve("journal")), key);
    boolean started = false;
    try {
      SnapshotRig rig = new SnapshotRig(folder, new SnapshotFolder(snapshots, key));
      started = true;
      return rig;
    } finally {
      if (!started) {
        folder.close();
      }
    }
  }

  Position end() {
    return end;
  }

  /** Pays something into the treasury, so many times. */
  void pay(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      long sequence = end.sequence() + 1;
      long timeMs = end.timeMs() + 7;
      int length = Commands.treasuryFund(command, 0, sequence);
      engine.decide(command, 0, length, timeMs, decision, 0);
      engine.apply(command, 0, length, timeMs, decision, 0);
      journal.append(
          Journal.Kind.DECIDED, sequence, timeMs, command, 0, length, decision, 0, engine.decisionLength());
      end = new Position(sequence, timeMs);
    }
    journal.sync();
  }

  SnapshotKey key() {
    return new SnapshotKey(
        end.sequence(), end.timeMs(), folder.epoch(), engine.digest(), Core.VERSION, folder.keyCheck(),
        folder.answersRemembered());
  }

  void snapshot() throws IOException {
    snapshots.write(key(), engine::writeState, SnapshotPace.UNBOUND, KEEP);
  }

  @Override
  public void close() throws IOException {
    try {
      journal.close();
    } finally {
      folder.close();
    }
  }
}
