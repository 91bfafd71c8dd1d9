package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import se.valfardskort.authorizer.domain.LoadStatement;

/**
 * What a list of loads comes to. Immutable; amounts are minor units.
 *
 * @param componentsMinor by the words for each kind of component
 */
record LoadTotals(int cards, long cashMinor, long hjartanMinor, Map<String, Long> componentsMinor) {
  static LoadTotals of(List<LoadList.Entry> entries) {
    Map<String, Long> sums = new TreeMap<>();
    long cashMinor = 0;
    long hjartanMinor = 0;
    for (LoadList.Entry entry : entries) {
      entry.statement().components().forEach(each -> sums.merge(words(each), each.amountMinor(), Long::sum));
      cashMinor += entry.statement().cashMinor();
      hjartanMinor += entry.statement().hjartanMinor();
    }
    return new LoadTotals(entries.size(), cashMinor, hjartanMinor, Collections.unmodifiableMap(sums));
  }

  /** Shows them to a person. */
  void print(PrintWriter out, String programme) {
    out.println("programme " + programme + ", " + cards + (cards == 1 ? " card" : " cards"));
    componentsMinor.forEach((what, sumMinor) -> line(out, what, sumMinor));
    line(out, "in all", cashMinor + hjartanMinor);
    line(out, "  of this kronor, from the pool", cashMinor);
    line(out, "  of this Hjartan, from the treasury", hjartanMinor);
  }

  /** Shows them to a program. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cards", cards);
    fields.put("cashMinor", cashMinor);
    fields.put("hjartanMinor", hjartanMinor);
    fields.put("componentsMinor", componentsMinor);
    return fields;
  }

  static void line(PrintWriter out, String what, long amountMinor) {
    out.println(String.format(Locale.ROOT, "  %-38s %18s", what, Kronor.of(amountMinor)));
  }

  /** What a component is called: {@code supplement mentoring}. */
  static String words(LoadStatement.Component component) {
    String kind = component.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return component.type().isEmpty() ? kind : kind + " " + component.type();
  }
}
