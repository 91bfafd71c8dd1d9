package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.explain.RecordFields;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal stats}: how much of what, how fast, since when. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = {"Counts records and bytes by type and by reason, and says how fast they came and since when.", ""},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE, JournalTask.NO_INPUT_LINE,
        JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE, JournalTask.CONFIGURATION_LINE})
final class JournalStatsCommand extends JournalTask {
  private static final long MS = 1000;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  private final RecordFields fields = new RecordFields();
  private final Map<String, Tally> types = new TreeMap<>();
  private final Map<String, Tally> reasons = new TreeMap<>();
  private final Map<Integer, Long> epochs = new TreeMap<>();
  private long records;
  private long syncs;
  private long lastMark = -1;
  private long oldest;
  private long oldestMs;
  private long second;
  private long inSecond;
  private long most;
  private long mostAtMs;

  /** How many, and of how many bytes. */
  private static final class Tally {
    private long records;
    private long bytes;

    void add(JournalRecord record) {
      records++;
      bytes += record.commandLength + record.decisionLength;
    }
  }

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    try (JournalFolder folder = follow(journal, settings)) {
      JournalReader reader = JournalReader.fromOldest(folder, JournalReader.Mode.FOLLOW);
      Position end = reader.readAll(this::note);
      if (records == 0) {
        return fail(ExitCode.NO_INPUT, "the journal in " + journal + " has no record yet");
      }
      SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
      Map<String, Object> all = summary(reader, end, skips);
      if (json) {
        out().println(JsonObject.of(all));
      } else {
        print(all);
      }
    }
    return ExitCode.OK;
  }

  private void note(JournalRecord record) {
    if (records == 0) {
      oldest = record.sequence;
      oldestMs = record.timeMs;
    }
    records++;
    epochs.merge(record.epoch, 1L, Long::sum);
    if (record.durableMark != lastMark) {
      lastMark = record.durableMark;
      syncs++;
    }
    types.computeIfAbsent(fields.commandName(record), name -> new Tally()).add(record);
    String prefix = record.kind == Journal.Kind.POISON ? "poison " : "";
    reasons.computeIfAbsent(prefix + fields.reasonName(record), name -> new Tally()).add(record);
    if (record.timeMs / MS != second) {
      second = record.timeMs / MS;
      inSecond = 0;
    }
    inSecond++;
    if (inSecond > most) {
      most = inSecond;
      mostAtMs = second * MS;
    }
  }

  private Map<String, Object> summary(JournalReader reader, Position end, SkipList skips) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("records", records);
    all.put("bytes", reader.bytesRead());
    all.put("segments", reader.tail().segments());
    all.put("oldest", oldest);
    all.put("newest", end.sequence());
    all.put("oldestTime", Instant.ofEpochMilli(oldestMs).toString());
    all.put("newestTime", Instant.ofEpochMilli(end.timeMs()).toString());
    long elapsedMs = Math.max(1, end.timeMs() - oldestMs);
    all.put("perSecond", Math.round(records * 1000.0 / elapsedMs));
    all.put("mostInASecond", most);
    all.put("mostInASecondAt", Instant.ofEpochMilli(mostAtMs).toString());
    all.put("syncs", syncs);
    all.put("recordsPerSync", Math.round((double) records / syncs));
    all.put("seals", reader.sealing().seals());
    all.put("sealedTo", reader.sealing().to());
    all.put("skipped", skips.entries().stream().map(SkipList.Entry::sequence).toList());
    all.put("recordsByEpoch", epochs);
    all.put("types", tallies(types));
    all.put("reasons", tallies(reasons));
    return all;
  }

  private static Map<String, Object> tallies(Map<String, Tally> from) {
    Map<String, Object> all = new LinkedHashMap<>();
    from.forEach((name, tally) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("records", tally.records);
      one.put("bytes", tally.bytes);
      all.put(name, one);
    });
    return all;
  }

  private void print(Map<String, Object> all) {
    all.forEach((name, value) -> {
      if (!name.equals("types") && !name.equals("reasons")) {
        out().println(String.format(Locale.ROOT, "%-16s %s", name, value));
      }
    });
    print("type", types);
    print("decision", reasons);
  }

  private void print(String head, Map<String, Tally> tallies) {
    out().println();
    out().println(String.format(Locale.ROOT, "%-40s %12s %14s", head, "records", "bytes"));
    tallies.forEach((name, tally) ->
        out().println(String.format(Locale.ROOT, "%-40s %12d %14d", name, tally.records, tally.bytes)));
  }
}
