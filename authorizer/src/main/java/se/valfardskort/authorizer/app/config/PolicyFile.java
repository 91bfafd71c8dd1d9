package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.explain.Language;

/**
 * One municipality's policy as its file says it: the rules, and what is for people alone. Immutable.
 *
 * @param programme what decisions depend on
 * @param labels what each category is called by people, by its key; no decision depends on it
 * @param languages in which holders are told reasons, the first one first; no decision depends on it
 * @param baz the neighbourhoods whose cards may be the programme's; none: any
 */
public record PolicyFile(
    Programme programme, Map<String, Label> labels, List<String> languages, List<String> baz) {
  /** The languages that there are words in; what a file may say. */
  public static final List<String> LANGUAGES = Language.LANGUAGES;

  /** What people call a category. */
  public record Label(String swedish, String english) {
    /** In one of {@link #LANGUAGES}. */
    public String in(String language) {
      return language.equals("sv") ? swedish : english;
    }
  }

  /**
   * Reads one file by itself: whether it fits a folder is for {@link ConfigurationFolder} to say.
   *
   * @throws ConfigurationException naming every mistake with its line
   */
  public static PolicyFile read(Path file) throws ConfigurationException {
    Problems problems = new Problems();
    PolicyFile policy = ProgrammeFile.read(file, problems).policy();
    problems.throwIfAny();
    return policy;
  }

  /** The same rules under the id and the name of another programme. */
  public Programme as(int id, String name) {
    return new Programme(
        id,
        name,
        programme.categories(),
        programme.mccRanges(),
        programme.merchantRules(),
        programme.unlistedGroup(),
        programme.homeCountry(),
        programme.contactlessLimitMinor(),
        programme.contactlessCount(),
        programme.openHolds(),
        programme.limits(),
        programme.savings(),
        programme.reviewPercent());
  }
}
