package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What cards did, as tables for people. */
final class HistoryTable {
  private static final String LINE = "%-10s %-16s %-34s %-24s %14s  %s%n";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.of("Europe/Stockholm"));

  private HistoryTable() {}

  /** A line each, newest first. */
  static void lines(PrintWriter out, Map<?, ?> answer, String name, LanguageOption lang) {
    String language = lang.known();
    List<Map<?, ?>> lines = AdminTable.maps(answer, name);
    if (lines.isEmpty()) {
      out.println("nothing from sequence " + answer.get("from") + " on");
    } else {
      out.printf(Locale.ROOT, LINE, "sequence", "time", "what", "category", "kr", "decided");
    }
    for (Map<?, ?> line : lines) {
      out.printf(
          Locale.ROOT, LINE, line.get("sequence"), TIME.format(Instant.parse(String.valueOf(line.get("time")))),
          ExplanationText.word(line, language, "what"), categoryOf(line),
          line.get("amountMinor") instanceof Number minor ? Kronor.of(minor.longValue()) : "", endOf(line, language));
    }
    if (Boolean.FALSE.equals(answer.get("whole"))) {
      out.println("What is before sequence " + answer.get("from") + " was not looked at yet: ask again.");
    }
    out.println("This look is sequence " + answer.get("sequence") + " of the journal.");
  }

  private static String categoryOf(Map<?, ?> line) {
    Object category = line.get("category");
    Object mcc = line.get("mcc");
    return mcc == null ? "" : category == null ? "MCC " + mcc : category + " " + mcc;
  }

  /** A decline says why; a person's act says who and for what. */
  private static String endOf(Map<?, ?> line, String language) {
    String checked = ExplanationText.word(line, language, "checked");
    if (!checked.isEmpty()) {
      return "DE 39 = " + line.get("responseCode") + ": " + checked;
    }
    Object detail = line.get("detail");
    Object author = line.get("author");
    return ExplanationText.word(line, language, "decided") + (detail == null ? "" : " " + detail)
        + (author == null ? "" : " (" + author + ")");
  }

  /** The cards of a retrieval reference number. */
  static void found(PrintWriter out, Map<?, ?> answer) {
    Set<String> cards = new LinkedHashSet<>();
    for (Map<?, ?> each : AdminTable.maps(answer, "explanations")) {
      Object status = each.get("cardStatus");
      cards.add(
          status == null
              ? "none of our cards (sequence " + each.get("sequence") + ")"
              : "card " + each.get("card") + "  " + status + "  account " + each.get("account") + ", panToken begins "
                  + each.get("panTokenBegins"));
    }
    cards.forEach(out::println);
    out.println("This look is sequence " + answer.get("sequence") + " of the journal.");
  }
}
