package se.valfardskort.authorizer.app.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.domain.Category;

/**
 * One value as it stands in a file, with its line.
 *
 * <p>The conversions note a problem where the text cannot be what is asked for, and return some valid value, so that
 * reading goes on and finds the next problem too. Owned by the thread that reads the configuration.
 */
final class Scalar {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,10})(?:\\.([0-9]{2}))?(?: ?kr)?");
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,18}");
  private static final String NO_LIMIT_WORD = "none";

  private final Place place;
  private final String text;
  private final Problems problems;

  Scalar(Place place, String text, Problems problems) {
    this.place = place;
    this.text = text;
    this.problems = problems;
  }

  Place place() {
    return place;
  }

  /** The text as written, without quotes. */
  String raw() {
    return text;
  }

  /** Notes a problem with this value. */
  void refuse(String what, String mend) {
    problems.add(place, what, mend);
  }

  /** A text that must not be empty. */
  String text() {
    if (text.isBlank()) {
      refuse("nothing is written here", "write a text");
    }
    return text;
  }

  /** A text of a given form; {@code expected} says the form in words. */
  String text(Pattern form, String expected) {
    if (!form.matcher(text).matches()) {
      refuse("'" + text + "' is not " + expected, "write " + expected);
    }
    return text;
  }

  /** A whole number in {@code [minimum, maximum]}. */
  long integer(long minimum, long maximum) {
    long value = INTEGER.matcher(text).matches() ? Long.parseLong(text) : -1;
    if (value < minimum || value > maximum) {
      refuse(
          "'" + text + "' is not a whole number from " + minimum + " to " + maximum,
          "write such a number, in digits only");
      return minimum;
    }
    return value;
  }

  /** As {@link #integer}, for what fits an int. */
  int smallInteger(int minimum, int maximum) {
    return (int) integer(minimum, maximum);
  }

  /** An amount in kronor, exactly to the ore, for example {@code 1500.00 kr}; returns ore. */
  long amountMinor() {
    OptionalLong amount = parseAmount(text);
    if (amount.isEmpty()) {
      refuse(
          "'" + text + "' is not an amount in kronor",
          "write it like 1500.00 kr: digits, a point and two decimals, no thousands separator");
    }
    return amount.orElse(0);
  }

  /** As {@link #amountMinor}, or {@code none} for {@link Category#NO_LIMIT}. */
  long limitMinor() {
    return text.equals(NO_LIMIT_WORD) ? Category.NO_LIMIT : amountMinor();
  }

  /** As {@link #smallInteger}, or {@code none} for {@link Category#NO_LIMIT}. */
  int limitCount(int maximum) {
    return text.equals(NO_LIMIT_WORD) ? (int) Category.NO_LIMIT : smallInteger(0, maximum);
  }

  /** One of the words of {@code choices}. */
  <T> T choice(Map<String, T> choices, T otherwise) {
    T chosen = choices.get(text);
    if (chosen == null) {
      refuse("'" + text + "' is not known here", "write one of: " + String.join(", ", new TreeSet<>(choices.keySet())));
      return otherwise;
    }
    return chosen;
  }

  /** {@code true} or {@code false}. */
  boolean flag() {
    return choice(Map.of("true", Boolean.TRUE, "false", Boolean.FALSE), Boolean.FALSE);
  }

  private static OptionalLong parseAmount(String text) {
    Matcher matcher = AMOUNT.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    String ore = matcher.group(2);
    return OptionalLong.of(Long.parseLong(matcher.group(1)) * 100 + (ore == null ? 0 : Long.parseLong(ore)));
  }

  /** An amount as people read it, for example {@code 7000.00 kr}. */
  static String kronor(long amountMinor) {
    return String.format(Locale.ROOT, "%s kr", BigDecimal.valueOf(amountMinor, 2).toPlainString());
  }
}
