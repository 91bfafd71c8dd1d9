package se.valfardskort.independent.model;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each acquirer of each partner is to be paid, since the last cut-over and by settlement day (wire.md section 2),
 * counted from what the requests of all cards have left in their books. Any thread.
 */
final class Settlement {
  static final List<String> ACQUIRERS = List.of(Programme.ACQUIRER, Programme.SECOND_ACQUIRER);

  /** Data elements of the counts, and of the amounts that follow them. */
  private static final int[] COUNTS = {74, 75, 76, 77};

  private static final int AMOUNTS_FROM_COUNTS = 12;
  private static final int AUTHORIZATIONS = 81;
  static final int NET = 97;

  /** A partner's acquirer. */
  private static final class Account {
    final Map<Integer, Long> sinceCutOver = new TreeMap<>();
    final Map<LocalDate, Map<Integer, Long>> byDay = new HashMap<>();
    @Nullable LocalDate current;
  }

  private final Laws laws;
  private final Map<String, Account> accounts = new HashMap<>();

  Settlement(Laws laws) {
    this.laws = laws;
  }

  private Account account(boolean of1993, String acquirer) {
    return accounts.computeIfAbsent(of1993 + acquirer, _ -> new Account());
  }

  /** One purchase, refund or reversal of one; {@code count} is the data element that counts them. */
  synchronized void count(Facts request, LocalDate today, int count, long amount) {
    add(request, today, count, 1);
    add(request, today, count + AMOUNTS_FROM_COUNTS, amount);
  }

  synchronized void countAuthorization(Facts request, LocalDate today, boolean approved) {
    if (approved || laws.declinesAreCounted()) {
      add(request, today, AUTHORIZATIONS, 1);
    }
  }

  private void add(Facts request, LocalDate today, int field, long amount) {
    Account account = account(request.is1993(), request.acquirer());
    LocalDate named = laws.requestsNameTheirDay() ? dayOf(request.text(15), today) : null;
    LocalDate day = named != null ? named : account.current != null ? account.current : today;
    account.sinceCutOver.merge(field, amount, Long::sum);
    account.byDay.computeIfAbsent(day, _ -> new TreeMap<>()).merge(field, amount, Long::sum);
  }

  /** The day nearest to today that is MMDD, the end of DE 15; null: none is. */
  static @Nullable LocalDate dayOf(String settlementDay, LocalDate today) {
    if (settlementDay.length() < 4) {
      return null;
    }
    String monthDay = settlementDay.substring(settlementDay.length() - 4);
    for (int distance = 0; distance < 200; distance++) {
      for (LocalDate day : List.of(today.minusDays(distance), today.plusDays(distance))) {
        if (String.format(Locale.ROOT, "%02d%02d", day.getMonthValue(), day.getDayOfMonth()).equals(monthDay)) {
          return day;
        }
      }
    }
    return null;
  }

  /** Ours, by data element, each as the interface writes it. */
  synchronized Map<Integer, String> totals(boolean of1993, String acquirer, @Nullable LocalDate day) {
    Account account = account(of1993, acquirer);
    Map<Integer, Long> counted = day == null ? account.sinceCutOver : account.byDay.getOrDefault(day, Map.of());
    Map<Integer, String> totals = new TreeMap<>();
    for (int count : COUNTS) {
      totals.put(count, digits(10, counted.getOrDefault(count, 0L)));
      int amount = count + AMOUNTS_FROM_COUNTS;
      totals.put(amount, digits(16, counted.getOrDefault(amount, 0L)));
    }
    totals.put(AUTHORIZATIONS, digits(10, counted.getOrDefault(AUTHORIZATIONS, 0L)));
    long net = amount(counted, 88) - amount(counted, 89) - amount(counted, 86) + amount(counted, 87);
    totals.put(NET, (net < 0 ? "D" : "C") + digits(16, Math.abs(net)));
    return totals;
  }

  private static long amount(Map<Integer, Long> counted, int field) {
    return counted.getOrDefault(field, 0L);
  }

  static String digits(int width, long value) {
    return String.format(Locale.ROOT, "%0" + width + "d", value);
  }

  /** @param acquirer null: all of the partner's */
  synchronized void cutOver(boolean of1993, @Nullable String acquirer, @Nullable LocalDate day) {
    boolean first = acquirer == null && !laws.cutOversAreForAll();
    for (String each : acquirer == null ? ACQUIRERS : List.of(acquirer)) {
      if (!first || each.equals(Programme.ACQUIRER)) {
        Account account = account(of1993, each);
        account.sinceCutOver.clear();
        account.current = day;
      }
    }
  }
}
