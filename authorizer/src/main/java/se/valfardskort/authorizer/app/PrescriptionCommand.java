package se.valfardskort.authorizer.app;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.Activity;
import se.valfardskort.authorizer.domain.Programme;

/** {@code prescription}: visits to one activity, as an earmark (social forskrivning). */
@Command(
    name = "prescription",
    mixinStandardHelpOptions = true,
    description = {
      "Social prescriptions: an earmark for one provider of an activity, for some weeks with some visits a week "
          + "(Monday to Sunday). The price of the whole period is that of prescriptions/*.yaml and is set aside in the "
          + "pool; a visit is a purchase there, of 0 kr too. List and end them with './run earmark'.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run prescription grant --pan - --activity choir --merchant 123456/KOREN0000000001 \\",
      "      --weeks 8 --visits-a-week 2",
      "  ./run prescription grant --demo --number 7 --activity walking-group --merchant 123456/GAGRUPP00000001 \\",
      "      --weeks 4 --visits-a-week 1 --from 2026-12-07"
    },
    subcommands = {PrescriptionCommand.Grant.class})
final class PrescriptionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: grant");
  }

  /** Grants one. */
  @Command(
      name = "grant",
      mixinStandardHelpOptions = true,
      description = "Prescribes an activity for one card's account. Refused while one at the same provider is open: "
          + "when that has ended, the same command with a new key renews it.")
  static final class Grant extends AdminTask {
    private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
    private static final int MOST_WEEKS = 52;
    private static final int MOST_A_WEEK = 7;
    private static final int DAYS_A_WEEK = 7;

    @Option(names = "--activity", required = true, paramLabel = "KEY", description = "of prescriptions/*.yaml")
    private String activity = "";

    @Option(
        names = "--merchant",
        required = true,
        paramLabel = "ACQUIRER/ID",
        description = "the provider: DE 32 and DE 42")
    private String merchant = "";

    @Option(names = "--weeks", required = true, paramLabel = "N", description = "1 to 52, of seven days each")
    private int weeks;

    @Option(
        names = "--visits-a-week",
        required = true,
        paramLabel = "N",
        description = "1 to 7, from a Monday to a Sunday; weeks times visits in all")
    private int visits;

    @Option(names = "--from", paramLabel = "DAY", description = "the first day (default: today, in Stockholm)")
    private @Nullable String from;

    @Option(
        names = "--key",
        paramLabel = "TEXT",
        description = "8 to 64 characters: with the same key, and --from, it is granted once (default: a new one)")
    private String key = UUID.randomUUID().toString();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      throw new IllegalStateException("a prescription needs the configuration's prices");
    }

    @Override
    Map<?, ?> ask(AdminClient client, String path, ConfigurationFolder.Loaded loaded) throws StartFailure {
      if (weeks < 1 || weeks > MOST_WEEKS || visits < 1 || visits > MOST_A_WEEK) {
        throw new StartFailure(
            ExitCode.USAGE, "give --weeks 1 to " + MOST_WEEKS + " and --visits-a-week 1 to " + MOST_A_WEEK);
      }
      Object programme = AdminTable.map(client.get(path), "card").get("programme");
      Activity prescribed = activityOf(loaded, String.valueOf(programme));
      LocalDate first = firstDay();
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("kind", "prescription");
      members.put("amountMinor", prescribed.priceMinor());
      members.put("uses", weeks * visits);
      members.put("usesAWeek", visits);
      members.put("firstDay", first.toString());
      members.put("lastDay", first.plusDays((long) weeks * DAYS_A_WEEK - 1).toString());
      members.put("merchants", List.of(merchant));
      return GrantOptions.postOnce(client, path + "/earmarks", members, key);
    }

    private LocalDate firstDay() throws StartFailure {
      try {
        return from == null ? LocalDate.now(STOCKHOLM) : LocalDate.parse(from);
      } catch (DateTimeException unreadable) {
        throw new StartFailure(ExitCode.USAGE, "--from is no day: write year-month-day, 2026-12-31", unreadable);
      }
    }

    private Activity activityOf(ConfigurationFolder.Loaded loaded, String programmeId) throws StartFailure {
      for (Programme programme : loaded.configuration().programmes()) {
        if (programmeId.equals(Integer.toString(programme.id()))) {
          Map<String, Activity> activities = loaded.prescriptions().getOrDefault(programme.name(), Map.of());
          Activity found = activities.get(activity);
          if (found == null) {
            throw new StartFailure(
                ExitCode.USAGE,
                "programme '" + programme.name() + "' prescribes no such activity; prescriptions/*.yaml has: "
                    + String.join(", ", activities.keySet()));
          }
          return found;
        }
      }
      throw new StartFailure(
          ExitCode.CONFIGURATION, "the configuration has no programme " + programmeId + ", which is the card's");
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.earmark(answer);
    }
  }
}
