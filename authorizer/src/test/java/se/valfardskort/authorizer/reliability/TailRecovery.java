package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.RecordedRun;
import se.valfardskort.authorizer.engine.RecordedRun.Entry;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * Starts a damaged journal with the real classes, holds what becomes of it against a verdict, writes on and starts it
 * again.
 */
final class TailRecovery {
  /** What became of it. */
  enum Outcome {
    WHOLE("recovered whole"),
    AT_A_BOUNDARY("recovered to the cut, nothing torn"),
    TORN("torn tail cut off"),
    REFUSED("refused"),
    SHORTENED("refused, then recovered when shortened as told");

    final String words;

    Outcome(String words) {
      this.words = words;
    }
  }

  /** A promise that was broken. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private static final JournalSettings SMALL =
      new JournalSettings(JournalSettings.Durability.FSYNC, 4096, 1024, 4096, 10_000);
  private static final int WRITTEN_ON = 3;
  private static final int STEP_MS = 700;
  private static final Pattern SHORTEN = Pattern.compile("shorten it to (\\d+) bytes");

  private final TailExhibit exhibit;
  private final TailOracle oracle;
  private long writtenOn;

  TailRecovery(TailExhibit exhibit, TailOracle oracle) {
    this.exhibit = exhibit;
    this.oracle = oracle;
  }

  /** How many journals were written on and started again. */
  long writtenOn() {
    return writtenOn;
  }

  static void append(FileJournal journal, long sequence, long timeMs, Entry entry) throws IOException {
    UnsafeBuffer command = new UnsafeBuffer(entry.command());
    UnsafeBuffer decision = new UnsafeBuffer(entry.decision());
    journal.append(
        Journal.Kind.DECIDED, sequence, timeMs, command, 0, command.capacity(), decision, 0, decision.capacity());
  }

  /**
   * Tries one damage.
   *
   * @param cleanStop what is written on ends with a stop, not with a crash
   */
  Outcome run(TailDamage damage, boolean cleanStop) throws Broken {
    MemoryDisk disk = MemoryDisk.holding(damage.files());
    try {
      return switch (damage.verdict()) {
        case TailOracle.Recovered expected -> recover(damage, disk, expected, cleanStop);
        case TailOracle.Refused expected when damage.shorten() -> {
          int told = lengthIn(refuse(damage, disk, expected), damage);
          require(told == expected.from(), damage, "to be shortened to " + expected.from() + ", not to " + told);
          disk.shorten(damage.last(), told);
          recover(damage, disk, new TailOracle.Recovered(expected.before(), told, 0), cleanStop);
          yield Outcome.SHORTENED;
        }
        case TailOracle.Refused expected -> {
          refuse(damage, disk, expected);
          yield Outcome.REFUSED;
        }
      };
    } catch (IOException | RuntimeException thrown) {
      throw new Broken(damage.what() + ": " + damage.verdict() + " expected, but " + thrown, thrown);
    }
  }

  /** The engine itself decides again what is recovered. */
  void decideAgain(TailDamage damage, TailOracle.Recovered expected) throws Broken, IOException {
    MemoryDisk disk = MemoryDisk.holding(damage.files());
    Engine engine = RecordedRun.engine();
    try (JournalFolder folder = JournalFolder.lock(disk, TailExhibit.KEY)) {
      Recovery.replay(
          new JournalReader(folder, JournalReader.Mode.RECOVER), engine, (records, bytes, total) -> { });
    }
    require(engine.stateHash() == exhibit.stateHash((int) expected.sequence()), damage, "another state");
  }

  private static void require(boolean holds, TailDamage damage, String otherwise) throws Broken {
    if (!holds) {
      throw new Broken(damage.what() + ": " + otherwise, null);
    }
  }

  private SnapshotKey keyOf(long snapshot) {
    if (snapshot == 0) {
      return SnapshotKey.START;
    }
    Entry entry = exhibit.entries.get((int) snapshot - 1);
    return new SnapshotKey(snapshot, entry.timeMs(), 1, entry.digest(), Core.VERSION, 0, 0);
  }

  private static int lengthIn(String message, TailDamage damage) throws Broken {
    Matcher told = SHORTEN.matcher(message);
    require(told.find(), damage, "it does not say to what to shorten the file: " + message);
    return Integer.parseInt(told.group(1));
  }

