package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.storage.ArchivedJournal;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/**
 * {@code exposure}: what networks approved in our name, read from the journal, also beside a running authorizer.
 *
 * <p>The journal is replayed into an engine of its own, which decides all again: the figures are those of the running
 * one at the last sequence that was read.
 */
@Command(
    name = "exposure",
    mixinStandardHelpOptions = true,
    description = {
      "What was decided elsewhere in our name, and what of it is open: by partner what its advices were flagged for, "
          + "by account what they hold, posted or overdrew, and which refunds wait for a caseworker.",
      "",
      "Reads the journal and changes nothing; a running authorizer is not disturbed and need not be stopped. What was "
          + "pruned is read from the archive. Where that is not there, or does not have all of it, accounts are shown "
          + "as they are, advices are counted from the oldest snapshot on, and it is said what is missing where; the "
          + "exit code is 0 all the same.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no journal, its folder is missing or empty; or no folder where --archive says",
        JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE, JournalTask.CONFIGURATION_LINE})
final class ExposureCommand extends JournalTask {
  @Option(names = "--json", description = "one JSON object instead of tables; amounts in minor units")
  private boolean json;

  @Option(
      names = "--archive",
      paramLabel = "DIR",
      description = "where archived segments lie (default: as authorizer.yaml says)")
  private @Nullable Path archive;

  /** Why what was pruned is not read, and what to do about it; empty: it is, or nothing was pruned. */
  private String notRead = "";

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    ExposureReport report = read(journal, settings);
    if (json) {
      report.printJson(out());
      if (report.countedFrom() > 1) {
        spec().commandLine().getErr().println(report.describeCount());
      }
    } else {
      report.print(out());
    }
    return ExitCode.OK;
  }

  private ExposureReport read(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
    AdviceSurvey survey = new AdviceSurvey();
    try (JournalFolder folder = follow(withArchive(journal, settings), journal, settings)) {
      // What the advices were flagged for is in no snapshot: from the first record on, where that is there.
      long snapshot = folder.oldestSequence() == 1 ? 0 : oldestSnapshot(journal);
      try (ReplayRun run = new ReplayRun(journal, folder, settings, snapshot)) {
        Position end = run.to(Long.MAX_VALUE, JournalReader.Mode.FOLLOW, skips, survey);
        return ExposureReport.of(journal, end, run.engine(), survey.partners(), run.from() + 1, notRead);
      }
    }
  }

  /** The journal with what was pruned of it, as far as an archive is there. */
  private Disk withArchive(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    Path archived = archive == null ? settings.keeping().archive() : archive;
    if (archive != null && !Files.isDirectory(archive)) {
      throw new StartFailure(
          ExitCode.NO_INPUT, "there is no folder " + archive + ": name the one to which closed segments were copied");
    }
    FolderDisk here = FolderDisk.readOnly(journal);
    if (archived == null) {
      notRead = "no archive is configured: name the folder in authorizer.yaml (journal: archive:), or by --archive DIR";
      return here;
    }
    if (!Files.isDirectory(archived)) {
      notRead = "the archive " + archived + " is not there: mount its disk, or name another by --archive DIR";
      return here;
    }
    ArchivedJournal whole = new ArchivedJournal(here, FolderDisk.readOnly(archived));
    int missing = whole.missing();
    if (missing > 0) {
      notRead = "the archive " + archived + " does not have segment " + missing + ": put it back there, or name an"
          + " archive that has all by --archive DIR";
      return here;
    }
    return whole;
  }
}
