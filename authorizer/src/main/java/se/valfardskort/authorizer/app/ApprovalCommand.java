package se.valfardskort.authorizer.app;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    @Option(
        names = "--reason",
        required = true,
        paramLabel = "WORD",
        description = "one of: funeral, family-need, studies, driving-licence, work, moving, debt, health, investment, "
            + "other")
    private String reason = "";

    @Option(names = "--amount", paramLabel = "KR", description = "for all purchases together: 5000.00")
    private @Nullable String amount;

    @Option(names = "--this-card-only", description = "not for the account's other cards")
    private boolean thisCardOnly;

    @Option(
        names = "--opens-savings",
        description = "an approved investment, which SAVINGS may pay; refused by this release")
    private boolean opensSavings;

    @Mixin private GrantOptions grant = new GrantOptions();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      Map<String, Object> members = grant.members();
      members.put("reason", reason);
      if (amount != null) {
        members.put("amountMinor", Kronor.minor("--amount", amount));
      }
      members.put("thisCardOnly", thisCardOnly);
      members.put("opensSavings", opensSavings);
      return grant.post(client, path + "/approvals", members);
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
