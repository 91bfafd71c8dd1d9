package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.AuditLog;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal verify}: whether the journal is whole, and what its authorizer wrote. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Reads all of the journal and believes nothing: the CRC of every record, sequences without a gap, epochs, times "
          + "that never go back, and the keyed seals over all of it, which nobody can make without the key; then "
          + "whether it reaches as far as the anchor has seen. Decides nothing again: './run journal replay' does.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE, JournalTask.NO_INPUT_LINE,
        JournalTask.IO_LINE, JournalTask.CONFIGURATION_LINE})
final class JournalVerifyCommand extends JournalTask {
  private static final int RECORDS_BETWEEN_PROGRESS = 1 << 16;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  private long records;
  private long poison;
  private long oldest;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    Recovery.Progress progress = new RecoveryProgress(log(), new SystemClock(), "verifying");
    try (JournalFolder folder = follow(journal, settings)) {
      JournalReader reader = JournalReader.fromOldest(folder, JournalReader.Mode.FOLLOW);
      Position end = reader.readAll(record -> {
        note(record);
        if (records % RECORDS_BETWEEN_PROGRESS == 0) {
          progress.recovered(records, reader.bytesRead(), reader.bytesTotal());
        }
      });
      progress.recovered(records, reader.bytesRead(), reader.bytesTotal());
      oldest = reader.oldest();
      requirePruned(journal, settings);
      SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
      if (json) {
        printJson(reader, end, skips);
      } else {
        print(journal, reader, end, skips);
      }
    }
    return ExitCode.OK;
  }

  /** What is missing at the beginning must have been pruned, and not just removed. */
  private void requirePruned(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    FolderDisk disk = FolderDisk.readOnly(journal);
    String prunedBefore = "pruned all before sequence " + oldest + " ";
    if (oldest > 1
        && AuditLog.read(disk, AuditLog.PRUNED, sealKey(settings)).stream().noneMatch(
            line -> line.startsWith(prunedBefore))) {
      throw new StartFailure(
          ExitCode.DATA_ERROR,
          "the journal in " + journal + " begins with sequence " + oldest + ", but " + disk.describe(AuditLog.PRUNED)
              + " does not say that what was before it was pruned: it was removed; restore it from the archive");
    }
  }

  private void note(JournalRecord record) {
    records++;
    poison += record.kind == Journal.Kind.POISON ? 1 : 0;
  }

  private void print(Path journal, JournalReader reader, Position end, SkipList skips) {
    JournalReader.Sealing sealing = reader.sealing();
    out().println("The journal in " + journal + " is whole: " + records + " records in " + reader.tail().segments()
        + " segments, sequence " + oldest + " to " + end.sequence() + ", the last of "
        + Instant.ofEpochMilli(end.timeMs()) + ".");
    long unsealed = end.sequence() - Math.max(sealing.to(), oldest - 1);
    if (sealing.seals() == 0) {
      out().println("It has no seals: an older release wrote it, and the first start with this one will seal it.");
    } else {
      out().println(sealing.seals() + " seals fit; sealed up to sequence " + sealing.to() + ", " + unsealed
          + (unsealed == 1 ? " record" : " records") + " after that.");
    }
    if (oldest > 1) {
      out().println("What was before sequence " + oldest + " was pruned; " + journal.resolve(AuditLog.PRUNED)
          + " says where it was archived.");
    }
    if (poison > 0) {
      out().println(poison + (poison == 1 ? " poisoned command" : " poisoned commands")
          + ", answered 96 and kept as evidence; './run journal dump --kind poison' shows what.");
    }
    skips.entries().forEach(entry -> out().println("skipped by hand: " + entry.describe()));
  }

  private void printJson(JournalReader reader, Position end, SkipList skips) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("whole", true);
    fields.put("records", records);
    fields.put("poisoned", poison);
    fields.put("segments", reader.tail().segments());
    fields.put("oldest", oldest);
    fields.put("newest", end.sequence());
    fields.put("newestTime", Instant.ofEpochMilli(end.timeMs()).toString());
    fields.put("seals", reader.sealing().seals());
    fields.put("sealedTo", reader.sealing().to());
    fields.put("skipped", skips.entries().stream().map(SkipList.Entry::sequence).toList());
    out().println(JsonObject.of(fields));
  }
}
