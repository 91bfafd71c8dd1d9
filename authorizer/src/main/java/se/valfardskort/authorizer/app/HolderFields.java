package se.valfardskort.authorizer.app;

import java.time.LocalDate;
import java.util.Map;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;

/** Names the values of commands that people give about one holder's card or purses. Allocates; any thread. */
final class HolderFields {
  private HolderFields() {}

  static void put(Map<String, Object> fields, CardStatusChangeDecoder from) {
    fields.put("status", from.status().name());
    fields.put("reason", from.reason().name());
    RecordFields.putText(fields, "author", from.author());
    if (from.reviewDay() != CardStatusChangeDecoder.reviewDayNullValue()) {
      fields.put("reviewOn", LocalDate.ofEpochDay(from.reviewDay()).toString());
    }
  }
}
