package se.valfardskort.authorizer.explain;

import java.time.Instant;
import java.time.LocalDate;
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
    fields.put("amountMinor", from.amountMinor());
    fields.put("uses", from.uses());
    fields.put("usesAWeek", from.usesAWeek());
    fields.put("validFrom", Instant.ofEpochMilli(from.validFromMs()).toString());
    fields.put("validUntil", Instant.ofEpochMilli(from.validUntilMs()).toString());
    RecordFields.putText(fields, "author", from.author());
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
