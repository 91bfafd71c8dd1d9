package se.valfardskort.authorizer.app;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A policy and what it answers, written down a second time, as plainly and slowly as can be: maps, texts, and a list of
 * reasons of which the first that holds counts. Knows purchases for kronor, their completions and reversals, and loads;
 * nothing of ours is in it.
 */
final class PolicyTwin {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final long NONE = -1;

  /** Amounts in ore; -1: no limit. */
  static final class Figures {
    long purchase = NONE;
    long day = NONE;
    long dayCount = NONE;
    long month = NONE;
    long monthCount = NONE;

    boolean overTime() {
      return day != NONE || dayCount != NONE || month != NONE || monthCount != NONE;
    }

    Figures copy() {
      Figures copy = new Figures();
      copy.purchase = purchase;
      copy.day = day;
      copy.dayCount = dayCount;
      copy.month = month;
      copy.monthCount = monthCount;
      return copy;
    }
  }

  /** A category. */
  static final class Kind {
    String group = "ALLOWED";
    long luxury = NONE;
    long cap = NONE;
    Figures limits = new Figures();

    boolean counted() {
      return cap != NONE || limits.overTime();
    }

    Kind copy() {
      Kind copy = new Kind();
      copy.group = group;
      copy.luxury = luxury;
      copy.cap = cap;
      copy.limits = limits.copy();
      return copy;
    }
  }

  /** A policy. */
  static final class Rules {
    final Map<String, Kind> kinds = new TreeMap<>();
    final Map<Integer, String> codes = new TreeMap<>();
    /** A category's name, or deny. */
    final Map<String, String> shops = new TreeMap<>();
    String others = "ALLOWED";
    Figures limits = new Figures();

    Rules copy() {
      Rules copy = new Rules();
      kinds.forEach((name, kind) -> copy.kinds.put(name, kind.copy()));
      copy.codes.putAll(codes);
      copy.shops.putAll(shops);
      copy.others = others;
      copy.limits = limits.copy();
      return copy;
    }

    /** Empty: in none. */
    String categoryOf(Buy buy) {
      String registered = shops.getOrDefault(buy.shop, "deny");
      return registered.equals("deny") ? codes.getOrDefault(buy.mcc, "") : registered;
    }

    boolean countsPurchases() {
      return limits.overTime() || kinds.values().stream().anyMatch(kind -> kind.limits.overTime());
    }
  }

  /** A wish to pay. */
  record Buy(int card, int mcc, String shop, int country, long amount, boolean hold, long timeMs) {}

  /** What was bought and counted. */
  private record Kept(
      int card, String category, boolean inMonthOfCategory, boolean inLimits, LocalDate day, long left) {}

  private final Map<Integer, Long> cash = new HashMap<>();
  private final Map<String, Long> counters = new HashMap<>();
  private final Map<Integer, Kept> kept = new HashMap<>();
  Rules rules;

  PolicyTwin(Rules rules) {
    this.rules = rules;
  }

  /** The same state under other rules. */
  PolicyTwin under(Rules other) {
    PolicyTwin twin = new PolicyTwin(other);
    twin.cash.putAll(cash);
    twin.counters.putAll(counters);
    twin.kept.putAll(kept);
    return twin;
  }

  void load(int card, long amount) {
    cash.merge(card, amount, Long::sum);
  }

  /** {@code approved} or the reason; {@code number} is what later steps call it. */
  String buy(int number, Buy buy) {
    String category = rules.categoryOf(buy);
    Map<String, BooleanSupplier> reasons = new LinkedHashMap<>();
    Kind kind = rules.kinds.getOrDefault(category, new Kind());
    String group = category.isEmpty() ? rules.others : kind.group;
    reasons.put("MERCHANT_DENIED", () -> rules.shops.getOrDefault(buy.shop, "").equals("deny"));
    reasons.put("BLOCKED_SERVICES", () -> group.equals("BLOCKED") && !category.isEmpty());
    reasons.put("BLOCKED_UNLISTED", () -> group.equals("BLOCKED"));
    reasons.put("ABROAD", () -> buy.country != 752);
    reasons.put("APPROVAL_MOVING", () -> group.equals("AFTER_APPROVAL") && !category.isEmpty());
    reasons.put("APPROVAL_UNLISTED", () -> group.equals("AFTER_APPROVAL"));
    reasons.put("LUXURY_AMOUNT", () -> above(kind.luxury, buy.amount));
    addLimits(reasons, buy, category, kind);
    reasons.put("INSUFFICIENT_FUNDS", () -> buy.amount > cash.getOrDefault(buy.card, 0L));
    for (Map.Entry<String, BooleanSupplier> reason : reasons.entrySet()) {
      if (reason.getValue().getAsBoolean()) {
        return reason.getKey();
      }
    }
    book(number, buy, category);
    return "approved";
  }

