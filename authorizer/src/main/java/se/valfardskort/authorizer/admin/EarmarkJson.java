package se.valfardskort.authorizer.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import se.valfardskort.authorizer.engine.CardView;

/** Shows earmarks as JSON's members, by the rules of {@link CardJson}. Any thread. */
final class EarmarkJson {
  private final CountryWords countries;

  EarmarkJson(CountryWords countries) {
    this.countries = countries;
  }

  List<Map<String, Object>> earmarks(CardView card) {
    return card.earmarks().stream().map(this::earmark).toList();
  }

  Map<String, Object> earmark(CardView.Earmark earmark) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("number", earmark.number());
    members.put("kind", Body.wordOf(earmark.kind()));
    members.put("ended", earmark.ended());
    if (earmark.validFromMs() != 0) {
      members.put("firstDay", CardJson.day(earmark.validFromMs()));
    }
    members.put("lastDay", CardJson.day(earmark.validUntilMs() - 1));
    members.put("amountMinor", earmark.grantedMinor());
    members.put("availableMinor", earmark.availableMinor());
    members.put("heldMinor", earmark.heldMinor());
    members.put("spentMinor", earmark.spentMinor());
    if (earmark.uses() > 0) {
      members.put("uses", earmark.uses());
    }
    members.put("usesTaken", earmark.usesTaken());
    if (earmark.usesAWeek() > 0) {
      members.put("usesAWeek", earmark.usesAWeek());
    }
    members.put("countries", earmark.countries().stream().map(countries::letters).toList());
    members.put("covers", earmark.covers());
    return members;
  }
}
