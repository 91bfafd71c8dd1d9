package se.valfardskort.authorizer.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SkipList;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.StoredEngine;

/**
 * The shadow policies of an installation, {@code shadow/*.yaml} of its configuration folder: each is played beside the
 * live one over the closed journal files, further each time, by whoever has the time: the follower, or a person. What
 * they come to lies in {@code shadow/<programme>} of the data folder. The authorizer itself knows nothing of them.
 */
final class ShadowPolicies {
  static final String FOLDER = "shadow";
  static final String LIST = "differences.jsonl";

  private static final int KEPT = 2;

  private final Path config;
  private final Path data;
  private final AuthorizerSettings settings;
  private final SealKey sealKey;
  private final Clock clock = new SystemClock();

  ShadowPolicies(Path config, Path data, AuthorizerSettings settings) {
    this.config = config;
    this.data = data;
    this.settings = settings;
    this.sealKey = JournalTask.sealKey(settings);
  }

  /** Their files, sorted; none where there is no such folder. */
  static List<Path> files(Path config) throws IOException {
    Path folder = config.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Where a programme's shadow keeps what it has come to. */
  Path folderOf(String programme) {
    return data.resolve(FOLDER).resolve(programme);
  }

  /** Plays each one on to where the closed files end; says what came of each, and fails for none. */
  List<String> follow() throws IOException {
    List<String> said = new ArrayList<>();
    for (Path file : files(config)) {
      try {
        said.add("shadow policy " + file + ": " + follow(file));
      } catch (ConfigurationException
          | CandidatePolicy.MisfitException
          | ReplayDifference
          | IOException failed) {
        said.add("shadow policy " + file + " was not played: " + AuthorizerApp.messageOf(failed));
      }
    }
    return said;
  }

  private String follow(Path file) throws IOException, ConfigurationException {
    PolicyFile policy = PolicyFile.read(file);
    CandidatePolicy candidate = new CandidatePolicy(policy, policy.programme().name());
    String sha256 = HexFormat.of().formatHex(ConfigurationSender.sha256Of(Files.readAllBytes(file)));
    Path folder = folderOf(candidate.name());
    FolderDisk disk = new FolderDisk(folder);
    Path journal = data.resolve("journal");
    Skips skips = SkipList.read(FolderDisk.readOnly(journal), sealKey);
    try (Closeable _ = disk.lock("lock");
        JournalFolder records = JournalFolder.follow(FolderDisk.readOnly(journal), sealKey)) {
      ShadowState state = ShadowState.read(disk);
      SnapshotFolder own = new SnapshotFolder(new FolderDisk(folder.resolve("snapshots")), sealKey);
      SnapshotLoader.Loaded goingOn =
          state == null || !state.fileSha256().equals(sha256) ? null : load(own, records, state.sequence());
      if (goingOn == null) {
        // A file that was changed is another policy.
        state = null;
      }
      SnapshotLoader.Loaded loaded = goingOn == null ? begin(records) : goingOn;
      try (StoredEngine engine = loaded.engine(); Differences list = new Differences(disk, state)) {
        BacktestReport report = new BacktestReport(list::add);
        Backtest backtest =
            new Backtest(
                engine.engine(),
                AuthorizerApp.capacityOf(settings, records.answersRemembered()),
                candidate,
                loaded.key().sequence() + 1,
                skips,
                report);
        if (state != null) {
          state.restore(report);
          byte[] live = state.live();
          backtest.goOn(ConfigurationCodec.decode(new UnsafeBuffer(live), 0, live.length), state.approvals());
        }
        JournalReader reader =
            new JournalReader(records, JournalReader.Mode.CLOSED, loaded.key(), new DigestsAside(skips));
        Position end = backtest.run(reader, new RecoveryProgress(JournalTask.log(), clock, "playing " + file));
        if (end.sequence() == loaded.key().sequence()) {
          return "nothing new after sequence " + end.sequence();
        }
        if (!backtest.wasInForce()) {
          return "no programme '" + candidate.name() + "' was in force up to sequence " + end.sequence();
        }
        list.force();
        own.write(
            SnapshotKey.of(records, end, engine.engine().digest()), engine.engine()::writeState,
            new GentlePace(clock), KEPT);
        ShadowState.of(sha256, end.sequence(), backtest.live(), backtest.grants(), list.length(), report)
            .write(disk);
        return "played from sequence " + report.first + " to " + report.last + ", " + report.all().count()
            + " of " + report.purchases + " purchases would have been answered differently";
      }
    }
  }

  /** The candidate's engine as it was left; null: it cannot be had, and must begin anew. */
  private SnapshotLoader.@Nullable Loaded load(SnapshotFolder own, JournalFolder records, long sequence)
      throws IOException {
    if (!own.sequences().contains(sequence)) {
      return null;
    }
    SnapshotLoader.Loaded loaded = loader(own, records).load(sequence);
    if (loaded.key().sequence() == sequence) {
      return loaded;
    }
    loaded.engine().close();
    return null;
  }

  /** Where a new shadow begins: after the newest snapshot, else with the first record. */
  private SnapshotLoader.Loaded begin(JournalFolder records) throws IOException {
    Path snapshots = data.resolve("snapshots");
    Disk disk = Files.isDirectory(snapshots) ? FolderDisk.readOnly(snapshots) : new FolderDisk(snapshots);
    return loader(new SnapshotFolder(disk, sealKey), records).load();
  }

  private SnapshotLoader loader(SnapshotFolder snapshots, JournalFolder records) {
    return new SnapshotLoader(
        snapshots,
        records,
        () -> new StoredEngine(
            new ChronicleStore(), AuthorizerApp.capacityOf(settings, records.answersRemembered())),
        JournalTask.log()::println);
  }

  /** What a shadow has come to; null: it has not been played yet. */
  @Nullable ShadowState state(String programme) throws IOException {
    try {
      return ShadowState.read(FolderDisk.readOnly(folderOf(programme)));
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** The candidate goes its own way, so its digest is not the journal's. */
  private record DigestsAside(Skips as) implements Skips {
    @Override
    public boolean skips(long sequence) {
      return as.skips(sequence);
    }

    @Override
    public boolean setsDigestAside(long sequence) {
      return true;
    }
  }

  /** The list of differences; what lies behind the length that the state names was never counted. */
  private static final class Differences implements AutoCloseable {
    private final DiskFile file;
    private long length;

    Differences(Disk disk, @Nullable ShadowState state) throws IOException {
      file = disk.list().contains(LIST) ? disk.open(LIST) : disk.create(LIST);
      length = state == null ? 0 : Math.min(state.listed(), file.size());
      file.truncate(length);
    }

    void add(PolicyAnswer.Difference difference) {
      ByteBuffer line =
          ByteBuffer.wrap((JsonObject.of(difference.fields()) + "\n").getBytes(StandardCharsets.UTF_8));
      try {
        while (line.hasRemaining()) {
          length += file.write(line, length);
        }
      } catch (IOException failed) {
        throw new CandidatePolicy.MisfitException("its differences cannot be written: " + failed.getMessage());
      }
    }

    long length() {
      return length;
    }

    void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
