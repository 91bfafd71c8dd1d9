package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.Programme;

/** {@code policy history}: every version that was in force. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the configurations that were activated: sequence, time and SHA-256 of each, and whose policy it changed. "
          + "With --programme only those that changed that one's. 'policy show --at SEQ' shows one of them, "
          + "'policy diff @SEQ @SEQ' what one changed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or no policy in it", JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE,
        JournalTask.CONFIGURATION_LINE})
final class PolicyHistoryCommand extends PolicyQuestion {
  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    List<PolicyTrail.Version> versions = versions(journal, settings, JournalMoment.END);
    Configuration before = null;
    int shown = 0;
    for (PolicyTrail.Version version : versions) {
      List<String> changed = changed(before, version.configuration());
      before = version.configuration();
      if (asked() == null || changed.contains(asked())) {
        show(version, changed);
        shown++;
      }
    }
    return shown > 0
        ? ExitCode.OK
        : fail(ExitCode.NO_INPUT, "the journal in " + journal + " tells of no policy"
            + (asked() == null ? "" : " of a programme '" + asked() + "'"));
  }

  /** Names of the programmes of which one says otherwise than the other, or which only one has. */
  private static List<String> changed(@Nullable Configuration before, Configuration after) {
    Map<String, Programme> was = new LinkedHashMap<>();
    if (before != null) {
      before.programmes().forEach(programme -> was.put(programme.name(), programme));
    }
    Map<String, Programme> is = new LinkedHashMap<>();
    after.programmes().forEach(programme -> is.put(programme.name(), programme));
    Map<String, Programme> all = new LinkedHashMap<>(was);
    all.putAll(is);
    return all.keySet().stream().filter(name -> !Objects.equals(was.get(name), is.get(name))).toList();
  }

  private void show(PolicyTrail.Version version, List<String> changed) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sequence", version.sequence());
    all.put("time", Instant.ofEpochMilli(version.timeMs()).toString());
    all.put("sha256", version.sha256());
    all.put("changed", changed);
    all.put("older", version.older());
    if (isJson()) {
      out().println(JsonObject.of(all));
    } else {
      String what = version.older()
          ? "in force already: what activated it was pruned"
          : changed.isEmpty() ? "changed no policy" : "policy of " + String.join(", ", changed);
      out().println(String.format(
          Locale.ROOT, "%10d  %-24s  %s  %s", version.sequence(), all.get("time"), version.sha256(), what));
    }
  }
}
