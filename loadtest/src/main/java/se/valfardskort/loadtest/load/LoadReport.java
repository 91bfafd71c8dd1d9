package se.valfardskort.loadtest.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run came to, for people and for programs. Immutable once made; latencies in microseconds from the moment at
 * which each message was due.
 */
final class LoadReport {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

  private final LoadSettings settings;
  private final Histogram latency;
  private final Histogram lag;
  private final Map<String, Long> codes;
  private final long sent;
  private final long answered;
  private final long unsent;
  private final long unasked;
  private final long lostLinks;
  private final long late;
  private final String firstLoss;

  LoadReport(LoadSettings settings, LoadRun run) {
    this.settings = settings;
    this.latency = run.takeMeasured();
    this.lag = run.takeLag();
    this.codes = codesOf(run.takeCodes());
    this.sent = run.sent.get();
    this.answered = run.answered.get();
    this.unsent = run.unsent.get();
    this.unasked = run.unasked.get();
    this.lostLinks = run.lostLinks.get();
    this.late = run.late.get();
    this.firstLoss = run.firstLoss();
  }

  Histogram latency() {
    return latency;
  }

  /** Whether every message was sent and answered. */
  boolean isComplete() {
    return unsent == 0 && sent == answered && lostLinks == 0 && unasked == 0;
  }

  /** Whether the generator kept its schedule well enough for the figures to be the server's. */
  boolean isValid() {
    return late * 100 <= (long) settings.rate() * settings.seconds();
  }

  void print(PrintStream out) {
    out.println();
    out.println(settings.endpoint().address() + " " + settings.endpoint().dialect().name() + (settings.echo()
        ? " (echo)" : "") + ", " + settings.connections() + " connections, " + settings.rate() + "/s for "
        + settings.seconds() + " s after " + settings.warmupSeconds() + " s of warm-up, open loop, "
        + settings.cards() + " cards, seed " + settings.seed());
    out.println("  sent " + sent + ", answered " + answered + ", unanswered " + (sent - answered) + ", not sent "
        + unsent + ", answers to nothing " + unasked + ", connections lost " + lostLinks
        + (firstLoss.isEmpty() ? "" : " (" + firstLoss + ")"));
    out.println("  latency, microseconds from the scheduled time:");
    out.println("    " + percentiles(latency));
    out.println("  sender lag, microseconds behind the schedule (part of the latency above):");
    out.println("    " + percentiles(lag));
    StringBuilder answers = new StringBuilder("  response codes:");
    codes.forEach((code, count) -> answers.append("  ").append(code).append(" x ").append(count));
    out.println(answers);
    if (codes.containsKey("14")) {
      out.println("  14 is a card that the server does not have: give --cards as many as it was started with.");
    }
    if (codes.containsKey("91")) {
      out.println("  91 is a request that waited too long or found no room: the server could not keep up.");
    }
    if (!isComplete()) {
      out.println("  INCOMPLETE: not every message was sent and answered; look at the server's output.");
    }
    if (!isValid()) {
      out.println("  INVALID: " + late + " messages left more than " + settings.maximumLagMs() + " ms after their time,"
          + " so this measures the generator; lower --rate, or give it a core of its own.");
    }
  }

  /** The same for a program. */
  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("address", settings.endpoint().address());
    all.put("dialect", settings.endpoint().dialect().name());
    all.put("echo", settings.echo());
    all.put("rate", settings.rate());
    all.put("seconds", settings.seconds());
    all.put("warmupSeconds", settings.warmupSeconds());
    all.put("connections", settings.connections());
    all.put("cards", settings.cards());
    all.put("seed", settings.seed());
    all.put("sent", sent);
    all.put("answered", answered);
    all.put("unanswered", sent - answered);
    all.put("unsent", unsent);
    all.put("unasked", unasked);
    all.put("lostLinks", lostLinks);
    all.put("lateMessages", late);
    all.put("complete", isComplete());
    all.put("valid", isValid());
    all.put("latencyMicros", micros(latency));
    all.put("lagMicros", micros(lag));
    all.put("responseCodes", codes);
    return all;
  }

  /** The figures of a second on one line. */
  static String progress(long second, long sentNow, long answeredNow, long unanswered, Histogram recent,
      long notApproved, long lost) {
    return String.format(Locale.ROOT, "%4d s  sent %d/s  answered %d/s  in flight %d  p50 %.3f ms  p99 %.3f ms  max"
            + " %.3f ms  not approved %d%s", second, sentNow, answeredNow, unanswered, millis(recent, 50),
        millis(recent, 99), millis(recent, 100), notApproved, lost == 0 ? "" : "  connections lost " + lost);
  }

  private static double millis(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / 1e6;
  }

  private static Map<String, Object> micros(Histogram histogram) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (double percentile : PERCENTILES) {
      all.put(name(percentile), histogram.getValueAtPercentile(percentile) / 1000);
    }
    all.put("max", histogram.getMaxValue() / 1000);
    return all;
  }

  private static String percentiles(Histogram histogram) {
    List<String> words = new ArrayList<>();
    micros(histogram).forEach((name, value) -> words.add(name + " " + value));
    return String.join("  ", words);
  }

  private static String name(double percentile) {
    return percentile == Math.rint(percentile) ? "p" + (int) percentile : "p" + percentile;
  }

  private static Map<String, Long> codesOf(long[] counts) {
    Map<String, Long> named = new LinkedHashMap<>();
    for (int code = 0; code < counts.length; code++) {
      if (counts[code] > 0) {
        String text = "" + (char) (code >> 8) + (char) (code & 0xFF);
        named.put(text.equals("--") ? "none" : text, counts[code]);
      }
    }
    return named;
  }
}
