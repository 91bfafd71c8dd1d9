package se.valfardskort.authorizer.admin;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import se.valfardskort.authorizer.admin.CommandDesk.Answer;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.CardView;

/** Turns what became of a command into the reply to its request. Any thread. */
final class Replies {
  private Replies() {}

  static void requireMethod(Request request, String... allowed) throws Problem {
    for (String method : allowed) {
      if (method.equals(request.method())) {
        return;
      }
    }
    throw new Problem(
        405, "wrong-method", "this path does not take this method", "use " + String.join(" or ", allowed));
  }

  /** The same answer, where it was accepted. */
  static Answer accepted(Answer answer) throws Problem {
    CommandRefusal refusal = answer.refusal();
    if (refusal == null) {
      return answer;
    }
    int status =
        switch (refusal) {
          case CARD_NOT_FOUND, APPROVAL_NOT_FOUND, EARMARK_NOT_FOUND, GRANT_NOT_FOUND, PROGRAMME_UNKNOWN -> 404;
          case NO_ROOM -> 503;
          default -> 409;
        };
    String name = Body.wordOf(refusal);
    String words = refusal.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    throw new Problem(status, name, refusal.code, "refused: " + words, refusal.mend);
  }

  /** The card right after the command. */
  static CardView cardOf(Answer answer) {
    CardView view = answer.view();
    if (view == null) {
      throw new IllegalStateException("sequence " + answer.sequence() + " was accepted, but there is no card to show");
    }
    return view;
  }

  static Reply of(int status, Answer answer, String name, Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("sequence", answer.sequence());
    members.put(name, value);
    return new Reply(status, members);
  }
}
