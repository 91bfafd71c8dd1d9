package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * How far a shadow policy was played and what came of it: a small file of lines {@code key=value}, replaced whole. It
 * names the snapshot of the candidate's engine that it belongs to, so that a run that was cut short counts for nothing.
 */
final class ShadowState {
  static final String FILE = "state";

  private static final String TEMPORARY = FILE + ".tmp";
  private static final String NO_CATEGORY = "-";
  private static final int GROUP_PARTS = 8;

  private final Map<String, String> values;

  private ShadowState(Map<String, String> values) {
    this.values = values;
  }

  /** Null: there is none yet. */
  static @Nullable ShadowState read(Disk disk) throws IOException {
    byte[] bytes;
    try (DiskFile file = disk.open(FILE)) {
      ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(file.size()));
      int read = 0;
      while (all.hasRemaining() && read >= 0) {
        read = file.read(all, all.position());
      }
      bytes = all.array();
    } catch (NoSuchFileException none) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      int at = line.indexOf('=');
      if (at < 0) {
        throw new IOException(disk.describe(FILE) + " is damaged; delete it, and the shadow policy begins anew");
      }
      values.put(line.substring(0, at), line.substring(at + 1));
    }
    return new ShadowState(values);
  }

  /**
   * What is to be kept.
   *
   * @param fileSha256 of the candidate's file
   * @param sequence last one that was played
   * @param live bytes of the configuration that was the law there
   * @param approvals as {@link Backtest#grants}
   * @param listed bytes of the list of differences
   */
  static ShadowState of(
      String fileSha256,
      long sequence,
      byte[] live,
      Map<Long, Long> approvals,
      long listed,
      BacktestReport report) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("file", fileSha256);
    values.put("sequence", Long.toString(sequence));
    values.put("listed", Long.toString(listed));
    values.put("live", Base64.getEncoder().encodeToString(live));
    approvals.forEach((there, here) -> values.put("approval." + there, here.toString()));
    values.put("first", report.first + " " + report.firstMs);
    values.put("last", report.last + " " + report.lastMs);
    values.put("purchases", report.purchases + " " + report.approvedBefore + " " + report.approvedAfter + " "
        + report.approvedBeforeMinor + " " + report.approvedAfterMinor);
    values.put("all", text(report.all()));
    int number = 0;
    for (Map.Entry<BacktestReport.Group, BacktestReport.Tally> entry : report.groups().entrySet()) {
      BacktestReport.Group group = entry.getKey();
      values.put("group." + number, text(entry.getValue()) + " " + word(group.categoryBefore()) + " "
          + word(group.categoryAfter()) + " " + group.before() + " " + group.after());
      number++;
    }
    for (Map.Entry<String, Long> entry : report.consequences().entrySet()) {
      values.put("follows." + number, entry.getValue() + " " + entry.getKey());
      number++;
    }
    return new ShadowState(values);
  }

  private static String word(String category) {
    return category.isEmpty() ? NO_CATEGORY : category;
  }

  private static String category(String word) {
    return word.equals(NO_CATEGORY) ? "" : word;
  }

  private static String text(BacktestReport.Tally tally) {
    return tally.count() + " " + tally.askedMinor() + " " + tally.approvedMoreMinor() + " x"
        + Base64.getEncoder().encodeToString(tally.holders().toByteArray());
  }

  /** Puts it on disk, whole or not at all. */
  void write(Disk disk) throws IOException {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    if (disk.list().contains(TEMPORARY)) {
      disk.delete(TEMPORARY);
    }
    try (DiskFile file = disk.create(TEMPORARY)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes, bytes.position());
      }
      file.force();
    }
    disk.rename(TEMPORARY, FILE);
    disk.forceNames();
  }

  private String value(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("a shadow policy's state has no '" + key + "'");
    }
    return value;
  }

  private long[] numbers(String key) {
    String[] parts = value(key).split(" ", -1);
    long[] numbers = new long[parts.length];
    for (int index = 0; index < parts.length; index++) {
      numbers[index] = Long.parseLong(parts[index]);
    }
    return numbers;
  }

  /** SHA-256 of the candidate's file. */
  String fileSha256() {
    return value("file");
  }

  /** Last sequence that was played. */
  long sequence() {
    return numbers("sequence")[0];
  }

  /** Bytes of the list of differences. */
  long listed() {
    return numbers("listed")[0];
  }

  /** Bytes of the configuration that was the law at {@link #sequence}. */
  byte[] live() {
    return Base64.getDecoder().decode(value("live"));
  }

  Map<Long, Long> approvals() {
    Map<Long, Long> approvals = new TreeMap<>();
    values.forEach((key, value) -> {
      if (key.startsWith("approval.")) {
        approvals.put(Long.parseLong(key.substring("approval.".length())), Long.parseLong(value));
      }
    });
    return approvals;
  }

  /** Gives a fresh report what was counted so far. */
  void restore(BacktestReport report) {
    report.first = numbers("first")[0];
    report.firstMs = numbers("first")[1];
    report.last = numbers("last")[0];
    report.lastMs = numbers("last")[1];
    long[] purchases = numbers("purchases");
    report.purchases = purchases[0];
    report.approvedBefore = purchases[1];
    report.approvedAfter = purchases[2];
    report.approvedBeforeMinor = purchases[3];
    report.approvedAfterMinor = purchases[4];
    restore(report.all(), value("all").split(" ", -1));
    values.forEach((key, value) -> {
      if (key.startsWith("group.")) {
        String[] parts = value.split(" ", GROUP_PARTS);
        restore(report.tally(new BacktestReport.Group(category(parts[4]), category(parts[5]), parts[6], parts[7])),
            parts);
      } else if (key.startsWith("follows.")) {
        int blank = value.indexOf(' ');
        report.follows(value.substring(blank + 1), Long.parseLong(value.substring(0, blank)));
      }
    });
  }

  private static void restore(BacktestReport.Tally tally, String[] parts) {
    tally.add(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    tally.holders().or(BitSet.valueOf(Base64.getDecoder().decode(parts[3].substring(1))));
  }
}
