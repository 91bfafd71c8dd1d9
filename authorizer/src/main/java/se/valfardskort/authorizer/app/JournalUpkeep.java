package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.admin.Evidence;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Keeping;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.storage.Archivist;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalHistory;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SegmentArchive;
import se.valfardskort.authorizer.storage.SkipList;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/** What people and the configuration have said about a journal, at a start. Owned by the starting thread. */
final class JournalUpkeep {
  /** Folder of the indexes of closed segments, beside the journal's. */
  static final String HISTORY = "history";

  private final AuthorizerApp.Disks disks;
  private final Disk journal;
  private final AuthorizerSettings settings;

  JournalUpkeep(AuthorizerApp.Disks disks, Disk journal, AuthorizerSettings settings) {
    this.disks = disks;
    this.journal = journal;
    this.settings = settings;
  }

  /** The snapshots of the data folder, under the journal's key. */
  SnapshotFolder snapshots(Path data) throws IOException {
    return new SnapshotFolder(
        disks.at(data.resolve("snapshots")), SealKey.derivedFrom(settings.panTokenKey().bytes()));
  }

  /** What decisions are explained from. */
  Evidence evidence(Path data, Configuration configuration) throws IOException {
    return new Evidence(
        new JournalHistory(journal, disks.at(history(data))),
        configuration,
        SkipList.read(journal, SealKey.derivedFrom(settings.panTokenKey().bytes())));
  }

  /** Where the indexes of closed segments lie. */
  static Path history(Path data) {
    return data.resolve(HISTORY);
  }

  /** What a person has told replay to leave out; said at each start, so that nobody forgets. */
  SkipList skips(PrintStream log) throws StartFailure, IOException {
    try {
      SkipList skips =
          SkipList.read(journal, SealKey.derivedFrom(settings.panTokenKey().bytes()));
      skips.entries().forEach(entry -> log.println("skipped by hand: " + entry.describe()));
      return skips;
    } catch (JournalDamagedException damaged) {
      throw new StartFailure(ExitCode.DATA_ERROR, String.valueOf(damaged.getMessage()), damaged);
    }
  }

  /** Reads the witness that the configuration names, and keeps it from now on. */
  void keepWitness(JournalFolder folder) throws StartFailure, IOException {
    Path witness = settings.keeping().witness();
    if (witness != null) {
      Path parent = Objects.requireNonNullElse(witness.getParent(), witness);
      Disk disk = existing(parent, "the folder of the journal's witness");
      folder.keepWitness(disk, String.valueOf(witness.getFileName()));
    }
  }

  /** A folder that is not there is not made: it is a disk that is not mounted, and ours would fill up instead. */
  private Disk existing(Path folder, String what) throws StartFailure, IOException {
    if (!Files.isDirectory(folder)) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          what + ", " + folder + ", is not there: mount its disk, or make the folder, or mend authorizer.yaml");
    }
    return disks.at(folder);
  }

  /** Takes closed segments away where the configuration says so, and renews anchor and witness. Not started. */
  Archivist archivist(JournalFolder folder, PrintStream log) throws StartFailure, IOException {
    Keeping keeping = settings.keeping();
    Path place = keeping.archive();
    SegmentArchive archive =
        new SegmentArchive(journal, place == null ? null : existing(place, "the journal's archive"));
    return new Archivist(
        folder, archive, keeping.copyCommand(), TimeUnit.SECONDS.toMillis(keeping.copySeconds()), log::println);
  }
}
