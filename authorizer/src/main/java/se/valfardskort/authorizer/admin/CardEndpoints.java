package se.valfardskort.authorizer.admin;

import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
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
 * <p>and what {@link EarmarkEndpoints} and {@link OfferEndpoints} take. A path is one of these letter for letter, or
 * there is nothing there: nothing is decoded, folded or tidied up.
 */
final class CardEndpoints {
  private static final Pattern CARD =
      Pattern.compile("/v1/cards/([0-9a-f]{64})(?:(/status|/approvals)|/approvals/([1-9][0-9]{0,17}))?");
  private static final HexFormat HEX = HexFormat.of();

  private final CommandDesk desk;
  private final CardJson json;
  private final ApprovalForm form;
  private final EarmarkEndpoints earmarks;
  private final OfferEndpoints offers;

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
    this.earmarks = new EarmarkEndpoints(desk, countries);
    this.offers = new OfferEndpoints(desk);
  }

  Reply answer(Request request) throws Problem {
    if (request.path().equals("/v1/ready")) {
      Replies.requireMethod(request, "GET");
      return ready();
    }
    Reply elsewhere = earmarks.answer(request);
    elsewhere = elsewhere == null ? offers.answer(request) : elsewhere;
    if (elsewhere != null) {
      return elsewhere;
    }
    Matcher path = CARD.matcher(request.path());
    if (!path.matches()) {
      throw new Problem(404, "not-found", "there is nothing at this path", "see docs/operating/running.md for paths");
    }
    UnsafeBuffer token = new UnsafeBuffer(HEX.parseHex(path.group(1)));
    if (path.group(3) != null) {
      Replies.requireMethod(request, "DELETE");
      return revoke(token, Long.parseLong(path.group(3)));
    }
    if (path.group(2) == null) {
      Replies.requireMethod(request, "GET");
      return look(token);
    }
    if (path.group(2).equals("/status")) {
      Replies.requireMethod(request, "POST");
      return changeStatus(token, Body.of(request.body()));
    }
    Replies.requireMethod(request, "GET", "POST");
    return request.method().equals("GET")
        ? list(token)
        : grant(token, form.read(Body.of(request.body()), request.keys()));
  }

  private Reply ready() throws Problem {
    if (!desk.isOpen()) {
      throw new Problem(503, "stopped", "the authorizer has halted", "see its log, then start it again");
    }
    return new Reply(200, Map.of("ready", true));
  }

  private Reply look(UnsafeBuffer token) throws Problem {
    Answer answer = query(token);
    return Replies.of(200, answer, "card", json.card(Replies.cardOf(answer)));
  }

  private Reply list(UnsafeBuffer token) throws Problem {
    Answer answer = query(token);
    return Replies.of(200, answer, "approvals", json.approvals(Replies.cardOf(answer)));
  }

  private Answer query(UnsafeBuffer token) throws Problem {
    return Replies.accepted(
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
        Replies.accepted(
            desk.ask(
                command ->
                    Commands.cardStatusChange(command, 0, token, 0, act.status, reason, AdminKey.NAME, reviewDay),
                CardStatusChangeEncoder.panTokenEncodingOffset()));
    return Replies.of(200, answer, "card", json.card(Replies.cardOf(answer)));
  }

  private Reply grant(UnsafeBuffer token, ApprovalTerms terms) throws Problem {
    Answer answer =
        desk.ask(
            command -> Commands.approvalGrant(command, 0, token, 0, terms),
            ApprovalGrantEncoder.panTokenEncodingOffset());
    if (answer.refusal() == CommandRefusal.APPROVAL_EXISTS) {
      // An earmark may have been granted with this key, too.
      CardView.Allowance before =
          Replies.cardOf(answer).allowances().stream()
              .filter(allowance -> allowance.grantKey() == terms.grantKey())
              .filter(allowance -> ApprovalForm.isSame(terms, allowance))
              .findFirst()
              .orElseThrow(() -> GrantForm.keyReused("approval"));
      return Replies.of(200, answer, "approval", json.approval(before));
    }
    CardView.Allowance granted = find(Replies.cardOf(Replies.accepted(answer)), answer.number());
    return Replies.of(201, answer, "approval", json.approval(granted));
  }

  private static CardView.Allowance find(CardView card, long number) {
    return card.allowances().stream()
        .filter(allowance -> allowance.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("approval " + number + " is not there"));
  }

  private Reply revoke(UnsafeBuffer token, long number) throws Problem {
    Answer answer =
        Replies.accepted(
            desk.ask(
                command -> Commands.approvalRevoke(command, 0, token, 0, number, AdminKey.NAME),
                ApprovalRevokeEncoder.panTokenEncodingOffset()));
    return Replies.of(200, answer, "approval", json.approval(find(Replies.cardOf(answer), number)));
  }
}
