package se.valfardskort.authorizer.app;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.StateMisfitException;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.FolderTakenException;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalHistory;
import se.valfardskort.authorizer.storage.PrunePlan;
import se.valfardskort.authorizer.storage.SegmentArchive;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/** {@code journal prune}: removes segments that are archived and that no snapshot needs. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Removes closed segments that lie wholly before the oldest snapshot and are archived: the archive has them byte "
          + "for byte, or the copy command has taken them. Before anything goes, that snapshot is loaded and what "
          + "follows it in the journal is read. Leaves a line in prune.log that nobody can forge. A running "
          + "authorizer is not disturbed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done, or nothing to do", JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        JournalTask.NO_INPUT_LINE, JournalTask.IO_LINE,
        "75:another prune is under way, or the snapshots change all the time: try again",
        JournalTask.CONFIGURATION_LINE})
final class JournalPruneCommand extends JournalTask {
  /** So often the oldest snapshot is looked for again after a follower has removed it. */
  private static final int ATTEMPTS = 5;

  @Option(names = "--dry-run", description = "only say what would be removed")
  private boolean dryRun;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(names = "--by", paramLabel = "NAME", description = "who decides this (default: the user's name)")
  private String by = System.getProperty("user.name", "unknown");

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    if (!Files.isDirectory(journal)) {
      throw new NoSuchFileException(journal.toString());
    }
    FolderDisk disk = new FolderDisk(journal);
    requireKey(JournalFolder.keyCheckIn(disk), settings, journal);
    Path folder = settings.keeping().archive();
    SegmentArchive archive = new SegmentArchive(
        disk, folder == null || !Files.isDirectory(folder) ? null : FolderDisk.readOnly(folder));
    try (Closeable _ = lock(disk)) {
      long snapshot = oldestSnapshot(journal);
      PrunePlan plan = PrunePlan.of(disk, archive, snapshot);
      if (plan.segments().isEmpty()) {
        out().println("Nothing can be pruned: the oldest segment, from sequence " + plan.keptFrom()
            + ", stays, because " + plan.why() + ".");
        return ExitCode.OK;
      }
      long tried = trySnapshot(journal, settings, snapshot);
      out().println((dryRun ? "Would remove " : "Removing ") + plan.segments().size() + " segments, "
          + plan.bytes() + " bytes, all before sequence " + plan.keptFrom() + ":");
      plan.segments().forEach(name -> out().println("  " + name));
      out().println("The next one stays, because " + plan.why() + ".");
      if (dryRun) {
        return ExitCode.OK;
      }
      if (!yes && !isConfirmed()) {
        out().println("Nothing was removed.");
        return ExitCode.OK;
      }
      if (oldestSnapshot(journal) != tried) {
        trySnapshot(journal, settings, snapshot);
      }
      plan.carryOut(disk, archive, snapshotsOf(journal, settings), sealKey(settings),
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), by);
      removeIndexes(journal, disk);
      out().println("Removed; prune.log says so.");
      return ExitCode.OK;
    }
  }

  /** What nobody can look at any more needs no index either. */
  private static void removeIndexes(Path journal, FolderDisk disk) throws IOException {
    Path history = journal.resolveSibling(JournalUpkeep.HISTORY);
    if (Files.isDirectory(history)) {
      new JournalHistory(disk, new FolderDisk(history)).removeLeftOver();
    }
  }

  private static SnapshotFolder snapshotsOf(Path journal, AuthorizerSettings settings) throws IOException {
    return new SnapshotFolder(FolderDisk.readOnly(journal.resolveSibling("snapshots")), sealKey(settings));
  }

  private static Closeable lock(FolderDisk disk) throws StartFailure, IOException {
    try {
      return disk.lock("prune-lock");
    } catch (FolderTakenException taken) {
      throw new StartFailure(ExitCode.LOCKED, String.valueOf(taken.getMessage()), taken);
    }
  }

  /**
   * Tries a start from the oldest snapshot; where a follower removes that one meanwhile, from the next.
   *
   * @param planned the oldest when it was decided what may go; a newer one has all of that, too
   * @return sequence of the one that was tried
   */
  private static long trySnapshot(Path journal, AuthorizerSettings settings, long planned)
      throws IOException, StartFailure {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long oldest = oldestSnapshot(journal);
      if (oldest < planned) {
        break;
      }
      try {
        requireSound(journal, settings, oldest);
        return oldest;
      } catch (StartFailure | NoSuchFileException failed) {
        if (oldestSnapshot(journal) == oldest) {
          throw failed;
        }
        log().println("the snapshot of sequence " + oldest + " was removed while it was tried, as a follower does: the"
            + " next one is tried");
      }
    }
    throw new StartFailure(
        ExitCode.LOCKED,
        "nothing was removed: the snapshots in " + journal.resolveSibling("snapshots") + " came and went while the"
            + " oldest was tried; try again when no follower is at work");
  }

  /** A start from the snapshot that would be the only way back, as far as a start can be tried. */
  private static void requireSound(Path journal, AuthorizerSettings settings, long snapshot)
      throws IOException, StartFailure {
    String broken = "nothing was removed: no start could begin with the oldest snapshot, of sequence " + snapshot
        + ", in " + journal.resolveSibling("snapshots") + ", which is needed once the segments before it are gone";
    try (JournalFolder folder = follow(journal, settings);
        ReplayRun run = new ReplayRun(journal, folder, settings, snapshot)) {
      if (run.from() != snapshot) {
        throw new StartFailure(
            ExitCode.DATA_ERROR, broken + " (what is wrong with it stands above); delete it, so that a newer one is the"
            + " oldest, or restore it from a backup, then prune again");
      }
      run.readOn();
    } catch (JournalDamagedException damaged) {
      throw new StartFailure(ExitCode.DATA_ERROR, broken + ": " + damaged.getMessage(), damaged);
    } catch (StateMisfitException misfit) {
      throw new StartFailure(ExitCode.CONFIGURATION, broken + ": " + misfit.getMessage(), misfit);
    }
  }

  private boolean isConfirmed() throws IOException {
    out().print("Remove them? Write yes: ");
    out().flush();
    String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (answer == null) {
      throw new ParameterException(spec().commandLine(), "nobody is there to ask: say --yes, or look by --dry-run");
    }
    return answer.strip().equals("yes");
  }
}
