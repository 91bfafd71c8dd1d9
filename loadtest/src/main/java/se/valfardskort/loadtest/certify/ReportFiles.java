package se.valfardskort.loadtest.certify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import se.valfardskort.loadtest.client.UserError;

/** Writes a run's outcomes as JUnit XML and as one HTML page that needs no other file. Stateless. */
final class ReportFiles {
  static final String JUNIT = "certify-junit.xml";
  static final String PAGE = "certify.html";

  private static final String STYLE = """
      body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
      table{border-collapse:collapse;margin:1rem 0}
      td,th{padding:.2rem .9rem;border-bottom:1px solid #ccc;text-align:left}
      td.n,th.n{text-align:right}pre{background:#f4f4f2;padding:.7rem;overflow:auto;font-size:13px}
      summary{cursor:pointer}.passed summary::marker{color:#1a7f37}
      .cut{border:2px solid #b3261e;padding:.5rem .7rem}
      .failed{border-left:4px solid #b3261e;padding-left:.7rem}
      .failed>summary{color:#b3261e;font-weight:600}.rule{color:#555}h3{margin-bottom:.2rem}
      @media(prefers-color-scheme:dark){body{background:#161616;color:#e6e6e6}pre{background:#222}.rule{color:#aaa}
      .failed>summary{color:#ff8a80}}
      """;

  private ReportFiles() {}

  /**
   * Writes both files.
   *
   * @param run in words, what was run against what
   * @param cut why the run is not whole; empty: it is
   * @throws UserError where the folder cannot be written
   */
  static void write(Path folder, String run, List<Outcome> outcomes, String cut) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(JUNIT), junit(run, outcomes, cut), StandardCharsets.UTF_8);
      Files.writeString(folder.resolve(PAGE), page(run, outcomes, cut), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserError(UserError.IO_ERROR, "the report cannot be written into " + folder + " (" + e
          + "); name another folder with --report", e);
    }
  }

  static String junit(String run, List<Outcome> outcomes, String cut) {
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    long failed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
    out.append("<testsuites name=\"").append(escaped(run)).append("\" tests=\"")
        .append(outcomes.size() + (cut.isEmpty() ? 0 : 1)).append("\" failures=\"").append(failed)
        .append("\" errors=\"").append(cut.isEmpty() ? 0 : 1).append("\">\n");
    for (Tally.Count count : Tally.count(outcomes)) {
      out.append("  <testsuite name=\"").append(escaped(count.partner() + " / " + count.topic())).append("\" tests=\"")
          .append(count.exchanges()).append("\" failures=\"").append(count.failed())
          .append("\" errors=\"0\" skipped=\"0\">\n");
      outcomes.stream()
          .filter(each -> each.partner().equals(count.partner()) && each.topic().equals(count.topic()))
          .forEach(each -> testcase(each, out));
      out.append("  </testsuite>\n");
    }
    if (!cut.isEmpty()) {
      out.append("  <testsuite name=\"the run\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
          + "    <testcase classname=\"run\" name=\"is complete\">\n      <error message=\"incomplete: ")
          .append(escaped(cut)).append("\"/>\n    </testcase>\n  </testsuite>\n");
    }
    return out.append("</testsuites>\n").toString();
  }

  private static void testcase(Outcome outcome, StringBuilder out) {
    out.append("    <testcase classname=\"").append(escaped(outcome.partner() + "." + outcome.topic()))
        .append("\" name=\"").append(escaped(outcome.group() + ": " + outcome.exchange().title()))
        .append(String.format(Locale.ROOT, "\" time=\"%.6f\"", outcome.micros() / 1e6));
    if (outcome.passed()) {
      out.append("/>\n");
      return;
    }
    out.append(">\n      <failure message=\"").append(escaped(outcome.problems().getFirst())).append("\">")
        .append(escaped(outcome.exchange().place() + "\n" + outcome.exchange().rule() + "\n\n" + outcome.sent() + "\n\n"
            + String.join("\n", outcome.problems())))
        .append("</failure>\n    </testcase>\n");
  }

  static String page(String run, List<Outcome> outcomes, String cut) {
    StringBuilder out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width\"><title>Conformance run</title>\n<style>\n");
    out.append(STYLE).append("</style></head><body>\n<h1>Conformance run</h1>\n<p>").append(escaped(run))
        .append("</p>\n").append(cut.isEmpty() ? "" : "<p class=\"cut\"><strong>Incomplete:</strong> the run was cut"
            + " short: " + escaped(cut) + "</p>\n")
        .append("<table><tr><th>partner</th><th>topic</th><th class=\"n\">exchanges</th>"
            + "<th class=\"n\">passed</th><th class=\"n\">failed</th></tr>\n");
    for (Tally.Count count : Tally.count(outcomes)) {
      out.append("<tr><td>").append(escaped(count.partner())).append("</td><td>").append(escaped(count.topic()))
          .append("</td><td class=\"n\">").append(count.exchanges()).append("</td><td class=\"n\">")
          .append(count.passed()).append("</td><td class=\"n\">").append(count.failed()).append("</td></tr>\n");
    }
    out.append("</table>\n");
    String heading = "";
    for (Outcome outcome : outcomes) {
      String next = outcome.partner() + " / " + outcome.topic() + " / " + outcome.group();
      if (!next.equals(heading)) {
        out.append("<h3>").append(escaped(next)).append("</h3>\n");
        heading = next;
      }
      transcript(outcome, out);
    }
    return out.append("</body></html>\n").toString();
  }

  private static void transcript(Outcome outcome, StringBuilder out) {
    boolean passed = outcome.passed();
    out.append("<details class=\"").append(passed ? "passed\">" : "failed\" open>").append("<summary>")
        .append(passed ? "passed: " : "failed: ").append(escaped(outcome.exchange().title()))
        .append("</summary>\n<p class=\"rule\">").append(escaped(outcome.exchange().rule())).append("<br>")
        .append(escaped(outcome.exchange().place())).append("</p>\n");
    if (!passed) {
      pre(String.join("\n", outcome.problems()), out);
    }
    pre(outcome.sent(), out);
    pre(outcome.received(), out);
    if (outcome.exchange().expected() instanceof Exchange.Answer expected) {
      out.append("<details><summary>expected bytes</summary>");
      pre(expected.block().source(), out);
      out.append("</details>\n");
    }
    out.append("</details>\n");
  }

  private static void pre(String text, StringBuilder out) {
    out.append("<pre>").append(escaped(text)).append("</pre>\n");
  }

  /** Text for XML 1.0 and HTML; control characters, which XML cannot hold, become question marks. */
  static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.append((c < 0x20 && c != '\n') || c == 0xFFFE || c == 0xFFFF ? '?' : c);
      }
    }
    return out.toString();
  }
}
