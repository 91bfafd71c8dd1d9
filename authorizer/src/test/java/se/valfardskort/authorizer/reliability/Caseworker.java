package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.gateway.PanTokenizer;
import se.valfardskort.independent.model.CardTwin;

/**
 * A caseworker at the admin port: freezes cards of his own, lifts the freezes, and grants approvals, one after the
 * other, until the server is gone. What had no answer is asked again, the same to the letter; after each start each
 * card must be as he left it, with each approval once.
 *
 * <p>One thread works at a time; whoever reads afterwards has joined it.
 */
final class Caseworker {
  private static final int ACTS_A_CARD = 16;
  private static final int BETWEEN_ACTS_MS = 4;
  private static final int BETWEEN_TRIES_MS = 50;
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern STATUS = Pattern.compile("\"status\":\\s*\"(\\w+)\"");
  private static final Pattern REVIEW = Pattern.compile("\"reviewOn\":\\s*\"([0-9-]+)\"");
  private static final Pattern APPROVAL = Pattern.compile("\"amountMinor\":\\s*(\\d+),\\s*\"leftMinor\"");

  /** A card as he knows it; each approval is for an amount of its own. */
  private record Known(String status, String reviewOn, List<Long> approvals) {
    Known after(Act act) {
      if (act.amount == 0) {
        return new Known(act.status, act.reviewOn, approvals);
      }
      List<Long> more = new ArrayList<>(approvals);
      more.add(act.amount);
      return new Known(status, reviewOn, more.stream().sorted().toList());
    }
  }

  /** What he wants done: the same body and key in each try. */
  private record Act(String status, String reviewOn, long amount, String path, String body) {}

  private static final class Card {
    private final String path;
    private Known known = new Known("active", "", List.of());
    private @Nullable Act pending;
    private int acts;

    Card(String token) {
      path = "/v1/cards/" + token;
    }
  }

  private final Random random;
  private final Counts counts;
  private final Installation installation;
  private final List<Card> cards = new ArrayList<>();
  private int nextCard;
  private long nextAmount = 1_000_00;

  /** @param firstCard from which on no client buys anything */
  Caseworker(Installation installation, Random random, int firstCard, Counts counts) {
    this.installation = installation;
    this.random = random;
    this.counts = counts;
    this.nextCard = firstCard;
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(PATIENCE)
        .build();
  }

  /** Until the server's process has ended, or is going to. */
  void work(Host host) {
    while (!host.isClosing() && host.isAlive()) {
      try (HttpClient client = client()) {
        while (!host.isClosing()) {
          Card card = card();
          Act pending = card.pending;
          settle(card, pending == null ? next(card) : pending, host, client);
          host.endsWithin(BETWEEN_ACTS_MS);
        }
      } catch (IOException broken) {
        // What was asked last is in doubt, and asked again.
        host.endsWithin(BETWEEN_TRIES_MS);
      }
    }
  }

  private Card card() throws IOException {
    Card newest = cards.isEmpty() ? null : cards.getLast();
    if (newest == null || (newest.pending == null && newest.acts >= ACTS_A_CARD)) {
      newest = new Card(token(nextCard++));
      cards.add(newest);
    }
    return newest;
  }

  private String token(int number) throws IOException {
    byte[] digits = CardTwin.pan(number).getBytes(StandardCharsets.US_ASCII);
    byte[] token = new byte[PanTokenizer.TOKEN_LENGTH];
    String line = Files.readAllLines(installation.config().resolve("pan-token.key")).stream()
        .filter(each -> !each.isBlank() && !each.startsWith("#"))
        .findFirst()
        .orElseThrow();
    byte[] key = HexFormat.of().parseHex(line.strip().substring(line.strip().indexOf(' ') + 1));
    new PanTokenizer(key).tokenize(digits, 0, digits.length, token, 0);
    return HexFormat.of().formatHex(token);
  }

