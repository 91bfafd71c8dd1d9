package se.valfardskort.authorizer.admin;

import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.CommandDesk.Answer;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.HolderOrders;
import se.valfardskort.authorizer.engine.OffersView;
import se.valfardskort.authorizer.engine.sbe.AccountQueryEncoder;
import se.valfardskort.authorizer.engine.sbe.BarReason;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutEncoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.GrantBarEncoder;
import se.valfardskort.authorizer.engine.sbe.GrantRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.GrantVoteEncoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawEncoder;
import se.valfardskort.authorizer.engine.sbe.Vote;

/**
 * What can be asked of the port about grants that neighbours verify, and about bonuses. Any thread.
 *
 * <pre>
 *   GET    /v1/cards/{panToken}/grants          the account's requests, and a bar
 *   POST   /v1/cards/{panToken}/grants          asks neighbours to verify one; with an Idempotency-Key
 *   DELETE /v1/cards/{panToken}/grants/{number} takes it back
 *   POST   /v1/cards/{panToken}/votes           the card's holder answers a neighbour's request
 *   POST   /v1/cards/{panToken}/grant-bar       no fast track for some years, or that is lifted
 *   GET    /v1/cards/{panToken}/bonus
 *   POST   /v1/cards/{panToken}/bonus           orders a bonus for payout
 * </pre>
 *
 * <p>The answer to a vote is the same whatever was said, and tells nothing of the request.
 */
final class OfferEndpoints {
  private static final Pattern PATH =
      Pattern.compile("/v1/cards/([0-9a-f]{64})/(?:(grants|votes|grant-bar|bonus)|grants/([1-9][0-9]{0,8}))");
  private static final HexFormat HEX = HexFormat.of();

  private final CommandDesk desk;

  OfferEndpoints(CommandDesk desk) {
    this.desk = desk;
  }

