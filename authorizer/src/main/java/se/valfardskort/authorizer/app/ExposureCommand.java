package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;
import se.valfardskort.authorizer.storage.StoredEngine;

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
      "Reads the journal and changes nothing; a running authorizer is not disturbed and need not be stopped.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no journal: the folder is missing or empty",
        JournalTask.IO_LINE, JournalTask.CONFIGURATION_LINE})
final class ExposureCommand extends JournalTask {
  @Option(names = "--json", description = "one JSON object instead of tables; amounts in minor units")
  private boolean json;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    ExposureReport report = read(journal, settings);
    if (json) {
      report.printJson(out());
    } else {
      report.print(out());
    }
    return ExitCode.OK;
  }

  private static ExposureReport read(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
    try (JournalFolder folder = follow(journal, settings);
        StoredEngine stored =
            new StoredEngine(
                new ChronicleStore(), AuthorizerApp.capacityOf(settings, folder.answersRemembered()))) {
      AdviceSurvey survey = new AdviceSurvey();
      // From the first record on: what the advices were flagged for is in no snapshot.
      BoundedJournal whole =
          new BoundedJournal(
              new JournalReader(folder, JournalReader.Mode.FOLLOW), Position.START, Long.MAX_VALUE, survey);
      Position end =
          Recovery.replay(whole, stored.engine(), new RecoveryProgress(log(), new SystemClock()), skips);
      return ExposureReport.of(journal, end, stored.engine(), survey.partners());
    }
  }
}
