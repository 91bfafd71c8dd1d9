package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.engine.sbe.BarReason;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutEncoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.GrantBarEncoder;
import se.valfardskort.authorizer.engine.sbe.GrantRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.GrantVoteEncoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.Vote;

/**
 * Writes the commands about grants and bonuses; each method returns the command's length. Any thread; allocates.
 *
 * <p>{@code token} holds the 32 bytes of a panToken at {@code tokenOffset}; {@code author} is the name of an operator's
 * key, at most 32 ASCII characters.
 */
public final class HolderOrders {
  private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

  private HolderOrders() {}

  /**
   * Asks neighbours to verify a grant.
   *
   * @param key drawn by the sender, the same in each try
   */
  public static int grantRequest(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      long key,
      EarmarkKind kind,
      long amountMinor,
      String author) {
    GrantRequestEncoder encoder = new GrantRequestEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .grantKey(key)
        .kind(kind)
        .amountMinor(amountMinor)
        .putAuthor(ApprovalTerms.padded(author, GrantRequestEncoder.authorLength()), 0);
    putToken(buffer, encoder.offset() + GrantRequestEncoder.panTokenEncodingOffset(), token, tokenOffset);
    return HEADER + encoder.encodedLength();
  }

  /**
   * A neighbour answers.
   *
   * @param token of the neighbour's card
   * @param declared that the neighbour is neither family nor partner of the applicant
   */
  public static int grantVote(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      long number,
      Vote vote,
      boolean declared,
      String author) {
    GrantVoteEncoder encoder = new GrantVoteEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .number(number)
        .vote(vote)
        .declared((short) (declared ? 1 : 0))
        .putAuthor(ApprovalTerms.padded(author, GrantVoteEncoder.authorLength()), 0);
    putToken(buffer, encoder.offset() + GrantVoteEncoder.panTokenEncodingOffset(), token, tokenOffset);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Bars an account from grants.
   *
   * @param epochDay civil day of the conviction, or on which misuse was found
   */
  public static int grantBar(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      BarReason reason,
      int epochDay,
      String author) {
    return bar(buffer, offset, token, tokenOffset, reason, epochDay, false, author);
  }

  /** Lifts such a bar. */
  public static int grantBarLift(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      BarReason reason,
      String author) {
    return bar(buffer, offset, token, tokenOffset, reason, GrantBarEncoder.dayNullValue(), true, author);
  }

  private static int bar(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      BarReason reason,
      int epochDay,
      boolean lifted,
      String author) {
    GrantBarEncoder encoder = new GrantBarEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .reason(reason)
        .day(epochDay)
        .lifted((short) (lifted ? 1 : 0))
        .putAuthor(ApprovalTerms.padded(author, GrantBarEncoder.authorLength()), 0);
    putToken(buffer, encoder.offset() + GrantBarEncoder.panTokenEncodingOffset(), token, tokenOffset);
    return HEADER + encoder.encodedLength();
  }

  /** Takes an open request back. */
  public static int grantWithdraw(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, long number, String author) {
    GrantWithdrawEncoder encoder = new GrantWithdrawEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .number(number)
        .putAuthor(ApprovalTerms.padded(author, GrantWithdrawEncoder.authorLength()), 0);
    putToken(buffer, encoder.offset() + GrantWithdrawEncoder.panTokenEncodingOffset(), token, tokenOffset);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Orders a bonus for payout.
   *
   * @param year of the account's years the one that has ended, from 1
   */
  public static int bonusPayout(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      int year,
      long amountMinor,
      String author) {
    BonusPayoutEncoder encoder = new BonusPayoutEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .year(year)
        .amountMinor(amountMinor)
        .putAuthor(ApprovalTerms.padded(author, BonusPayoutEncoder.authorLength()), 0);
    putToken(buffer, encoder.offset() + BonusPayoutEncoder.panTokenEncodingOffset(), token, tokenOffset);
    return HEADER + encoder.encodedLength();
  }

  private static void putToken(MutableDirectBuffer buffer, int at, DirectBuffer token, int tokenOffset) {
    buffer.putBytes(at, token, tokenOffset, CardTable.TOKEN_LENGTH);
  }
}
