package se.valfardskort.authorizer.explain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import se.valfardskort.authorizer.engine.sbe.AccountQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.LookAbout;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;

/** Names the values of commands that people give about one holder's card or purses. Allocates; any thread. */
final class HolderFields {
  private HolderFields() {}

  static void put(Map<String, Object> fields, PurseMoveDecoder from) {
    fields.put("direction", from.direction().name());
    fields.put("amountMinor", from.amountMinor());
    fields.put("number", from.moveNumber());
    RecordFields.putText(fields, "author", from.author());
  }

  static void put(Map<String, Object> fields, CardStatusChangeDecoder from) {
    fields.put("status", from.status().name());
    fields.put("reason", from.reason().name());
    RecordFields.putText(fields, "author", from.author());
    if (from.reviewDay() != CardStatusChangeDecoder.reviewDayNullValue()) {
      fields.put("reviewOn", LocalDate.ofEpochDay(from.reviewDay()).toString());
    }
  }

  static void put(Map<String, Object> fields, EarmarkGrantDecoder from) {
    fields.put("kind", from.kind().name());
    fields.put("validFrom", Instant.ofEpochMilli(from.validFromMs()).toString());
    fields.put("validUntil", Instant.ofEpochMilli(from.validUntilMs()).toString());
    fields.put("amountMinor", from.amountMinor());
    fields.put("uses", from.uses());
    fields.put("usesAWeek", from.usesAWeek());
    List<Integer> countries =
        new ArrayList<>(List.of(from.country1(), from.country2(), from.country3(), from.country4()));
    countries.removeIf(country -> country == 0);
    fields.put("countries", countries);
    RecordFields.putText(fields, "author", from.author());
    List<String> scope = new ArrayList<>();
    for (EarmarkGrantDecoder.ScopeDecoder entry : from.scope()) {
      scope.add(
          switch (entry.kind()) {
            case CATEGORY -> "category " + RecordFields.textOf(entry.category());
            case MCC -> String.format(Locale.ROOT, "MCC %04d", entry.mcc());
            case MERCHANT -> "merchant " + entry.acquirer() + " " + RecordFields.textOf(entry.merchantId());
            case NULL_VAL -> "?";
          });
    }
    fields.put("scope", scope);
  }

  static void put(Map<String, Object> fields, EarmarkEndDecoder from) {
    fields.put("number", from.number());
    RecordFields.putText(fields, "author", from.author());
  }

  static void put(Map<String, Object> fields, AccountQueryDecoder from) {
    RecordFields.putText(fields, "author", from.author());
    LookAbout about = from.about();
    fields.put("about", (about == LookAbout.NULL_VAL ? LookAbout.ACCOUNT : about).name());
    if (from.aboutSequence() != AccountQueryDecoder.aboutSequenceNullValue()) {
      fields.put("aboutSequence", from.aboutSequence());
    }
  }
}
