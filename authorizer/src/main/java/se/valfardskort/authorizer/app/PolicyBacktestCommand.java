package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code policy backtest}: what another policy would have answered. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = {
      "Plays the recorded journal with FILE as the policy of its programme, and says which purchases it would have "
          + "answered differently: by category, answer before and after, amount and number of holders. Exact, with "
          + "caps, limits, purses, holds and approvals, which go the candidate's own way from the window's beginning "
          + "on; a cap that is new begins to count there.",
      "",
      "All else is as it was: other programmes, providers, partners; what is activated within the window is taken over "
          + "but for this programme. A completion of a hold that the candidate declines is booked all the same, as "
          + "networks may demand. That and the like is counted apart, as what follows. A hold that only the candidate "
          + "places expires, since nobody completes it.",
      "",
      "Replays from the newest snapshot before the window, so it takes as long as a start from there, and as much "
          + "memory; a running authorizer is not disturbed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done, whatever was found", JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or it does not have the window", JournalTask.IO_LINE,
        JournalTask.TRY_AGAIN_LINE, "78:the policy or the configuration has mistakes, or another key than the journal"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./run policy backtest my-botkyrka.yaml --demo --from 2026-11-01 --to 2026-11-30",
      "  ./run policy backtest my-botkyrka.yaml --demo --from 20000 --list --json"
    })
final class PolicyBacktestCommand extends JournalTask {
  @Parameters(paramLabel = "FILE", description = "the candidate: a programme's file")
  private Path file = Path.of("");

  @Option(
      names = "--programme",
      paramLabel = "KEY",
      description = "whose place it takes (default: the programme that it names)")
  private @Nullable String programme;

  @Option(
      names = "--from",
      paramLabel = "SEQ|TIME",
      converter = JournalMoment.Converter.class,
      description = "where the candidate begins to hold (default: the first sequence); " + JournalMoment.FORMS)
  private JournalMoment from = JournalMoment.BEGIN;

  @Option(
      names = "--to",
      paramLabel = "SEQ|TIME",
      converter = JournalMoment.Converter.class,
      description = "last that is played; a date to its end (default: the newest)")
  private JournalMoment to = JournalMoment.END;

  @Option(names = "--list", description = "each difference on a line of its own, before the report")
  private boolean list;

  @Option(names = "--json", description = "one JSON object a line; amounts in minor units")
  private boolean json;

  @Mixin private ArchiveOption archive = new ArchiveOption();

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    CandidatePolicy candidate = candidate();
    try (JournalFolder folder = follow(archive.with(journal, settings), journal, settings)) {
      JournalMoment.Window window = JournalMoment.window(folder, from, to);
      requireWindow(window, journal, folder);
      BacktestReport report = new BacktestReport(this::show);
      Backtest backtest = play(candidate, window, journal, folder, settings, report);
      if (report.first == 0) {
        return fail(ExitCode.NO_INPUT, "the journal in " + journal + " has nothing from " + describe(window));
      }
      if (!backtest.wasInForce()) {
        return fail(
            ExitCode.NO_INPUT,
            "no programme '" + candidate.name() + "' was in force in that window, so there is nothing to compare; name"
                + " the one whose place the file takes by --programme");
      }
      print(candidate, report);
    } catch (CandidatePolicy.MisfitException misfit) {
      return fail(ExitCode.CONFIGURATION, file + ": " + misfit.getMessage());
    }
    return ExitCode.OK;
  }

  private CandidatePolicy candidate() throws StartFailure {
    try {
      PolicyFile policy = PolicyFile.read(file);
      return new CandidatePolicy(policy, programme == null ? policy.programme().name() : programme);
    } catch (ConfigurationException mistakes) {
      throw new StartFailure(ExitCode.CONFIGURATION, String.valueOf(mistakes.getMessage()), mistakes);
    }
  }

  private static String describe(JournalMoment.Window window) {
    return "sequence " + window.from() + " on" + (window.to() == Long.MAX_VALUE ? "" : " to " + window.to());
  }

  /** The engine must come to the window's beginning from somewhere. */
  private void requireWindow(JournalMoment.Window window, Path journal, JournalFolder folder)
      throws IOException, StartFailure {
    if (window.from() < 1 || window.from() > window.to()) {
      throw new StartFailure(
          window.from() == Long.MAX_VALUE || window.from() > 0 ? ExitCode.NO_INPUT : ExitCode.USAGE,
          "the journal in " + journal + " has nothing in that window: it would begin with sequence " + window.from()
              + " and end with " + window.to());
    }
    long oldest = folder.oldestSequence() == 1 ? 1 : oldestSnapshot(journal) + 1;
    if (window.from() < oldest) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          "sequence " + window.from() + " was pruned from the journal in " + journal + ": the oldest sequence from"
              + " which a policy can be played is " + oldest + "; " + archive.notRead());
    }
  }

  private Backtest play(
      CandidatePolicy candidate,
      JournalMoment.Window window,
      Path journal,
      JournalFolder folder,
      AuthorizerSettings settings,
      BacktestReport report)
      throws IOException {
    SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
    try (ReplayRun run = new ReplayRun(journal, folder, settings, window.from() - 1)) {
      Backtest backtest =
          new Backtest(
              run.engine(),
              AuthorizerApp.capacityOf(settings, folder.answersRemembered()),
              candidate,
              window.from(),
              skips,
              report);
      Position end =
          backtest.run(
              run.journal(window.to(), JournalReader.Mode.FOLLOW, null),
              new RecoveryProgress(log(), new SystemClock(), "playing"));
      out().flush();
      if (window.to() != Long.MAX_VALUE && end.sequence() < window.to() && !json) {
        out().println("The journal ends at sequence " + end.sequence() + ", before the window does.");
      }
      return backtest;
    }
  }

  private void show(PolicyAnswer.Difference difference) {
    if (list) {
      out().println(json ? JsonObject.of(difference.fields()) : difference.toString());
    }
  }

  private void print(CandidatePolicy candidate, BacktestReport report) {
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("file", file.toString());
      all.put("programme", candidate.name());
      all.putAll(report.fields());
      out().println(JsonObject.of(all));
      return;
    }
    out().println("Programme " + candidate.name() + ", candidate " + file);
    report.print(out());
  }
}
