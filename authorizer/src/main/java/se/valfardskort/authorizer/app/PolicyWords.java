package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Category;

/** The words of one language for a policy; they lie in {@code policy_<language>.properties} beside this. Immutable. */
final class PolicyWords {
  private final String language;
  private final Properties texts;

  private PolicyWords(String language, Properties texts) {
    this.language = language;
    this.texts = texts;
  }

  /**
   * Reads a shipped language.
   *
   * @throws IllegalArgumentException when there is none of that code
   */
  static PolicyWords in(String language) {
    if (!PolicyFile.LANGUAGES.contains(language)) {
      throw new IllegalArgumentException(
          "there are no words in '" + language + "'; give one of " + PolicyFile.LANGUAGES);
    }
    String file = "policy_" + language + ".properties";
    Properties texts = new Properties();
    try (InputStream bytes = PolicyWords.class.getResourceAsStream(file)) {
      if (bytes == null) {
        throw new IllegalStateException(file + " is not in the program's own jar");
      }
      texts.load(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file + " in the program's own jar cannot be read", unreadable);
    }
    return new PolicyWords(language, texts);
  }

  String language() {
    return language;
  }

  /** What there are words for. */
  Set<String> keys() {
    return texts.stringPropertyNames();
  }

  String get(String key) {
    String text = texts.getProperty(key);
    if (text == null) {
      throw new IllegalStateException("there are no words for '" + key + "' in language '" + language + "'");
    }
    return text;
  }

  /** An amount as people of the language write it, or that there is no limit. */
  String limit(long amountMinor) {
    return amountMinor == Category.NO_LIMIT ? get("none") : amount(amountMinor);
  }

  /** {@code 1,500.00 kr}, in Swedish {@code 1 500,00 kr}. */
  String amount(long amountMinor) {
    String text = Kronor.of(amountMinor);
    return (language.equals("sv") ? text.replace(',', ' ').replace('.', ',') : text) + " " + get("kr");
  }

  /** A number, or that there is no limit. */
  String count(long count) {
    return count == Category.NO_LIMIT ? get("none") : String.format(Locale.ROOT, "%d", count);
  }
}
