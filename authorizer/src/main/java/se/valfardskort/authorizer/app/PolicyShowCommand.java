package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Programme;

/** {@code policy show}: the table that an auditor reads. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a policy as a table: category, group, merchant category codes and conditions, then limits, savings and "
          + "single merchants. Of FILE; without it of the configuration folder; with --at as it was in force then, "
          + "from the journal's own bytes.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or no such programme or policy in it", JournalTask.IO_LINE,
        JournalTask.TRY_AGAIN_LINE, JournalTask.CONFIGURATION_LINE},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./run policy show --demo --lang sv",
      "  ./run policy show my-botkyrka.yaml",
      "  ./run policy show --at 2026-11-22 --programme botkyrka"
    })
final class PolicyShowCommand extends PolicyQuestion {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "a programme's file")
  private @Nullable Path file;

  @Option(
      names = "--at",
      paramLabel = "SEQ|TIME",
      converter = JournalMoment.Converter.class,
      description = "in force there, read from the journal: " + JournalMoment.FORMS)
  private @Nullable JournalMoment at;

  @Override
  public Integer call() {
    Path asked = file;
    if (asked == null) {
      return super.call();
    }
    if (at != null) {
      return fail(ExitCode.USAGE, "give a FILE or --at, one of the two");
    }
    try {
      PolicyFile policy = read(asked);
      show(chosen(List.of(policy.programme()), asked.toString()), policy, new LinkedHashMap<>());
      return ExitCode.OK;
    } catch (StartFailure failure) {
      return fail(failure.exitCode(), failure.getMessage());
    }
  }

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    JournalMoment moment = at;
    if (moment == null) {
      show(chosen(configuration().configuration().programmes(), place().config().toString()), null,
          new LinkedHashMap<>());
      return ExitCode.OK;
    }
    PolicyTrail.Version version = inForce(journal, settings, moment);
    Map<String, Object> from = new LinkedHashMap<>();
    from.put("sequence", version.sequence());
    from.put("time", Instant.ofEpochMilli(version.timeMs()).toString());
    from.put("sha256", version.sha256());
    show(chosen(version.configuration().programmes(), "the journal in " + journal), null, from);
    return ExitCode.OK;
  }

  /** @param from where in the journal it began to hold; empty: it is from a file */
  private void show(List<Programme> programmes, @Nullable PolicyFile text, Map<String, Object> from) {
    PolicyWords words = words();
    if (!from.isEmpty() && !isJson()) {
      out().println(words.get("written-at") + " " + from.get("sequence") + ", " + from.get("time") + ", SHA-256 "
          + from.get("sha256"));
      out().println();
    }
    for (Programme programme : programmes) {
      PolicyTable table = new PolicyTable(programme, text == null ? textOf(programme) : text, words);
      if (isJson()) {
        Map<String, Object> all = new LinkedHashMap<>(from);
        all.putAll(table.fields());
        out().println(JsonObject.of(all));
      } else {
        table.lines().forEach(out()::println);
        out().println();
      }
    }
    out().flush();
  }
}
