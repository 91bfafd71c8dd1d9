package se.valfardskort.authorizer.explain;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import se.valfardskort.authorizer.engine.LoadTerms;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunCloseDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunQueryDecoder;

/** Names the values of a run of loads: of its opening and closing, and what each load says of it. Allocates. */
final class LoadFields {
  private LoadFields() {}

  /** What a load says beside its amounts: nothing, where it was written before there were runs. */
  static void putRun(Map<String, Object> fields, LoadDecoder from) {
    if (from.runKey() != LoadTerms.NO_RUN && from.runKey() != LoadDecoder.runKeyNullValue()) {
      fields.put("run", HexFormat.of().toHexDigits(from.runKey()));
      fields.put("programme", from.programmeId());
    }
    Map<String, Object> components = new LinkedHashMap<>();
    for (LoadDecoder.ComponentsDecoder component : from.components()) {
      String kind = component.kind().name();
      long amountMinor = component.amountMinor();
      String supplement = component.supplement();
      components.put(supplement.isEmpty() ? kind : kind + " " + supplement, amountMinor);
    }
    if (!components.isEmpty()) {
      fields.put("componentsMinor", components);
    }
  }

  static void put(Map<String, Object> fields, LoadRunOpenDecoder from) {
    fields.put("programme", from.programmeId());
    fields.put("run", HexFormat.of().toHexDigits(from.runKey()));
    fields.put("period", from.period());
    fields.put("cards", from.cards());
    fields.put("cashMinor", from.cashMinor());
    fields.put("hjartanMinor", from.hjartanMinor());
    RecordFields.putText(fields, "author", from.author());
  }

  static void put(Map<String, Object> fields, LoadRunCloseDecoder from) {
    fields.put("programme", from.programmeId());
    fields.put("run", HexFormat.of().toHexDigits(from.runKey()));
    RecordFields.putText(fields, "author", from.author());
  }

  static void put(Map<String, Object> fields, LoadRunQueryDecoder from) {
    fields.put("programme", from.programmeId());
    RecordFields.putText(fields, "author", from.author());
  }
}
