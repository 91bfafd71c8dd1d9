package se.valfardskort.authorizer.app.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A block of {@code key: value} lines, read strictly: a key that is missing, written twice or not known is a problem.
 *
 * <p>Built on YAML nodes rather than on loaded objects, since only nodes know their lines. A block that could not be
 * read at all answers every question with an empty value and notes nothing more: one mistake, one message. Owned by the
 * thread that reads the configuration.
 */
final class Section {
  private static final int CODE_POINT_LIMIT = 4 * 1024 * 1024;

  private final String file;
  private final Place place;
  private final Problems problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Place> keyPlaces = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private Section(String file, Place place, Problems problems) {
    this.file = file;
    this.place = place;
    this.problems = problems;
  }

  /** Reads a whole file, which must be one block of keys. */
  static Section read(Path path, Problems problems) {
    String file = path.toString();
    Place whole = new Place(file, 0);
    try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      LoadSettings settings = LoadSettings.builder().setLabel(file).setCodePointLimit(CODE_POINT_LIMIT).build();
      Optional<Node> root = new Compose(settings).composeReader(reader);
      if (root.isPresent()) {
        return of(file, root.get(), problems);
      }
      problems.add(whole, "the file is empty", "begin with a copy of the shipped one in config/demo");
    } catch (NoSuchFileException missing) {
      problems.add(whole, "there is no such file", "begin with a copy of the shipped one in config/demo");
    } catch (CharacterCodingException notUtf8) {
      problems.add(whole, "the file is not UTF-8 text", "save it as UTF-8");
    } catch (IOException unreadable) {
      problems.add(whole, "the file cannot be read (" + unreadable.getMessage() + ")", "mend its permissions");
    } catch (MarkedYamlEngineException notYaml) {
      int line = notYaml.getProblemMark().or(notYaml::getContextMark).map(Mark::getLine).orElse(-1) + 1;
      problems.add(
          new Place(file, line),
          "this is not YAML (" + notYaml.getProblem() + ")",
          "look at the indentation, the colons and the quotes of this line and the one above");
    } catch (YamlEngineException notYaml) {
      problems.add(whole, "this is not YAML (" + firstLine(notYaml) + ")", "look for control characters");
    }
    return muted(file, whole);
  }

  private static String firstLine(Exception thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  private static Section of(String file, Node node, Problems problems) {
    Place here = placeOf(file, node);
    if (!(node instanceof MappingNode mapping)) {
      problems.add(here, "a block of 'key: value' lines is expected here", "write one key a line, indented alike");
      return muted(file, here);
    }
    Section section = new Section(file, here, problems);
    for (NodeTuple tuple : mapping.getValue()) {
      Place keyPlace = placeOf(file, tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(keyPlace, "a key must be one word", "write 'key: value'");
      } else if (section.values.containsKey(key.getValue())) {
        problems.add(
            keyPlace,
            "'" + key.getValue() + "' is written twice, first in line " + section.place(key.getValue()).line(),
            "keep one of the two");
      } else {
        section.values.put(key.getValue(), tuple.getValueNode());
        section.keyPlaces.put(key.getValue(), keyPlace);
      }
    }
    return section;
  }

  private static Section muted(String file, Place place) {
    return new Section(file, place, new Problems());
  }

  private static Place placeOf(String file, Node node) {
    return new Place(file, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0));
  }

  /** Where the block begins. */
  Place place() {
    return place;
  }

  /** Where a key stands; the block's place where the key is not there. */
  Place place(String key) {
    return keyPlaces.getOrDefault(key, place);
  }

  /** Whether an optional key is there. */
  boolean has(String key) {
    asked.add(key);
    return values.containsKey(key);
  }

  /** The keys as written, for blocks whose keys are names. */
  List<String> keys() {
    asked.addAll(values.keySet());
    return List.copyOf(values.keySet());
  }

  /** A value that must be there. */
  Scalar scalar(String key) {
    Node node = value(key);
    if (node == null) {
      return new Scalar(place, "", new Problems());
    }
    return scalar(node, "'" + key + "' takes one value");
  }

  /** A list of values that must be there; it may be empty. */
  List<Scalar> scalars(String key) {
    List<Scalar> list = new ArrayList<>();
    for (Node item : items(key)) {
      list.add(scalar(item, "'" + key + "' takes a list of plain values"));
    }
    return list;
  }

  /** A block inside this one that must be there. */
  Section section(String key) {
    Node node = value(key);
    return node == null ? muted(file, place) : of(file, node, problems);
  }

  /** A list of blocks that must be there; it may be empty. */
  List<Section> sections(String key) {
    List<Section> list = new ArrayList<>();
    for (Node item : items(key)) {
      list.add(of(file, item, problems));
    }
    return list;
  }

  /** Notes every key that nobody asked for. Called once, when all has been read. */
  void end() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        problems.add(
            place(key), "'" + key + "' is not known here", "remove it, or use one of: " + String.join(", ", asked));
      }
    }
  }

  private Scalar scalar(Node node, String rule) {
    Place here = placeOf(file, node);
    if (node instanceof ScalarNode scalar) {
      return new Scalar(here, scalar.getValue(), problems);
    }
    problems.add(here, rule, "write the value on the same line as its key");
    return new Scalar(here, "", new Problems());
  }

  private List<Node> items(String key) {
    Node node = value(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problems.add(placeOf(file, node), "'" + key + "' takes a list", "write [a, b], or one '- ' line an entry");
    return List.of();
  }

  private @Nullable Node value(String key) {
    asked.add(key);
    Node node = values.get(key);
    if (node == null) {
      problems.add(place, "'" + key + "' is missing", "add a line '" + key + ": ...' to this block");
    }
    return node;
  }
}
