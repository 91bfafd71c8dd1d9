package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.AccountQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutDecoder;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantBarDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;

/** What a command can be found again by: its card and its retrieval reference number. Any thread. */
public final class CommandKeys {
  /** Bytes of a panToken. */
  public static final int TOKEN_LENGTH = CardTable.TOKEN_LENGTH;

  /** Characters of DE 37. */
  public static final int RRN_LENGTH = CardRequestDecoder.rrnLength();

  /** Instead of an offset: the command has no such thing. */
  public static final int NONE = -1;

  private CommandKeys() {}

  /** Where the panToken of the command at {@code offset} lies in the buffer; {@link #NONE}: it names no card. */
  public static int tokenOffset(DirectBuffer command, int offset) {
    int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
    return switch (templateOf(command, offset)) {
      case CardRequestDecoder.TEMPLATE_ID -> body + CardRequestDecoder.panTokenEncodingOffset();
      case CardOpenDecoder.TEMPLATE_ID -> body + CardOpenDecoder.panTokenEncodingOffset();
      case LoadDecoder.TEMPLATE_ID -> body + LoadDecoder.panTokenEncodingOffset();
      case ApprovalGrantDecoder.TEMPLATE_ID -> body + ApprovalGrantDecoder.panTokenEncodingOffset();
      case ApprovalRevokeDecoder.TEMPLATE_ID -> body + ApprovalRevokeDecoder.panTokenEncodingOffset();
      case EarmarkGrantDecoder.TEMPLATE_ID -> body + EarmarkGrantDecoder.panTokenEncodingOffset();
      case EarmarkEndDecoder.TEMPLATE_ID -> body + EarmarkEndDecoder.panTokenEncodingOffset();
      // Not that of a vote: nobody is shown which neighbour answered.
      case GrantRequestDecoder.TEMPLATE_ID -> body + GrantRequestDecoder.panTokenEncodingOffset();
      case GrantBarDecoder.TEMPLATE_ID -> body + GrantBarDecoder.panTokenEncodingOffset();
      case GrantWithdrawDecoder.TEMPLATE_ID -> body + GrantWithdrawDecoder.panTokenEncodingOffset();
      case BonusPayoutDecoder.TEMPLATE_ID -> body + BonusPayoutDecoder.panTokenEncodingOffset();
      case PurseMoveDecoder.TEMPLATE_ID -> body + PurseMoveDecoder.panTokenEncodingOffset();
      case CardStatusChangeDecoder.TEMPLATE_ID -> body + CardStatusChangeDecoder.panTokenEncodingOffset();
      case AccountQueryDecoder.TEMPLATE_ID -> body + AccountQueryDecoder.panTokenEncodingOffset();
      default -> NONE;
    };
  }

  /** Where DE 37 of the command at {@code offset} lies in the buffer; {@link #NONE}: it carries none. */
  public static int rrnOffset(DirectBuffer command, int offset) {
    if (templateOf(command, offset) != CardRequestDecoder.TEMPLATE_ID) {
      return NONE;
    }
    int rrn = offset + MessageHeaderDecoder.ENCODED_LENGTH + CardRequestDecoder.rrnEncodingOffset();
    return command.getByte(rrn) == 0 ? NONE : rrn;
  }

  /** Whether the command at {@code offset} is that somebody looked something up. */
  public static boolean isLook(DirectBuffer command, int offset) {
    return templateOf(command, offset) == AccountQueryDecoder.TEMPLATE_ID;
  }

  private static int templateOf(DirectBuffer command, int offset) {
    int place = offset + MessageHeaderDecoder.templateIdEncodingOffset();
    return Short.toUnsignedInt(command.getShort(place, AccountQueryDecoder.BYTE_ORDER));
  }
}
