package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.CommandKeys;

/** {@code card}: looks a card up, freezes it, closes it, takes a report of its loss. */
@Command(
    name = "card",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at and changes one card of a running authorizer, over its admin port. Each command is journaled with the "
          + "name of the key that gave it, a look too, and is answered when it is on disk.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run card find --pan -                                       asks for the card's number",
      "  ./run card show --demo --number 900000012                     a card of the demonstration",
      "  ./run card find --rrn 632600000017                            which card a receipt is of",
      "  ./run card history --pan - --last 20 --lang en                what it did, and why not",
      "  ./run card freeze --pan - --reason suspected-misuse --review-on 2026-12-31",
      "  ./run card unfreeze --pan - --reason reviewed",
      "  ./run card lost --pan -"
    },
    subcommands = {
      CardCommand.Find.class,
      CardCommand.Show.class,
      CardCommand.History.class,
      CardCommand.Freeze.class,
      CardCommand.Unfreeze.class,
      CardCommand.Close.class,
      CardCommand.Lost.class,
      CardCommand.Stolen.class
    })
final class CardCommand implements Runnable {
  private static final String REASONS =
      "one of: holder-asked, suspected-misuse, reported-lost, reported-stolen, reviewed, programme-left, replaced, "
          + "mistake, other";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: find, show, history, freeze, unfreeze, close, lost or stolen");
  }

  /** Is there such a card? */
  @Command(
      name = "find",
      mixinStandardHelpOptions = true,
      description = "Says in one line whether there is such a card, and its status; or which cards a retrieval "
          + "reference number (DE 37) is of.")
  static final class Find extends PortTask {
    @Mixin private CardOption cardOption = new CardOption();

    @Option(names = "--rrn", paramLabel = "RRN", description = "instead of a card: twelve letters and digits of DE 37")
    private @Nullable String rrn;

    @Override
    void run(AdminClient client, ConfigurationFolder.Loaded loaded) throws IOException, StartFailure {
      String number = rrn;
      if (number == null) {
        CardOption.Card card = cardOption.read(isDemo(), loaded);
        Map<?, ?> answer = client.get("/v1/cards/" + card.panToken());
        Map<Object, Object> all = new LinkedHashMap<>(Map.of("pan", card.masked()));
        all.putAll(answer);
        show(all, out -> new AdminTable(out, card.masked()).line(answer));
        return;
      }
      if (number.length() != CommandKeys.RRN_LENGTH) {
        throw new StartFailure(ExitCode.USAGE, "a retrieval reference number has twelve letters and digits");
      }
      Map<?, ?> answer = client.get("/v1/why/" + WhyCommand.checked(number));
      show(answer, out -> HistoryTable.found(out, answer));
    }
  }

  /** What it did. */
  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description = "Shows what a card did and what was done to it, newest first: category and amount, and of a "
          + "decline the reason in plain words. The shop is not shown: that takes the holder's consent.")
  static final class History extends AdminTask {
    @Option(
        names = "--last",
        paramLabel = "N",
        defaultValue = "50",
        description = "so many, at most 1000 (default: 50)")
    private int last = 50;

    @Option(names = "--looks", description = "instead: who has looked at the card, and at what of it")
    private boolean looks;

    @Mixin private LanguageOption lang = new LanguageOption();

    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      if (last < 1 || last > 1_000) {
        throw new StartFailure(ExitCode.USAGE, "--last takes 1 to 1000");
      }
      lang.language();
      return client.get(path + (looks ? "/looks/" : "/history/") + last);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.history(answer, looks ? "looks" : "history", lang);
    }
  }

  /** All that is known of it. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows a card, its account's purses, counters and approvals, and the newest of what it did.")
  static final class Show extends AdminTask {
    @Override
    Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      return client.get(path);
    }

    @Override
    void print(AdminTable table, Map<?, ?> answer) {
      table.card(answer);
    }
  }

  /** What changes a status. */
  abstract static class Change extends AdminTask {
    private final String act;

    Change(String act) {
      this.act = act;
    }

    abstract String reason();

    /** Day on which a freeze is reviewed; null: it is no freeze. */
    @Nullable String reviewOn() {
      return null;
    }

    @Override
    final Map<?, ?> ask(AdminClient client, String path) throws StartFailure {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("act", act);
      members.put("reason", reason());
      String review = reviewOn();
      if (review != null) {
        members.put("reviewOn", review);
      }
      return client.post(path + "/status", members, null);
    }

    @Override
    final void print(AdminTable table, Map<?, ?> answer) {
      table.line(answer);
    }
  }

  /** Stops new debits, and nothing else. */
  @Command(
      name = "freeze",
      mixinStandardHelpOptions = true,
      description = "Stops new purchases. Refunds, reversals and loads still post, and no money is taken away.")
  static final class Freeze extends Change {
    @Option(names = "--reason", required = true, paramLabel = "WORD", description = REASONS)
    private String reason = "";

    @Option(
        names = "--review-on",
        required = true,
        paramLabel = "DAY",
        description = "the day on which somebody looks at it again, at most 366 days ahead: 2026-12-31")
    private String reviewOn = "";

    Freeze() {
      super("freeze");
    }

    @Override
    String reason() {
      return reason;
    }

    @Override
    String reviewOn() {
      return reviewOn;
    }
  }

  /** Lifts a freeze. */
  @Command(
      name = "unfreeze",
      mixinStandardHelpOptions = true,
      description = "Lifts a freeze.")
  static final class Unfreeze extends Change {
    @Option(names = "--reason", defaultValue = "reviewed", paramLabel = "WORD", description = REASONS)
    private String reason = "";

    Unfreeze() {
      super("unfreeze");
    }

    @Override
    String reason() {
      return reason;
    }
  }

  /** For good. */
  @Command(
      name = "close",
      mixinStandardHelpOptions = true,
      description = "Closes a card for good. The account keeps its money.")
  static final class Close extends Change {
    @Option(names = "--reason", required = true, paramLabel = "WORD", description = REASONS)
    private String reason = "";

    Close() {
      super("close");
    }

    @Override
    String reason() {
      return reason;
    }
  }

  /** A holder's report. */
  @Command(
      name = "lost",
      mixinStandardHelpOptions = true,
      description = "Takes a report that a card is lost: it is never used again.")
  static final class Lost extends Change {
    Lost() {
      super("lost");
    }

    @Override
    String reason() {
      return "reported-lost";
    }
  }

  /** A holder's report. */
  @Command(
      name = "stolen",
      mixinStandardHelpOptions = true,
      description = "Takes a report that a card is stolen: it is never used again.")
  static final class Stolen extends Change {
    Stolen() {
      super("stolen");
    }

    @Override
    String reason() {
      return "reported-stolen";
    }
  }
}
