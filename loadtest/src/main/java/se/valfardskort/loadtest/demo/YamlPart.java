package se.valfardskort.loadtest.demo;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
import se.valfardskort.loadtest.client.Kronor;
import se.valfardskort.loadtest.client.UserError;

/** One mapping of a YAML file, which knows where it stands: every complaint names file and line. Immutable. */
public final class YamlPart {
  private final Path file;
  private final int line;
  private final Map<String, Node> values;

  private YamlPart(Path file, Node node) {
    this.file = file;
    this.line = lineOf(node);
    if (!(node instanceof MappingNode mapping)) {
      throw new UserError(UserError.BAD_DATA, at(file, line) + "here must stand 'name: value' pairs");
    }
    this.values = new LinkedHashMap<>();
    for (NodeTuple pair : mapping.getValue()) {
      String key = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (key.isEmpty() || values.put(key, pair.getValueNode()) != null) {
        throw new UserError(UserError.BAD_DATA, at(file, lineOf(pair.getKeyNode()))
            + "'" + key + "' stands here twice, or is no name; keep one");
      }
    }
  }

  /** Reads a file whose top is a mapping. */
  public static YamlPart read(Path file) {
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      Optional<Node> top = new Compose(settings).composeReader(in);
      if (top.isEmpty()) {
        throw new UserError(UserError.BAD_DATA, at(file, 1) + "the file is empty; restore it from the repository");
      }
      return new YamlPart(file, top.get());
    } catch (IOException e) {
      throw new UserError(UserError.NO_INPUT, file + ": cannot be read (" + e + "); check the path", e);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new UserError(UserError.BAD_DATA, at(file, line) + "not YAML: " + e.getProblem()
          + "; mend the line, or the one above it", e);
    } catch (YamlEngineException e) {
      throw new UserError(UserError.BAD_DATA, file + ": not YAML: " + e.getMessage(), e);
    }
  }

  /** The names in this mapping, in the file's order. */
  public Set<String> names() {
    return values.keySet();
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Refuses names that nobody reads: a misspelt one would silently do nothing. */
  public void allowOnly(Set<String> known) {
    for (Map.Entry<String, Node> value : values.entrySet()) {
      if (!known.contains(value.getKey())) {
        throw new UserError(UserError.BAD_DATA, at(file, lineOf(value.getValue())) + "unknown name '"
            + value.getKey() + "'; known here: " + String.join(" ", new TreeSet<>(known)));
      }
    }
  }

  /** A text that must be there. */
  public String text(String name) {
    Node node = values.get(name);
    if (node == null) {
      throw new UserError(UserError.BAD_DATA, at(file, line) + "'" + name + "' is missing; add '" + name + ": ...'");
    }
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new UserError(UserError.BAD_DATA, at(file, lineOf(node)) + "'" + name + "' must be one value");
  }

  /** A text, or {@code otherwise} where the name is absent. */
  public String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  /** A text of exactly this many digits. */
  public String digits(String name, int count) {
    String text = text(name);
    if (text.length() != count || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw complaint(name, "'" + text + "' is not " + count + " digits; quote it, for example \""
          + "0".repeat(count - 1) + "1\"");
    }
    return text;
  }

  /** A number from 0 to 999. */
  int smallNumber(String name) {
    String text = text(name);
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw complaint(name, "'" + text + "' is not a number from 0 to 999");
    }
    return Integer.parseInt(text);
  }

  /** Kronor as minor units. */
  long amountMinor(String name) {
    try {
      return Kronor.parseMinor(text(name));
    } catch (IllegalArgumentException e) {
      throw complaint(name, String.valueOf(e.getMessage()));
    }
  }

  /** The mappings of a list. */
  public List<YamlPart> list(String name) {
    Node node = values.get(name);
    if (!(node instanceof SequenceNode sequence)) {
      throw new UserError(UserError.BAD_DATA, at(file, node == null ? line : lineOf(node))
          + "'" + name + "' must be a list; begin its lines with '- '");
    }
    List<YamlPart> parts = new ArrayList<>();
    for (Node entry : sequence.getValue()) {
      parts.add(new YamlPart(file, entry));
    }
    return parts;
  }

  /** The mapping under a name that is there. */
  public YamlPart part(String name) {
    Node node = values.get(name);
    if (node == null) {
      throw new UserError(UserError.BAD_DATA, at(file, line) + "'" + name + "' is missing");
    }
    return new YamlPart(file, node);
  }

  /** A complaint about the value of a name. */
  public UserError complaint(String name, String what) {
    Node node = values.get(name);
    return new UserError(UserError.BAD_DATA, at(file, node == null ? line : lineOf(node)) + name + ": " + what);
  }

  /** File and line, for a person. */
  public String place() {
    return file + ":" + line;
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static String at(Path file, int line) {
    return file + ":" + line + ": ";
  }
}
