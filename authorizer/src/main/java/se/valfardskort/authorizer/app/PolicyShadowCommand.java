package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.PolicyFile;

/** {@code policy shadow}: what a policy that runs beside the live one would have answered. */
@Command(
    name = "shadow",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what the shadow policies have come to. A shadow policy is a programme's file in the folder shadow of the "
          + "configuration; it is played beside the live one over the journal as it grows, without any effect, by the "
          + "follower whenever that has written a snapshot, and by --follow now. It begins where it is first seen, "
          + "and anew when its file is changed. No restart is needed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:shown, whatever was found", JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no shadow policy, or none that has been played", JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE,
        JournalTask.CONFIGURATION_LINE},
    footerHeading = "%nExamples:%n",
    footer = {
      "  mkdir config/demo/shadow && cp my-botkyrka.yaml config/demo/shadow/",
      "  ./run policy shadow --demo --follow",
      "  ./run policy shadow --demo --list"
    })
final class PolicyShadowCommand extends JournalTask {
  @Option(names = "--follow", description = "first play on to where the closed journal files end")
  private boolean follow;

  @Option(names = "--list", description = "each difference, one JSON object a line, before the report")
  private boolean list;

  @Option(names = "--json", description = "one JSON object a policy; amounts in minor units")
  private boolean json;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    Path config = place().config();
    List<Path> files = ShadowPolicies.files(config);
    if (files.isEmpty()) {
      return fail(ExitCode.NO_INPUT, "there is no shadow policy: put a programme's file into "
          + config.resolve(ShadowPolicies.FOLDER));
    }
    ShadowPolicies shadows = new ShadowPolicies(config, place().data(), settings);
    if (follow) {
      shadows.follow().forEach(spec().commandLine().getErr()::println);
      spec().commandLine().getErr().flush();
    }
    int code = ExitCode.OK;
    for (Path file : files) {
      code = Math.max(code, show(shadows, file));
    }
    return code;
  }

  private int show(ShadowPolicies shadows, Path file) throws IOException {
    String programme;
    try {
      programme = PolicyFile.read(file).programme().name();
    } catch (ConfigurationException mistakes) {
      return fail(ExitCode.CONFIGURATION, mistakes.getMessage());
    }
    ShadowState state = shadows.state(programme);
    if (state == null) {
      return fail(ExitCode.NO_INPUT, "shadow policy " + file + " has not been played yet: the follower does it when"
          + " it has written a snapshot, or say --follow");
    }
    BacktestReport report = new BacktestReport(none -> { });
    state.restore(report);
    if (list) {
      list(shadows.folderOf(programme).resolve(ShadowPolicies.LIST), state.listed());
    }
    print(file, programme, report);
    return ExitCode.OK;
  }

  private void list(Path file, long length) throws IOException {
    long left = length;
    try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      // A run that is at work writes behind what counts.
      for (@Nullable String line = lines.readLine(); line != null && left > 0; line = lines.readLine()) {
        out().println(line);
        left -= line.length() + 1;
      }
    }
  }

  private void print(Path file, String programme, BacktestReport report) {
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("file", file.toString());
      all.put("programme", programme);
      all.putAll(report.fields());
      out().println(JsonObject.of(all));
      return;
    }
    out().println("Programme " + programme + ", shadow policy " + file);
    report.print(out());
    out().println();
  }
}
