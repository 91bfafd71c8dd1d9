package se.valfardskort.loadtest.demo;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Purses;
import se.valfardskort.loadtest.client.UserError;

/**
 * What one row of the demo must come to, from {@code config/demo/expected.yaml}. Immutable.
 *
 * @param code DE 39
 * @param reason the stable reason code, 0 for an approval
 * @param purses afterwards; null where there is no such card
 * @param place file and line of the literals
 */
record Expected(String code, int reason, @Nullable Purses purses, String place) {
  private static final Set<String> NAMES = Set.of("code", "reason", "cash", "hjartan", "earmarks");

  /**
   * Reads the literals of every row.
   *
   * @throws UserError where the file is wrong, or its rows are not those of the script; names file and line
   */
  static Map<String, Expected> read(Path file, List<DemoScript.Purchase> purchases) {
    YamlPart top = YamlPart.read(file);
    Map<String, Expected> all = new LinkedHashMap<>();
    for (String id : top.names()) {
      all.put(id, of(top.part(id)));
    }
    Map<String, Expected> unused = new LinkedHashMap<>(all);
    for (DemoScript.Purchase purchase : purchases) {
      if (unused.remove(purchase.id()) == null) {
        throw new UserError(UserError.BAD_DATA, file + ": the row '" + purchase.id() + "' (" + purchase.place()
            + ") has no literals; add '" + purchase.id() + ": { code: ..., reason: ..., cash: ..., hjartan: ... }'");
      }
    }
    if (!unused.isEmpty()) {
      Map.Entry<String, Expected> first = unused.entrySet().iterator().next();
      throw new UserError(UserError.BAD_DATA, first.getValue().place() + ": no row is called '" + first.getKey()
          + "'; remove the line or add the row");
    }
    return all;
  }

  private static Expected of(YamlPart part) {
    part.allowOnly(NAMES);
    boolean purses = part.has("cash") || part.has("hjartan");
    return new Expected(part.digits("code", 2), part.smallNumber("reason"),
        purses ? pursesOf(part) : null, part.place());
  }

  private static Purses pursesOf(YamlPart part) {
    Long earmarks = part.has("earmarks") ? part.amountMinor("earmarks") : null;
    return new Purses(part.amountMinor("cash"), part.amountMinor("hjartan"), earmarks);
  }
}
