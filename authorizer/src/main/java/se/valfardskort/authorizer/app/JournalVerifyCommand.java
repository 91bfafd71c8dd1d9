package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
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
import se.valfardskort.authorizer.storage.SegmentArchive;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal verify}: whether the journal is whole, and what its authorizer wrote. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Reads all of the journal and believes nothing: the CRC of every record, sequences without a gap, epochs, times "
          + "that never go back, and the keyed seals over all of it, which nobody can make without the key; then "
          + "whether it reaches as far as the anchor has seen and, where a witness is kept, as that has seen: the "
          + "whole folder put back to an older copy shows there. Decides nothing again: './run journal replay' does.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE, JournalTask.NO_INPUT_LINE,
        JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE, JournalTask.CONFIGURATION_LINE})
final class JournalVerifyCommand extends JournalTask {
  private static final int RECORDS_BETWEEN_PROGRESS = 1 << 16;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  @Option(names = "--without-witness", description = "the witness is lost for good: do without it")
  private boolean withoutWitness;

  private long records;
  private long poison;
  private long oldest;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    Recovery.Progress progress = new RecoveryProgress(log(), new SystemClock(), "verifying");
    try (JournalFolder folder = follow(journal, settings)) {
      final String witness = compareWithWitness(folder, settings);
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
        printJson(reader, end, skips, folder, waiting(journal, settings));
      } else {
        print(journal, reader, end, skips);
        out().println(witness);
        printArchive(waiting(journal, settings), settings);
      }
    }
    return ExitCode.OK;
  }

  /** What came of it, in words. */
  private String compareWithWitness(JournalFolder folder, AuthorizerSettings settings)
      throws IOException, StartFailure {
    Path witness = settings.keeping().witness();
    if (witness == null || withoutWitness) {
      return "No witness was asked: that the whole folder was not put back to an older copy, nothing here can show.";
    }
    Path parent = Objects.requireNonNullElse(witness.getParent(), witness);
    if (!Files.isDirectory(parent)) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          "the folder of the journal's witness, " + parent + ", is not there: mount its disk, or mend authorizer.yaml,"
              + " or say --without-witness");
    }
    boolean kept = folder.compareWithWitness(FolderDisk.readOnly(parent), String.valueOf(witness.getFileName()));
    return kept
        ? "The witness " + witness + " has seen epoch " + folder.witnessEpoch() + " with sequence "
            + folder.witnessMark() + " on stable storage, and this journal goes on from there."
        : "The witness " + witness + " was not begun yet; the next start begins it.";
  }

  /** Closed segments that are not where the configuration wants them. */
  private static List<String> waiting(Path journal, AuthorizerSettings settings) throws IOException {
    FolderDisk disk = FolderDisk.readOnly(journal);
    Path place = settings.keeping().archive();
    if (place != null && !Files.isDirectory(place)) {
      return SegmentArchive.closed(disk);
    }
    SegmentArchive archive = new SegmentArchive(disk, place == null ? null : FolderDisk.readOnly(place));
    return archive.waiting(!settings.keeping().copyCommand().isEmpty());
  }

  private void printArchive(List<String> waiting, AuthorizerSettings settings) {
    Path place = settings.keeping().archive();
    if (place != null && !Files.isDirectory(place)) {
      out().println("alarm: the archive " + place + " is not there: mount its disk, or mend authorizer.yaml.");
    } else if (!waiting.isEmpty()) {
      out().println(waiting.size() + (waiting.size() == 1 ? " closed segment is" : " closed segments are")
          + " not archived yet, the oldest " + waiting.getFirst()
          + "; where that stays so the authorizer's log says why ('closed segments of the journal are not archived').");
    }
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

  private void printJson(
      JournalReader reader, Position end, SkipList skips, JournalFolder folder, List<String> waiting) {
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
    fields.put("witnessEpoch", folder.witnessEpoch());
    fields.put("witnessSequence", folder.witnessMark());
    fields.put("notArchived", waiting.size());
    fields.put("skipped", skips.entries().stream().map(SkipList.Entry::sequence).toList());
    out().println(JsonObject.of(fields));
  }
}