  private void addLimits(Map<String, BooleanSupplier> reasons, Buy buy, String category, Kind kind) {
    LocalDate day = dayOf(buy.timeMs);
    Figures all = rules.limits;
    Figures own = kind.limits;
    String account = buy.card + " all ";
    String here = buy.card + " in " + category + " ";
    reasons.put("CATEGORY_CAP", () -> above(kind.cap, at(here + YearMonth.from(day)) + buy.amount));
    reasons.put("PURCHASE_LIMIT", () -> above(all.purchase, buy.amount));
    reasons.put("CATEGORY_PURCHASE_LIMIT", () -> above(own.purchase, buy.amount));
    reasons.put("DAY_AMOUNT", () -> above(all.day, at(account + day) + buy.amount));
    reasons.put("CATEGORY_DAY_AMOUNT", () -> above(own.day, at(here + day) + buy.amount));
    reasons.put("DAY_COUNT", () -> above(all.dayCount, at(account + "count " + day) + 1));
    reasons.put("CATEGORY_DAY_COUNT", () -> above(own.dayCount, at(here + "count " + day) + 1));
    String month = YearMonth.from(day).toString();
    reasons.put("MONTH_AMOUNT", () -> above(all.month, at(account + month) + buy.amount));
    reasons.put("CATEGORY_MONTH_AMOUNT", () -> above(own.month, at(here + month) + buy.amount));
    reasons.put("MONTH_COUNT", () -> above(all.monthCount, at(account + "count " + month) + 1));
    reasons.put("CATEGORY_MONTH_COUNT", () -> above(own.monthCount, at(here + "count " + month) + 1));
  }

  private static boolean above(long limit, long value) {
    return limit != NONE && value > limit;
  }

  private long at(String counter) {
    return counters.getOrDefault(counter, 0L);
  }

  private static LocalDate dayOf(long timeMs) {
    return Instant.ofEpochMilli(timeMs).atZone(STOCKHOLM).toLocalDate();
  }

  private void book(int number, Buy buy, String category) {
    boolean counted = !category.isEmpty() && rules.kinds.getOrDefault(category, new Kind()).counted();
    Kept made = new Kept(buy.card, category, counted, rules.countsPurchases(), dayOf(buy.timeMs), buy.amount);
    kept.put(number, made);
    cash.merge(buy.card, -buy.amount, Long::sum);
    count(made, 1, buy.amount);
  }

  private void count(Kept made, long purchases, long amount) {
    String month = YearMonth.from(made.day).toString();
    String account = made.card + " all ";
    String here = made.card + " in " + made.category + " ";
    if (made.inMonthOfCategory) {
      counters.merge(here + month, amount, Long::sum);
    }
    if (made.inLimits) {
      counters.merge(account + made.day, amount, Long::sum);
      counters.merge(account + month, amount, Long::sum);
      counters.merge(account + "count " + made.day, purchases, Long::sum);
      counters.merge(account + "count " + month, purchases, Long::sum);
    }
    if (made.inLimits && made.inMonthOfCategory) {
      counters.merge(here + made.day, amount, Long::sum);
      counters.merge(here + "count " + made.day, purchases, Long::sum);
      counters.merge(here + "count " + month, purchases, Long::sum);
    }
  }

  /** All of it goes back; of a purchase that was declined nothing does. */
  void reverse(int number) {
    Kept made = kept.remove(number);
    if (made != null) {
      cash.merge(made.card, made.left, Long::sum);
      count(made, -1, -made.left);
    }
  }

  /** A hold is completed for as much or less; one that was declined is booked by force. */
  void complete(int number, Buy completion) {
    Kept made = kept.remove(number);
    if (made == null) {
      book(number, completion, rules.categoryOf(completion));
      return;
    }
    cash.merge(made.card, made.left - completion.amount, Long::sum);
    count(made, 0, completion.amount - made.left);
  }
}
