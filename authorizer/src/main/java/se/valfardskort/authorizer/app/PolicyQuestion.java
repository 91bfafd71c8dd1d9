package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.storage.JournalFolder;

/** A question about policies: from files, from the configuration folder, or from the journal. */
abstract class PolicyQuestion extends JournalTask {
  @Mixin private ArchiveOption archive = new ArchiveOption();

  @Option(
      names = "--programme",
      paramLabel = "KEY",
      description = "which programme, where there are several (default: the only one)")
  private @Nullable String programme;

  @Option(names = "--lang", paramLabel = "sv|en", defaultValue = "en", description = "language (default: en)")
  private String language = "en";

  @Option(names = "--json", description = "for programs; amounts in minor units")
  private boolean json;

  final boolean isJson() {
    return json;
  }

  /** The key that was asked for; null: any. */
  final @Nullable String asked() {
    return programme;
  }

  final PolicyWords words() {
    try {
      return PolicyWords.in(language);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec().commandLine(), String.valueOf(unknown.getMessage()));
    }
  }

  /** Reads a policy from a file of its own; the programme need not be configured. */
  final PolicyFile read(Path file) throws StartFailure {
    try {
      return PolicyFile.read(file);
    } catch (ConfigurationException mistakes) {
      throw new StartFailure(ExitCode.CONFIGURATION, String.valueOf(mistakes.getMessage()), mistakes);
    }
  }

  /** What people call the categories of a programme, as the configuration folder has it now; null: it has none. */
  final @Nullable PolicyFile textOf(Programme of) {
    return configuration().policies().get(of.name());
  }

  /** Those that are asked for; at least one. */
  final List<Programme> chosen(List<Programme> of, String where) throws StartFailure {
    String key = programme;
    List<Programme> found =
        key == null ? of : of.stream().filter(each -> each.name().equals(key)).toList();
    if (found.isEmpty()) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          where + " has no programme" + (key == null ? "" : " '" + key + "'; it has: "
              + String.join(", ", of.stream().map(Programme::name).toList())));
    }
    return found;
  }

  /** The only one that is asked for. */
  final Programme one(List<Programme> of, String where) throws StartFailure {
    List<Programme> found = chosen(of, where);
    if (found.size() > 1) {
      throw new StartFailure(
          ExitCode.USAGE,
          where + " has several programmes: name one by --programme, "
              + String.join(" or ", found.stream().map(Programme::name).toList()));
    }
    return found.getFirst();
  }

  /** Every version that the journal tells of up to a place, oldest first. */
  final List<PolicyTrail.Version> versions(Path journal, AuthorizerSettings settings, JournalMoment to)
      throws IOException, StartFailure {
    try (JournalFolder folder = follow(archive.with(journal, settings), journal, settings)) {
      long last = JournalMoment.window(folder, JournalMoment.BEGIN, to).to();
      return PolicyTrail.read(journal, folder, settings, last);
    }
  }

  /** The version in force at a place of the journal. */
  final PolicyTrail.Version inForce(Path journal, AuthorizerSettings settings, JournalMoment at)
      throws IOException, StartFailure {
    List<PolicyTrail.Version> all = versions(journal, settings, at);
    if (all.isEmpty()) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          "no policy was in force there: the journal in " + journal + " has none activated at or before it"
              + (archive.notRead().isEmpty() ? "" : "; " + archive.notRead()));
    }
    PolicyTrail.Version newest = all.getLast();
    if (at.sequence() != JournalMoment.BY_TIME && newest.older() && at.sequence() < newest.sequence()) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          "what was in force at sequence " + at.sequence() + " was pruned; the oldest that can be told is sequence "
              + newest.sequence() + "; " + archive.notRead());
    }
    return newest;
  }
}
