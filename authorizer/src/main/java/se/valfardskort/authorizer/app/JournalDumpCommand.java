package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.explain.RecordFields;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;

/** {@code journal dump}: records in words. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    description = {
      "Shows records, a line each: when, what was asked, what was decided. Amounts are minor units; a card is the "
          + "first eight bytes of its panToken, since no card number is in a journal.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or no such record in it", JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE,
        JournalTask.CONFIGURATION_LINE})
final class JournalDumpCommand extends JournalTask {
  @Option(names = "--from", paramLabel = "SEQ", defaultValue = "1", description = "first sequence (default: 1)")
  private long from;

  @Option(names = "--to", paramLabel = "SEQ", description = "last sequence (default: the newest)")
  private long to = Long.MAX_VALUE;

  @Option(
      names = "--kind",
      paramLabel = "WORD",
      description = "only these: poison, declined, approved, or a command's type such as card-request, load, tick")
  private @Nullable String kind;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  private final RecordFields fields = new RecordFields();
  private long shown;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    try (JournalFolder folder = follow(journal, settings)) {
      JournalReader reader = JournalReader.fromOldest(folder, JournalReader.Mode.FOLLOW);
      new BoundedJournal(reader, Position.START, to, null).readAll(this::show);
    }
    return shown > 0
        ? ExitCode.OK
        : fail(ExitCode.NO_INPUT, "the journal in " + journal + " has no such record from sequence " + from
            + (to == Long.MAX_VALUE ? "" : " to " + to) + (kind == null ? "" : " of kind " + kind));
  }

  private void show(JournalRecord record) {
    if (record.sequence < from || !isAsked(record)) {
      return;
    }
    shown++;
    Map<String, Object> all = fields.of(record);
    if (json) {
      out().println(JsonObject.of(all));
      return;
    }
    Map<String, Object> command = new LinkedHashMap<>(fields.command(record));
    Object type = command.remove("type");
    Map<String, Object> decision = fields.decision(record);
    out().println(record.sequence + " " + all.get("time") + " epoch " + record.epoch + " " + all.get("kind") + " "
        + type + " " + RecordLine.of(command) + " -> "
        + (decision == null ? "no decision could be made of it" : RecordLine.of(decision)));
  }

  private boolean isAsked(JournalRecord record) {
    String asked = kind;
    if (asked == null) {
      return true;
    }
    return switch (asked) {
      case "declined" -> !fields.reasonName(record).equals("approved");
      case "approved" -> fields.reasonName(record).equals("approved");
      default ->
          record.kind.name().toLowerCase(Locale.ROOT).equals(asked) || fields.commandName(record).equals(asked);
    };
  }
}
