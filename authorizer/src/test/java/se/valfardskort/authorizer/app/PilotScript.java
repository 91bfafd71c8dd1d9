package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code config/pilot-month/story.yaml} says, as words and tables; knows nothing of the authorizer. Immutable. */
final class PilotScript {
  private static final int PER_KRONA = 2;

  private final Map<?, ?> root;

  private final List<Step> steps = new ArrayList<>();

  /** A row of a table: words by heading. */
  record Row(Map<String, String> words) {
    String get(String name) {
      String word = words.get(name);
      if (word == null) {
        throw new IllegalArgumentException("a row says no " + name + ": " + words);
      }
      return word;
    }

    @Override
    public String toString() {
      return words.toString();
    }
  }

  /**
   * A moment of the story.
   *
   * @param at day and time in Stockholm
   * @param title a few words, by language
   * @param text what happens, by language
   */
  record Step(String at, Row title, Row text, List<Act> acts) {}

  /**
   * Something that is done.
   *
   * @param words by name; where the act has but one word, that is its {@code value}
   * @param rows of its table; none without one
   */
  record Act(String kind, Map<String, String> words, List<Row> rows) {
    String word(String name) {
      String word = words.get(name);
      if (word == null) {
        throw new IllegalArgumentException(kind + " says no " + name + ": " + words);
      }
      return word;
    }

    long minor(String name) {
      return PilotScript.minor(word(name));
    }

    int number(String name) {
      return Integer.parseInt(word(name));
    }
  }

  private PilotScript(Map<?, ?> root) {
    this.root = root;
    for (Object step : list(root.get("steps"))) {
      Map<?, ?> words = map(step);
      List<Act> acts = new ArrayList<>();
      for (Object act : list(words.get("do"))) {
        map(act).forEach((kind, what) -> acts.add(act(String.valueOf(kind), what)));
      }
      steps.add(
          new Step(
              String.valueOf(words.get("at")),
              texts(map(words.get("title"))),
              texts(words),
              List.copyOf(acts)));
    }
  }

  static PilotScript read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    return new PilotScript(map(new Load(settings).loadFromString(text)));
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** A table that stands before the story. */
  List<Row> table(String name) {
    return rows(String.valueOf(root.get(name)));
  }

  /** An amount that stands before the story, as {@code 34000.00 kr}. */
  long amountMinor(String name) {
    return minor(String.valueOf(root.get(name)).replace(" kr", ""));
  }

  /** Kronor as minor units; never rounded. */
  static long minor(String kronor) {
    return new BigDecimal(kronor).movePointRight(PER_KRONA).longValueExact();
  }

  private static Act act(String kind, Object what) {
    Map<String, String> words = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    if (what instanceof Map<?, ?> map) {
      map.forEach((name, value) -> take(String.valueOf(name), String.valueOf(value), words, rows));
    } else {
      take("value", String.valueOf(what), words, rows);
    }
    return new Act(kind, Map.copyOf(words), List.copyOf(rows));
  }

  private static void take(String name, String value, Map<String, String> words, List<Row> rows) {
    if (value.contains("\n")) {
      rows.addAll(rows(value));
    } else {
      words.put(name, value);
    }
  }

  private static List<Row> rows(String table) {
    List<String> lines = table.lines().filter(line -> !line.isBlank()).toList();
    String[] names = lines.getFirst().split("\\|", -1);
    List<Row> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\\|", -1);
      if (cells.length != names.length) {
        throw new IllegalArgumentException("a row has " + cells.length + " of " + names.length + " cells: " + line);
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        row.put(names[i].strip(), cells[i].strip());
      }
      rows.add(new Row(Map.copyOf(row)));
    }
    return rows;
  }

  /** What stands there in each language. */
  private static Row texts(Map<?, ?> words) {
    return new Row(Map.of("sv", String.valueOf(words.get("sv")), "en", String.valueOf(words.get("en"))));
  }

  private static Map<?, ?> map(@Nullable Object object) {
    if (object instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("names and values are expected, not: " + object);
  }

  private static List<?> list(@Nullable Object object) {
    if (object instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("a list is expected, not: " + object);
  }
}
