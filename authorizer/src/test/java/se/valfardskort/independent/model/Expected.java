package se.valfardskort.independent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/**
 * What the answer must say.
 *
 * @param code DE 39
 * @param reason null where nothing is wrong
 * @param minted a DE 38 of ours
 * @param balances DE 54; null: none; empty: not compared
 * @param amounts DE 4 and 6 where they differ from the request's
 * @param faultyField of a format error; else 0
 */
record Expected(
    String code,
    @Nullable Reason reason,
    boolean minted,
    @Nullable String balances,
    Map<Integer, String> amounts,
    int faultyField) {
  private static final int[] ECHOED = {
    2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 23, 24, 28, 32, 33, 37, 41, 42, 49, 50, 51, 100
  };

  /** The differences between this and an answer, in words; none: they agree. */
  List<String> differences(WireMessage request, WireMessage answer, ReasonBook book) {
    List<String> found = new ArrayList<>();
    Map<Integer, String> seen = answer.fields();
    expect(found, "MTI", answerTo(request.mti), answer.mti);
    expect(found, "DE 39", Codes.onTheWire(request, code), seen.remove(39));
    Map<Integer, String> echoes = echoes(request);
    if (minted) {
      String authCode = seen.remove(38);
      if (authCode == null || !authCode.matches("[0-9A-Z]{6}")) {
        found.add("DE 38: expected a new one, received " + authCode);
      }
    }
    String sent = seen.remove(54);
    if (balances == null || !balances.isEmpty()) {
      expect(found, "DE 54", balances, sent);
    }
    compareReasons(found, seen.remove(44), seen.remove(60), request, book);
    for (Map.Entry<Integer, String> echo : echoes.entrySet()) {
      expect(found, "DE " + echo.getKey(), echo.getValue(), seen.remove(echo.getKey()));
    }
    for (Map.Entry<Integer, String> more : seen.entrySet()) {
      found.add("DE " + more.getKey() + ": not expected, received " + more.getValue());
    }
    return found;
  }

  static String answerTo(String mti) {
    int sender = (mti.charAt(3) - '0') & ~1;
    return mti.substring(0, 2) + (char) (mti.charAt(2) + 1) + sender;
  }

  private Map<Integer, String> echoes(WireMessage request) {
    Map<Integer, String> echoes = new TreeMap<>();
    for (int field : ECHOED) {
      String value = request.get(field);
      if (value != null && field != faultyField) {
        echoes.put(field, value);
      }
    }
    Facts facts = new Facts(request);
    int[] more = facts.isAdvice() ? new int[] {38} : new int[0];
    if (facts.messageClass() == '4') {
      more = facts.is1993() ? new int[] {30, 38, 56} : new int[] {38, 90, 95};
    } else if (facts.messageClass() == '5') {
      more = new int[] {99};
    } else if (facts.messageClass() == '8') {
      more = facts.is1993() ? new int[0] : new int[] {70};
    }
    for (int field : more) {
      String value = request.get(field);
      if (value != null && field != faultyField) {
        echoes.put(field, value);
      }
    }
    echoes.putAll(amounts);
    return echoes;
  }

  private void compareReasons(
      List<String> found, @Nullable String text, @Nullable String precise, WireMessage request, ReasonBook book) {
    Facts facts = new Facts(request);
    if (reason == null) {
      expect(found, "DE 44", null, text);
      expect(found, "DE 60", null, precise);
      return;
    }
    if (reason == Reason.FORMAT) {
      expect(found, "DE 44", String.format("%03d", faultyField), text);
    } else if (!facts.isAdvice() && (facts.messageClass() == '1' || facts.messageClass() == '2')) {
      if (text == null || text.isBlank() || text.length() > 25) {
        found.add("DE 44: expected a reason of at most 25 characters, received " + text);
      }
    } else {
      expect(found, "DE 44", null, text);
    }
    if (facts.messageClass() == '8') {
      expect(found, "DE 60", null, precise);
    } else if (!book.agrees(reason, precise)) {
      found.add("DE 60: " + book.complaint(reason, precise));
    }
  }

  static void expect(List<String> found, String what, @Nullable String expected, @Nullable String received) {
    String left = expected == null ? null : expected.stripTrailing();
    String right = received == null ? null : received.stripTrailing();
    if (left == null ? right != null : !left.equals(right)) {
      found.add(what + ": expected " + (left == null ? "none" : left) + ", received " + right);
    }
  }

}
