package se.valfardskort.authorizer.explain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;

/**
 * One record of the journal, explained: what was asked, what was decided and why, what would make it pass, what is
 * left. Immutable. No PAN and no shop: a caseworker sees category and amount (domain.md section 6).
 *
 * @param panTokenBegins first bytes of the card's panToken in hexadecimal; empty: it names no card
 * @param card its number among our cards; -1: none of ours
 * @param account -1: none of ours
 * @param amountMinor asked for; {@link #NO_AMOUNT}: none
 * @param mcc four digits; empty: none
 * @param category key in the programme's policy, as the card's programme has it now; empty: none
 * @param rrn DE 37; empty: none
 * @param detail why a person did it (a freeze, an approval), or what was looked at: a word; empty: none
 * @param author name of the key that gave the command; empty: it came from a network
 * @param code stable code of the decline reason or refusal; 0: neither
 * @param reason its name, or {@code approved}, or {@code unreadable}
 * @param responseCode DE 39; empty: nothing was answered to a network
 * @param lift what could make the same purchase pass; null: it was not declined
 * @param leftThen what was left right after it; empty: not known
 * @param leftNow what is left now; empty: it was not asked for
 * @param words by language
 */
public record Explanation(
    long sequence,
    long timeMs,
    String panTokenBegins,
    int card,
    int account,
    What what,
    long amountMinor,
    String mcc,
    String category,
    String rrn,
    String detail,
    String author,
    Verdict verdict,
    int code,
    String reason,
    String responseCode,
    DeclineReason.@Nullable Lift lift,
    long approvedMinor,
    long cashMinor,
    long hjartanMinor,
    long earmarkMinor,
    List<Left> leftThen,
    List<Left> leftNow,
    Map<String, Said> words) {

  /** Instead of an amount. */
  public static final long NO_AMOUNT = -1;

  /**
   * What a person is told, in one language.
   *
   * @param what happened
   * @param decided how it ended, a sentence
   * @param checked of a decline: what was checked, and found; else empty
   * @param next what would make the same purchase pass; else empty
   * @param lift what could, in general; else empty
   * @param appeal how to ask for a new look; else empty
   */
  public record Said(String what, String decided, String checked, String next, String lift, String appeal) {
    private Map<String, Object> members() {
      Map<String, Object> members = shortly();
      put(members, "lift", lift);
      put(members, "appeal", appeal);
      return members;
    }

    private Map<String, Object> shortly() {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("what", what);
      members.put("decided", decided);
      put(members, "checked", checked);
      put(members, "next", next);
      return members;
    }
  }

  /** For programs; amounts are minor units, what is not there is left out. */
  public Map<String, Object> members() {
    Map<String, Object> members = fields();
    members.put("leftThen", leftThen.stream().map(Left::members).toList());
    if (!leftNow.isEmpty()) {
      members.put("leftNow", leftNow.stream().map(Left::members).toList());
    }
    Map<String, Object> said = new LinkedHashMap<>();
    words.forEach((language, each) -> said.put(language, each.members()));
    members.put("words", said);
    return members;
  }

  /** The same as a line of a history: without what is left, and without what is the same for all declines. */
  public Map<String, Object> line() {
    Map<String, Object> members = fields();
    Map<String, Object> said = new LinkedHashMap<>();
    words.forEach((language, each) -> said.put(language, each.shortly()));
    members.put("words", said);
    return members;
  }

  private Map<String, Object> fields() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("sequence", sequence);
    members.put("time", Instant.ofEpochMilli(timeMs).toString());
    put(members, "panTokenBegins", panTokenBegins);
    putId(members, "card", card);
    putId(members, "account", account);
    members.put("what", word(what));
    if (amountMinor != NO_AMOUNT) {
      members.put("amountMinor", amountMinor);
    }
    put(members, "mcc", mcc);
    put(members, "category", category);
    put(members, "rrn", rrn);
    put(members, "detail", detail);
    put(members, "author", author);
    members.put("verdict", word(verdict));
    members.put("code", code);
    members.put("reason", reason);
    put(members, "responseCode", responseCode);
    if (lift != null) {
      members.put("liftable", lift == DeclineReason.Lift.BY_APPROVAL);
    }
    if (approvedMinor != 0) {
      members.put("approvedMinor", approvedMinor);
      members.put("cashMinor", cashMinor);
      members.put("hjartanMinor", hjartanMinor);
      members.put("earmarkMinor", earmarkMinor);
    }
    return members;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void put(Map<String, Object> members, String name, String value) {
    if (!value.isEmpty()) {
      members.put(name, value);
    }
  }

  private static void putId(Map<String, Object> members, String name, int id) {
    if (id >= 0) {
      members.put(name, id);
    }
  }
}
