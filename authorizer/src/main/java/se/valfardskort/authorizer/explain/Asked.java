package se.valfardskort.authorizer.explain;

import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.CommandKeys;
import se.valfardskort.authorizer.engine.sbe.AccountQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutDecoder;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.GrantBarDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.LookAbout;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * What a command asked for, as far as an explanation needs it. Immutable.
 *
 * @param tokenOffset where the panToken lies in the record's buffer; -1: none
 * @param amountMinor {@link Explanation#NO_AMOUNT}: none
 * @param mcc 0: none
 * @param merchant DE 42, to look its category up; shown to nobody
 */
record Asked(
    What what,
    boolean fromNetwork,
    int tokenOffset,
    long amountMinor,
    int mcc,
    long acquirer,
    String merchant,
    String rrn,
    String detail,
    String author) {
  private static final long NO_AMOUNT = Explanation.NO_AMOUNT;
  private static final int CONDITION_VERIFICATION = 51;

  static Asked of(JournalRecord record) {
    DirectBuffer in = record.buffer;
    int at = record.commandOffset;
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    int token = CommandKeys.tokenOffset(in, at);
    return switch (header.wrap(in, at).templateId()) {
      case CardRequestDecoder.TEMPLATE_ID ->
          request(record, token, new CardRequestDecoder().wrapAndApplyHeader(in, at, header));
      case SettlementRequestDecoder.TEMPLATE_ID ->
          new Asked(What.RECONCILIATION, true, token, NO_AMOUNT, 0, 0, "", "", "", "");
      case CardOpenDecoder.TEMPLATE_ID -> byPerson(What.CARD_OPENED, token, NO_AMOUNT, "", "");
      case LoadDecoder.TEMPLATE_ID -> {
        LoadDecoder load = new LoadDecoder().wrapAndApplyHeader(in, at, header);
        yield byPerson(What.LOAD, token, load.cashMinor() + load.hjartanMinor(), "", "");
      }
      case PurseMoveDecoder.TEMPLATE_ID -> {
        PurseMoveDecoder move = new PurseMoveDecoder().wrapAndApplyHeader(in, at, header);
        What what = move.direction() == PurseMoveDirection.TO_SAVINGS ? What.SAVED : What.UNSAVED;
        yield byPerson(what, token, move.amountMinor(), "", move.author());
      }
      case CardStatusChangeDecoder.TEMPLATE_ID ->
          statusChange(token, new CardStatusChangeDecoder().wrapAndApplyHeader(in, at, header));
      case ApprovalGrantDecoder.TEMPLATE_ID -> {
        ApprovalGrantDecoder grant = new ApprovalGrantDecoder().wrapAndApplyHeader(in, at, header);
        boolean bounded = grant.amountMinor() != ApprovalGrantDecoder.amountMinorNullValue();
        yield byPerson(What.APPROVAL_GRANTED, token, bounded ? grant.amountMinor() : NO_AMOUNT,
            Explanation.word(grant.reason()), grant.author());
      }
      case ApprovalRevokeDecoder.TEMPLATE_ID -> {
        ApprovalRevokeDecoder revoke = new ApprovalRevokeDecoder().wrapAndApplyHeader(in, at, header);
        yield byPerson(What.APPROVAL_REVOKED, token, NO_AMOUNT, "", revoke.author());
      }
      case EarmarkGrantDecoder.TEMPLATE_ID -> {
        EarmarkGrantDecoder grant = new EarmarkGrantDecoder().wrapAndApplyHeader(in, at, header);
        yield byPerson(What.EARMARK_GRANTED, token, grant.amountMinor(), Explanation.word(grant.kind()),
            grant.author());
      }
      case EarmarkEndDecoder.TEMPLATE_ID -> {
        EarmarkEndDecoder end = new EarmarkEndDecoder().wrapAndApplyHeader(in, at, header);
        yield byPerson(What.EARMARK_ENDED, token, NO_AMOUNT, "", end.author());
      }
      case AccountQueryDecoder.TEMPLATE_ID -> {
        AccountQueryDecoder look = new AccountQueryDecoder().wrapAndApplyHeader(in, at, header);
        LookAbout about = look.about() == LookAbout.NULL_VAL ? LookAbout.ACCOUNT : look.about();
        yield byPerson(What.LOOK, token, NO_AMOUNT, Explanation.word(about), look.author());
      }
      case GrantRequestDecoder.TEMPLATE_ID -> {
        GrantRequestDecoder grant = new GrantRequestDecoder().wrapAndApplyHeader(in, at, header);
        yield byPerson(What.GRANT_REQUESTED, token, grant.amountMinor(), Explanation.word(grant.kind()),
            grant.author());
      }
      case GrantWithdrawDecoder.TEMPLATE_ID -> byPerson(What.GRANT_WITHDRAWN, token, NO_AMOUNT, "",
          new GrantWithdrawDecoder().wrapAndApplyHeader(in, at, header).author());
      case GrantBarDecoder.TEMPLATE_ID -> byPerson(What.GRANT_BARRED, token, NO_AMOUNT, "",
          new GrantBarDecoder().wrapAndApplyHeader(in, at, header).author());
      case BonusPayoutDecoder.TEMPLATE_ID -> {
        BonusPayoutDecoder bonus = new BonusPayoutDecoder().wrapAndApplyHeader(in, at, header);
        yield byPerson(What.BONUS_PAID, token, bonus.amountMinor(), "", bonus.author());
      }
      default -> byPerson(What.OTHER, token, NO_AMOUNT, "", "");
    };
  }

  private static Asked byPerson(What what, int token, long amountMinor, String detail, String author) {
    return new Asked(what, false, token, amountMinor, 0, 0, "", "", detail, RecordFields.textOf(author));
  }

  private static Asked statusChange(int token, CardStatusChangeDecoder from) {
    What what = switch (from.status()) {
      case ACTIVE -> What.UNFROZEN;
      case FROZEN -> What.FROZEN;
      case CLOSED -> What.CLOSED;
      case LOST -> What.LOST;
      case STOLEN -> What.STOLEN;
      case NULL_VAL -> What.OTHER;
    };
    return byPerson(what, token, NO_AMOUNT, Explanation.word(from.reason()), from.author());
  }

  private static Asked request(JournalRecord record, int token, CardRequestDecoder from) {
    boolean sent = from.amountMinor() != CardRequestDecoder.amountMinorNullValue();
    return new Asked(
        whatOf(from, effectOf(record)),
        true,
        from.flags().panPresent() ? token : CommandKeys.NONE,
        sent ? from.amountMinor() : NO_AMOUNT,
        from.mcc(),
        from.acquirer(),
        RecordFields.textOf(from.merchantId()),
        RecordFields.textOf(from.rrn()),
        "",
        "");
  }

  private static Effect effectOf(JournalRecord record) {
    if (record.decisionLength == 0) {
      return Effect.NOTHING;
    }
    DecisionDecoder decision =
        new DecisionDecoder().wrapAndApplyHeader(record.buffer, record.decisionOffset, new MessageHeaderDecoder());
    return decision.reason() == DeclineReason.APPROVED ? decision.effect() : Effect.NOTHING;
  }

  private static What whatOf(CardRequestDecoder from, Effect effect) {
    MessageClass messageClass = from.messageClass();
    if (messageClass == MessageClass.REVERSAL) {
      return What.REVERSAL;
    }
    if (effect == Effect.COMPLETE) {
      return What.COMPLETION;
    }
    boolean authorizes = messageClass == MessageClass.AUTHORIZATION;
    if (effect == Effect.RAISE || from.flags().increment()) {
      return What.INCREMENT;
    }
    return switch ((int) (from.processingCode() / 10_000)) {
      case 0, 9 -> {
        boolean verifies =
            authorizes && from.amountMinor() == 0 && from.conditionCode() == CONDITION_VERIFICATION;
        yield verifies ? What.VERIFICATION : from.flags().advice() ? What.PURCHASE_ADVICE : What.PURCHASE;
      }
      case 1 -> What.CASH_WITHDRAWAL;
      case 2, 22 -> What.ADJUSTMENT;
      case 20 -> authorizes ? What.REFUND_REQUEST : What.REFUND;
      case 30, 31 -> What.INQUIRY;
      default -> What.OTHER;
    };
  }
}
