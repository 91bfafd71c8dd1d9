package se.valfardskort.loadtest.certify;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import se.valfardskort.loadtest.client.CardNumber;

/**
 * All numbers of one run that must not have been used before: STANs, retrieval references, times, cards. Two runs meet
 * in none of them unless they have the same seed. Used by one thread.
 */
final class RunSeed {
  /** The cards among which the runs choose. */
  static final int CARDS = 5_000;

  private static final ZoneId LOCAL = ZoneId.of("Europe/Stockholm");
  private static final DateTimeFormatter TRANSMISSION = DateTimeFormatter.ofPattern("MMddHHmmss", Locale.ROOT);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MMdd", Locale.ROOT);
  private static final DateTimeFormatter LONG_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss", Locale.ROOT);
  private static final DateTimeFormatter LONG_DATE = DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT);
  private static final DateTimeFormatter REFERENCE = DateTimeFormatter.ofPattern("DDDHH", Locale.ROOT);

  /** The first card that the demonstration never uses. */
  private static final int FIRST_CARD = 5_000;
  private static final int CARDS_A_RUN = 137;
  private static final int STANS = 999_999;
  private static final int STANS_A_RUN = 2_000;
  /** Today and its neighbours have postings that name no day. */
  private static final int AFTER_TODAY = 3;
  private static final int DAYS = 355;

  private final long epochSecond;
  private int exchanges;
  private int cards;
  private int days;

  /**
   * Begins a run.
   *
   * @param epochSecond the seed: the second in which the first exchange is said to happen
   */
  RunSeed(long epochSecond) {
    this.epochSecond = epochSecond;
  }

  /** Gives an exchange its STAN, reference and times. */
  void stamp(Values values) {
    int stan = (int) Math.floorMod(epochSecond * STANS_A_RUN + exchanges, (long) STANS) + 1;
    Instant now = Instant.ofEpochSecond(epochSecond + exchanges / 10);
    exchanges++;
    ZonedDateTime local = now.atZone(LOCAL);
    String trace = String.format(Locale.ROOT, "%06d", stan);
    values.text("stan", trace);
    values.text("rrn", local.getYear() % 10 + REFERENCE.format(local) + trace);
    values.text("time7", TRANSMISSION.format(now.atZone(ZoneOffset.UTC)));
    values.text("time12", TIME.format(local));
    values.text("date13", DATE.format(local));
    values.text("moment", LONG_TIME.format(local));
  }

  /** Gives a group a settlement day of its own: {@code day} is MMDD, {@code longday} YYMMDD. */
  void stampDay(Values values) {
    LocalDate today = LocalDate.ofInstant(Instant.ofEpochSecond(epochSecond), LOCAL);
    LocalDate day = today.plusDays(AFTER_TODAY + Math.floorMod(epochSecond * 7 + days, (long) DAYS));
    days++;
    values.text("day", DATE.format(day));
    values.text("longday", LONG_DATE.format(day));
  }

  /** The number of a card that nothing in this run has used; an earlier run may have. */
  String nextCard() {
    int place = (int) Math.floorMod(epochSecond * CARDS_A_RUN + cards, (long) CARDS);
    cards++;
    return CardNumber.panOf(String.format(Locale.ROOT, "%09d", FIRST_CARD + place));
  }

  /** The seed. */
  long epochSecond() {
    return epochSecond;
  }
}
