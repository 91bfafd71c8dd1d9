package se.valfardskort.authorizer.app;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.CardView;

/** Plain words for a decision and for a card around it. No PAN, no shop's name beyond what the record holds. */
final class ExplainText {
  private static final String FORM = "  %-24s %16s %16s%s";

  private ExplainText() {}

  /** The decision in sentences. */
  static String decision(
      Map<String, Object> command, @Nullable Map<String, Object> decision, @Nullable CardView before) {
    if (decision == null) {
      return "No decision could be made of it.";
    }
    int code = number(decision, "code").intValue();
    if (code == DeclineReason.APPROVED) {
      return "Approved or accepted" + amounts(decision) + ". Effect on the books: " + decision.get("effect") + "."
          + flags(decision);
    }
    if (code >= CommandRefusal.PROGRAMME_UNKNOWN.code) {
      CommandRefusal refusal = CommandRefusal.ofCode(code);
      return "Refused: " + refusal + " (" + code + "). To mend it: " + refusal.mend + ".";
    }
    DeclineReason reason = DeclineReason.ofCode(code);
    String money = switch (reason) {
      case INSUFFICIENT_FUNDS, INSUFFICIENT_CASH, INSUFFICIENT_HJARTAN -> before == null ? "" : " Asked for "
          + Kronor.of(number(command, "amountMinor").longValue()) + "; there were "
          + Kronor.of(before.cashAvailableMinor()) + " in CASH and " + Kronor.of(before.hjartanAvailableMinor())
          + " in HJARTAN, the latter for accredited providers of the card's neighbourhood only.";
      default -> "";
    };
    return "Declined: " + words(reason) + " (" + reason + ", " + code + "), which the network saw as DE 39 = "
        + decision.get("responseCode") + ". None of the rules that are asked before this one declined it." + money
        + " " + lift(reason) + flags(decision);
  }

  /** What the holder and the caseworker are told of a decline, by language; empty where nothing was declined. */
  static Map<String, Object> holderWords(@Nullable Map<String, Object> decision) {
    int code = decision == null ? DeclineReason.APPROVED : number(decision, "code").intValue();
    Map<String, Object> all = new LinkedHashMap<>();
    if (code != DeclineReason.APPROVED && code < CommandRefusal.PROGRAMME_UNKNOWN.code) {
      for (String language : DeclineReasonText.LANGUAGES) {
        DeclineReasonText text = DeclineReasonText.in(language);
        DeclineReasonText.Words words = text.of(DeclineReason.ofCode(code));
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("checked", words.checked());
        one.put("next", words.next());
        one.put("appeal", text.appeal());
        all.put(language, one);
      }
    }
    return all;
  }

  private static String amounts(Map<String, Object> decision) {
    long approved = number(decision, "approvedMinor").longValue();
    return approved == 0
        ? ""
        : ": " + Kronor.of(approved) + ", of which " + Kronor.of(number(decision, "cashMinor").longValue())
            + " from CASH and " + Kronor.of(number(decision, "hjartanMinor").longValue()) + " from HJARTAN";
  }

  private static String flags(Map<String, Object> decision) {
    String flags = String.valueOf(decision.get("flags"));
    return flags.equals("{}") ? "" : " Flags: " + flags + ".";
  }

  private static Number number(Map<String, Object> fields, String name) {
    return fields.get(name) instanceof Number number ? number : 0;
  }

  private static String words(DeclineReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String lift(DeclineReason reason) {
    return switch (reason.lift) {
      case FOR_GOOD -> "Nothing makes the same purchase pass: another card, shop or kind of purchase is needed.";
      case LATER -> "The same purchase can pass another time: when there is money, time has gone by, or somebody has"
          + " acted on the card.";
      case BY_APPROVAL -> "A caseworker's approval can lift it.";
    };
  }

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

  /** For JSON: amounts in minor units. */
  static Map<String, Object> fields(CardView card) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("card", card.cardId());
    all.put("account", card.accountId());
    all.put("programme", card.programmeId());
    all.put("baz", card.bazId());
    all.put("status", card.status().name());
    if (card.statusReason() != null) {
      all.put("statusReason", card.statusReason().name());
    }
    if (card.reviewDay() != 0) {
      all.put("reviewOn", LocalDate.ofEpochDay(card.reviewDay()).toString());
    }
    all.put("expiryYearMonth", card.expiryYearMonth());
    all.put("pinTriesLeft", card.pinTriesLeft());
    all.put("contactlessRun", card.contactlessRun());
    all.put("cashAvailableMinor", card.cashAvailableMinor());
    all.put("cashHeldMinor", card.cashHeldMinor());
    all.put("hjartanAvailableMinor", card.hjartanAvailableMinor());
    all.put("hjartanHeldMinor", card.hjartanHeldMinor());
    if (card.savingsMinor() != null) {
      all.put("savingsAvailableMinor", card.savingsMinor());
    }
    all.put("openHolds", card.openHolds());
    all.put("refundsWaitingMinor", card.refundsWaitingMinor());
    all.put("standInMinor", card.standInMinor());
    Map<String, Object> counters = new LinkedHashMap<>();
    card.counters().forEach(counter -> counters.put(counter.category(), counter.amountMinor()));
    all.put("countersMinor", counters);
    all.put("approvals", card.allowances().stream().map(ExplainText::fields).toList());
    all.put("originals", card.originals().stream().map(ExplainText::describe).toList());
    return all;
  }

  private static Map<String, Object> fields(CardView.Allowance allowance) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("number", allowance.number());
    all.put("reason", allowance.reason().name());
    all.put("revoked", allowance.revoked());
    all.put("validFrom", Instant.ofEpochMilli(allowance.validFromMs()).toString());
    all.put("validUntil", Instant.ofEpochMilli(allowance.validUntilMs()).toString());
    all.put("grantedMinor", allowance.grantedMinor());
    all.put("leftMinor", allowance.leftMinor());
    all.put("uses", allowance.uses());
    all.put("usesTaken", allowance.usesTaken());
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
