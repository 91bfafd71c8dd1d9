package se.valfardskort.loadtest.certify;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.loadtest.client.Kronor;

/**
 * What stands behind the names in braces: texts such as {@code stan}, amounts such as {@code cash}, both also by the
 * exchange that had them ({@code food.stan}). Used by one thread.
 *
 * <p>An expression is one text's name, or amounts and kronor joined by + and -: {@code cash-125.00}. Amounts are minor
 * units within, twelve digits without.
 */
final class Values {
  private static final Pattern TERM =
      Pattern.compile("([+-]?)([a-z][a-z0-9]*(?:\\.[a-z][a-z0-9]*)?|[0-9]+(?:\\.[0-9]+)?)");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)?");
  private static final Pattern HOLE = Pattern.compile("\\{([^{}|?]+)\\}");

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Long> amounts = new HashMap<>();

  /** A name that is not known yet, for example since the exchange that would have given it failed. */
  static final class UnknownName extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownName(String name) {
      super("nothing is known by the name '" + name + "'");
    }
  }

  void text(String name, String value) {
    texts.put(name, value);
  }

  void amount(String name, long minor) {
    amounts.put(name, minor);
  }

  /** Keeps all that is known now under an exchange's name too. */
  void rememberAs(String id) {
    Map<String, String> namedTexts = new HashMap<>();
    texts.forEach((name, value) -> {
      if (name.indexOf('.') < 0) {
        namedTexts.put(id + "." + name, value);
      }
    });
    texts.putAll(namedTexts);
    Map<String, Long> namedAmounts = new HashMap<>();
    amounts.forEach((name, value) -> {
      if (name.indexOf('.') < 0) {
        namedAmounts.put(id + "." + name, value);
      }
    });
    amounts.putAll(namedAmounts);
  }

  /** Whether a word can be a name. */
  static boolean isName(String word) {
    return NAME.matcher(word).matches();
  }

  /** The text of an expression: the text itself, or an amount's twelve digits. */
  String textOf(String expression) {
    String text = texts.get(expression);
    return text != null ? text : twelve(amountOf(expression));
  }

  /** The amount of an expression, in minor units. */
  long amountOf(String expression) {
    Matcher term = TERM.matcher(expression);
    long sum = 0;
    int at = 0;
    while (at < expression.length()) {
      if (!term.find(at) || term.start() != at || (at > 0 && term.group(1).isEmpty())) {
        throw new IllegalArgumentException("'" + expression + "' is neither a name nor a sum such as cash-125.00");
      }
      long value = valueOf(term.group(2));
      sum += term.group(1).equals("-") ? -value : value;
      at = term.end();
    }
    return sum;
  }

  private long valueOf(String word) {
    if (Character.isDigit(word.charAt(0))) {
      return Kronor.parseMinor(word);
    }
    Long amount = amounts.get(word);
    if (amount == null) {
      throw new UnknownName(word);
    }
    return amount;
  }

  /** A text in which names stand in braces, for example {@code 0100{food.stan}}. */
  String fill(String template) {
    Matcher hole = HOLE.matcher(template);
    StringBuilder out = new StringBuilder();
    while (hole.find()) {
      hole.appendReplacement(out, Matcher.quoteReplacement(textOf(hole.group(1))));
    }
    hole.appendTail(out);
    if (out.indexOf("{") >= 0) {
      throw new IllegalArgumentException("'" + template + "': a brace is not closed, or holds what answers may hold");
    }
    return out.toString();
  }

  /** Twelve digits. */
  static String twelve(long minor) {
    if (minor < 0) {
      throw new IllegalArgumentException("an amount of " + Kronor.format(minor) + " is below nothing");
    }
    return String.format(Locale.ROOT, "%012d", minor);
  }

  /** C or D, and twelve digits, as DE 54 has it. */
  static String balance(long minor) {
    return (minor < 0 ? "D" : "C") + twelve(Math.abs(minor));
  }
}
