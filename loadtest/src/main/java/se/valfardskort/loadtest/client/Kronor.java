package se.valfardskort.loadtest.client;

/** Amounts of money as people write them. Amounts are {@code long} minor units (ore); 100 ore are 1 krona. */
public final class Kronor {
  /** The largest amount that DE 4 holds: twelve digits. */
  public static final long MAXIMUM_MINOR = 999_999_999_999L;

  private Kronor() {}

  /**
   * Reads an amount in kronor: {@code 347}, {@code 347.5}, {@code 347.50} or, as in Swedish, {@code 347,50}.
   *
   * @return minor units, 0 to {@link #MAXIMUM_MINOR}
   * @throws IllegalArgumentException where the text is not such an amount; names it and the mend
   */
  public static long parseMinor(String text) {
    int point = Math.max(text.indexOf('.'), text.indexOf(','));
    String whole = point < 0 ? text : text.substring(0, point);
    String part = point < 0 ? "" : text.substring(point + 1);
    boolean wellFormed = isDigits(whole) && whole.length() <= 10
        && (point < 0 || (isDigits(part) && part.length() <= 2));
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an amount in kronor; write for example 347 or 347.50, without thousands separators");
    }
    long minor = Long.parseLong(whole) * 100;
    if (part.length() == 1) {
      minor += Long.parseLong(part) * 10;
    } else if (part.length() == 2) {
      minor += Long.parseLong(part);
    }
    return minor;
  }

  /** Writes minor units as kronor with two decimals and a comma between thousands: {@code -7,000.00}. */
  public static String format(long minor) {
    long absolute = Math.abs(minor);
    String whole = Long.toString(absolute / 100);
    StringBuilder out = new StringBuilder();
    if (minor < 0) {
      out.append('-');
    }
    for (int i = 0; i < whole.length(); i++) {
      if (i > 0 && (whole.length() - i) % 3 == 0) {
        out.append(',');
      }
      out.append(whole.charAt(i));
    }
    long ore = absolute % 100;
    return out.append('.').append((char) ('0' + ore / 10)).append((char) ('0' + ore % 10)).toString();
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
