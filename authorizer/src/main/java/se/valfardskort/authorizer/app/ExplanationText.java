package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explanation for people, from its members: those that the admin port sent, or those of one that was made here. Any
 * thread.
 */
final class ExplanationText {
  private static final String LEFT = "  %-44s %14s %14s %14s";

  private ExplanationText() {}

  /** What it was: a line. */
  static String head(Map<?, ?> explanation, String language) {
    StringBuilder line = new StringBuilder();
    line.append("Sequence ").append(explanation.get("sequence")).append(", ").append(explanation.get("time"));
    line.append(": ").append(word(explanation, language, "what"));
    if (explanation.get("amountMinor") instanceof Number amountMinor) {
      line.append(' ').append(Kronor.of(amountMinor.longValue()));
    }
    append(line, ", category ", explanation.get("category"));
    append(line, ", MCC ", explanation.get("mcc"));
    append(line, ", RRN ", explanation.get("rrn"));
    append(line, ", card ", explanation.get("card"));
    append(line, ", account ", explanation.get("account"));
    append(line, ", panToken begins ", explanation.get("panTokenBegins"));
    append(line, ", because ", explanation.get("detail"));
    append(line, ", by ", explanation.get("author"));
    return line.toString();
  }

  /** How it ended: a line. */
  static String verdict(Map<?, ?> explanation, String language) {
    Object code = explanation.get("code");
    boolean plain = code instanceof Number number && number.longValue() == 0;
    String answered = explanation.get("responseCode") == null ? "" : "; DE 39 = " + explanation.get("responseCode");
    return word(explanation, language, "decided")
        + (plain ? "" : " (" + explanation.get("reason") + ", " + code + answered + ")");
  }

  /** What the holder and the caseworker are told of a decline; empty where nothing was declined. */
  static List<String> words(Map<?, ?> explanation, String language) {
    Map<?, ?> said = said(explanation, language);
    List<String> lines = new ArrayList<>();
    if (said.get("checked") != null) {
      lines.add(said.get("checked") + " " + said.get("next"));
      lines.add(String.valueOf(said.get("lift")));
      lines.add(String.valueOf(said.get("appeal")));
    }
    return lines;
  }

  /** Purses, caps and limits; empty where nothing is known of them. */
  static List<String> left(Map<?, ?> explanation, String language) {
    Map<String, String> bounds = new LinkedHashMap<>();
    Map<String, String> then = leftOf(explanation, "leftThen", language, bounds);
    Map<String, String> now = leftOf(explanation, "leftNow", language, bounds);
    List<String> lines = new ArrayList<>();
    if (bounds.isEmpty()) {
      return lines;
    }
    lines.add(String.format(Locale.ROOT, LEFT, "left", "right after it", "now", "at most"));
    bounds.forEach(
        (name, most) ->
            lines.add(
                String.format(
                    Locale.ROOT, LEFT, name, then.getOrDefault(name, "-"), now.getOrDefault(name, "-"), most)));
    return lines;
  }

  private static Map<String, String> leftOf(
      Map<?, ?> explanation, String when, String language, Map<String, String> bounds) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map<?, ?> left : AdminTable.maps(explanation, when)) {
      Object name = left.get("words") instanceof Map<?, ?> words ? words.get(language) : left.get("of");
      Object category = left.get("category");
      String row = name + (category == null ? "" : " (" + category + ")");
      all.put(row, amount(left, "left"));
      bounds.put(row, amount(left, "most"));
    }
    return all;
  }

  private static String amount(Map<?, ?> left, String name) {
    if (left.get(name + "Minor") instanceof Number minor) {
      return Kronor.of(minor.longValue());
    }
    return left.get(name) instanceof Number count ? count.toString() : "-";
  }

  /** One word of an explanation, or of a line of a history. */
  static String word(Map<?, ?> explanation, String language, String name) {
    Object found = said(explanation, language).get(name);
    return found == null ? "" : found.toString();
  }

  private static Map<?, ?> said(Map<?, ?> explanation, String language) {
    return explanation.get("words") instanceof Map<?, ?> words && words.get(language) instanceof Map<?, ?> said
        ? said
        : Map.of();
  }

  private static void append(StringBuilder line, String name, @Nullable Object value) {
    if (value != null) {
      line.append(name).append(value);
    }
  }
}
