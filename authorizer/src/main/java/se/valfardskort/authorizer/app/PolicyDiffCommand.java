package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.domain.Programme;

/** {@code policy diff}: what one policy says otherwise than another. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Says in words what policy B says otherwise than policy A, in the order: the programme, its categories, merchant "
          + "category codes, single merchants. What only people read (names, comments, languages) is not compared.",
      "",
      "A and B are each a file, @SEQ or @TIME (in force there, from the journal; @end: now), or @config (the "
          + "configuration folder's).",
      ""
    },
    exitCodeListHeading = "%nExit codes, the first two as diff has them:%n",
    exitCodeList = {"0:they decide alike", "1:they differ", JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or no such programme or policy in it", JournalTask.IO_LINE,
        JournalTask.TRY_AGAIN_LINE, JournalTask.CONFIGURATION_LINE},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./run policy diff config/demo/programmes/botkyrka.yaml my-botkyrka.yaml",
      "  ./run policy diff @end my-botkyrka.yaml --demo",
      "  ./run policy diff @2026-01-01 @end --programme botkyrka --lang sv"
    })
final class PolicyDiffCommand extends PolicyQuestion {
  private static final int DIFFERENT = 1;
  private static final String JOURNALED = "@";
  private static final String CONFIGURED = "@config";

  @Parameters(index = "0", paramLabel = "A", description = "a file, @SEQ, @TIME, @end or @config")
  private String one = "";

  @Parameters(index = "1", paramLabel = "B", description = "the same")
  private String other = "";

  /** Of the policy that came from a file: which programme the other one is, where nothing else says so. */
  private @Nullable String named;

  @Override
  public Integer call() {
    if (one.startsWith(JOURNALED) || other.startsWith(JOURNALED)) {
      return super.call();
    }
    try {
      return compare(read(Path.of(one)).programme(), read(Path.of(other)).programme());
    } catch (StartFailure failure) {
      return fail(failure.exitCode(), failure.getMessage());
    }
  }

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    for (String source : List.of(one, other)) {
      if (!source.startsWith(JOURNALED)) {
        named = read(Path.of(source)).programme().name();
      }
    }
    return compare(programme(one, journal, settings), programme(other, journal, settings));
  }

  private Programme programme(String source, Path journal, AuthorizerSettings settings)
      throws IOException, StartFailure {
    if (!source.startsWith(JOURNALED)) {
      return read(Path.of(source)).programme();
    }
    if (source.equals(CONFIGURED)) {
      return only(configuration().configuration().programmes(), place().config().toString());
    }
    JournalMoment at;
    try {
      at = JournalMoment.parse(source.substring(1));
    } catch (TypeConversionException unreadable) {
      throw new StartFailure(ExitCode.USAGE, String.valueOf(unreadable.getMessage()) + ", or @config", unreadable);
    }
    return only(
        inForce(journal, settings, at).configuration().programmes(), "the journal in " + journal + " at " + source);
  }

  /** The one that is asked for, else the one that the file names, else the only one. */
  private Programme only(List<Programme> programmes, String where) throws StartFailure {
    if (asked() == null && named != null) {
      for (Programme programme : programmes) {
        if (programme.name().equals(named)) {
          return programme;
        }
      }
    }
    return one(programmes, where);
  }

  private int compare(Programme before, Programme after) {
    List<PolicyDifference.Change> changes = PolicyDifference.between(before, after, words());
    if (isJson()) {
      out().println(JsonObject.of(changes.stream().map(PolicyDifference.Change::fields).toList()));
    } else if (changes.isEmpty()) {
      out().println(words().get("nothing-differs"));
    } else {
      changes.forEach(out()::println);
    }
    out().flush();
    return changes.isEmpty() ? ExitCode.OK : DIFFERENT;
  }
}
