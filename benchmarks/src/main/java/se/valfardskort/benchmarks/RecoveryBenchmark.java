package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReadAhead;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.SnapshotPace;
import se.valfardskort.authorizer.storage.StoredEngine;
import se.valfardskort.loadtest.client.Json;

/**
 * {@code ./run bench recovery}: how long a start takes, part by part in this process, then as an operator sees it, from
 * {@code ./run start} to the ready line.
 *
 * <p>It makes a data folder of the demonstration: the cards, a snapshot after them, then the commands (of 20: 15
 * purchases that are approved, 3 that are declined, 1 reversal, 1 completion; a tick each 100).
 */
@Command(name = "bench recovery", mixinStandardHelpOptions = true, sortOptions = false, exitCodeOnInvalidInput = 64,
    description = {
      "Measures what a start does, part by part, then whole starts after a crash and after a clean stop.",
      "As it is preset it takes some minutes and 8 GB of disk, which it gives back at the end."
    },
    footer = {"", "Exit code 0: measured; 64: wrong usage."})
public final class RecoveryBenchmark extends ServerBenchmark implements Callable<Integer> {
  @Option(names = "--cards", defaultValue = "1000000", description = "Cards of the demo programme (${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--commands", defaultValue = "10000000",
      description = "Journaled after the snapshot (${DEFAULT-VALUE}).")
  int commands;

  @Option(names = "--folder", paramLabel = "DIR",
      description = "Where there is room for the data (the system's temporary folder).")
  Path parent = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(names = "--json", description = "File for the figures.")
  @Nullable Path json;

  @Spec private CommandSpec spec = CommandSpec.create();
  private final Map<String, Object> figures = new LinkedHashMap<>();

