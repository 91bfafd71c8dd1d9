package se.valfardskort.loadtest.certify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.demo.YamlPart;

/** Reads a script; every complaint names file and line. Stateless. */
final class ScriptReader {
  private static final Set<String> EXCHANGE = Set.of("id", "title", "rule", "card", "connection", "like", "usual",
      "request", "sent", "bytes", "answer", "expect", "purses");
  private static final Map<String, Exchange.Way> WAYS = Map.of("whole", Exchange.Way.WHOLE,
      "byte-by-byte", Exchange.Way.BYTE_BY_BYTE, "between-echoes", Exchange.Way.BETWEEN_ECHOES);
  private static final String UNFRAMED = "unframed";
  private static final String NONE = "none";

  private ScriptReader() {}

  /** Reads one topic. */
  static Exchange.Topic read(Path file) {
    YamlPart top = YamlPart.read(file);
    top.allowOnly(Set.of("topic", "about", "usual", "groups"));
    SortedMap<Integer, String> usual = top.has("usual") ? fields(top.part("usual")) : new TreeMap<>();
    List<Exchange.Group> groups = new ArrayList<>();
    for (YamlPart group : top.list("groups")) {
      groups.add(group(group, usual));
    }
    return new Exchange.Topic(top.text("topic"), groups);
  }

  private static Exchange.Group group(YamlPart part, SortedMap<Integer, String> usual) {
    part.allowOnly(Set.of("group", "tags", "cards", "exchanges"));
    SortedMap<String, String> cards = cards(part);
    List<Exchange> exchanges = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlPart each : part.list("exchanges")) {
      Exchange exchange = exchange(each, usual, cards, ids, "step" + (exchanges.size() + 1));
      if (!Values.isName(exchange.id()) || !ids.add(exchange.id())) {
        throw each.complaint("id", "'" + exchange.id() + "' stands twice in this group, or is no name; use small"
            + " letters and digits");
      }
      exchanges.add(exchange);
    }
    return new Exchange.Group(part.text("group"), Arrays.asList(part.text("tags", "").split("[ ,]+")), cards,
        exchanges);
  }

  private static SortedMap<String, String> cards(YamlPart group) {
    SortedMap<String, String> cards = new TreeMap<>();
    if (!group.has("cards")) {
      cards.put("card", "fresh");
      return cards;
    }
    YamlPart part = group.part("cards");
    for (String name : part.names()) {
      String which = part.text(name);
      if (!Values.isName(name) || !(which.equals("fresh") || which.matches("[0-9]{9}"))) {
        throw part.complaint(name, "'" + which + "' is neither 'fresh' nor nine digits, or '" + name
            + "' is no name of small letters and digits");
      }
      cards.put(name, which);
    }
    return cards;
  }

  /** An exchange that belongs to no group, for example the balance inquiry of a partner. */
  static Exchange single(YamlPart part) {
    return exchange(part, new TreeMap<>(), new TreeMap<>(), Set.of(), "inquiry");
  }

  private static Exchange exchange(YamlPart part, SortedMap<Integer, String> usual, SortedMap<String, String> cards,
      Set<String> earlier, String number) {
    part.allowOnly(EXCHANGE);
    String card = part.text("card", "card");
    if (part.has("card") && !cards.containsKey(card)) {
      throw part.complaint("card", "the group has no card '" + card + "'");
    }
    return new Exchange(part.text("id", number), part.place(), part.text("title"), part.text("rule"), card,
        connection(part), request(part, usual, earlier), expected(part), purses(part));
  }

  private static int connection(YamlPart part) {
    String connection = part.text("connection", "1");
    return switch (connection) {
      case "1", "2" -> Integer.parseInt(connection);
      case "other" -> Exchange.OTHER_LINK;
      default -> throw part.complaint("connection", "'" + connection + "' is none of 1, 2 and other");
    };
  }

  private static Exchange.Request request(YamlPart part, SortedMap<Integer, String> usual, Set<String> earlier) {
    String sent = part.text("sent", "whole");
    Exchange.Way way = WAYS.get(sent);
    if (way == null && !sent.equals(UNFRAMED)) {
      throw part.complaint("sent", "'" + sent + "' is none of whole, byte-by-byte, between-echoes, unframed");
    }
    if (part.has("bytes") || way == null) {
      return new Exchange.Bytes(block(part, "bytes"), !sent.equals(UNFRAMED));
    }
    String like = part.text("like", "");
    if (part.has("like") && !earlier.contains(like)) {
      throw part.complaint("like", "no exchange before this one in its group has the id '" + like + "'");
    }
    if (part.has("usual") && !part.text("usual").equals(NONE)) {
      throw part.complaint("usual", "only 'none' can stand here: the fields at the top of the file are left out");
    }
    boolean bare = part.has("usual") || !like.isEmpty();
    SortedMap<Integer, String> all = bare ? new TreeMap<>() : new TreeMap<>(usual);
    String mti = "";
    if (part.has("request")) {
      YamlPart request = part.part("request");
      mti = request.has("mti") ? request.digits("mti", 4) : "";
      all.putAll(fields(request));
    }
    if (mti.isEmpty() && like.isEmpty()) {
      throw part.complaint("request", "'mti' is missing; say for example request: { mti: 0100, ... }");
    }
    return new Exchange.Fields(like, mti, all, way);
  }

  private static SortedMap<Integer, String> fields(YamlPart part) {
    SortedMap<Integer, String> fields = new TreeMap<>();
    for (String name : part.names()) {
      if (name.equals("mti")) {
        continue;
      }
      if (!name.matches("[1-9][0-9]{0,2}") || Integer.parseInt(name) > 128) {
        throw part.complaint(name, "'" + name + "' is no data element; write its number, 2 to 128");
      }
      String value = part.text(name);
      fields.put(Integer.parseInt(name), value.equals(NONE) ? "" : value);
    }
    return fields;
  }

  private static Exchange.Expected expected(YamlPart part) {
    if (part.has("answer") == part.has("expect")) {
      throw part.complaint("answer", "say either answer: (the bytes) or expect: silence, or expect: closed");
    }
    if (part.has("answer")) {
      return new Exchange.Answer(block(part, "answer"));
    }
    return switch (part.text("expect")) {
      case "silence" -> new Exchange.Silence();
      case "closed" -> new Exchange.Closed();
      default -> throw part.complaint("expect", "'" + part.text("expect") + "' is neither silence nor closed");
    };
  }

  private static Block block(YamlPart part, String name) {
    try {
      return Block.parse(part.text(name));
    } catch (IllegalArgumentException e) {
      throw part.complaint(name, String.valueOf(e.getMessage()));
    }
  }

  private static Exchange.@Nullable PurseChange purses(YamlPart part) {
    if (!part.has("purses")) {
      return null;
    }
    YamlPart purses = part.part("purses");
    purses.allowOnly(Set.of("cash", "hjartan"));
    return new Exchange.PurseChange(sum(purses, "cash"), sum(purses, "hjartan"));
  }

  private static String sum(YamlPart purses, String name) {
    String text = purses.text(name);
    if (!text.matches("[-+]?[0-9a-z].*")) {
      throw purses.complaint(name, "'" + text + "' is no sum of kronor; write for example -125.00, 0, or cash-9.50");
    }
    return text;
  }
}
