package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.app.AdminAsker.Answer;
import se.valfardskort.authorizer.app.PilotScript.Act;
import se.valfardskort.authorizer.app.PilotScript.Row;
import se.valfardskort.authorizer.app.PilotScript.Step;

/**
 * Plays the pilot month of {@code config/pilot-month/story.yaml}, and throws an {@link AssertionError} where the
 * authorizer does otherwise than the story says. After each step its books are those of the story's own sums, to the
 * ore.
 */
final class PilotMonth implements AutoCloseable {
  static final int CARDS = 5_000;

  private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final Pattern DRAWN = Pattern.compile("(\\d+) of (\\d+) purchases are drawn");
  private static final int TICKS_TO_WAIT = 40;
  private static final long BETWEEN_LOOKS_MS = 500;
  private static final int EVENING = 18;

  private final PilotScript script;
  private final PilotTown town;
  private final PilotBooks books = new PilotBooks();
  private final PilotPlace place;
  private final PilotTill till;
  private final PilotNarrator narrator;
  private final long seed;
  private final Map<String, String> granted = new LinkedHashMap<>();

  /**
   * A play that has not begun.
   *
   * @param script as read
   * @param folder of its own, empty
   * @param cards about so many, in the story's proportions
   * @param seed of the small purchases
   */
  PilotMonth(PilotScript script, Path folder, int cards, long seed, String language, PrintStream out)
      throws IOException {
    this.script = script;
    this.seed = seed;
    town = new PilotTown(script, cards);
    place = new PilotPlace(folder, cards + cards / 10 + 100);
    till = new PilotTill(place, town, books);
    narrator = new PilotNarrator(language, out);
  }

  void play() throws Exception {
    narrator.begin(town.cards(), seed);
    for (Step step : script.steps()) {
      place.setClock(LocalDateTime.parse(step.at(), MOMENT));
      narrator.step(step);
      for (Act act : step.acts()) {
        try {
          play(act);
        } catch (AssertionError different) {
          throw new AssertionError(step.at() + ", " + act.kind() + ": " + different.getMessage(), different);
        }
      }
      narrator.books(compareBooks(step.at()), books);
    }
    narrator.end();
  }

  private void play(Act act) throws Exception {
    switch (act.kind()) {
      case "open" -> open();
      case "load" -> load(act);
      case "purchases" -> act.rows().forEach(row -> narrator.purchase(row, till.buy(row)));
      case "complete" -> till.complete(act.word("purchase"), act.minor("amount"));
      case "refund" -> till.refund(act.word("purchase"), act.minor("amount"), act.word("to"));
      case "repeat" -> narrator.line("same-answer", till.repeat(act.word("purchase")));
      case "visits" -> visits(act);
      case "approve" -> approve(act);
      case "status" -> accepted(place.asker().post(path(act.word("who")) + "/status", act.word("body")));
      case "earmark" -> grantEarmark(act);
      case "ended" -> awaitEnd(act);
      case "crowd" -> crowd(act);
      case "restart" -> restart(act.word("value"));
      case "balances" -> act.rows().forEach(this::compareBalances);
      default -> throw new IllegalArgumentException("nobody knows how to play '" + act.kind() + "'");
    }
  }

  /** Three starts, since a plan of cards is that of one programme. */
  private void open() throws Exception {
    int opened = 0;
    for (Row programme : town.programmes()) {
      opened += town.cardsOf(programme);
      place.writeCards(
          town.plan(programme, town.ordinaryUpTo(programme), script.amountMinor("pool-per-card"),
              script.amountMinor("backing-per-card"), Map.of()));
      place.stop();
      place.start();
      String ready = place.readyLine();
      expect(ready.contains(" cards=" + opened + " "), "cards are opened: " + ready);
      books.payIn(
          programme.get("name"), town.cardsOf(programme) * script.amountMinor("pool-per-card"),
          town.cardsOf(programme) * script.amountMinor("backing-per-card"));
    }
    expect(opened == town.cards(), opened + " cards");
    till.open();
  }

