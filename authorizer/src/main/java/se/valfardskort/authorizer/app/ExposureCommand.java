package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;

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
        "0:done", "64:the command line is wrong", "65:the journal is damaged or replays differently",
        "66:there is no journal: the folder is missing or empty",
        "74:the journal is there and cannot be read",
        "78:the configuration has mistakes"})
final class ExposureCommand implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(names = "--json", description = "one JSON object instead of tables; amounts in minor units")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Path journal = place.data().resolve("journal");
    PrintWriter err = spec.commandLine().getErr();
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      ExposureReport report = read(journal, loaded.settings());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        report.printJson(out);
      } else {
        report.print(out);
      }
      out.flush();
      return ExitCode.OK;
    } catch (ConfigurationException mistakes) {
      err.println(mistakes.getMessage());
      return ExitCode.CONFIGURATION;
    } catch (JournalDamagedException | ReplayDifference unsound) {
      err.println(unsound.getMessage());
      return ExitCode.DATA_ERROR;
    } catch (NoSuchFileException none) {
      err.println("there is no journal in " + journal + "; name the data folder with --data"
          + (place.isDemo() ? "" : ", or the demonstration's with --demo"));
      return ExitCode.NO_INPUT;
    } catch (IOException unreadable) {
      err.println("the journal in " + journal + " cannot be read: " + unreadable.getMessage());
      return ExitCode.IO_ERROR;
    }
  }

  private static ExposureReport read(Path journal, AuthorizerSettings settings) throws IOException {
    try (JournalFolder folder = JournalFolder.follow(FolderDisk.readOnly(journal));
        ChronicleStore store = new ChronicleStore()) {
      Engine engine = new Engine(store, AuthorizerApp.capacityOf(settings, folder.answersRemembered()));
      AdviceSurvey survey = new AdviceSurvey(new JournalReader(folder, JournalReader.Mode.FOLLOW));
      Position end = Recovery.replay(survey, engine, new RecoveryProgress(System.err, new SystemClock()));
      return ExposureReport.of(journal, end, engine, survey.partners());
    }
  }
}
