package se.valfardskort.authorizer.app;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.LoadRules;
import se.valfardskort.authorizer.domain.Programme;

/** {@code load run}: loads a whole programme. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Loads the cards of a list for one month. The list is read and worked out whole before anything is sent; its"
          + " total is set aside in one step, or the run is refused with what is missing; then each card is loaded,"
          + " once a month whatever is retried. After an interruption or a crash the same command goes on where it"
          + " was.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run load run list.csv --programme botkyrka --period 2612                 shows the totals and asks",
      "  ./run load run list.csv --period 2612 --yes --statements /secure/2612.csv  for a timer; with statements"
    })
final class LoadRunCommand extends LoadTask {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final int CENTURY = 2_000;
  private static final int MONTHS_BACK = 1;
  private static final int MONTHS_AHEAD = 2;
  private static final int TOKEN_DIGITS = 64;
  private static final int REFUSED_SHOWN = 100;

  @Parameters(paramLabel = "FILE", description = "the list; config/demo/loads/example.csv is one")
  private Path file = Path.of("");

  @Option(names = "--period", required = true, paramLabel = "YYMM", description = "the month: 2612 for December 2026")
  private String period = "";

  @Option(
      names = "--any-period",
      description = "also a month that is not the last, this or the next two: a month that is loaded by mistake closes "
          + "the months before it")
  private boolean anyPeriod;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(
      names = "--statements",
      paramLabel = "FILE",
      description = "write each card's components there, for its owner alone; card numbers are masked")
  private @Nullable Path statements;

  @Override
  int run(ConfigurationFolder.Loaded loaded, Programme whose, AdminClient client) throws StartFailure, IOException {
    requirePeriod();
    LoadRules rules = loaded.loads().get(whose.name());
    if (rules == null) {
      throw new StartFailure(
          ExitCode.USAGE,
          "programme '" + whose.name() + "' has no figures in " + place().config().resolve("loads")
              + "; write them, or name one of " + loaded.loads().keySet() + " with --programme");
    }
    LoadList list = read(rules);
    List<LoadRun.Card> cards = cards(list, loaded);
    if (!list.mistakes().isEmpty()) {
      return fail(
          ExitCode.DATA_ERROR,
          String.join(System.lineSeparator(), list.mistakes()) + System.lineSeparator() + "nothing was loaded");
    }
    LoadTotals totals = LoadTotals.of(list.entries());
    if (!isJson()) {
      totals.print(spec().commandLine().getOut(), whose.name());
      spec().commandLine().getOut().flush();
    }
    if (!yes && !confirmed(cards.size())) {
      return fail(ExitCode.OK, "nothing was loaded");
    }
    return load(new LoadRun(client, whose.id(), period, cards), totals, cards);
  }

  private void requirePeriod() throws StartFailure {
    if (!period.matches("[0-9]{2}(0[1-9]|1[0-2])")) {
      throw new StartFailure(ExitCode.USAGE, "--period is no month; write year and month: 2612 for December 2026");
    }
    YearMonth month =
        YearMonth.of(CENTURY + Integer.parseInt(period.substring(0, 2)), Integer.parseInt(period.substring(2)));
    long ahead = YearMonth.now(STOCKHOLM).until(month, ChronoUnit.MONTHS);
    if (!anyPeriod && (ahead < -MONTHS_BACK || ahead > MONTHS_AHEAD)) {
      throw new StartFailure(
          ExitCode.USAGE,
          "--period " + period + " is " + month + ", which is not the last month, this one or the next two; if it is"
              + " meant, add --any-period");
    }
  }

  private LoadList read(LoadRules rules) throws StartFailure {
    try {
      return LoadList.read(file, rules);
    } catch (NoSuchFileException absent) {
      throw new StartFailure(ExitCode.NO_INPUT, "there is no list " + file + "; name a CSV file", absent);
    } catch (IOException unreadable) {
      throw new StartFailure(ExitCode.IO_ERROR, file + " cannot be read: " + unreadable, unreadable);
    }
  }

  /** Card numbers become panTokens here and go nowhere; what cannot is noted with the list as a mistake. */
  private static List<LoadRun.Card> cards(LoadList list, ConfigurationFolder.Loaded loaded) {
    CardTokens tokens = new CardTokens(loaded.settings().panTokenKey());
    CardPlan plan = loaded.cards();
    List<LoadRun.Card> cards = new ArrayList<>(list.entries().size());
    Map<String, Long> lines = HashMap.newHashMap(list.entries().size());
    for (LoadList.Entry entry : list.entries()) {
      LoadRun.Card card = card(entry, plan == null ? "" : plan.bin(), tokens);
      if (card == null) {
        list.mistake(
            entry.line(),
            "nine digits name no card here, since cards.yaml, which names the BIN, is missing",
            "write the whole card number, or its panToken");
        continue;
      }
      Long earlier = lines.putIfAbsent(card.panToken(), entry.line());
      if (earlier != null) {
        list.mistake(entry.line(), "this card is in line " + earlier + " already", "keep one: once a month a card");
      }
      cards.add(card);
    }
    return cards;
  }

  /** Null: its BIN is not known. */
  private static LoadRun.@Nullable Card card(LoadList.Entry entry, String bin, CardTokens tokens) {
    String text = entry.card();
    if (text.length() == TOKEN_DIGITS) {
      return new LoadRun.Card(text, entry.shown(), entry);
    }
    if (text.length() == CardPlan.NUMBER_DIGITS && bin.isEmpty()) {
      return null;
    }
    String pan = text.length() == CardPlan.NUMBER_DIGITS ? CardPlan.pan(bin, Long.parseLong(text)) : text;
    String token = HexFormat.of().formatHex(tokens.token(pan.getBytes(StandardCharsets.US_ASCII)));
    return new LoadRun.Card(token, LoadList.shownOf(pan), entry);
  }

  // Of the JVM's interface, null is still a possible answer.
  @SuppressWarnings("SystemConsoleNull")
  private static @Nullable Console terminal() {
    Console console = System.console();
    return console != null && console.isTerminal() ? console : null;
  }

  private boolean confirmed(int number) throws StartFailure {
    Console console = terminal();
    if (console == null) {
      throw new StartFailure(
          ExitCode.USAGE, "there is no terminal on which to ask; look at the totals, then add --yes");
    }
    String answer = console.readLine("load %d cards for %s? (yes/no) ", number, period);
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).equals("yes");
  }

  private int load(LoadRun run, LoadTotals totals, List<LoadRun.Card> cards) throws StartFailure {
    final long startNs = System.nanoTime();
    Map<?, ?> opened = run.open(totals);
    List<String> results = List.of();
    Map<?, ?> last = opened;
    if (!"closed".equals(opened.get("state"))) {
      try {
        results =
            run.sendAll(new LoadProgress(spec().commandLine().getErr(), cards.size(), !isJson() && terminal() != null));
        last = run.close();
      } catch (StartFailure failure) {
        throw new StartFailure(
            failure.exitCode(),
            failure.getMessage() + System.lineSeparator() + "the run is open: the same command again goes on with it,"
                + " and loads nobody twice",
            failure);
      }
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    Map<String, List<LoadRun.Card>> refused = refused(cards, results);
    if (isJson()) {
      PrintWriter out = spec().commandLine().getOut();
      out.println(JsonObject.of(fields(run, totals, results, refused, last, tookMs)));
      out.flush();
    } else {
      print(run, results, refused, last, tookMs);
    }
    if (statements != null && !results.isEmpty()) {
      writeStatements(statements, cards, results);
    }
    return refused.isEmpty() ? ExitCode.OK : ExitCode.DATA_ERROR;
  }

  private static void writeStatements(Path to, List<LoadRun.Card> cards, List<String> results) throws StartFailure {
    try {
      LoadStatements.write(to, cards, results);
    } catch (IOException failed) {
      throw new StartFailure(
          ExitCode.CANNOT_CREATE,
          "the loads are done, but the statements could not be written to " + to + " (" + failed
              + "); the journal has them: ./run journal dump",
          failed);
    }
  }

  private static Map<String, List<LoadRun.Card>> refused(List<LoadRun.Card> cards, List<String> results) {
    Map<String, List<LoadRun.Card>> refused = new TreeMap<>();
    for (int i = 0; i < results.size(); i++) {
      String result = results.get(i);
      if (!result.equals(LoadRun.LOADED) && !result.equals(LoadRun.BEFORE)) {
        refused.computeIfAbsent(result, word -> new ArrayList<>()).add(cards.get(i));
      }
    }
    return refused;
  }

  private void print(LoadRun run, List<String> results, Map<String, List<LoadRun.Card>> refused, Map<?, ?> last,
      long tookMs) {
    PrintWriter out = spec().commandLine().getOut();
    if (results.isEmpty()) {
      out.println("this list was loaded before: run " + run.runKey() + " is closed, and nothing was sent");
    } else {
      out.println("loaded now      " + count(results, LoadRun.LOADED));
      out.println("loaded before   " + count(results, LoadRun.BEFORE) + "  (this period was on the account already)");
      out.println(String.format(Locale.ROOT, "took            %.1f s", tookMs / 1e3));
      out.println("refused         " + refused.values().stream().mapToInt(List::size).sum());
      refused.forEach((word, cards) -> {
        out.println("  " + word.replace('-', ' ') + ": " + mend(word));
        cards.stream().limit(REFUSED_SHOWN)
            .forEach(card -> out.println("    " + file + ":" + card.entry().line() + "  " + card.masked()));
        if (cards.size() > REFUSED_SHOWN) {
          out.println("    and " + (cards.size() - REFUSED_SHOWN) + " more");
        }
      });
    }
    LoadTotals.line(out, "left in the pool", number(last, "poolMinor"));
    LoadTotals.line(out, "backing that nothing stands against", number(last, "backingMinor"));
    out.flush();
  }

  /** How to mend a refusal, by its name. */
  private static String mend(String word) {
    try {
      return CommandRefusal.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')).mend;
    } catch (IllegalArgumentException newer) {
      return "see what the authorizer's release says of it";
    }
  }

  private static long count(List<String> results, String word) {
    return results.stream().filter(word::equals).count();
  }

  private Map<String, Object> fields(
      LoadRun run, LoadTotals totals, List<String> results, Map<String, List<LoadRun.Card>> refused,
      Map<?, ?> last, long tookMs) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runKey", run.runKey());
    fields.put("period", period);
    fields.putAll(totals.fields());
    fields.put("closedBefore", results.isEmpty());
    fields.put("loaded", count(results, LoadRun.LOADED));
    fields.put("loadedBefore", count(results, LoadRun.BEFORE));
    List<Object> all = new ArrayList<>();
    refused.forEach((word, cards) -> {
      for (LoadRun.Card card : cards) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("line", card.entry().line());
        one.put("card", card.masked());
        one.put("reason", word);
        all.add(one);
      }
    });
    fields.put("refused", all);
    fields.put("tookMs", tookMs);
    fields.put("poolMinor", number(last, "poolMinor"));
    fields.put("backingMinor", number(last, "backingMinor"));
    return fields;
  }
}
