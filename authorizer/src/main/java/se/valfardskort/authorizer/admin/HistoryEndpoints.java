package se.valfardskort.authorizer.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
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
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.CommandKeys;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.sbe.AccountQueryEncoder;
import se.valfardskort.authorizer.engine.sbe.LookAbout;
import se.valfardskort.authorizer.explain.Explainer;
import se.valfardskort.authorizer.explain.Explanation;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSearch;

/**
 * What was done, and why. Any thread.
 *
 * <pre>
 *   GET /v1/cards/{panToken}/history         the newest 50 of what the card did, and what was done to it
 *   GET /v1/cards/{panToken}/history/{last}  the newest so many, at most 1,000
 *   GET /v1/cards/{panToken}/looks           who has looked at it; /{last} as above
 *   GET /v1/why/{rrn}                        twelve characters: each record with that DE 37, newest first, at most 20
 *   GET /v1/why/{sequence}                   the record of a sequence
 * </pre>
 *
 * <p>Each answer leaves when a look is durable that says who asked, and about what: one for each card that is spoken
 * of, and one about no card where none is, or nothing was found. What is told was in the journal before that look, so
 * it is durable, too.
 */
final class HistoryEndpoints {
  private static final Pattern CARD =
      Pattern.compile("/v1/cards/([0-9a-f]{64})/(history|looks)(?:/([1-9][0-9]{0,3}))?");
  private static final Pattern WHY = Pattern.compile("/v1/why/(?:([0-9A-Za-z]{12})|([1-9][0-9]{0,17}))");
  private static final int USUAL = 50;
  private static final int MOST = 1_000;
  private static final int MOST_OF_ONE_RRN = 20;
  private static final HexFormat HEX = HexFormat.of();

  private final CommandDesk desk;
  private final JournalSearch search;
  private final Explainer explainer;
  private final PrintStream log;

  HistoryEndpoints(CommandDesk desk, Evidence evidence, PrintStream log) {
    this.desk = desk;
    this.search = evidence.search();
    this.explainer = new Explainer(evidence.configuration(), evidence.skips());
    this.log = log;
  }

  /** Null: the path is none of these. */
  @Nullable Reply answer(Request request) throws Problem {
    Matcher card = CARD.matcher(request.path());
    Matcher why = WHY.matcher(request.path());
    boolean ofCard = card.matches();
    if (!ofCard && !why.matches()) {
      return null;
    }
    if (!request.method().equals("GET")) {
      throw new Problem(405, "wrong-method", "this path does not take this method", "use GET");
    }
    try {
      if (!ofCard) {
        return why.group(1) == null ? whySequence(Long.parseLong(why.group(2))) : whyRrn(why.group(1));
      }
      int most = card.group(3) == null ? USUAL : Integer.parseInt(card.group(3));
      if (most > MOST) {
        throw new Problem(
            400, "too-many", "a history shows at most " + MOST + " at a time", "ask for the newest " + MOST);
      }
      return history(new UnsafeBuffer(HEX.parseHex(card.group(1))), card.group(2).equals("looks"), most);
    } catch (IOException unreadable) {
      log.println("admin port: the journal's history cannot be read: " + unreadable.getMessage());
      throw new Problem(
          500, "journal-unreadable", "the journal's history cannot be read; the authorizer's log says why",
          "run './run journal verify', then ask again");
    }
  }

  private Reply history(UnsafeBuffer token, boolean looks, int most) throws Problem, IOException {
    Answer look = look(token, looks ? LookAbout.LOOKS : LookAbout.HISTORY, Commands.NO_RECORD);
    CardView now = look.view();
    if (look.refusal() != null || now == null) {
      throw new Problem(
          404, "card-not-found", CommandRefusal.CARD_NOT_FOUND.code, "refused: card not found",
          CommandRefusal.CARD_NOT_FOUND.mend);
    }
    JournalSearch.Result result =
        search.ofCard(
            token, 0, most,
            record ->
                record.sequence < look.sequence()
                    && CommandKeys.isLook(record.buffer, record.commandOffset) == looks);
    List<Map<String, Object>> lines = new ArrayList<>();
    for (JournalRecord record : result.records()) {
      lines.add(explainer.of(record, null, now).line());
    }
    Map<String, Object> members = members(look.sequence(), result);
    members.put("card", now.cardId());
    members.put("account", now.accountId());
    members.put(looks ? "looks" : "history", lines);
    return new Reply(200, members);
  }

