package se.valfardskort.authorizer.app;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.LoadStatement.Component;

/**
 * One run of loads, as its sender sees it: opened, its cards sent in batches, closed. Owned by one thread.
 *
 * <p>Every step may be repeated, in this process or in a later one: the run's key is made of what is loaded, and the
 * authorizer loads a period onto an account once. So whoever was interrupted begins again with the same list, and what
 * was done is only counted.
 */
final class LoadRun {
  /** Result of a card that was loaded now. */
  static final String LOADED = "loaded";

  /** Result of a card that had the period already. */
  static final String BEFORE = "period-already-loaded";

  private static final int BATCH = 500;
  private static final int TRIES = 5;
  private static final long BETWEEN_TRIES_MS = 400;
  private static final HexFormat HEX = HexFormat.of();

  private final AdminClient client;
  private final String path;
  private final String period;
  private final List<Card> cards;
  private final String runKey;

  /**
   * One card of the run. Immutable.
   *
   * @param panToken in hexadecimal digits
   * @param masked what may be shown of its number
   */
  record Card(String panToken, String masked, LoadList.Entry entry) {}

  /** @param period YYMM */
  LoadRun(AdminClient client, int programmeId, String period, List<Card> cards) {
    this.client = client;
    this.path = "/v1/programmes/" + programmeId;
    this.period = period;
    this.cards = List.copyOf(cards);
    this.runKey = HEX.toHexDigits(key(programmeId, period, cards));
  }

  /** The same for the same programme, period, cards, amounts and components, and for no other; not 0. */
  private static long key(int programmeId, String period, List<Card> cards) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
    update(digest, "load-run", programmeId, Long.parseLong(period), cards.size());
    for (Card card : cards) {
      var statement = card.entry.statement();
      update(digest, card.panToken, statement.cashMinor(), statement.hjartanMinor(), statement.components().size());
      for (Component component : statement.components()) {
        update(digest, component.kind() + " " + component.type(), component.amountMinor(), 0, 0);
      }
    }
    long key = ByteBuffer.wrap(digest.digest()).getLong();
    return key == 0 ? 1 : key;
  }

  private static void update(MessageDigest digest, String text, long... numbers) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(Integer.BYTES + bytes.length + numbers.length * Long.BYTES);
    all.putInt(bytes.length).put(bytes);
    Arrays.stream(numbers).forEach(all::putLong);
    digest.update(all.array());
  }

  /** In hexadecimal digits. */
  String runKey() {
    return runKey;
  }

  /**
   * Opens it, or finds it open.
   *
   * @return the port's answer, whose {@code state} is {@code closed} where this list was a run that is over
   * @throws StartFailure when it is refused whole, or nobody answers
   */
  Map<?, ?> open(LoadTotals totals) throws StartFailure {
    return client.post(
        path + "/load-runs",
        Map.of(
            "period", period, "runKey", runKey, "cards", totals.cards(), "cashMinor", totals.cashMinor(),
            "hjartanMinor", totals.hjartanMinor()),
        null);
  }

  /**
   * Sends all cards.
   *
   * @param progress is told how many are done, after each batch
   * @return a result for each card: {@link #LOADED}, {@link #BEFORE} or the name of a refusal
   * @throws StartFailure when nobody answers any more: the run is open, and the same may be sent again
   */
  List<String> sendAll(IntConsumer progress) throws StartFailure {
    List<String> results = new ArrayList<>(cards.size());
    while (results.size() < cards.size()) {
      int first = results.size();
      List<Card> batch = cards.subList(first, Math.min(cards.size(), first + BATCH));
      Object answered = send(batch).get("results");
      if (!(answered instanceof List<?> words) || words.size() != batch.size()) {
        throw new StartFailure(ExitCode.UNAVAILABLE, "the answer to a batch of loads is not one; see the server's log");
      }
      words.forEach(word -> results.add(String.valueOf(word)));
      progress.accept(results.size());
    }
    return results;
  }

  private Map<?, ?> send(List<Card> batch) throws StartFailure {
    String json = json(batch);
    for (int left = TRIES - 1; true; left--) {
      try {
        return client.postJson(path + "/load-runs/" + runKey + "/loads", json);
      } catch (StartFailure failure) {
        // Whoever is busy, or was cut off, may be asked the same again: nobody is loaded twice.
        if (failure.exitCode() != ExitCode.UNAVAILABLE || left == 0) {
          throw failure;
        }
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(BETWEEN_TRIES_MS));
      }
    }
  }

  /** By hand, since nothing in it needs to be escaped and there may be a million of them. */
  private String json(List<Card> batch) {
    StringBuilder json = new StringBuilder(batch.size() * 300).append("{\"period\":\"").append(period);
    json.append("\",\"loads\":[");
    String between = "";
    for (Card card : batch) {
      var statement = card.entry.statement();
      json.append(between).append("{\"panToken\":\"").append(card.panToken).append("\",\"cashMinor\":");
      json.append(statement.cashMinor()).append(",\"hjartanMinor\":").append(statement.hjartanMinor());
      json.append(",\"components\":[");
      String before = "";
      for (Component component : statement.components()) {
        json.append(before).append("{\"kind\":\"");
        json.append(component.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')).append('"');
        if (!component.type().isEmpty()) {
          json.append(",\"supplement\":\"").append(component.type()).append('"');
        }
        json.append(",\"amountMinor\":").append(component.amountMinor()).append('}');
        before = ",";
      }
      json.append("]}");
      between = ",";
    }
    return json.append("]}").toString();
  }

  /** Closes it; what is left goes back. */
  Map<?, ?> close() throws StartFailure {
    return close(client, path, runKey);
  }

  static Map<?, ?> close(AdminClient client, String path, @Nullable Object runKey) throws StartFailure {
    return client.post(path + "/load-runs/" + runKey + "/close", Map.of(), null);
  }
}
