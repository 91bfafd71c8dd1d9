package se.valfardskort.authorizer.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code grant}: grants that neighbours verify (grannverifiering). */
@Command(
    name = "grant",
    mixinStandardHelpOptions = true,
    description = {
      "Grants that neighbours verify: a holder asks, neighbours of the same BAZ who are neither family nor partner say "
          + "yes, and the grant is an earmark at once. A no, or no answer in time, leaves it to ordinary handling; who "
          + "said no is shown to nobody. Amounts and periods are the programme's policy (section grants).",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run grant request --pan - --kind food --amount 2000.00       prints the number to tell the neighbours",
      "  ./run grant vote --pan - --grant 17 --yes --neither-family-nor-partner",
      "  ./run grant list --demo --number 900000012 --lang sv",
      "  ./run grant withdraw --pan - --grant 17",
      "  ./run grant bar --pan - --reason misuse --day 2026-11-20"
    },
    subcommands = {
      GrantCommand.Ask.class,
      GrantCommand.Answer.class,
      GrantCommand.Show.class,
      GrantCommand.Withdraw.class,
      GrantCommand.Bar.class
    })
final class GrantCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: request, vote, list, withdraw or bar");
  }

  /** Asks. */
  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = "Asks the neighbours for one card's account, and prints the number that they answer to.")
  static final class Ask extends AdminTask {
    @Option(
        names = "--kind",
        required = true,
        paramLabel = "WORD",
        description = "one of: food, appliance, funeral, housing, crisis")
    private String kind = "";

    @Option(names = "--amount", required = true, paramLabel = "KR", description = "at most what the policy says")
    private String amount = "";

    @Option(
        names = "--key",
        paramLabel = "TEXT",
        description = "8 to 64 characters that tell this request from every other: with the same key it is made once "
            + "(default: a new one)")
    private String key = UUID.randomUUID().toString();

    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("kind", kind);
      members.put("amountMinor", Kronor.minor("--amount", amount));
      return GrantOptions.postOnce(client, path + "/grants", members, key);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.offers(lang.known()).requests(List.of(AdminTable.map(answer, "grant")));
    }
  }

  /** Answers. */
  @Command(
      name = "vote",
      mixinStandardHelpOptions = true,
      description = "Takes the answer of a neighbour, whose card it names. An account answers a request once.")
  static final class Answer extends AdminTask {
    @Option(names = "--grant", required = true, paramLabel = "N", description = "the request's number")
    private long grant;

    /** One of the two. */
    static final class YesOrNo {
      @Option(names = "--yes", required = true, description = "the need is as the neighbour says")
      private boolean yes;

      @Option(
          names = "--no",
          required = true,
          description = "leaves it to ordinary handling; nobody learns whose it is")
      private boolean no;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private YesOrNo answer = new YesOrNo();

    @Option(
        names = "--neither-family-nor-partner",
        description = "the neighbour declares to be neither of the applicant's; without it no answer is taken")
    private boolean declared;

    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("grant", grant);
      members.put("answer", answer.yes && !answer.no ? "yes" : "no");
      members.put("neitherFamilyNorPartner", declared);
      return client.post(path + "/votes", members, null);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answered) {
      table.offers(lang.known()).answered(answered);
    }
  }

  /** Lists. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the requests of a card's account, the newest first, and whether it has no fast track.")
  static final class Show extends AdminTask {
    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      return client.get(path + "/grants");
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.offers(lang.known()).grants(AdminTable.map(answer, "grants"));
    }
  }

  /** Takes one back. */
  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Takes an open request back, for the holder who made it.")
  static final class Withdraw extends AdminTask {
    @Option(names = "--grant", required = true, paramLabel = "N", description = "its number, as list says")
    private long number;

    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      return client.delete(path + "/grants/" + number);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.offers(lang.known()).requests(List.of(AdminTable.map(answer, "grant")));
    }
  }

  /** No fast track. */
  @Command(
      name = "bar",
      mixinStandardHelpOptions = true,
      description = "Leaves an account without the fast track for as long as the policy says: 5 years after a "
          + "conviction, 2 after misuse. Ordinary handling stays open. --lift ends a bar that was wrong or has been "
          + "set aside.")
  static final class Bar extends AdminTask {
    @Option(names = "--reason", required = true, paramLabel = "WORD", description = "conviction or misuse")
    private String reason = "";

    @Option(names = "--day", paramLabel = "DAY", description = "of the conviction, or on which misuse was found")
    private @Nullable String day;

    @Option(names = "--lift", description = "ends the bar for this reason")
    private boolean lift;

    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      lang.language();
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("reason", reason);
      if (day != null) {
        members.put("day", day);
      }
      members.put("lift", lift);
      return client.post(path + "/grant-bar", members, null);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.offers(lang.known()).grants(AdminTable.map(answer, "grants"));
    }
  }
}
