package se.valfardskort.authorizer.app;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.CardView;

/** A card and its account before and after a decision, for people. No PAN. */
final class CardChange {
  private static final String FORM = "  %-24s %16s %16s%s";

  private CardChange() {}

  /** The card before and after, with what changed marked. */
  static List<String> table(@Nullable CardView before, @Nullable CardView after) {
    Map<String, Object> was = before == null ? Map.of() : flat(before);
    Map<String, Object> is = after == null ? Map.of() : flat(after);
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, FORM, "card and account", "before", "after", ""));
    for (String name : (is.isEmpty() ? was : is).keySet()) {
      Object then = was.getOrDefault(name, "-");
      Object now = is.getOrDefault(name, "-");
      lines.add(String.format(Locale.ROOT, FORM, name, then, now, then.equals(now) ? "" : "  *"));
    }
    return lines;
  }

  private static Map<String, Object> flat(CardView card) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("card", card.cardId());
    all.put("account", card.accountId());
    all.put("programme", card.programmeId());
    all.put("neighbourhood (BAZ)", card.bazId());
    all.put("status", card.status().name());
    all.put("status because", card.statusReason() == null ? "-" : card.statusReason().name());
    all.put("review on", card.reviewDay() == 0 ? "-" : LocalDate.ofEpochDay(card.reviewDay()).toString());
    all.put("expires YYMM", card.expiryYearMonth());
    all.put("PIN tries left", card.pinTriesLeft());
    all.put("contactless in a row", card.contactlessRun());
    all.put("CASH available", Kronor.of(card.cashAvailableMinor()));
    all.put("CASH held", Kronor.of(card.cashHeldMinor()));
    all.put("HJARTAN available", Kronor.of(card.hjartanAvailableMinor()));
    all.put("HJARTAN held", Kronor.of(card.hjartanHeldMinor()));
    if (card.savingsMinor() != null) {
      all.put("SAVINGS", Kronor.of(card.savingsMinor()));
    }
    all.put("open holds", card.openHolds());
    all.put("refunds waiting", Kronor.of(card.refundsWaitingMinor()));
    all.put("stand-in exposure", Kronor.of(card.standInMinor()));
    for (CardView.Allowance allowance : card.allowances()) {
      all.put("approval " + allowance.number(), describe(allowance));
    }
    for (CardView.Counter counter : card.counters()) {
      all.put("month's " + counter.category(), Kronor.of(counter.amountMinor()));
    }
    return all;
  }

  /** What is left of an approval, short enough for a column. */
  private static String describe(CardView.Allowance allowance) {
    String money = allowance.leftMinor() < 0 ? "any amount" : Kronor.of(allowance.leftMinor());
    String uses = allowance.uses() == 0 ? "" : ", " + (allowance.uses() - allowance.usesTaken()) + "x";
    return allowance.revoked() ? "revoked" : money + uses;
  }

  /** One hold, posting or the like. */
  static String describe(CardView.OriginalView original) {
    return "no. " + original.number() + " " + original.state() + " (made as " + original.madeBy() + ", "
        + Instant.ofEpochMilli(original.createdMs()) + "): CASH " + Kronor.of(original.cashMinor()) + ", HJARTAN "
        + Kronor.of(original.hjartanMinor())
        + (original.related() == 0 ? "" : ", belongs to no. " + original.related())
        + (original.waitingMinor() == 0 ? "" : ", waiting " + Kronor.of(original.waitingMinor()));
  }
}