  private void load(Act act) throws IOException {
    for (Row programme : town.programmes()) {
      String name = programme.get("name");
      List<PilotTown.Load> loads = town.loads(programme, act);
      Path list = place.file(name + "-" + act.word("period") + ".csv");
      Files.write(list, PilotTown.csv(loads));

      Map<?, ?> first = place.load(list, name, act.word("period")).expectOk().json();
      expect(Long.valueOf(loads.size()).equals(first.get("loaded")), name + " was loaded so: " + first);
      Map<?, ?> again = place.load(list, name, act.word("period")).expectOk().json();
      expect(Long.valueOf(0).equals(again.get("loaded")), name + " was loaded twice: " + again);

      loads.forEach(load -> books.load(name, load.card(), load.cashMinor(), load.hjartanMinor()));
      long total = loads.stream().mapToLong(PilotTown.Load::cashMinor).sum();
      narrator.load(programme, loads.size(), total, loads.stream().mapToLong(PilotTown.Load::hjartanMinor).sum());
      expect(
          Long.valueOf(books.pool(name)).equals(again.get("poolMinor")),
          "the pool of " + name + " is " + again.get("poolMinor") + ", the story's own sum " + books.pool(name));
    }
  }

  private void approve(Act act) throws Exception {
    String key = "Idempotency-Key: pilot-approval-" + act.word("who");
    Answer first = accepted(place.asker().post(path(act.word("who")) + "/approvals", act.word("body"), key));
    Answer again = accepted(place.asker().post(path(act.word("who")) + "/approvals", act.word("body"), key));
    expect(first.status() == 201 && again.status() == 200, "granted once: " + first.status() + " " + again.status());
    narrator.line("approved", act.word("body"));
  }

  private static Answer accepted(Answer answer) {
    expect(answer.status() < 300, answer.status() + " " + answer.body());
    return answer;
  }

  private String path(String who) throws Exception {
    return place.asker().card(town.card(who));
  }

  /**
   * The one place where an earmark is granted: a caseworker enters it in the plan, from which the next start grants it,
   * once. Neighbours' votes are not commands of the authorizer yet; when they are, they are given here.
   */
  private void grantEarmark(Act act) throws Exception {
    String who = act.word("who");
    granted.merge(who, PilotTown.earmark(act), (one, more) -> one + more);
    Row programme = town.programmeOf(who);
    Map<String, String> ofIt = new LinkedHashMap<>(granted);
    ofIt.keySet().removeIf(each -> !town.programmeOf(each).equals(programme));
    place.writeCards(town.plan(programme, town.ordinary(), 0, 0, ofIt));
    till.close();
    place.stop();
    place.start();
    till.open();
    books.grant(programme.get("name"), town.card(who), act.minor("amount"));
    narrator.line("granted", who + " " + Kronor.of(act.minor("amount")));
  }

  private void visits(Act act) throws IOException {
    for (String kind : List.of("paid", "declined")) {
      for (String day : act.word(kind).split(" ", -1)) {
        if (day.isEmpty()) {
          continue;
        }
        LocalDateTime evening = LocalDateTime.parse(day + " 18:30", MOMENT);
        if (evening.isAfter(place.now())) {
          place.setClock(evening);
        }
        expect(place.now().getHour() >= EVENING, "a visit in the evening of " + day + ", now is " + place.now());
        Map<String, String> words = new LinkedHashMap<>(act.words());
        words.put("kronor", act.word("amount"));
        words.put("how", "buys");
        words.put("answer", kind.equals("paid") ? "00" : "65 R274");
        words.put("paid by", kind.equals("paid") ? "earmark " + act.word("amount") : "-");
        words.put("what", day);
        Row row = new Row(words);
        narrator.purchase(row, till.buy(row));
      }
    }
  }

