package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * What a backtest found: counts, by category and by answer before and after; each difference is handed on as it is
 * found and not kept. One thread.
 */
final class BacktestReport {
  /** What differences are added up by. */
  record Group(String categoryBefore, String categoryAfter, String before, String after) {
    static final Comparator<Group> ORDER =
        Comparator.comparing(Group::categoryBefore)
            .thenComparing(Group::categoryAfter)
            .thenComparing(Group::before)
            .thenComparing(Group::after);
  }

  /** How many, how much and whose. */
  static final class Tally {
    private long count;
    private long askedMinor;
    private long approvedMoreMinor;
    private final BitSet holders = new BitSet();

    long count() {
      return count;
    }

    long askedMinor() {
      return askedMinor;
    }

    /** Approved by the candidate beyond what was approved; below 0: less. */
    long approvedMoreMinor() {
      return approvedMoreMinor;
    }

    BitSet holders() {
      return holders;
    }

    private void add(PolicyAnswer.Difference difference) {
      add(1, difference.amountMinor(), difference.after().approvedMinor() - difference.before().approvedMinor());
      if (difference.account() >= 0) {
        holders.set(difference.account());
      }
    }

    /** Of an earlier run. */
    void add(long more, long asked, long approvedMore) {
      count += more;
      askedMinor += asked;
      approvedMoreMinor += approvedMore;
    }
  }

  private final Consumer<PolicyAnswer.Difference> listener;
  private final Map<Group, Tally> groups = new TreeMap<>(Group.ORDER);
  private final Map<String, Long> consequences = new TreeMap<>();
  private final Tally all = new Tally();

  /** The counts that a later run goes on with. */
  long first;

  long firstMs;
  long last;
  long lastMs;
  long purchases;
  long approvedBefore;
  long approvedAfter;
  long approvedBeforeMinor;
  long approvedAfterMinor;

  /** @param listener is handed each difference */
  BacktestReport(Consumer<PolicyAnswer.Difference> listener) {
    this.listener = listener;
  }

  void counted(JournalRecord record) {
    if (first == 0) {
      first = record.sequence;
      firstMs = record.timeMs;
    }
    last = record.sequence;
    lastMs = record.timeMs;
  }

  void purchase(boolean wasApproved, long wasMinor, boolean isApproved, long isMinor) {
    purchases++;
    approvedBefore += wasApproved ? 1 : 0;
    approvedAfter += isApproved ? 1 : 0;
    approvedBeforeMinor += wasApproved ? wasMinor : 0;
    approvedAfterMinor += isApproved ? isMinor : 0;
  }

  void differs(PolicyAnswer.Difference difference) {
    all.add(difference);
    tally(new Group(
            difference.before().category(), difference.after().category(), difference.before().outcome(),
            difference.after().outcome()))
        .add(difference);
    listener.accept(difference);
  }

  /** Something else than a purchase came out otherwise, since the two lines had come apart before. */
  void follows(String what, String before, String after, long amountMinor) {
    String change = before.equals(after) ? before + ", other amounts" : before + " -> " + after;
    follows(what + ": " + change, 1);
  }

  void follows(String what, long count) {
    consequences.merge(what, count, Long::sum);
  }

  Tally tally(Group group) {
    return groups.computeIfAbsent(group, none -> new Tally());
  }

  Map<Group, Tally> groups() {
    return groups;
  }

  Map<String, Long> consequences() {
    return consequences;
  }

  /** All differences together. */
  Tally all() {
    return all;
  }

  /** For programs; amounts in minor units. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", first);
    fields.put("fromTime", Instant.ofEpochMilli(firstMs).toString());
    fields.put("to", last);
    fields.put("toTime", Instant.ofEpochMilli(lastMs).toString());
    fields.put("purchases", purchases);
    fields.put("approvedBefore", approvedBefore);
    fields.put("approvedAfter", approvedAfter);
    fields.put("approvedBeforeMinor", approvedBeforeMinor);
    fields.put("approvedAfterMinor", approvedAfterMinor);
    fields.put("differences", all.count);
    fields.put("askedMinor", all.askedMinor);
    fields.put("approvedMoreMinor", all.approvedMoreMinor);
    fields.put("holders", all.holders.cardinality());
    List<Object> list = new ArrayList<>();
    groups.forEach((group, tally) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("categoryBefore", group.categoryBefore);
      one.put("categoryAfter", group.categoryAfter);
      one.put("before", group.before);
      one.put("after", group.after);
      one.put("differences", tally.count);
      one.put("askedMinor", tally.askedMinor);
      one.put("approvedMoreMinor", tally.approvedMoreMinor);
      one.put("holders", tally.holders.cardinality());
      list.add(one);
    });
    fields.put("groups", list);
    fields.put("consequences", new LinkedHashMap<>(consequences));
    return fields;
  }

  /** For people. */
  void print(PrintWriter out) {
    out.println("Sequences " + first + " to " + last + ", " + Instant.ofEpochMilli(firstMs) + " to "
        + Instant.ofEpochMilli(lastMs));
    out.println();
    out.println(String.format(Locale.ROOT, "%-30s %14s %14s", "", "as journaled", "candidate"));
    out.println(String.format(Locale.ROOT, "%-30s %14d %14d", "purchases", purchases, purchases));
    out.println(String.format(Locale.ROOT, "%-30s %14d %14d", "approved", approvedBefore, approvedAfter));
    out.println(String.format(
        Locale.ROOT, "%-30s %14s %14s", "approved, kr", Kronor.of(approvedBeforeMinor), Kronor.of(approvedAfterMinor)));
    out.println();
    if (all.count == 0) {
      out.println("No purchase would have been answered differently.");
    } else {
      out.println(all.count + (all.count == 1 ? " purchase" : " purchases")
          + " would have been answered differently, of " + all.holders.cardinality()
          + (all.holders.cardinality() == 1 ? " holder:" : " holders:"));
      out.println();
      printGroups(out);
    }
    if (!consequences.isEmpty()) {
      out.println();
      out.println("Not counted above, since it only follows from it:");
      consequences.forEach((what, count) -> out.println(String.format(Locale.ROOT, "%10d  %s", count, what)));
    }
  }

  private void printGroups(PrintWriter out) {
    String form = "%-34s %-52s %9s %16s %16s %8s";
    out.println(String.format(
        Locale.ROOT, form, "category", "answer", "purchases", "asked, kr", "approved more", "holders"));
    groups.forEach((group, tally) -> out.println(String.format(
        Locale.ROOT, form, change(PolicyAnswer.named(group.categoryBefore), PolicyAnswer.named(group.categoryAfter)),
        change(group.before, group.after), tally.count, Kronor.of(tally.askedMinor),
        Kronor.of(tally.approvedMoreMinor), tally.holders.cardinality())));
  }

  private static String change(String before, String after) {
    return before.equals(after) ? before : before + " -> " + after;
  }
}
