package se.valfardskort.authorizer.app;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bonus}: the yearly bonus as a payment order (arsbonus). */
@Command(
    name = "bonus",
    mixinStandardHelpOptions = true,
    description = {
      "The yearly bonus: after each of the account's years, counted from its first load, out of CASH and then SAVINGS, "
          + "at most what the programme's policy says. It becomes a payment order to the bank, never anything at a "
          + "terminal, and is paid once a year whatever is retried.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run bonus show --pan -",
      "  ./run bonus pay --pan - --amount 5000.00",
      "  ./run bonus list --demo > orders.csv        what the bank is to pay, from the journal"
    },
    subcommands = {BonusCommand.Show.class, BonusCommand.Pay.class, BonusListCommand.class})
final class BonusCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: show, pay or list");
  }

  /** What is due. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Says which of the account's years have ended, and which bonus was paid last.")
  static final class Show extends AdminTask {
    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      return client.get(path + "/bonus");
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.offers(lang.known()).bonus(AdminTable.map(answer, "bonus"));
    }
  }

  /** Orders it. */
  @Command(
      name = "pay",
      mixinStandardHelpOptions = true,
      description = "Orders the bonus of the year that ended last for payout.")
  static final class Pay extends AdminTask {
    @Option(names = "--amount", required = true, paramLabel = "KR", description = "at most what the policy says")
    private String amount = "";

    @Option(
        names = "--year",
        paramLabel = "N",
        description = "which of the account's years (default: the one that ended last); the same in each try")
    private @Nullable Long year;

    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      Object of = year == null ? AdminTable.map(client.get(path + "/bonus"), "bonus").get("year") : year;
      if (!(of instanceof Long ended) || ended < 1) {
        throw new StartFailure(
            ExitCode.DATA_ERROR,
            "none of the account's years has ended: the first ends 12 months after the first load");
      }
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("year", ended);
      members.put("amountMinor", Kronor.minor("--amount", amount));
      return client.post(path + "/bonus", members, null);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.offers(lang.known()).order(AdminTable.map(answer, "order"));
    }
  }
}
