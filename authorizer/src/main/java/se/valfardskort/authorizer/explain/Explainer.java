package se.valfardskort.authorizer.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Skips;

/**
 * Makes the {@link Explanation} of a record. Any thread; allocates.
 *
 * <p>The record has the decision and what the purses came to. What caps and limits came to then only a replay knows
 * ({@code journal explain}); whoever does not replay is told what is left of them now.
 */
public final class Explainer {
  private final Categories categories;
  private final Skips skips;

  /**
   * Takes what it needs.
   *
   * @param configuration whose policy names the categories
   * @param skips what a person has had left out
   */
  public Explainer(Configuration configuration, Skips skips) {
    this.categories = new Categories(configuration);
    this.skips = skips;
  }

  /**
   * Explains.
   *
   * @param then the card right after it; null: not known, or it names none of ours
   * @param now the card at this moment; null: not asked for, or it names none of ours
   */
  public Explanation of(JournalRecord record, @Nullable CardView then, @Nullable CardView now) {
    Asked asked = Asked.of(record);
    DecisionDecoder decision = decisionOf(record);
    final int code = decision == null ? DeclineReason.APPROVED : decision.reason();
    CardView known = then == null ? now : then;
    final String category = categories.of(asked, known == null ? Categories.ANY_PROGRAMME : known.programmeId());
    long approvedMinor = decision == null ? 0 : decision.approvedMinor();
    long cashMinor = decision == null ? 0 : decision.cashMinor();
    long hjartanMinor = decision == null ? 0 : decision.hjartanMinor();
    long earmarkMinor = decision == null ? 0 : earmarkIn(decision);
    Verdict verdict = verdict(record, decision, asked.fromNetwork());
    String token = asked.tokenOffset() < 0 ? "" : RecordFields.tokenStart(record.buffer, asked.tokenOffset());
    return new Explanation(
        record.sequence,
        record.timeMs,
        token,
        decision == null ? -1 : decision.cardId(),
        decision == null ? -1 : decision.accountId(),
        asked.what(),
        asked.amountMinor(),
        asked.mcc() == 0 ? "" : String.format(Locale.ROOT, "%04d", asked.mcc()),
        category,
        asked.rrn(),
        asked.detail(),
        asked.author(),
        verdict,
        code,
        decision == null ? "unreadable" : RecordFields.reasonName(code),
        decision == null ? "" : RecordFields.textOf(decision.responseCode()),
        isDecline(code) ? DeclineReason.ofCode(code).lift : null,
        approvedMinor,
        cashMinor,
        hjartanMinor,
        earmarkMinor,
        then == null ? pursesIn(decision) : Left.of(then, category),
        now == null ? List.of() : Left.of(now, category),
        words(
            asked.what(), verdict, code,
            new long[] {approvedMinor, Math.abs(cashMinor), Math.abs(hjartanMinor)}, Math.abs(earmarkMinor)));
  }

  private static @Nullable DecisionDecoder decisionOf(JournalRecord record) {
    return record.decisionLength == 0
        ? null
        : new DecisionDecoder()
            .wrapAndApplyHeader(record.buffer, record.decisionOffset, new MessageHeaderDecoder());
  }

  private Verdict verdict(JournalRecord record, @Nullable DecisionDecoder decision, boolean fromNetwork) {
    if (record.kind == Journal.Kind.POISON || decision == null) {
      return Verdict.POISON;
    }
    if (skips.skips(record.sequence)) {
      return Verdict.SKIPPED;
    }
    if (decision.reason() != DeclineReason.APPROVED) {
      return isDecline(decision.reason()) ? Verdict.DECLINED : Verdict.REFUSED;
    }
    if (isReturned(decision)) {
      return Verdict.RETURNED;
    }
    return fromNetwork && decision.approvedMinor() != 0 ? Verdict.APPROVED : Verdict.ACCEPTED;
  }

  private static boolean isReturned(DecisionDecoder decision) {
    return switch (decision.effect()) {
      case RELEASE, UNPOST, REFUND ->
          decision.cashMinor() != 0 || decision.hjartanMinor() != 0 || earmarkIn(decision) != 0;
      default -> false;
    };
  }

  private static boolean isDecline(int code) {
    return code != DeclineReason.APPROVED && code < CommandRefusal.PROGRAMME_UNKNOWN.code;
  }

  /** What the decision says of the purses, which is what there was right after it. */
  private static List<Left> pursesIn(@Nullable DecisionDecoder decision) {
    if (decision == null || decision.cashAvailableMinor() == DecisionDecoder.cashAvailableMinorNullValue()) {
      return List.of();
    }
    List<Left> purses = new ArrayList<>();
    purses.add(Left.of(Left.Purse.CASH, decision.cashAvailableMinor()));
    purses.add(Left.of(Left.Purse.HJARTAN, decision.hjartanAvailableMinor()));
    if (decision.earmarkAvailableMinor() != DecisionDecoder.earmarkAvailableMinorNullValue()) {
      purses.add(Left.of(Left.Purse.EARMARKS, decision.earmarkAvailableMinor()));
    }
    if (decision.savingsAvailableMinor() != DecisionDecoder.savingsAvailableMinorNullValue()) {
      purses.add(Left.of(Left.Purse.SAVINGS, decision.savingsAvailableMinor()));
    }
    return List.copyOf(purses);
  }

  /** None in the decisions of before there were any. */
  private static long earmarkIn(DecisionDecoder decision) {
    long earmarkMinor = decision.earmarkMinor();
    return earmarkMinor == DecisionDecoder.earmarkMinorNullValue() ? 0 : earmarkMinor;
  }

  private static Map<String, Explanation.Said> words(
      What what, Verdict verdict, int code, long[] amountsMinor, long earmarkMinor) {
    Map<String, Explanation.Said> all = new LinkedHashMap<>();
    Languages.all().forEach((key, language) -> {
      String decided = language.term(verdict);
      for (int i = 0; i < amountsMinor.length; i++) {
        decided = decided.replace("{" + i + "}", language.amount(amountsMinor[i]));
      }
      if (earmarkMinor != 0) {
        decided += " " + language.term(Left.Purse.EARMARKS) + ": " + language.amount(earmarkMinor) + ".";
      }
      if (isDecline(code)) {
        DeclineReason reason = DeclineReason.ofCode(code);
        Language.Words words = language.of(reason);
        all.put(
            key,
            new Explanation.Said(
                language.term(what), decided, words.checked(), words.next(), language.term(reason.lift),
                language.appeal()));
      } else {
        String refused = code == DeclineReason.APPROVED
            ? ""
            : CommandRefusal.ofCode(code).name().toLowerCase(Locale.ROOT).replace('_', ' ');
        all.put(
            key, new Explanation.Said(language.term(what), decided.replace("{3}", refused), "", "", "", ""));
      }
    });
    return all;
  }
}
