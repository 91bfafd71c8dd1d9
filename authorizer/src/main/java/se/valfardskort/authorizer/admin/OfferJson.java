package se.valfardskort.authorizer.admin;

import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import se.valfardskort.authorizer.engine.OffersView;

/** Shows grants that neighbours verify, and bonuses, as members of JSON, as {@link CardJson} does. Any thread. */
final class OfferJson {
  private OfferJson() {}

  static Map<String, Object> grants(OffersView offers) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (offers.barredUntilDay() != 0) {
      members.put("barredUntil", LocalDate.ofEpochDay(offers.barredUntilDay()).toString());
    }
    List<Map<String, Object>> requests = offers.requests().stream().map(OfferJson::grant).toList();
    members.put("requests", requests);
    return members;
  }

  static Map<String, Object> grant(OffersView.Grant grant) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("number", grant.number());
    members.put("kind", Body.wordOf(grant.kind()));
    members.put("state", grant.state());
    members.put("amountMinor", grant.amountMinor());
    members.put("requestedAt", Instant.ofEpochMilli(grant.requestedMs()).toString());
    members.put("answerBefore", Instant.ofEpochMilli(grant.answerUntilMs()).toString());
    if (grant.earmark() != 0) {
      members.put("earmark", grant.earmark());
    }
    return members;
  }

  static Map<String, Object> bonus(OffersView offers) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (offers.firstLoadDay() != 0) {
      members.put("firstLoadOn", LocalDate.ofEpochDay(offers.firstLoadDay()).toString());
    }
    members.put("mostMinor", offers.bonusMostMinor());
    members.put("year", offers.bonusYear());
    members.put("paidYear", offers.bonusPaidYear());
    members.put("orderedMinor", offers.orderedMinor());
    return members;
  }
}