  private Act next(Card card) {
    card.acts++;
    if (random.nextInt(3) == 0) {
      long amount = nextAmount++;
      String body = """
          {"reason": "studies", "lastDay": "%s", "amountMinor": %d, "categories": ["education"]}"""
          .formatted(LocalDate.now(STOCKHOLM).plusYears(2), amount);
      return new Act("", "", amount, card.path + "/approvals", body);
    }
    boolean freezes = card.known.status.equals("active");
    String reviewOn = freezes ? LocalDate.now(STOCKHOLM).plusDays(10 + random.nextInt(300)).toString() : "";
    String body = freezes
        ? "{\"act\": \"freeze\", \"reason\": \"other\", \"reviewOn\": \"%s\"}".formatted(reviewOn)
        : "{\"act\": \"unfreeze\", \"reason\": \"other\"}";
    return new Act(freezes ? "frozen" : "active", reviewOn, 0, card.path + "/status", body);
  }

  /** Asks, and notes what is said. */
  private void settle(Card card, Act act, Host host, HttpClient client) throws IOException {
    boolean again = card.pending != null;
    card.pending = act;
    counts.count("caseworker's commands");
    HttpRequest.Builder request = request(host, act.path).POST(BodyPublishers.ofString(act.body));
    HttpResponse<String> response =
        send(client, act.amount == 0 ? request : request.header("Idempotency-Key", "kills-" + act.amount));
    boolean done = response.statusCode() == 201 || (response.statusCode() == 200 && act.amount == 0);
    boolean wasDone =
        (response.statusCode() == 200 && act.amount != 0)
            || (response.statusCode() == 409 && response.body().contains("card-status-same"));
    if (response.statusCode() == 503 || response.statusCode() == 504) {
      counts.count("told to try again");
      return;
    }
    if (!done && !(wasDone && again)) {
      counts.fail(wasDone ? "doubled" : "unexplained",
          act.path.replaceAll("[0-9a-f]{64}", "") + " " + act.body + " is answered " + response.statusCode() + " "
              + response.body());
    }
    if (again) {
      counts.count(wasDone ? "caseworker in doubt, had been done" : "caseworker in doubt, had not been done");
    }
    card.known = card.known.after(act);
    card.pending = null;
  }

  private HttpRequest.Builder request(Host host, String path) throws IOException {
    String key = Files.readString(installation.data().resolve("admin.key"), StandardCharsets.US_ASCII).strip();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.adminPort() + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /**
   * Every card that he knows, before and after what is in doubt is asked again.
   *
   * @param all cards that he ever had; else the newest
   */
  void audit(Host host, String when, boolean all) throws IOException {
    try (HttpClient client = client()) {
      for (Card card : all ? cards : cards.subList(Math.max(0, cards.size() - 2), cards.size())) {
        Act pending = card.pending;
        Known found = look(host, client, card);
        if (!found.equals(card.known) && (pending == null || !found.equals(card.known.after(pending)))) {
          counts.fail(kind(card.known, found), when + ": a card is " + found + ", not " + card.known
              + (pending == null ? "" : " before or after " + pending.body));
        }
        while (card.pending != null) {
          settle(card, pending == null ? next(card) : pending, host, client);
        }
        Known left = look(host, client, card);
        if (!left.equals(card.known)) {
          counts.fail(kind(card.known, left), when + ", after all repeats: a card is " + left + ", not " + card.known);
        }
        counts.count("caseworker's cards compared");
      }
    }
  }

  /** As if he had granted one approval more than he has: for a test of {@link #audit}. */
  void believeInAnotherApproval() {
    Card newest = cards.getLast();
    newest.known = newest.known.after(new Act("", "", Long.MAX_VALUE, newest.path, ""));
  }

  private static String kind(Known expected, Known found) {
    boolean each = new TreeSet<>(found.approvals).size() == found.approvals.size();
    return !each ? "doubled" : found.approvals.containsAll(expected.approvals) ? "unexplained" : "lost";
  }

  private Known look(Host host, HttpClient client, Card card) throws IOException {
    HttpResponse<String> response = send(client, request(host, card.path).GET());
    if (response.statusCode() != 200) {
      throw new IOException("a look at a card is answered " + response.statusCode() + " " + response.body());
    }
    List<Long> approvals = new ArrayList<>();
    for (Matcher approval = APPROVAL.matcher(response.body()); approval.find(); ) {
      approvals.add(Long.parseLong(approval.group(1)));
    }
    return new Known(
        first(STATUS, response.body()).toLowerCase(Locale.ROOT), first(REVIEW, response.body()),
        approvals.stream().sorted().toList());
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}
