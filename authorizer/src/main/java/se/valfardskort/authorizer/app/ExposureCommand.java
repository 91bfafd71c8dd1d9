package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.pipeline.Position;
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

  @Mixin private ArchiveOption archive = new ArchiveOption();

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
    try (JournalFolder folder = follow(archive.with(journal, settings), journal, settings)) {
      // What the advices were flagged for is in no snapshot: from the first record on, where that is there.
      long snapshot = folder.oldestSequence() == 1 ? 0 : oldestSnapshot(journal);
      try (ReplayRun run = new ReplayRun(journal, folder, settings, snapshot)) {
        Position end = run.to(Long.MAX_VALUE, JournalReader.Mode.FOLLOW, skips, survey);
        return ExposureReport.of(journal, end, run.engine(), survey.partners(), run.from() + 1, archive.notRead());
      }
    }
  }
}
