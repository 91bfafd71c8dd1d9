package se.valfardskort.authorizer.app;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code earmark}: money out of the pool for something in particular (oronmarkning). */
@Command(
    name = "earmark",
    mixinStandardHelpOptions = true,
    description = {
      "Grants, lists and ends earmarks of one card's account, over the admin port of a running authorizer. An earmark "
          + "is set aside in the programme's pool when it is granted, pays first, and only what it is for; what it has "
          + "left at its end goes back to the pool. Each command is journaled with the name of the key that gave it, "
          + "and is answered when it is on disk.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run earmark grant --pan - --kind food --category food --amount 2000.00 --until 2026-12-31",
      "  ./run earmark grant --pan - --kind appliance --mcc 5722,5732,7622,7623,7629 --amount 5000.00 \\",
      "      --until 2027-01-31",
      "  ./run earmark grant --pan - --kind service-cheque --merchant 123456/HEMHJALPEN00001 --amount 1200.00 \\",
      "      --uses-a-week 1 --until 2027-03-31",
      "  ./run earmark list --demo --number 900000009",
      "  ./run earmark end --pan - --earmark 17"
    },
    subcommands = {EarmarkCommand.Grant.class, EarmarkCommand.Show.class, EarmarkCommand.End.class})
final class EarmarkCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: grant, list or end");
  }

  /** Grants one. */
  @Command(
      name = "grant",
      mixinStandardHelpOptions = true,
      description = {
        "Grants an earmark and prints its number. Name what it pays for: --category, --mcc or --merchant, at most "
            + "eight together. Without --country it pays at home. With --amount 0.00 it counts visits that cost "
            + "nothing: then give --uses, --uses-a-week or both. A pool that is short refuses it whole.",
        ""
      })
  static final class Grant extends AdminTask {
    @Option(
        names = "--kind",
        required = true,
        paramLabel = "WORD",
        description = "one of: food, appliance, funeral, housing, crisis, prescription, service-cheque, other")
    private String kind = "";

    @Option(names = "--amount", required = true, paramLabel = "KR", description = "set aside in the pool: 2000.00")
    private String amount = "";

    @Option(
        names = "--uses-a-week",
        paramLabel = "N",
        description = "most purchases from a Monday to a Sunday (default: any number)")
    private @Nullable Long usesAWeek;

    @Mixin private GrantOptions grant = new GrantOptions();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      Map<String, Object> members = grant.members();
      members.put("kind", kind);
      members.put("amountMinor", Kronor.minor("--amount", amount));
      if (usesAWeek != null) {
        members.put("usesAWeek", usesAWeek);
      }
      return grant.post(client, path + "/earmarks", members);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.earmark(answer);
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Lists the earmarks of a card's account in the order in which they pay, those that ended lately too.")
  static final class Show extends AdminTask {
    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      return client.get(path + "/earmarks");
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.earmarks(AdminTable.maps(answer, "earmarks"));
    }
  }

  /** Ends one. */
  @Command(
      name = "end",
      mixinStandardHelpOptions = true,
      description = "Ends an earmark before its time: what is left goes back to the pool. What it paid stays paid.")
  static final class End extends AdminTask {
    @Option(names = "--earmark", required = true, paramLabel = "N", description = "its number, as list says")
    private long number;

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      return client.delete(path + "/earmarks/" + number);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.earmark(answer);
    }
  }
}
