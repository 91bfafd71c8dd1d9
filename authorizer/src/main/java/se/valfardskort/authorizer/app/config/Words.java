package se.valfardskort.authorizer.app.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.domain.DeclineReason;

/** The words that configuration files use for what the domain knows. */
final class Words {
  /** Keys of programmes, categories, neighbourhoods, partners, links. */
  static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  static final String KEY_WORDS = "a key of small letters, digits and hyphens, at most 40";

  /** DE 42. */
  static final Pattern MERCHANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ./_-]{0,14}");

  static final String MERCHANT_WORDS = "a merchant id (DE 42) of at most 15 characters";

  /** DE 32. */
  static final long MAXIMUM_ACQUIRER = 99_999_999_999L;

  /** Ids of programmes and partners: 16 bits in a record, with the null value kept free. */
  static final int MAXIMUM_ID = 65_534;

  private static final Map<String, Integer> COUNTRIES =
      Map.of("SE", 752, "NO", 578, "DK", 208, "FI", 246, "IS", 352, "AX", 248, "FO", 234, "GL", 304);
  private static final Map<String, DeclineReason> REASONS = reasons();

  private Words() {}

  /** Every decline reason by its word in files: {@code BLOCKED_GAMBLING} is {@code blocked-gambling}. */
  static Map<String, DeclineReason> reasonsByWord() {
    return REASONS;
  }

  /** The word of a constant in files. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A country as two letters (the Nordic ones) or as three digits of ISO 3166-1; returns the number. */
  static int country(Scalar scalar) {
    Integer number = COUNTRIES.get(scalar.raw());
    if (number != null) {
      return number;
    }
    if (scalar.raw().matches("[0-9]{3}") && !scalar.raw().equals("000")) {
      return Integer.parseInt(scalar.raw());
    }
    scalar.refuse(
        "'" + scalar.raw() + "' is not a country",
        "write SE, NO, DK, FI, IS, AX, FO or GL, or the three digits of ISO 3166-1, for example 752");
    return 752;
  }

  private static Map<String, DeclineReason> reasons() {
    Map<String, DeclineReason> reasons = new LinkedHashMap<>();
    for (DeclineReason reason : DeclineReason.values()) {
      reasons.put(word(reason), reason);
    }
    return reasons;
  }
}