  /** Prints a line a step; exits 0 when all was measured. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new RecoveryBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws IOException, ConfigurationException {
    ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(home.resolve("config").resolve("demo"), 0);
    int special = RecoveryRig.plan(loaded).special().size();
    int room = RecoveryRig.capacity(loaded).cards();
    if (cards <= special || cards > room || commands < 1) {
      throw wrong("give --cards from " + (special + 1) + " to " + room + " and --commands from 1 on");
    }
    if (!Files.isDirectory(parent)) {
      throw wrong("there is no folder " + parent + ": name one that is there with --folder");
    }
    figures.put("cards", cards);
    figures.put("commands", commands);
    Path folder = Files.createTempDirectory(parent, "recovery-benchmark-");
    try {
      Path data = folder.resolve("data");
      write(data, loaded);
      read(data, loaded);
      say("process: cards " + cards + ", commands since the snapshot " + commands);
      start(folder, cards - special, "after a crash", "AfterCrash");
      start(folder, cards - special, "after a clean stop", "AfterStop");
    } finally {
      delete(folder);
    }
    if (json != null) {
      Files.writeString(json, Json.of(figures) + "\n");
    }
    return 0;
  }

  private ParameterException wrong(String how) {
    return new ParameterException(spec.commandLine(), how);
  }

  /** The journal, and a snapshot between cards and commands; as after kill -9. */
  private void write(Path data, ConfigurationFolder.Loaded loaded) throws IOException {
    long startNs = System.nanoTime();
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(data.resolve("journal")));
        StoredEngine stored = engine(loaded);
        RecoveryRig rig = new RecoveryRig(folder, stored.engine(), loaded)) {
      rig.open(cards);
      SnapshotFolder snapshots = snapshots(data.resolve("snapshots"), loaded);
      snapshots.write(rig.key(), stored.engine()::writeState, SnapshotPace.UNBOUND, 2);
      rig.send(commands, cards);
    }
    say("made in " + note("madeMs", startNs) + " ms");
  }

  private void read(Path data, ConfigurationFolder.Loaded loaded) throws IOException {
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(data.resolve("journal")))) {
      SnapshotFolder snapshots = snapshots(data.resolve("snapshots"), loaded);
      long startNs = System.nanoTime();
      engine(loaded).close();
      say("the first Chronicle Map of the process " + note("firstMapMs", startNs) + " ms");
      Path second = data.resolveSibling("second");
      SnapshotFolder others = snapshots(second, loaded);
      replay(folder, load(folder, snapshots, loaded, "Cards"), others);
      try (StoredEngine again = load(folder, others, loaded, "All").engine()) {
        finish(again.engine(), "Loaded");
      }
      delete(second);
    }
  }

  /** Replays from a snapshot that was loaded, and writes the next one to {@code others}. */
  private void replay(JournalFolder folder, SnapshotLoader.Loaded filled, SnapshotFolder others) throws IOException {
    try (StoredEngine stored = filled.engine()) {
      Engine engine = stored.engine();
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.INSPECT, filled.key());
      long startNs = System.nanoTime();
      final long startCpuNs = processorNs();
      Position end = Recovery.follow(new ReadAhead(reader), engine, (records, bytes, total) -> { });
      long tookNs = System.nanoTime() - startNs;
      say(String.format(
          Locale.ROOT, "replayed %d commands in %d ms (%s): %,d/s", commands, tookNs / 1_000_000,
          cpuMillis(startCpuNs), Math.round(commands * 1e9 / tookNs)));
      figures.put("replayMs", tookNs / 1_000_000);
      figures.put("replayedPerSecond", Math.round(commands * 1e9 / tookNs));
      finish(engine, "Replayed");

      startNs = System.nanoTime();
      SnapshotKey key =
          new SnapshotKey(
              end.sequence(), end.timeMs(), folder.epoch(), engine.digest(), Core.VERSION, folder.keyCheck(),
              folder.answersRemembered());
      long bytes = others.write(key, engine::writeState, SnapshotPace.UNBOUND, 2);
      say("wrote a snapshot of " + (bytes >> 20) + " MiB with " + engine.originals() + " originals in "
          + note("snapshotMs", startNs) + " ms");
      figures.put("snapshotBytes", bytes);
      figures.put("originals", engine.originals());
    }
  }

  /** @param what of it is in the snapshot: part of the figure's name */
  private SnapshotLoader.Loaded load(
      JournalFolder folder, SnapshotFolder snapshots, ConfigurationFolder.Loaded loaded, String what)
      throws IOException {
    long startNs = System.nanoTime();
    long startCpuNs = processorNs();
    SnapshotLoader.Loaded filled =
        new SnapshotLoader(snapshots, folder, () -> engine(loaded), RecoveryBenchmark::say).load();
    say("loaded the snapshot of sequence " + filled.key().sequence() + " in " + note("load" + what + "Ms", startNs)
        + " ms (" + cpuMillis(startCpuNs) + ")");
    return filled;
  }

  /** As a start does it, but one after the other on one thread. */
  private void finish(Engine engine, String what) {
    long startNs = System.nanoTime();
    long startCpuNs = processorNs();
    engine.checkInvariants();
    say("checked the invariants in " + note("check" + what + "Ms", startNs) + " ms (" + cpuMillis(startCpuNs) + ")");
    startNs = System.nanoTime();
    startCpuNs = processorNs();
    engine.catchUp();
    engine.endReplay();
    say("indexed the request keys in " + note("index" + what + "Ms", startNs) + " ms (" + cpuMillis(startCpuNs)
        + "); a start does both on two threads");
  }

  /** Sealed, or the process would not believe them. */
  private static SnapshotFolder snapshots(Path folder, ConfigurationFolder.Loaded loaded) throws IOException {
    return new SnapshotFolder(
        new FolderDisk(folder), SealKey.derivedFrom(loaded.settings().panTokenKey().bytes()));
  }

  private static StoredEngine engine(ConfigurationFolder.Loaded loaded) {
    return new StoredEngine(new ChronicleStore(), RecoveryRig.capacity(loaded));
  }

  private void start(Path folder, int ordinaryCards, String when, String key) throws IOException {
    long startNs = System.nanoTime();
    try (ServerUnderTest server =
        ServerUnderTest.start(home, folder, portOffset, ordinaryCards, durability, folder.resolve("gc.log"))) {
      say(when + ": " + note("start" + key + "Ms", startNs) + " ms to: " + server.readyLine());
      say(when + ": " + server.peakMemory());
      startNs = System.nanoTime();
    }
    say("stopped cleanly in " + note("stop" + key + "Ms", startNs) + " ms");
  }

  /** Notes the milliseconds since then under that name, and returns them. */
  private long note(String figure, long startNs) {
    long tookMs = (System.nanoTime() - startNs) / 1_000_000;
    figures.put(figure, tookMs);
    return tookMs;
  }

  /** Processor time of all threads, which a busy machine changes less than the clock's. */
  private static long processorNs() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static String cpuMillis(long startCpuNs) {
    return "processor time " + (processorNs() - startCpuNs) / 1_000_000 + " ms";
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
