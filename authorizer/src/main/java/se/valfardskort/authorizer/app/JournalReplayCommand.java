package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal replay}: the state at one sequence. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Decides all again up to a sequence, compares each decision and digest with the one on record, checks the "
          + "invariants, and shows the books as they were then. What lies behind that sequence is not read.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or it ends before that sequence", JournalTask.IO_LINE,
        JournalTask.TRY_AGAIN_LINE, JournalTask.CONFIGURATION_LINE})
final class JournalReplayCommand extends JournalTask {
  @Option(names = "--to", paramLabel = "SEQ", description = "the sequence (default: the newest)")
  private long to = Long.MAX_VALUE;

  @Option(names = "--json", description = "one JSON object; amounts in minor units")
  private boolean json;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
    try (JournalFolder folder = follow(journal, settings);
        ReplayRun run = new ReplayRun(journal, folder, settings, to)) {
      Position end = run.to(to, JournalReader.Mode.FOLLOW, skips, null);
      if (to != Long.MAX_VALUE && end.sequence() < to) {
        return fail(ExitCode.NO_INPUT,
            "the journal in " + journal + " ends at sequence " + end.sequence() + ", before " + to);
      }
      print(run.engine(), end);
    }
    return ExitCode.OK;
  }

  private void print(Engine engine, Position end) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sequence", end.sequence());
    all.put("time", Instant.ofEpochMilli(end.timeMs()).toString());
    all.put("cards", engine.cards());
    all.put("accounts", engine.accounts());
    all.put("originals", engine.originals());
    all.put("configuration", HexFormat.of().formatHex(engine.activeConfigurationSha256()));
    all.put("digest", HexFormat.of().toHexDigits(engine.digest()));
    all.put("stateHash", HexFormat.of().toHexDigits(engine.stateHash()));
    Map<String, Long> books = engine.books();
    if (json) {
      all.put("booksMinor", books);
      out().println(JsonObject.of(all));
      return;
    }
    all.forEach((name, value) -> out().println(String.format(Locale.ROOT, "%-18s %s", name, value)));
    out().println("Every decision and digest came out as on record; the invariants hold.");
    out().println();
    books.forEach((account, minor) ->
        out().println(String.format(Locale.ROOT, "%-18s %20s", account, Kronor.of(minor))));
  }
}
