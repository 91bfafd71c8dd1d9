package se.valfardskort.authorizer.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The countries of ISO 3166-1: from two or three capital letters to the numeric code.
 *
 * <p>Immutable after class initialization, any thread, no allocation. Only officially assigned codes are countries, and
 * only capitals are letters: a text that is neither is treated as if no country had been sent, because the last
 * characters of DE 43 are free text with partners that follow neither of the two common layouts, and a made-up country
 * would decline a purchase at home as one abroad.
 */
public final class Countries {
  /** What the look-ups give for what is no country. */
  public static final int NONE = 0;

  private static final int LETTERS = 26;
  private static final short[] BY_ALPHA_2 = new short[LETTERS * LETTERS];
  private static final short[] BY_ALPHA_3 = new short[LETTERS * LETTERS * LETTERS];
  private static final boolean[] NUMERIC = new boolean[1000];

  static {
    try (InputStream in = Countries.class.getResourceAsStream("iso3166.txt")) {
      if (in == null) {
        throw new IllegalStateException("iso3166.txt is not in the jar; build again");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("iso3166.txt cannot be read from the jar; build again", e);
    }
  }

  private Countries() {}

  private static void add(String line) {
    short numeric = Short.parseShort(line.substring(7));
    BY_ALPHA_2[index(line.charAt(0), line.charAt(1))] = numeric;
    BY_ALPHA_3[index(line.charAt(3), line.charAt(4), line.charAt(5))] = numeric;
    NUMERIC[numeric] = true;
  }

  private static int index(int first, int second) {
    return (first - 'A') * LETTERS + second - 'A';
  }

  private static int index(int first, int second, int third) {
    return index(first, second) * LETTERS + third - 'A';
  }

  private static boolean isLetter(int character) {
    return character >= 'A' && character <= 'Z';
  }

  /** The numeric code of an alpha-2 code, or {@link #NONE}. */
  public static int ofAlpha2(int first, int second) {
    return isLetter(first) && isLetter(second) ? BY_ALPHA_2[index(first, second)] : NONE;
  }

  /** The numeric code of an alpha-3 code, or {@link #NONE}. */
  static int ofAlpha3(int first, int second, int third) {
    return isLetter(first) && isLetter(second) && isLetter(third) ? BY_ALPHA_3[index(first, second, third)] : NONE;
  }

  /** The code itself where it is a country's, else {@link #NONE}. */
  static int ofNumeric(long code) {
    return code > 0 && code < NUMERIC.length && NUMERIC[(int) code] ? (int) code : NONE;
  }

  /** The two letters of a numeric code; the number itself where it is no country's. Allocates. */
  public static String alpha2(int numeric) {
    for (int index = 0; index < BY_ALPHA_2.length; index++) {
      if (numeric != NONE && BY_ALPHA_2[index] == numeric) {
        return "" + (char) ('A' + index / LETTERS) + (char) ('A' + index % LETTERS);
      }
    }
    return Integer.toString(numeric);
  }
}
