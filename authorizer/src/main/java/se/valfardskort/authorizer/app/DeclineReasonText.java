package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import se.valfardskort.authorizer.domain.DeclineReason;

/**
 * Every decline reason in the words of one language, for holders and caseworkers (domain.md section 6). Immutable.
 *
 * <p>The words lie in {@code reasons_<language>.properties} beside this class. A further language is a further file:
 * one that lacks a reason, or has words for none, is refused whole and says what is wrong.
 */
final class DeclineReasonText {
  /** The languages that are shipped, the first one first shown. */
  static final List<String> LANGUAGES = List.of("sv", "en");

  private static final String LANGUAGE = "language";
  private static final String APPEAL = "appeal";
  private static final String CHECKED = ".checked";
  private static final String NEXT = ".next";

  private final String language;
  private final String appeal;
  private final Map<DeclineReason, Words> words;

  /**
   * One reason.
   *
   * @param checked what was checked, and found
   * @param next what would make the same purchase pass, or what else to do
   */
  record Words(String checked, String next) {}

  private DeclineReasonText(String language, String appeal, Map<DeclineReason, Words> words) {
    this.language = language;
    this.appeal = appeal;
    this.words = words;
  }

  /**
   * Reads a shipped language.
   *
   * @param code of {@link #LANGUAGES}
   * @throws IllegalArgumentException when there is none of that code, or its file is not whole
   */
  static DeclineReasonText in(String code) {
    String file = "reasons_" + code + ".properties";
    try (InputStream bytes = DeclineReasonText.class.getResourceAsStream(file)) {
      if (bytes == null) {
        throw new IllegalArgumentException("there is no language '" + code + "'; give one of " + LANGUAGES);
      }
      return read(file, new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file + " in the program's own jar cannot be read", unreadable);
    }
  }

  /**
   * Reads a language from a file of that form.
   *
   * @param name of the file, for messages
   * @throws IllegalArgumentException when a word is missing, or one is for no reason
   */
  static DeclineReasonText read(String name, Reader file) throws IOException {
    Properties texts = new Properties();
    texts.load(file);
    Map<DeclineReason, Words> words = new EnumMap<>(DeclineReason.class);
    for (DeclineReason reason : DeclineReason.values()) {
      words.put(reason, new Words(take(name, texts, reason + CHECKED), take(name, texts, reason + NEXT)));
    }
    DeclineReasonText whole =
        new DeclineReasonText(take(name, texts, LANGUAGE), take(name, texts, APPEAL), words);
    if (!texts.isEmpty()) {
      throw new IllegalArgumentException(
          name + ": these keys are of no decline reason: " + texts.stringPropertyNames() + "; take them out");
    }
    return whole;
  }

  private static String take(String name, Properties texts, String key) {
    Object text = texts.remove(key);
    if (text == null || text.toString().isBlank()) {
      throw new IllegalArgumentException(name + ": '" + key + "' is missing; add a line '" + key + "=...'");
    }
    return text.toString();
  }

  /** What the language calls itself. */
  String language() {
    return language;
  }

  /** How to ask for a new look; belongs to every decline. */
  String appeal() {
    return appeal;
  }

  /** The words for a reason. */
  Words of(DeclineReason reason) {
    Words found = words.get(reason);
    if (found == null) {
      throw new IllegalStateException("no words for " + reason);
    }
    return found;
  }
}
