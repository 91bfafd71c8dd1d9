package se.valfardskort.authorizer.app;

import picocli.CommandLine.Option;
import se.valfardskort.authorizer.explain.Language;

/** The language of reasons. */
final class LanguageOption {
  @Option(
      names = "--lang",
      paramLabel = "sv|en",
      defaultValue = "sv",
      description = "language of the reasons (default: sv); --json has them all")
  private String language = "sv";

  String language() throws StartFailure {
    if (!Language.LANGUAGES.contains(language)) {
      throw new StartFailure(
          ExitCode.USAGE, "there is no language '" + language + "'; give one of " + Language.LANGUAGES);
    }
    return language;
  }

  /** The same, once {@link #language} has found it. */
  String known() {
    return language;
  }
}
