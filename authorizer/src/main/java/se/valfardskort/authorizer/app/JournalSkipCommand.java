package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.storage.AuditLog;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.FolderTakenException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal skip}: leaves out a command on which the engine throws in replay. */
@Command(
    name = "skip",
    mixinStandardHelpOptions = true,
    description = {
      "For a journal that cannot be replayed because the engine throws on one command: leaves that command out from "
          + "now on, for good, and notes who said so and why. It is tried first, and refused unless the engine throws "
          + "on exactly that command and all that follows is decided as it was. Money that the command moved is not in "
          + "the state any more: book it by hand.",
      "Needs a stopped authorizer. Ask the makers first: a release that does not throw is better.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE,
        "65:the engine does not throw on it, or what follows would be decided otherwise", JournalTask.NO_INPUT_LINE,
        JournalTask.IO_LINE, JournalTask.LOCKED_LINE, JournalTask.CONFIGURATION_LINE})
final class JournalSkipCommand extends JournalTask {
  @Parameters(paramLabel = "SEQ", description = "the sequence")
  private long sequence;

  @Option(names = "--by", paramLabel = "NAME", required = true, description = "who decides this")
  private String by = "";

  @Option(names = "--why", paramLabel = "TEXT", required = true, description = "why, for the auditor")
  private String why = "";

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    if (by.isBlank() || why.isBlank() || by.contains(" because ")) {
      throw new ParameterException(spec().commandLine(), "say by --by who decides this, and by --why the reason");
    }
    if (!Files.isDirectory(journal)) {
      throw new NoSuchFileException(journal.toString());
    }
    FolderDisk disk = new FolderDisk(journal);
    requireKey(JournalFolder.keyCheckIn(disk), settings, journal);
    SealKey key = sealKey(settings);
    try (JournalFolder folder = lock(disk, key)) {
      SkipList skips = SkipList.read(disk, key);
      ReplayDifference thrown = failureAt(journal, folder, settings, skips);
      if (thrown == null || thrown.getCause() == null) {
        return fail(ExitCode.DATA_ERROR, "sequence " + sequence + " is not skipped: "
            + (thrown == null ? "replay does not stumble over it" : "the engine does not throw on it, but "
                + thrown.getMessage()));
      }
      long newest = JournalReader.fromOldest(folder, JournalReader.Mode.INSPECT).readAll(record -> { }).sequence();
      String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      SkipList.Entry entry = new SkipList.Entry(sequence, newest, at, by.strip(), why.strip());
      try (ReplayRun run = new ReplayRun(journal, folder, settings, sequence - 1)) {
        Position end = run.to(Long.MAX_VALUE, JournalReader.Mode.INSPECT, skips.with(entry), null);
        AuditLog.append(disk, AuditLog.SKIPPED, key, entry.describe());
        out().println("skipped: " + entry.describe());
        out().println("The journal replays without it up to sequence " + end.sequence() + ". The engine had thrown "
            + thrown.getCause() + ". What this command moved is not booked any more: './run journal dump --from "
            + sequence + " --to " + sequence + "' shows it.");
      }
    }
    return ExitCode.OK;
  }

  private static JournalFolder lock(FolderDisk disk, SealKey key) throws StartFailure, IOException {
    try {
      return JournalFolder.lock(disk, key);
    } catch (FolderTakenException taken) {
      throw new StartFailure(ExitCode.LOCKED, String.valueOf(taken.getMessage()), taken);
    }
  }

  /** How replay fails at the sequence; null: it does not. */
  private @Nullable ReplayDifference failureAt(
      Path journal, JournalFolder folder, AuthorizerSettings settings, SkipList skips) throws IOException {
    try (ReplayRun run = new ReplayRun(journal, folder, settings, sequence - 1)) {
      BoundedJournal bounded = run.journal(sequence, JournalReader.Mode.INSPECT, null);
      try {
        run.replay(bounded, skips);
        return null;
      } catch (ReplayDifference difference) {
        if (bounded.handedOver() != sequence) {
          throw difference;
        }
        return difference;
      }
    }
  }
}
