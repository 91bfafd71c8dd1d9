package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run has shown, on which machine, of which commit. Owned by one thread. */
final class Figures {
  /**
   * A trial that has been run.
   *
   * @param amount how much was asked for
   */
  record Row(String trial, int amount, double seconds, Findings findings) {}

  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  private Figures() {}

  /** Of this machine, now. */
  static Figures begin(long seed) throws IOException {
    Figures figures = new Figures();
    figures.facts.put("commit", commit());
    figures.facts.put("seed", Long.toString(seed));
    figures.facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    figures.facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    figures.facts.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
    figures.facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    figures.facts.put("file system", Files.getFileStore(scratch).type() + " (" + scratch + ")");
    return figures;
  }

  private static String commit() throws IOException {
    String root = System.getProperty("project.root", ".");
    String id = git(root, "rev-parse", "--short=12", "HEAD");
    if (id.isEmpty()) {
      return "unknown";
    }
    return git(root, "status", "--porcelain").isEmpty() ? id : id + " and changes that are not committed";
  }

  private static String git(String root, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", root));
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? output : "";
    } catch (IOException notThere) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  void add(Row row) {
    rows.add(row);
  }

  int failures() {
    return rows.stream().mapToInt(row -> row.findings.failures().size()).sum();
  }

  String asTable() {
    StringBuilder text = new StringBuilder();
    facts.forEach((what, value) -> text.append(String.format(Locale.ROOT, "%-12s %s%n", what, value)));
    text.append(String.format(Locale.ROOT, "%n%-8s %-50s %12s %9s%n", "trial", "what", "count", "failures"));
    for (Row row : rows) {
      String trial = row.trial;
      for (Map.Entry<String, Long> count : row.findings.counts().entrySet()) {
        text.append(String.format(Locale.ROOT, "%-8s %-50s %,12d%n", trial, count.getKey(), count.getValue()));
      }
      text.append(String.format(Locale.ROOT, "%-8s %-50s %,12.0f %,9d%n", trial, "seconds", row.seconds,
          row.findings.failures().size()));
      row.findings.failures().forEach(failure -> text.append("         ").append(failure).append('\n'));
    }
    return text.toString();
  }

  String asMarkdown() {
    StringBuilder text = new StringBuilder("# Figures of ./run reliability\n\n| | |\n|---|---|\n");
    facts.forEach((what, value) -> text.append("| ").append(what).append(" | ").append(value).append(" |\n"));
    text.append("\n| trial | what | count |\n|---|---|---|\n");
    for (Row row : rows) {
      row.findings.counts().forEach((what, count) ->
          text.append(String.format(Locale.ROOT, "| %s | %s | %,d |%n", row.trial, what, count)));
      text.append(String.format(Locale.ROOT, "| %s | seconds | %,.0f |%n", row.trial, row.seconds));
      text.append(String.format(Locale.ROOT, "| %s | **failures** | %,d |%n", row.trial,
          row.findings.failures().size()));
    }
    for (Row row : rows) {
      row.findings.failures().forEach(
          failure -> text.append("\n- ").append(row.trial).append(": ").append(failure));
    }
    return text.append('\n').toString();
  }

  String asJson() {
    StringBuilder text = new StringBuilder("{");
    facts.forEach((what, value) -> text.append(quoted(what)).append(':').append(quoted(value)).append(','));
    text.append("\"trials\":[");
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      text.append(i == 0 ? "" : ",").append("{\"name\":").append(quoted(row.trial))
          .append(",\"amount\":").append(row.amount)
          .append(String.format(Locale.ROOT, ",\"seconds\":%.1f,\"counts\":{", row.seconds));
      String separator = "";
      for (Map.Entry<String, Long> count : row.findings.counts().entrySet()) {
        text.append(separator).append(quoted(count.getKey())).append(':').append(count.getValue());
        separator = ",";
      }
      text.append("},\"failures\":[");
      separator = "";
      for (String failure : row.findings.failures()) {
        text.append(separator).append(quoted(failure));
        separator = ",";
      }
      text.append("]}");
    }
    return text.append("]}\n").toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
