package se.valfardskort.authorizer.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The shipped languages, read once. Any thread. */
final class Languages {
  private static final Map<String, Language> ALL = read();

  private Languages() {}

  private static Map<String, Language> read() {
    Map<String, Language> all = new LinkedHashMap<>();
    Language.LANGUAGES.forEach(code -> all.put(code, Language.in(code)));
    return Collections.unmodifiableMap(all);
  }

  /** By code, the first one first shown. */
  static Map<String, Language> all() {
    return ALL;
  }
}
