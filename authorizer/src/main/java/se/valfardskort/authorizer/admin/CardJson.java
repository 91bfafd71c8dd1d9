package se.valfardskort.authorizer.admin;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.explain.Left;

/**
 * Shows cards and approvals as JSON's members. Any thread.
 *
 * <p>Amounts are minor units; days are civil ones of Stockholm, the last day included; what has no limit or no value is
 * left out.
 */
public final class CardJson {
  static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  private static final int MONTHS = 12;

  private final CountryWords countries;
  private final EarmarkJson earmarks;

  /** @param countries how countries are written */
  public CardJson(CountryWords countries) {
    this.countries = countries;
    this.earmarks = new EarmarkJson(countries);
  }

  /** All of a card. */
  public Map<String, Object> card(CardView card) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("card", card.cardId());
    members.put("account", card.accountId());
    members.put("programme", card.programmeId());
    members.put("baz", card.bazId());
    members.put("status", Body.wordOf(card.status()));
    put(members, "statusReason", card.statusReason() == null ? null : Body.wordOf(card.statusReason()));
    put(members, "reviewOn", card.reviewDay() == 0 ? null : LocalDate.ofEpochDay(card.reviewDay()).toString());
    members.put("expires", "20%02d-%02d".formatted(card.expiryYearMonth() / 100, card.expiryYearMonth() % 100));
    members.put("pinTriesLeft", card.pinTriesLeft());
    members.put("contactlessRun", card.contactlessRun());
    members.put("openHolds", card.openHolds());
    members.put("cashAvailableMinor", card.cashAvailableMinor());
    members.put("cashHeldMinor", card.cashHeldMinor());
    members.put("hjartanAvailableMinor", card.hjartanAvailableMinor());
    members.put("hjartanHeldMinor", card.hjartanHeldMinor());
    put(members, "savingsAvailableMinor", card.savingsMinor());
    members.put("refundsWaitingMinor", card.refundsWaitingMinor());
    members.put("standInMinor", card.standInMinor());
    put(members, "countedMonth", month(card.counterMonth()));
    members.put("counters", card.counters().stream().map(CardJson::counter).toList());
    members.put("limits", card.limits().stream().map(limit -> Left.of(limit).members()).toList());
    members.put("approvals", approvals(card));
    members.put("earmarks", earmarks.earmarks(card));
    members.put("newest", card.originals().stream().map(CardJson::original).toList());
    return members;
  }

  List<Map<String, Object>> approvals(CardView card) {
    return card.allowances().stream().map(this::approval).toList();
  }

  Map<String, Object> approval(CardView.Allowance approval) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("number", approval.number());
    members.put("reason", Body.wordOf(approval.reason()));
    members.put("revoked", approval.revoked());
    put(members, "firstDay", approval.validFromMs() == 0 ? null : day(approval.validFromMs()));
    members.put("lastDay", day(approval.validUntilMs() - 1));
    if (approval.grantedMinor() >= 0) {
      members.put("amountMinor", approval.grantedMinor());
      members.put("leftMinor", approval.leftMinor());
    }
    if (approval.uses() > 0) {
      members.put("uses", approval.uses());
    }
    members.put("usesTaken", approval.usesTaken());
    members.put("countries", approval.countries().stream().map(countries::letters).toList());
    members.put("covers", approval.covers());
    members.put("thisCardOnly", approval.thisCardOnly());
    members.put("opensSavings", approval.opensSavings());
    return members;
  }

  private static Map<String, Object> counter(CardView.Counter counter) {
    return Map.of("category", counter.category(), "amountMinor", counter.amountMinor());
  }

  private static Map<String, Object> original(CardView.OriginalView original) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("number", original.number());
    members.put("state", original.state().toLowerCase(Locale.ROOT).replace('_', '-'));
    members.put("madeBy", Body.wordOf(original.madeBy()));
    members.put("time", Instant.ofEpochMilli(original.createdMs()).toString());
    members.put("cashMinor", original.cashMinor());
    members.put("hjartanMinor", original.hjartanMinor());
    if (original.related() != 0) {
      members.put("belongsTo", original.related());
    }
    if (original.waitingMinor() != 0) {
      members.put("waitingMinor", original.waitingMinor());
    }
    return members;
  }

  private static @Nullable String month(int monthIndex) {
    return monthIndex == 0 ? null : "%04d-%02d".formatted(monthIndex / MONTHS, monthIndex % MONTHS + 1);
  }

  static String day(long timeMs) {
    return Instant.ofEpochMilli(timeMs).atZone(STOCKHOLM).toLocalDate().toString();
  }

  private static void put(Map<String, Object> members, String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value);
    }
  }
}
