package se.valfardskort.authorizer.admin;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The members of a request's body, each asked for by name; what nobody asked for is refused. Owned by one thread. */
final class Body {
  private final Map<?, ?> members;
  private final Set<String> asked = new HashSet<>();

  private Body(Map<?, ?> members) {
    this.members = members;
  }

  static Body of(String json) throws Problem {
    Object value;
    try {
      value = JsonReader.read(json);
    } catch (IllegalArgumentException unreadable) {
      throw new Problem(400, "bad-json", String.valueOf(unreadable.getMessage()), "send one JSON object in UTF-8");
    }
    if (value instanceof Map<?, ?> members) {
      return new Body(members);
    }
    throw new Problem(400, "bad-json", "the body is not an object", "send one JSON object in UTF-8");
  }

  /** The constant that a member names in small letters and hyphens. */
  <E extends Enum<E>> E word(String name, Collection<E> constants) throws Problem {
    String text = text(name);
    Set<String> words = new TreeSet<>();
    for (E constant : constants) {
      if (wordOf(constant).equals(text)) {
        return constant;
      }
      words.add(wordOf(constant));
    }
    throw bad(name, "is none of the words that there are", "give one of: " + String.join(", ", words));
  }

  /** The word of a constant: {@code DRIVING_LICENCE} is {@code driving-licence}. */
  static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constants of an enumeration of records, without the one that means none. */
  static <E extends Enum<E>> List<E> without(E none, E[] constants) {
    return Stream.of(constants).filter(constant -> constant != none).toList();
  }

  String text(String name) throws Problem {
    if (member(name) instanceof String text) {
      return text;
    }
    throw bad(name, "is missing, or not a text", "give a text");
  }

  /** A civil day; null where there is none. */
  @Nullable LocalDate day(String name) throws Problem {
    if (member(name) == null) {
      return null;
    }
    try {
      return LocalDate.parse(text(name));
    } catch (DateTimeException unreadable) {
      throw bad(name, "is not a day", "write year-month-day: 2026-12-31");
    }
  }

  long number(String name, long otherwise) throws Problem {
    Object value = member(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number) {
      return number;
    }
    throw bad(name, "is not a whole number", "give a whole number; amounts are in minor units (ore)");
  }

  boolean flag(String name) throws Problem {
    Object value = member(name);
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw bad(name, "is neither true nor false", "give true or false");
  }

  /** A list of texts, at most {@code most}; empty where there is none. */
  List<String> texts(String name, int most) throws Problem {
    Object value = member(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> items && items.size() <= most && items.stream().allMatch(String.class::isInstance)) {
      return items.stream().map(String.class::cast).toList();
    }
    throw bad(name, "is not a list of at most " + most + " texts", "give for example [\"one\", \"two\"]");
  }

  /** A whole number that must be there. */
  long number(String name) throws Problem {
    if (member(name) == null) {
      throw bad(name, "is missing", "give a whole number; amounts are in minor units (ore)");
    }
    return number(name, 0);
  }

  /** A list of objects, at most {@code most}; empty where there is none. */
  List<Body> objects(String name, int most) throws Problem {
    Object value = member(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> items && items.size() <= most && items.stream().allMatch(Map.class::isInstance)) {
      return items.stream().map(Map.class::cast).map(Body::new).toList();
    }
    throw bad(name, "is not a list of at most " + most + " objects", "give for example [{\"kind\": \"base\"}]");
  }

  /** When all has been asked for. */
  void end() throws Problem {
    for (Object name : members.keySet()) {
      if (!asked.contains(String.valueOf(name))) {
        throw new Problem(
            400,
            "unknown-member",
            "the body has a member that this request does not know",
            "give only: " + String.join(", ", new TreeSet<>(asked)));
      }
    }
  }

  static Problem bad(String name, String what, String mend) {
    return new Problem(400, "bad-member", "'" + name + "' " + what, mend);
  }

  private @Nullable Object member(String name) {
    asked.add(name);
    return members.get(name);
  }
}