  /** A tick ends what is over; it comes within a second or so. */
  private void awaitEnd(Act act) {
    long card = town.card(act.word("who"));
    expect(books.of(card).earmark == act.minor("left"), "the story has " + books.of(card).earmark + " left");
    books.grant(town.programmeOf(act.word("who")).get("name"), card, -act.minor("left"));
    for (int looks = 0; looks < TICKS_TO_WAIT; looks++) {
      if (replay(0).get("booksMinor") instanceof Map<?, ?> theirs && books.differences(theirs).isEmpty()) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_LOOKS_MS));
    }
  }

  private void crowd(Act act) throws IOException {
    long before = sequence(replay(0));
    till.crowd(List.of(act.word("programmes").split(" ", -1)), act.number("purchases"), seed);
    long after = sequence(replay(0));
    String sample =
        place.command("journal", "sample", "--from", Long.toString(before + 1), "--to", Long.toString(after))
            .expectOk().out();
    Matcher found = DRAWN.matcher(sample);
    expect(found.find(), sample);
    int drawn = Integer.parseInt(found.group(1));
    expect(Integer.parseInt(found.group(2)) == act.number("purchases"), found.group());
    expect(
        drawn >= act.number("at-least") && drawn <= act.number("at-most"),
        drawn + " are drawn, seed " + seed + "; the bounds are " + act.word("at-least") + " and "
            + act.word("at-most"));
    narrator.crowd(act, drawn);
  }

  private void restart(String how) throws Exception {
    compareBooks("before the restart");
    Map<?, ?> before = replay(0);
    till.close();
    switch (how) {
      case "stop" -> {
        place.stop();
        place.start();
      }
      case "crash" -> place.startAfterCrash();
      case "journal-alone" -> place.startFromJournalAlone();
      default -> throw new IllegalArgumentException("nobody knows how to restart by '" + how + "'");
    }
    till.open();
    Map<?, ?> after = replay(sequence(before));
    expect(before.equals(after), "the state before was " + before + " and is " + after);
    compareBooks("after the restart");
    narrator.line("same-state", String.valueOf(before.get("stateHash")));
  }

  private static long sequence(Map<?, ?> replayed) {
    return Long.parseLong(String.valueOf(replayed.get("sequence")));
  }

  private Map<?, ?> replay(long to) {
    return place.replay(to);
  }

  /** The authorizer's books, which are the story's, and sum to 0. */
  private Map<?, ?> compareBooks(String when) {
    Map<?, ?> replayed = replay(0);
    Map<?, ?> theirs = replayed.get("booksMinor") instanceof Map<?, ?> map ? map : Map.of();
    List<String> differences = books.differences(theirs);
    expect(differences.isEmpty(), when + ": " + differences);
    long kronor = 0;
    long hjartan = 0;
    for (Map.Entry<?, ?> account : theirs.entrySet()) {
      long balance = Long.parseLong(String.valueOf(account.getValue()));
      if (String.valueOf(account.getKey()).contains("HJARTAN")) {
        hjartan += balance;
      } else {
        kronor += balance;
      }
    }
    expect(kronor == 0 && hjartan == 0, when + ": the books sum to " + kronor + " and " + hjartan);
    return replayed;
  }

  /** What the story says by hand, what its sums say, and what the authorizer says of a card. */
  private void compareBalances(Row row) {
    long card = town.card(row.get("who"));
    PilotBooks.Purses purses = books.of(card);
    List<Long> byHand =
        List.of(
            PilotScript.minor(row.get("cash")), PilotScript.minor(row.get("hjartan")),
            PilotScript.minor(row.get("earmark")));
    List<Long> summed = List.of(purses.cash, purses.hjartan, purses.earmark);
    expect(byHand.equals(summed), row.get("who") + " has by hand " + byHand + ", by the sums " + summed);
    try {
      Map<?, ?> shown = accepted(place.asker().get(path(row.get("who")))).map("card");
      List<Object> theirs = new ArrayList<>();
      theirs.add(shown.get("cashAvailableMinor"));
      theirs.add(shown.get("hjartanAvailableMinor"));
      expect(byHand.subList(0, 2).equals(theirs), row.get("who") + " has by hand " + byHand + ", is shown " + theirs);
    } catch (Exception failed) {
      throw new AssertionError(failed.toString(), failed);
    }
  }

  static void expect(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  @Override
  public void close() throws IOException {
    till.close();
    place.close();
  }
}
