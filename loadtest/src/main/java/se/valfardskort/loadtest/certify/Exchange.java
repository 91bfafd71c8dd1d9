package se.valfardskort.loadtest.certify;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of a script: what is sent and what must come back. Immutable.
 *
 * @param id by which later exchanges of the group name its values
 * @param place file and line
 * @param title for a person
 * @param rule where wire.md demands it, and in which words
 * @param card whose purses are watched
 * @param connection 1 or 2, or {@link #OTHER_LINK}
 * @param request what is sent
 * @param expected what must come back
 * @param purses what becomes of the card's purses, or null where nobody looks
 */
record Exchange(String id, String place, String title, String rule, String card, int connection, Request request,
    Expected expected, @Nullable PurseChange purses) {

  /** The connection to the partner's other link, in that one's dialect. */
  static final int OTHER_LINK = 3;

  /** What is sent. */
  sealed interface Request {}

  /** How a message goes out. */
  enum Way {
    /** In one segment of its own. */
    WHOLE,
    /** Each byte in a segment of its own. */
    BYTE_BY_BYTE,
    /** In one segment between two echo tests. */
    BETWEEN_ECHOES
  }

  /**
   * A message by its fields.
   *
   * @param like the exchange whose fields, as they were sent, are those not named here; empty: none
   * @param mti four digits; empty: as {@code like}
   * @param fields by data element; an empty text leaves the field out
   * @param way how it goes out
   */
  record Fields(String like, String mti, SortedMap<Integer, String> fields, Way way) implements Request {
    Fields {
      fields = Collections.unmodifiableSortedMap(fields);
    }
  }

  /**
   * Bytes.
   *
   * @param block the message
   * @param framed whether the length header is put before it
   */
  record Bytes(Block block, boolean framed) implements Request {}

  /** What must come back. */
  sealed interface Expected {}

  /** One answer, byte for byte. */
  record Answer(Block block) implements Expected {}

  /** Nothing, while the connection stays usable. */
  record Silence() implements Expected {}

  /** The end of the connection. */
  record Closed() implements Expected {}

  /**
   * What is added to the purses.
   *
   * @param cash a sum, for example {@code -125.00}
   * @param hjartan likewise
   */
  record PurseChange(String cash, String hjartan) {}

  /** Exchanges that belong together, with cards of their own: a name and {@code fresh}, or nine digits. */
  record Group(String title, List<String> tags, SortedMap<String, String> cards, List<Exchange> exchanges) {
    Group {
      tags = List.copyOf(tags);
      cards = Collections.unmodifiableSortedMap(cards);
      exchanges = List.copyOf(exchanges);
    }
  }

  /** One script. */
  record Topic(String name, List<Group> groups) {
    Topic {
      groups = List.copyOf(groups);
    }
  }
}
