package se.valfardskort.authorizer.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.CardView;

/**
 * Every decline reason, and what else an explanation speaks of, in the words of one language, for holders and
 * caseworkers (domain.md section 6). Immutable.
 *
 * <p>The words lie in {@code reasons_<language>.properties} beside this class. A further language is a further file:
 * one that lacks a reason, or has words for none, is refused whole and says what is wrong.
 */
public final class Language {
  /** The languages that are shipped, the first one first shown. */
  public static final List<String> LANGUAGES = List.of("sv", "en");

  private static final String LANGUAGE = "language";
  private static final String APPEAL = "appeal";
  private static final String AMOUNT = "amount";
  private static final String CHECKED = ".checked";
  private static final String NEXT = ".next";

  private final String language;
  private final String appeal;
  private final String amount;
  private final Map<DeclineReason, Words> words;
  private final Map<Enum<?>, String> terms;

  /**
   * One reason.
   *
   * @param checked what was checked, and found
   * @param next what would make the same purchase pass, or what else to do
   */
  public record Words(String checked, String next) {}

  private Language(
      String language, String appeal, String amount, Map<DeclineReason, Words> words, Map<Enum<?>, String> terms) {
    this.language = language;
    this.appeal = appeal;
    this.amount = amount;
    this.words = words;
    this.terms = terms;
  }

  /**
   * Reads a shipped language.
   *
   * @param code of {@link #LANGUAGES}
   * @throws IllegalArgumentException when there is none of that code, or its file is not whole
   */
  public static Language in(String code) {
    String file = "reasons_" + code + ".properties";
    try (InputStream bytes = Language.class.getResourceAsStream(file)) {
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
  static Language read(String name, Reader file) throws IOException {
    Properties texts = new Properties();
    texts.load(file);
    Map<DeclineReason, Words> words = new EnumMap<>(DeclineReason.class);
    for (DeclineReason reason : DeclineReason.values()) {
      words.put(reason, new Words(take(name, texts, reason + CHECKED), take(name, texts, reason + NEXT)));
    }
    Map<Enum<?>, String> terms = new HashMap<>();
    takeTerms(name, texts, "what.", What.values(), terms);
    takeTerms(name, texts, "decided.", Verdict.values(), terms);
    takeTerms(name, texts, "lift.", DeclineReason.Lift.values(), terms);
    takeTerms(name, texts, "purse.", Left.Purse.values(), terms);
    takeTerms(name, texts, "limit.", CardView.Bound.values(), terms);
    String amount = take(name, texts, AMOUNT);
    if (!amount.matches("1.234.56")) {
      throw new IllegalArgumentException(
          name + ": '" + AMOUNT + "' is not 1234.56 with the language's own signs; write for example 1,234.56");
    }
    Language whole =
        new Language(take(name, texts, LANGUAGE), take(name, texts, APPEAL), amount, words, Map.copyOf(terms));
    if (!texts.isEmpty()) {
      throw new IllegalArgumentException(
          name + ": these keys are for nothing: " + texts.stringPropertyNames() + "; take them out");
    }
    return whole;
  }

  private static void takeTerms(
      String name, Properties texts, String prefix, Enum<?>[] constants, Map<Enum<?>, String> terms) {
    for (Enum<?> constant : constants) {
      terms.put(constant, take(name, texts, prefix + constant.name()));
    }
  }

  private static String take(String name, Properties texts, String key) {
    Object text = texts.remove(key);
    if (text == null || text.toString().isBlank()) {
      throw new IllegalArgumentException(name + ": '" + key + "' is missing; add a line '" + key + "=...'");
    }
    return text.toString();
  }

  /** What the language calls itself. */
  public String language() {
    return language;
  }

  /** How to ask for a new look; belongs to every decline. */
  public String appeal() {
    return appeal;
  }

  /** The words for a reason. */
  public Words of(DeclineReason reason) {
    Words found = words.get(reason);
    if (found == null) {
      throw new IllegalStateException("no words for " + reason);
    }
    return found;
  }

  /** The word for a kind of movement, a purse, a limit, or a sentence for a verdict. */
  public String term(Enum<?> constant) {
    String found = terms.get(constant);
    if (found == null) {
      throw new IllegalStateException("no word for " + constant);
    }
    return found;
  }

  /** Minor units as the language writes them. */
  public String amount(long amountMinor) {
    String digits = String.format(Locale.ROOT, "%,d", Math.abs(amountMinor / 100)).replace(',', amount.charAt(1));
    String ore = String.format(Locale.ROOT, "%02d", Math.abs(amountMinor % 100));
    return (amountMinor < 0 ? "-" : "") + digits + amount.charAt(5) + ore;
  }
}