  /** Null: the path is none of these. */
  @Nullable Reply answer(Request request) throws Problem {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      return null;
    }
    UnsafeBuffer token = new UnsafeBuffer(HEX.parseHex(path.group(1)));
    if (path.group(3) != null) {
      Replies.requireMethod(request, "DELETE");
      return withdraw(token, Long.parseLong(path.group(3)));
    }
    return switch (path.group(2)) {
      case "votes" -> {
        Replies.requireMethod(request, "POST");
        yield vote(token, Body.of(request.body()));
      }
      case "grant-bar" -> {
        Replies.requireMethod(request, "POST");
        yield bar(token, Body.of(request.body()));
      }
      case "bonus" -> {
        Replies.requireMethod(request, "GET", "POST");
        yield request.method().equals("GET") ? bonus(token) : payBonus(token, Body.of(request.body()));
      }
      default -> {
        Replies.requireMethod(request, "GET", "POST");
        yield request.method().equals("GET")
            ? list(token)
            : ask(token, Body.of(request.body()), GrantForm.key(request.keys()));
      }
    };
  }

  private Answer query(UnsafeBuffer token) throws Problem {
    return Replies.accepted(
        desk.ask(
            command -> Commands.accountQuery(command, 0, token, 0, AdminKey.NAME),
            AccountQueryEncoder.panTokenEncodingOffset()));
  }

  private static OffersView offersOf(Answer answer) {
    return Replies.cardOf(answer).offers();
  }

  private Reply list(UnsafeBuffer token) throws Problem {
    Answer answer = query(token);
    return Replies.of(200, answer, "grants", OfferJson.grants(offersOf(answer)));
  }

  private Reply ask(UnsafeBuffer token, Body body, long key) throws Problem {
    final EarmarkKind kind = body.word("kind", Body.without(EarmarkKind.NULL_VAL, EarmarkKind.values()));
    final long amountMinor = body.number("amountMinor", 0);
    body.end();
    Answer answer =
        desk.ask(
            command -> HolderOrders.grantRequest(command, 0, token, 0, key, kind, amountMinor, AdminKey.NAME),
            GrantRequestEncoder.panTokenEncodingOffset());
    if (answer.refusal() == CommandRefusal.GRANT_EXISTS) {
      OffersView.Grant before =
          offersOf(answer).requests().stream()
              .filter(grant -> grant.key() == key && grant.kind() == kind && grant.amountMinor() == amountMinor)
              .findFirst()
              .orElseThrow(() -> GrantForm.keyReused("grant"));
      return Replies.of(200, answer, "grant", OfferJson.grant(before));
    }
    return shown(201, Replies.accepted(answer), answer.number());
  }

  private static Reply shown(int status, Answer answer, long number) {
    OffersView.Grant found =
        offersOf(answer).requests().stream()
            .filter(grant -> grant.number() == number)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("grant " + number + " is not there"));
    return Replies.of(status, answer, "grant", OfferJson.grant(found));
  }

  private Reply withdraw(UnsafeBuffer token, long number) throws Problem {
    Answer answer =
        Replies.accepted(
            desk.ask(
                command -> HolderOrders.grantWithdraw(command, 0, token, 0, number, AdminKey.NAME),
                GrantWithdrawEncoder.panTokenEncodingOffset()));
    return shown(200, answer, number);
  }

  private Reply vote(UnsafeBuffer token, Body body) throws Problem {
    final long number = body.number("grant", 0);
    final Vote vote = body.word("answer", List.of(Vote.YES, Vote.NO));
    final boolean declared = body.flag("neitherFamilyNorPartner");
    body.end();
    Answer answer =
        Replies.accepted(
            desk.ask(
                command -> HolderOrders.grantVote(command, 0, token, 0, number, vote, declared, AdminKey.NAME),
                GrantVoteEncoder.panTokenEncodingOffset()));
    return Replies.of(200, answer, "answered", number);
  }

  private Reply bar(UnsafeBuffer token, Body body) throws Problem {
    final BarReason reason = body.word("reason", Body.without(BarReason.NULL_VAL, BarReason.values()));
    final boolean lifts = body.flag("lift");
    final LocalDate day = body.day("day");
    body.end();
    if (lifts == (day != null)) {
      throw Body.bad("day", "and lift are both there, or neither", "give the day of a new bar, or lift one");
    }
    // What does not fit is refused as no day that a bar could begin on.
    int epochDay = day == null || Math.abs(day.getYear()) > 9_999 ? 0 : Math.toIntExact(day.toEpochDay());
    Answer answer =
        Replies.accepted(
            desk.ask(
                command ->
                    lifts
                        ? HolderOrders.grantBarLift(command, 0, token, 0, reason, AdminKey.NAME)
                        : HolderOrders.grantBar(command, 0, token, 0, reason, epochDay, AdminKey.NAME),
                GrantBarEncoder.panTokenEncodingOffset()));
    return Replies.of(200, answer, "grants", OfferJson.grants(offersOf(answer)));
  }

  private Reply bonus(UnsafeBuffer token) throws Problem {
    Answer answer = query(token);
    return Replies.of(200, answer, "bonus", OfferJson.bonus(offersOf(answer)));
  }

  private Reply payBonus(UnsafeBuffer token, Body body) throws Problem {
    final long year = body.number("year", 0);
    final long amountMinor = body.number("amountMinor", 0);
    body.end();
    if (year < 1 || year > 1_000) {
      throw Body.bad("year", "is none of the account's years", "give the one that ended last, as GET tells it");
    }
    Answer answer =
        Replies.accepted(
            desk.ask(
                command ->
                    HolderOrders.bonusPayout(command, 0, token, 0, (int) year, amountMinor, AdminKey.NAME),
                BonusPayoutEncoder.panTokenEncodingOffset()));
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("reference", answer.sequence());
    order.put("year", year);
    order.put("amountMinor", amountMinor);
    order.putAll(Map.of("bonus", OfferJson.bonus(offersOf(answer))));
    return Replies.of(201, answer, "order", order);
  }
}
