package se.valfardskort.authorizer.admin;

import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.admin.CommandDesk.Answer;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.sbe.AccountQueryEncoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantEncoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeEncoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeEncoder;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/**
 * What can be asked of the port, and the command that each becomes. Any thread.
 *
 * <pre>
 *   GET    /v1/ready                               are commands taken?
 *   GET    /v1/cards/{panToken}                    the card, its account, what it did last
 *   POST   /v1/cards/{panToken}/status             freeze, unfreeze, close, lost, stolen
 *   GET    /v1/cards/{panToken}/approvals
 *   POST   /v1/cards/{panToken}/approvals          grants one; with an Idempotency-Key
 *   DELETE /v1/cards/{panToken}/approvals/{number} revokes it
 * </pre>
 *
 * <p>A path is one of these letter for letter, or there is nothing there: nothing is decoded, folded or tidied up.
 */
final class CardEndpoints {
  private static final Pattern CARD =
      Pattern.compile("/v1/cards/([0-9a-f]{64})(?:(/status|/approvals)|/approvals/([1-9][0-9]{0,17}))?");
  private static final HexFormat HEX = HexFormat.of();

  private final CommandDesk desk;
  private final CardJson json;
  private final ApprovalForm form;

  /** What is done to a card's status. */
  private enum Act {
    FREEZE(CardStatus.FROZEN),
    UNFREEZE(CardStatus.ACTIVE),
    CLOSE(CardStatus.CLOSED),
    LOST(CardStatus.LOST),
    STOLEN(CardStatus.STOLEN);

    private final CardStatus status;

    Act(CardStatus status) {
      this.status = status;
    }
  }

  CardEndpoints(CommandDesk desk, CountryWords countries) {
    this.desk = desk;
    this.json = new CardJson(countries);
    this.form = new ApprovalForm(countries);
  }

  Reply answer(Request request) throws Problem {
    if (request.path().equals("/v1/ready")) {
      requireMethod(request, "GET");
      return ready();
    }
    Matcher path = CARD.matcher(request.path());
    if (!path.matches()) {
      throw new Problem(404, "not-found", "there is nothing at this path", "see docs/operating/running.md for paths");
    }
    UnsafeBuffer token = new UnsafeBuffer(HEX.parseHex(path.group(1)));
    if (path.group(3) != null) {
      requireMethod(request, "DELETE");
      return revoke(token, Long.parseLong(path.group(3)));
    }
    if (path.group(2) == null) {
      requireMethod(request, "GET");
      return look(token);
    }
    if (path.group(2).equals("/status")) {
      requireMethod(request, "POST");
      return changeStatus(token, Body.of(request.body()));
    }
    requireMethod(request, "GET", "POST");
    return request.method().equals("GET")
        ? list(token)
        : grant(token, form.read(Body.of(request.body()), request.keys()));
  }

  static void requireMethod(Request request, String... allowed) throws Problem {
    for (String method : allowed) {
      if (method.equals(request.method())) {
        return;
      }
    }
    throw new Problem(
        405, "wrong-method", "this path does not take this method", "use " + String.join(" or ", allowed));
  }

  private Reply ready() throws Problem {
    if (!desk.isOpen()) {
      throw new Problem(503, "stopped", "the authorizer has halted", "see its log, then start it again");
    }
    return new Reply(200, Map.of("ready", true));
  }

  private Reply look(UnsafeBuffer token) throws Problem {
    Answer answer = query(token);
    return reply(200, answer, "card", json.card(cardOf(answer)));
  }

  private Reply list(UnsafeBuffer token) throws Problem {
    Answer answer = query(token);
    return reply(200, answer, "approvals", json.approvals(cardOf(answer)));
  }

  private Answer query(UnsafeBuffer token) throws Problem {
    return accepted(
        desk.ask(
            command -> Commands.accountQuery(command, 0, token, 0, AdminKey.NAME),
            AccountQueryEncoder.panTokenEncodingOffset()));
  }

  private Reply changeStatus(UnsafeBuffer token, Body body) throws Problem {
    final Act act = body.word("act", List.of(Act.values()));
    final StatusReason reason = body.word("reason", Body.without(StatusReason.NULL_VAL, StatusReason.values()));
    final LocalDate review = body.day("reviewOn");
    body.end();
    if (review != null && Math.abs(review.getYear()) > 9_999) {
      throw Body.bad("reviewOn", "is not a day", "write year-month-day: 2026-12-31");
    }
    int reviewDay = review == null ? Commands.NO_REVIEW : Math.toIntExact(review.toEpochDay());
    Answer answer =
        accepted(
            desk.ask(
                command ->
                    Commands.cardStatusChange(command, 0, token, 0, act.status, reason, AdminKey.NAME, reviewDay),
                CardStatusChangeEncoder.panTokenEncodingOffset()));
    return reply(200, answer, "card", json.card(cardOf(answer)));
  }

  private Reply grant(UnsafeBuffer token, ApprovalTerms terms) throws Problem {
    Answer answer =
        desk.ask(
            command -> Commands.approvalGrant(command, 0, token, 0, terms),
            ApprovalGrantEncoder.panTokenEncodingOffset());
    if (answer.refusal() == CommandRefusal.APPROVAL_EXISTS) {
      CardView.Allowance before = find(cardOf(answer), terms.grantKey());
      if (!ApprovalForm.isSame(terms, before)) {
        throw new Problem(
            409,
            "idempotency-key-reused",
            "another approval was granted with this Idempotency-Key",
            "draw a new key for a new approval");
      }
      return reply(200, answer, "approval", json.approval(before));
    }
    CardView.Allowance granted = find(cardOf(accepted(answer)), terms.grantKey());
    return reply(201, answer, "approval", json.approval(granted));
  }

  private static CardView.Allowance find(CardView card, long grantKey) {
    return card.allowances().stream()
        .filter(allowance -> allowance.grantKey() == grantKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("an approval that was granted is not there"));
  }

  private Reply revoke(UnsafeBuffer token, long number) throws Problem {
    Answer answer =
        accepted(
            desk.ask(
                command -> Commands.approvalRevoke(command, 0, token, 0, number, AdminKey.NAME),
                ApprovalRevokeEncoder.panTokenEncodingOffset()));
    CardView.Allowance revoked =
        cardOf(answer).allowances().stream()
            .filter(allowance -> allowance.number() == number)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("an approval that was revoked is not there"));
    return reply(200, answer, "approval", json.approval(revoked));
  }

  static Answer accepted(Answer answer) throws Problem {
    CommandRefusal refusal = answer.refusal();
    if (refusal == null) {
      return answer;
    }
    int status =
        switch (refusal) {
          case CARD_NOT_FOUND, APPROVAL_NOT_FOUND, PROGRAMME_UNKNOWN -> 404;
          case NO_ROOM -> 503;
          default -> 409;
        };
    String name = Body.wordOf(refusal);
    String words = refusal.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    throw new Problem(status, name, refusal.code, "refused: " + words, refusal.mend);
  }

  private static CardView cardOf(Answer answer) {
    CardView view = answer.view();
    if (view == null) {
      throw new IllegalStateException("sequence " + answer.sequence() + " was accepted, but there is no card to show");
    }
    return view;
  }

  private static Reply reply(int status, Answer answer, String name, Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("sequence", answer.sequence());
    members.put(name, value);
    return new Reply(status, members);
  }
}
