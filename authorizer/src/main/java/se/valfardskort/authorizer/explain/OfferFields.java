package se.valfardskort.authorizer.explain;

import java.time.LocalDate;
import java.util.Map;
import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantBarDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantVoteDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;

/**
 * Names commands about grants and bonuses and their values. Allocates; any thread.
 *
 * <p>Of a vote neither the neighbour nor the answer is shown, of a bar not the reason: both are evidence in the
 * record's own bytes, for an auditor with the journal.
 */
final class OfferFields {
  private OfferFields() {}

  /** A word for a template; empty: it is none of these. */
  static String nameOf(int template) {
    return switch (template) {
      case GrantRequestDecoder.TEMPLATE_ID -> "grant-request";
      case GrantVoteDecoder.TEMPLATE_ID -> "grant-vote";
      case GrantBarDecoder.TEMPLATE_ID -> "grant-bar";
      case GrantWithdrawDecoder.TEMPLATE_ID -> "grant-withdraw";
      case BonusPayoutDecoder.TEMPLATE_ID -> "bonus-payout";
      default -> "";
    };
  }

  /** Puts the values of the command at {@code at}; false: it is none of these. */
  static boolean put(Map<String, Object> fields, DirectBuffer in, int at) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    switch (header.wrap(in, at).templateId()) {
      case GrantRequestDecoder.TEMPLATE_ID -> {
        GrantRequestDecoder from = new GrantRequestDecoder().wrapAndApplyHeader(in, at, header);
        fields.put("kind", from.kind().name());
        fields.put("amountMinor", from.amountMinor());
        RecordFields.putText(fields, "author", from.author());
      }
      case GrantVoteDecoder.TEMPLATE_ID -> {
        GrantVoteDecoder from = new GrantVoteDecoder().wrapAndApplyHeader(in, at, header);
        fields.put("number", from.number());
        fields.put("declared", from.declared() == 1);
        RecordFields.putText(fields, "author", from.author());
      }
      case GrantBarDecoder.TEMPLATE_ID -> {
        GrantBarDecoder from = new GrantBarDecoder().wrapAndApplyHeader(in, at, header);
        fields.put("lifted", from.lifted() != 0);
        if (from.day() != GrantBarDecoder.dayNullValue()) {
          fields.put("day", LocalDate.ofEpochDay(from.day()).toString());
        }
        RecordFields.putText(fields, "author", from.author());
      }
      case GrantWithdrawDecoder.TEMPLATE_ID -> {
        GrantWithdrawDecoder from = new GrantWithdrawDecoder().wrapAndApplyHeader(in, at, header);
        fields.put("number", from.number());
        RecordFields.putText(fields, "author", from.author());
      }
      case BonusPayoutDecoder.TEMPLATE_ID -> {
        BonusPayoutDecoder from = new BonusPayoutDecoder().wrapAndApplyHeader(in, at, header);
        fields.put("year", from.year());
        fields.put("amountMinor", from.amountMinor());
        RecordFields.putText(fields, "author", from.author());
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