  private Reply whySequence(long sequence) throws Problem, IOException {
    JournalSearch.Result result = search.ofSequence(sequence);
    return why(result, sequence, "there is no sequence " + sequence + " in the journal, which goes back to sequence "
        + result.from());
  }

  private Reply whyRrn(String rrn) throws Problem, IOException {
    JournalSearch.Result result = search.ofRrn(rrn, MOST_OF_ONE_RRN);
    return why(result, Commands.NO_RECORD, "no request with that retrieval reference number (DE 37) is in the journal"
        + " from sequence " + result.from() + " on" + (result.whole() ? "" : "; ask again to look further back"));
  }

  private Reply why(JournalSearch.Result result, long asked, String absent) throws Problem {
    UnsafeBuffer nobody = new UnsafeBuffer(new byte[CommandKeys.TOKEN_LENGTH]);
    if (result.records().isEmpty()) {
      look(nobody, LookAbout.RECORD, asked);
      throw new Problem(
          404, "record-not-found", absent, "compare the number; a sequence has no leading zeros, a DE 37 twelve"
              + " characters; what was pruned is in the archive (docs/operating/journal.md)");
    }
    Map<String, Answer> looks = new LinkedHashMap<>();
    List<Map<String, Object>> explanations = new ArrayList<>();
    long sequence = 0;
    for (JournalRecord record : result.records()) {
      int at = CommandKeys.tokenOffset(record.buffer, record.commandOffset);
      UnsafeBuffer token = at == CommandKeys.NONE ? nobody : tokenOf(record, at);
      String hex = HEX.formatHex(token.byteArray());
      Answer look = looks.get(hex);
      if (look == null) {
        look = look(token, LookAbout.RECORD, record.sequence);
        looks.put(hex, look);
      }
      sequence = Math.max(sequence, look.sequence());
      explanations.add(explanation(record, look, hex));
    }
    Map<String, Object> members = members(sequence, result);
    members.put("explanations", explanations);
    return new Reply(200, members);
  }

  private Map<String, Object> explanation(JournalRecord record, Answer look, String token) {
    CardView now = look.refusal() == null ? look.view() : null;
    Explanation explanation = explainer.of(record, null, now);
    Map<String, Object> members = explanation.members();
    if (now != null) {
      members.put("panToken", token);
      members.put("cardStatus", Body.wordOf(now.status()));
    }
    return members;
  }

  private static UnsafeBuffer tokenOf(JournalRecord record, int at) {
    byte[] token = new byte[CommandKeys.TOKEN_LENGTH];
    record.buffer.getBytes(at, token);
    return new UnsafeBuffer(token);
  }

  private Answer look(UnsafeBuffer token, LookAbout about, long sequence) throws Problem {
    Answer answer =
        desk.ask(
            command -> Commands.look(command, 0, token, 0, AdminKey.NAME, about, sequence),
            AccountQueryEncoder.panTokenEncodingOffset());
    CommandRefusal refusal = answer.refusal();
    if (refusal != null && refusal != CommandRefusal.CARD_NOT_FOUND) {
      throw new Problem(
          503, Body.wordOf(refusal), refusal.code, "the look could not be journaled, so nothing is shown",
          refusal.mend);
    }
    return answer;
  }

  private static Map<String, Object> members(long sequence, JournalSearch.Result result) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("sequence", sequence);
    members.put("from", result.from());
    members.put("whole", result.whole());
    return members;
  }
}
