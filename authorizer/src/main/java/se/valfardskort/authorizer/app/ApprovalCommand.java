package se.valfardskort.authorizer.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code approval}: what a caseworker approves beyond the policy (godkannande). */
@Command(
    name = "approval",
    mixinStandardHelpOptions = true,
    description = {
      "Grants, lists and revokes approvals of one card's account, over the admin port of a running authorizer. Each "
          + "command is journaled with the name of the key that gave it, and is answered when it is on disk.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run approval grant --pan - --reason driving-licence --category education --amount 15000.00 \\",
      "      --until 2027-06-30",
      "  ./run approval grant --pan - --reason funeral --country NO --amount 5000.00 --until 2026-12-31",
      "  ./run approval list --demo --number 900000012",
      "  ./run approval revoke --pan - --approval 17"
    },
    subcommands = {
      ApprovalCommand.Grant.class,
      ApprovalCommand.Show.class,
      ApprovalCommand.Revoke.class
    })
final class ApprovalCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: grant, list or revoke");
  }

  /** Grants one. */
  @Command(
      name = "grant",
      mixinStandardHelpOptions = true,
      description = {
        "Grants an approval and prints its number. It lifts what the policy leaves to approval, never a block. Without "
            + "--category, --mcc and --merchant it is for anything, without --country for purchases at home, without "
            + "--amount and --uses without limit.",
        ""
      })
  static final class Grant extends AdminTask {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,10})(?:[.]([0-9]{2}))?");

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "WORD",
        description = "one of: funeral, family-need, studies, driving-licence, work, moving, debt, health, investment, "
            + "other")
    private String reason = "";

    @Option(
        names = "--until",
        required = true,
        paramLabel = "DAY",
        description = "the last day on which it holds, in Stockholm: 2026-12-31")
    private String until = "";

    @Option(names = "--from", paramLabel = "DAY", description = "the first day (default: at once)")
    private @Nullable String from;

    @Option(names = "--amount", paramLabel = "KR", description = "for all purchases together: 5000.00")
    private @Nullable String amount;

    @Option(names = "--uses", paramLabel = "N", description = "how many purchases")
    private @Nullable Long uses;

    @Option(names = "--country", split = ",", paramLabel = "XX", description = "two letters (NO), or any; at most 4")
    private List<String> countries = List.of();

    @Option(names = "--category", split = ",", paramLabel = "KEY", description = "of the programme's policy")
    private List<String> categories = List.of();

    @Option(names = "--mcc", split = ",", paramLabel = "NNNN", description = "merchant category code")
    private List<String> mccs = List.of();

    @Option(
        names = "--merchant",
        split = ",",
        paramLabel = "ACQUIRER/ID",
        description = "a single merchant: DE 32 and DE 42")
    private List<String> merchants = List.of();

    @Option(names = "--this-card-only", description = "not for the account's other cards")
    private boolean thisCardOnly;

    @Option(
        names = "--opens-savings",
        description = "an approved investment, which SAVINGS may pay; refused by this release")
    private boolean opensSavings;

    @Option(
        names = "--key",
        paramLabel = "TEXT",
        description = "8 to 64 characters that tell this approval from every other: with the same key it is granted "
            + "once, however often this is run (default: a new one)")
    private String key = UUID.randomUUID().toString();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("reason", reason);
      members.put("lastDay", until);
      if (from != null) {
        members.put("firstDay", from);
      }
      if (amount != null) {
        members.put("amountMinor", minor(amount));
      }
      if (uses != null) {
        members.put("uses", uses);
      }
      members.put("countries", countries);
      members.put("categories", categories);
      members.put("mccs", mccs);
      members.put("merchants", merchants);
      members.put("thisCardOnly", thisCardOnly);
      members.put("opensSavings", opensSavings);
      try {
        return client.post(path + "/approvals", members, key);
      } catch (StartFailure failure) {
        if (failure.exitCode() != ExitCode.UNAVAILABLE) {
          throw failure;
        }
        throw new StartFailure(
            failure.exitCode(),
            failure.getMessage() + " (the same again with --key " + key + " grants it once)",
            failure);
      }
    }

    private static long minor(String amount) throws StartFailure {
      Matcher parts = AMOUNT.matcher(amount);
      if (!parts.matches()) {
        throw new StartFailure(ExitCode.USAGE, "--amount is no amount: write kronor with two decimals, 5000.00");
      }
      String ore = parts.group(2);
      return Long.parseLong(parts.group(1)) * 100 + (ore == null ? 0 : Integer.parseInt(ore));
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.approval(answer);
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the approvals of a card's account, those that ended lately too.")
  static final class Show extends AdminTask {
    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      return client.get(path + "/approvals");
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.approvals(AdminTable.maps(answer, "approvals"));
    }
  }

  /** Revokes one. */
  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Revokes an approval: it lets nothing more pass. What it let pass stays.")
  static final class Revoke extends AdminTask {
    @Option(names = "--approval", required = true, paramLabel = "N", description = "its number, as list says")
    private long number;

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      return client.delete(path + "/approvals/" + number);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.approval(answer);
    }
  }
}
