package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Earmarks as a table for people. Owned by one thread. */
final class EarmarkTable {
  private static final String ROW = "%-7s %-14s %-11s %-11s %12s %12s %12s %-16s %-10s %s%n";

  private final PrintWriter out;

  EarmarkTable(PrintWriter out) {
    this.out = out;
  }

  void print(List<Map<?, ?>> earmarks) {
    if (earmarks.isEmpty()) {
      out.println("no earmarks");
      return;
    }
    out.printf(Locale.ROOT, ROW, "number", "earmark for", "from", "until", "granted", "available", "held", "uses",
        "countries", "covers");
    for (Map<?, ?> earmark : earmarks) {
      out.printf(Locale.ROOT, ROW, earmark.get("number"), earmark.get("kind"),
          AdminTable.or(earmark.get("firstDay"), "-"), earmark.get("lastDay"),
          AdminTable.kronor(earmark, "amountMinor"), AdminTable.kronor(earmark, "availableMinor"),
          AdminTable.kronor(earmark, "heldMinor"), uses(earmark),
          AdminTable.words(earmark.get("countries"), "at home"),
          AdminTable.words(earmark.get("covers"), "nothing")
              + (Boolean.TRUE.equals(earmark.get("ended")) ? " ENDED" : ""));
    }
  }

  private static String uses(Map<?, ?> earmark) {
    Object week = earmark.get("usesAWeek");
    return earmark.get("usesTaken") + " of " + AdminTable.or(earmark.get("uses"), "any")
        + (week == null ? "" : ", " + week + "/week");
  }
}
