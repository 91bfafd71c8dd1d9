package se.valfardskort.authorizer.admin;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.CommandDesk.Answer;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.EarmarkTerms;
import se.valfardskort.authorizer.engine.sbe.AccountQueryEncoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndEncoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantEncoder;

/**
 * What can be asked of the port about earmarks. Any thread.
 *
 * <pre>
 *   GET    /v1/cards/{panToken}/earmarks
 *   POST   /v1/cards/{panToken}/earmarks          grants one out of the pool; with an Idempotency-Key
 *   DELETE /v1/cards/{panToken}/earmarks/{number} ends it; what is left goes back to the pool
 * </pre>
 */
final class EarmarkEndpoints {
  private static final Pattern EARMARKS =
      Pattern.compile("/v1/cards/([0-9a-f]{64})/earmarks(?:/([1-9][0-9]{0,17}))?");
  private static final HexFormat HEX = HexFormat.of();

  private final CommandDesk desk;
  private final EarmarkJson json;
  private final EarmarkForm form;

  EarmarkEndpoints(CommandDesk desk, CountryWords countries) {
    this.desk = desk;
    this.json = new EarmarkJson(countries);
    this.form = new EarmarkForm(countries);
  }

  /** Null: the path is none of these. */
  @Nullable Reply answer(Request request) throws Problem {
    Matcher path = EARMARKS.matcher(request.path());
    if (!path.matches()) {
      return null;
    }
    UnsafeBuffer token = new UnsafeBuffer(HEX.parseHex(path.group(1)));
    if (path.group(2) != null) {
      Replies.requireMethod(request, "DELETE");
      return end(token, Long.parseLong(path.group(2)));
    }
    Replies.requireMethod(request, "GET", "POST");
    return request.method().equals("GET")
        ? list(token)
        : grant(token, form.read(Body.of(request.body()), request.keys()));
  }

  private Reply list(UnsafeBuffer token) throws Problem {
    Answer answer =
        Replies.accepted(
            desk.ask(
                command -> Commands.accountQuery(command, 0, token, 0, AdminKey.NAME),
                AccountQueryEncoder.panTokenEncodingOffset()));
    return Replies.of(200, answer, "earmarks", json.earmarks(Replies.cardOf(answer)));
  }

  private Reply grant(UnsafeBuffer token, EarmarkTerms terms) throws Problem {
    Answer answer =
        desk.ask(
            command -> Commands.earmarkGrant(command, 0, token, 0, terms),
            EarmarkGrantEncoder.panTokenEncodingOffset());
    if (answer.refusal() == CommandRefusal.EARMARK_EXISTS) {
      // An approval may have been granted with this key, too.
      CardView.Earmark before =
          Replies.cardOf(answer).earmarks().stream()
              .filter(earmark -> earmark.grantKey() == terms.grantKey())
              .filter(earmark -> EarmarkForm.isSame(terms, earmark))
              .findFirst()
              .orElseThrow(() -> GrantForm.keyReused("earmark"));
      return Replies.of(200, answer, "earmark", json.earmark(before));
    }
    return shown(201, Replies.accepted(answer), answer.number());
  }

  private Reply end(UnsafeBuffer token, long number) throws Problem {
    Answer answer =
        Replies.accepted(
            desk.ask(
                command -> Commands.earmarkEnd(command, 0, token, 0, number, AdminKey.NAME),
                EarmarkEndEncoder.panTokenEncodingOffset()));
    return shown(200, answer, number);
  }

  private Reply shown(int status, Answer answer, long number) {
    Optional<CardView.Earmark> found =
        Replies.cardOf(answer).earmarks().stream().filter(earmark -> earmark.number() == number).findFirst();
    return Replies.of(
        status,
        answer,
        "earmark",
        json.earmark(found.orElseThrow(() -> new IllegalStateException("earmark " + number + " is not there"))));
  }
}