  /** Returns what was said. */
  private String refuse(TailDamage damage, MemoryDisk disk, TailOracle.Refused expected) throws IOException, Broken {
    String message;
    try (JournalFolder folder = JournalFolder.lock(disk, TailExhibit.KEY)) {
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER, keyOf(damage.snapshot()));
      Position end = reader.readAll(record -> { });
      throw new Broken(damage.what() + ": recovered up to " + end + ", but " + expected + " expected", null);
    } catch (JournalDamagedException refused) {
      message = String.valueOf(refused.getMessage());
    }
    require(says(message, expected), damage, expected + " expected, but it says: " + message);
    for (Map.Entry<String, byte[]> file : damage.files().entrySet()) {
      require(disk.holds(file.getKey(), file.getValue(), file.getValue().length), damage,
          "refused, and " + file.getKey() + " was changed");
    }
    return message;
  }

  /** Whether a message names a place within the verdict's. */
  private static boolean says(String message, TailOracle.Refused expected) {
    if (expected.file().isEmpty()) {
      return !message.isEmpty();
    }
    if (expected.orEnd() && message.matches(".* ends at sequence " + expected.before() + "[,:].*")) {
      return true;
    }
    String begin = expected.file() + ", offset ";
    int at = message.indexOf(begin);
    int comma = message.indexOf(", where sequence ", at + begin.length());
    if (at < 0 || comma < 0) {
      return false;
    }
    int offset = Integer.parseInt(message.substring(at + begin.length(), comma));
    return offset >= expected.from()
        && offset <= expected.to()
        && (expected.before() < 0
            || message.startsWith(", where sequence " + (expected.before() + 1) + " is expected", comma));
  }

  private Outcome recover(TailDamage damage, MemoryDisk disk, TailOracle.Recovered expected, boolean cleanStop)
      throws IOException, Broken {
    JournalFolder folder = JournalFolder.lock(disk, TailExhibit.KEY);
    JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER, keyOf(damage.snapshot()));
    Check check = new Check(damage, damage.snapshot());
    Position end = reader.readAll(check);
    long total = expected.sequence();
    check.requireEnd(end, total);
    require(reader.tail().tornBytes() == expected.tornBytes(), damage,
        expected.tornBytes() + " torn bytes expected, but " + reader.tail().tornBytes() + " found");
    String tornAt = expected.tornBytes() == 0 ? "" : damage.last() + " at offset " + expected.fileEnd();
    require(reader.tail().tornAt().equals(tornAt), damage, "torn at '" + reader.tail().tornAt() + "'");
    for (Map.Entry<String, byte[]> file : damage.files().entrySet()) {
      if (file.getKey().equals(TailExhibit.ANCHOR)) {
        // It says how far the journal is durable now.
        continue;
      }
      int length = file.getKey().equals(damage.last()) ? expected.fileEnd() : file.getValue().length;
      require(disk.holds(file.getKey(), file.getValue(), length), damage, file.getKey() + " is not as expected");
    }
    writeOn(damage, disk, SteppedJournal.open(folder, SMALL, reader.tail()).journal(), end, cleanStop);
    boolean whole = expected.sequence() == oracle.whole().sequence();
    return expected.tornBytes() > 0 ? Outcome.TORN : whole ? Outcome.WHOLE : Outcome.AT_A_BOUNDARY;
  }

  /** Others are written in the place of those that were lost, so that a lost one that comes back is noticed. */
  private void writeOn(TailDamage damage, MemoryDisk disk, FileJournal journal, Position end, boolean cleanStop)
      throws IOException, Broken {
    long sequence = end.sequence();
    long timeMs = end.timeMs();
    for (int i = 0; i < WRITTEN_ON; i++) {
      timeMs += STEP_MS;
      append(journal, ++sequence, timeMs, replacement(sequence));
      if (i > 0) {
        journal.sync();
      }
    }
    if (cleanStop) {
      journal.close();
    }
    disk.losesProcess();
    try (JournalFolder folder = JournalFolder.lock(disk, TailExhibit.KEY)) {
      JournalReader again = new JournalReader(folder, JournalReader.Mode.RECOVER);
      Check check = new Check(damage, 0);
      check.writtenOnFrom = end.sequence() + 1;
      check.requireEnd(again.readAll(check), sequence);
      require(again.tail().tornBytes() == 0, damage, "torn again after it was written on");
      long sealed = again.sealing().to();
      require(sealed >= (cleanStop ? sequence : end.sequence()), damage, "sealed up to " + sealed + " only");
    }
    writtenOn++;
  }

  private Entry replacement(long sequence) {
    List<Entry> older = exhibit.olderEntries;
    return older.get((int) ((sequence - 1) % older.size()));
  }

  /** Holds each record against what was written under its sequence, byte for byte. */
  private final class Check implements JournalSource.Visitor {
    private final TailDamage damage;
    private final byte[] bytes = new byte[2048];
    private long next;
    private long writtenOnFrom = Long.MAX_VALUE;
    private @Nullable String wrong;

    Check(TailDamage damage, long snapshot) {
      this.damage = damage;
      this.next = snapshot + 1;
    }

    @Override
    public void record(JournalRecord record) {
      if (record.sequence != next) {
        fail("sequence " + record.sequence + " where " + next + " should be");
      } else if (record.sequence < writtenOnFrom && record.sequence > exhibit.entries.size()) {
        fail("sequence " + record.sequence + " was never written");
      } else {
        compare(record);
      }
      next++;
    }

    private void compare(JournalRecord record) {
      boolean original = record.sequence < writtenOnFrom;
      Entry entry = original ? exhibit.entries.get((int) record.sequence - 1) : replacement(record.sequence);
      boolean same = record.kind == Journal.Kind.DECIDED
          && (!original || record.timeMs == entry.timeMs())
          && same(record.buffer, record.commandOffset, record.commandLength, entry.command())
          && same(record.buffer, record.decisionOffset, record.decisionLength, entry.decision());
      if (!same) {
        fail("sequence " + record.sequence + " is not what was written");
      }
    }

    private boolean same(DirectBuffer found, int offset, int length, byte[] written) {
      if (length != written.length) {
        return false;
      }
      found.getBytes(offset, bytes, 0, length);
      return Arrays.equals(bytes, 0, length, written, 0, length);
    }

    private void fail(String what) {
      wrong = wrong == null ? what : wrong;
    }

    void requireEnd(Position end, long sequence) throws Broken {
      require(wrong == null, damage, "believed: " + wrong);
      require(end.sequence() == sequence, damage,
          sequence + " expected as the last sequence, but it is " + end.sequence());
      require(next == sequence + 1, damage, "records up to " + (next - 1) + " were shown, not to " + sequence);
    }
  }
}
