package se.valfardskort.loadtest.client;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Builds a request from names that people use, and fills in what every message of the demo's partners carries: DE 7,
 * 11, 12, 13, 22, 25, 32, 37, 41 and 49. Used by one thread.
 */
public final class RequestBuilder {
  /** The demo's default acquirer (DE 32). */
  public static final String DEFAULT_ACQUIRER = "123456";
  /** DE 14 of the demo's cards: December 2030. */
  public static final String DEFAULT_EXPIRY = "3012";

  static final ZoneId LOCAL = ZoneId.of("Europe/Stockholm");

  private static final DateTimeFormatter TRANSMISSION = DateTimeFormatter.ofPattern("MMddHHmmss", Locale.ROOT);
  private static final DateTimeFormatter LOCAL_TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
  private static final DateTimeFormatter LOCAL_DATE = DateTimeFormatter.ofPattern("MMdd", Locale.ROOT);
  private static final DateTimeFormatter RRN_START = DateTimeFormatter.ofPattern("DDDHH", Locale.ROOT);

  private static final String SPECIAL = "åäöéüÅÄÖÉÜ";
  private static final String PLAIN = "aaoeuAAOEU";

  private final int mti;
  private final SortedMap<Integer, String> fields = new TreeMap<>();
  private String merchantName = "DEMO MERCHANT";
  private String city = "BOTKYRKA";
  private String country = "SE";

  private RequestBuilder(int mti) {
    this.mti = mti;
    fields.put(3, "000000");
    fields.put(22, "051");
    fields.put(25, "00");
    fields.put(32, DEFAULT_ACQUIRER);
    fields.put(41, "DEMO0001");
    fields.put(42, "BUTIK0000000001");
    fields.put(49, "752");
  }

  /**
   * Begins a request.
   *
   * @param mti 100 for 0100
   */
  public static RequestBuilder of(int mti) {
    return new RequestBuilder(mti);
  }

  /** DE 2. */
  public RequestBuilder pan(String digits) {
    return field(2, digits);
  }

  /** DE 3, six digits: 000000 purchase, 009600 CASH only, 009800 HJARTAN only, 310000 balance inquiry. */
  public RequestBuilder processingCode(String code) {
    return field(3, code);
  }

  /** DE 4 in minor units. */
  public RequestBuilder amountMinor(long amountMinor) {
    return field(4, twelve(amountMinor));
  }

  /** DE 14, YYMM. */
  public RequestBuilder expiry(String yearMonth) {
    return field(14, yearMonth);
  }

  /** DE 18, four digits. */
  public RequestBuilder mcc(String mcc) {
    return field(18, mcc);
  }

  /** DE 32. */
  public RequestBuilder acquirer(String id) {
    return field(32, id);
  }

  /** DE 41, at most eight characters. */
  public RequestBuilder terminal(String id) {
    return field(41, id);
  }

  /** DE 42, at most fifteen characters. */
  public RequestBuilder merchant(String id) {
    return field(42, id);
  }

  /** DE 43, positions 1 to 22. */
  public RequestBuilder merchantName(String name) {
    merchantName = name;
    return this;
  }

  /** DE 43, positions 24 to 36. */
  public RequestBuilder city(String name) {
    city = name;
    return this;
  }

  /** DE 43, positions 39 and 40: two letters. */
  public RequestBuilder country(String twoLetters) {
    country = twoLetters;
    return this;
  }

  /** Any field; an empty value leaves it out. */
  public RequestBuilder field(int de, String value) {
    if (value.isEmpty()) {
      fields.remove(de);
    } else {
      fields.put(de, value);
    }
    return this;
  }

  /** DE 90: the message that this one reverses or completes. */
  public RequestBuilder original(Request original) {
    fields.put(90, originalData(original.mti(), original.field(11), original.field(7), original.field(32)));
    fields.put(37, original.field(37));
    return this;
  }

  /**
   * Completes the request.
   *
   * @param stan DE 11, 1 to 999999
   * @param now DE 7 (UTC), DE 12 and 13 (Stockholm)
   */
  public Request build(int stan, Instant now) {
    ZonedDateTime local = now.atZone(LOCAL);
    String trace = sixDigits(stan);
    fields.put(7, TRANSMISSION.format(now.atZone(ZoneOffset.UTC)));
    fields.put(11, trace);
    fields.put(12, LOCAL_TIME.format(local));
    fields.put(13, LOCAL_DATE.format(local));
    fields.putIfAbsent(37, local.getYear() % 10 + RRN_START.format(local) + trace);
    fields.put(43, placeOf(merchantName, city, country));
    return new Request(mti, fields);
  }

  /** DE 43: name in 1-22, city in 24-36, country in 39-40; letters without rings and dots, as terminals send them. */
  static String placeOf(String name, String city, String country) {
    return plain(fit(name, 22) + " " + fit(city, 13) + "  " + fit(country, 2));
  }

  private static String plain(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int special = SPECIAL.indexOf(c);
      out.append(special >= 0 ? PLAIN.charAt(special) : c < ' ' || c > '~' ? '?' : c);
    }
    return out.toString();
  }

  /** DE 90: MTI 4, STAN 6, DE 7 10, DE 32 11, DE 33 11, each filled with zeros on the left. */
  static String originalData(int mti, String stan, String transmission, String acquirer) {
    return "0" + mti + stan + transmission + "0".repeat(11 - acquirer.length()) + acquirer + "0".repeat(11);
  }

  private static String fit(String text, int width) {
    return text.length() >= width ? text.substring(0, width) : text + " ".repeat(width - text.length());
  }

  private static String sixDigits(int stan) {
    if (stan < 0 || stan > 999_999) {
      throw new IllegalArgumentException("STAN " + stan + " is not 0 to 999999");
    }
    String digits = Integer.toString(stan);
    return "0".repeat(6 - digits.length()) + digits;
  }

  static String twelve(long amountMinor) {
    if (amountMinor < 0 || amountMinor > Kronor.MAXIMUM_MINOR) {
      throw new IllegalArgumentException("an amount of " + amountMinor + " ore does not fit DE 4");
    }
    String digits = Long.toString(amountMinor);
    return "0".repeat(12 - digits.length()) + digits;
  }
}
