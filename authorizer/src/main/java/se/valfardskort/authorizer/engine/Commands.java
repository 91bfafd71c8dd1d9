package se.valfardskort.authorizer.engine;

import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.engine.sbe.AccountQueryEncoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeEncoder;
import se.valfardskort.authorizer.engine.sbe.CardOpenEncoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeEncoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateEncoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationChunkEncoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndEncoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunCloseEncoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunOpenEncoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunQueryEncoder;
import se.valfardskort.authorizer.engine.sbe.LookAbout;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundEncoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.PurseMoveEncoder;
import se.valfardskort.authorizer.engine.sbe.StatusReason;
import se.valfardskort.authorizer.engine.sbe.TickEncoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundEncoder;

/**
 * Writes the commands that are not a card's requests; each method returns the command's length. Any thread; allocates,
 * so off the hot path.
 */
public final class Commands {
  /** Most content in one configuration chunk, so that the command fits a slot of the ring. */
  public static final int CHUNK_BYTES = 896;

  /** Instead of a review date. */
  public static final int NO_REVIEW = CardStatusChangeEncoder.reviewDayNullValue();

  /** Instead of a record's sequence. */
  public static final long NO_RECORD = AccountQueryEncoder.aboutSequenceNullValue();

  private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

  private Commands() {}

  /** Lets at most {@code maximumExpiries} holds expire or originals be forgotten. */
  public static int tick(MutableDirectBuffer buffer, int offset, int maximumExpiries) {
    TickEncoder encoder = new TickEncoder();
    encoder.wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder()).maximumExpiries(maximumExpiries);
    return HEADER + encoder.encodedLength();
  }

  /** Chunks that a configuration of {@code length} bytes makes. */
  public static int configurationChunks(int length) {
    return (length + CHUNK_BYTES - 1) / CHUNK_BYTES;
  }

  /** The chunk number {@code index} of an encoded configuration. */
  public static int configurationChunk(MutableDirectBuffer buffer, int offset, byte[] configuration, int index) {
    int start = index * CHUNK_BYTES;
    byte[] content = Arrays.copyOfRange(configuration, start, Math.min(configuration.length, start + CHUNK_BYTES));
    ConfigurationChunkEncoder encoder = new ConfigurationChunkEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .totalLength(configuration.length)
        .chunkOffset(start)
        .putContent(content, 0, content.length);
    return HEADER + encoder.encodedLength();
  }

  /** Makes the chunks the law. */
  public static int configurationActivate(MutableDirectBuffer buffer, int offset, byte[] configuration) {
    ConfigurationActivateEncoder encoder = new ConfigurationActivateEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .totalLength(configuration.length)
        .putSha256(ConfigurationHandler.sha256(configuration), 0, ConfigurationActivateEncoder.sha256Length());
    return HEADER + encoder.encodedLength();
  }

  /** Pays kronor into a programme's pool. */
  public static int poolFund(MutableDirectBuffer buffer, int offset, int programmeId, long amountMinor) {
    PoolFundEncoder encoder = new PoolFundEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .programmeId(programmeId)
        .amountMinor(amountMinor);
    return HEADER + encoder.encodedLength();
  }

  /** Pays backing into the Hjartan treasury. */
  public static int treasuryFund(MutableDirectBuffer buffer, int offset, long amountMinor) {
    TreasuryFundEncoder encoder = new TreasuryFundEncoder();
    encoder.wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder()).amountMinor(amountMinor);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Opens a card.
   *
   * @param token holds the 32 bytes of the panToken at {@code tokenOffset}
   * @param accountId account that the card is added to; -1: a new one
   * @param expiryYearMonth YYMM
   */
  public static int cardOpen(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      int accountId,
      int programmeId,
      int bazId,
      int expiryYearMonth,
      CardStatus status,
      int pinTriesLeft) {
    CardOpenEncoder encoder = new CardOpenEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .accountId(accountId)
        .programmeId(programmeId)
        .bazId(bazId)
        .expiryYearMonth(expiryYearMonth)
        .status(status)
        .pinTriesLeft((short) pinTriesLeft);
    int place = encoder.offset() + CardOpenEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Loads a card's account, outside of any run.
   *
   * @param period YYMM; 0: none
   */
  public static int load(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      int period,
      long cashMinor,
      long hjartanMinor) {
    LoadTerms terms = new LoadTerms(period, cashMinor, hjartanMinor, LoadTerms.NO_RUN, 0, List.of());
    return load(buffer, offset, token, tokenOffset, terms);
  }

  /** Loads a card's account. */
  public static int load(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, LoadTerms terms) {
    return terms.write(buffer, offset, token, tokenOffset);
  }

  /**
   * Opens a run of loads.
   *
   * @param period YYMM
   * @param runKey made of what is loaded, the same in each try; not 0
   * @param cards most that it loads
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int loadRunOpen(
      MutableDirectBuffer buffer,
      int offset,
      int programmeId,
      int period,
      long runKey,
      int cards,
      long cashMinor,
      long hjartanMinor,
      String author) {
    LoadRunOpenEncoder encoder = new LoadRunOpenEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .programmeId(programmeId)
        .period(period)
        .runKey(runKey)
        .cards(cards)
        .cashMinor(cashMinor)
        .hjartanMinor(hjartanMinor)
        .author(author);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Closes a run of loads.
   *
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int loadRunClose(
      MutableDirectBuffer buffer, int offset, int programmeId, long runKey, String author) {
    LoadRunCloseEncoder encoder = new LoadRunCloseEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .programmeId(programmeId)
        .runKey(runKey)
        .author(author);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Looks at a programme's run of loads.
   *
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int loadRunQuery(MutableDirectBuffer buffer, int offset, int programmeId, String author) {
    LoadRunQueryEncoder encoder = new LoadRunQueryEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .programmeId(programmeId)
        .author(author);
    return HEADER + encoder.encodedLength();
  }

  /** Grants an approval to a card's holder. */
  public static int approvalGrant(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, ApprovalTerms terms) {
    return terms.write(buffer, offset, token, tokenOffset);
  }

  /**
   * Revokes an approval.
   *
   * @param number of the approval
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int approvalRevoke(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, long number, String author) {
    ApprovalRevokeEncoder encoder = new ApprovalRevokeEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .number(number)
        .putAuthor(ApprovalTerms.padded(author, ApprovalRevokeEncoder.authorLength()), 0);
    int place = encoder.offset() + ApprovalRevokeEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    return HEADER + encoder.encodedLength();
  }

  /** Grants an earmark to a card's holder. */
  public static int earmarkGrant(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, EarmarkTerms terms) {
    return terms.write(buffer, offset, token, tokenOffset);
  }

  /**
   * Ends an earmark before its time.
   *
   * @param number of the earmark
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int earmarkEnd(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, long number, String author) {
    EarmarkEndEncoder encoder = new EarmarkEndEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .number(number)
        .putAuthor(ApprovalTerms.padded(author, EarmarkEndEncoder.authorLength()), 0);
    int place = encoder.offset() + EarmarkEndEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Changes a card's status.
   *
   * @param status what it becomes; ACTIVE lifts a freeze
   * @param author name of the operator's key, at most 32 ASCII characters
   * @param reviewDay days since 1970-01-01 on which a freeze is to be reviewed; {@link #NO_REVIEW}: it is no freeze
   */
  public static int cardStatusChange(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      CardStatus status,
      StatusReason reason,
      String author,
      int reviewDay) {
    CardStatusChangeEncoder encoder = new CardStatusChangeEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .status(status)
        .reason(reason)
        .author(author)
        .reviewDay(reviewDay);
    int place = encoder.offset() + CardStatusChangeEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Moves money between a card's CASH and SAVINGS.
   *
   * @param moveNumber above that of every move before it on the account
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int purseMove(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      PurseMoveDirection direction,
      long amountMinor,
      long moveNumber,
      String author) {
    PurseMoveEncoder encoder = new PurseMoveEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .direction(direction)
        .amountMinor(amountMinor)
        .moveNumber(moveNumber)
        .author(author);
    int place = encoder.offset() + PurseMoveEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    return HEADER + encoder.encodedLength();
  }

  /**
   * Looks a card up.
   *
   * @param author name of the operator's key, at most 32 ASCII characters
   */
  public static int accountQuery(
      MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset, String author) {
    return look(buffer, offset, token, tokenOffset, author, LookAbout.ACCOUNT, NO_RECORD);
  }

  /**
   * Looks at something of a card, or at what concerns none: then the token is all zeros, which is no card's, so the
   * command is refused, and is evidence of the look all the same.
   *
   * @param author name of the operator's key, at most 32 ASCII characters
   * @param aboutSequence the record that is asked about; {@link #NO_RECORD}: none in particular
   */
  public static int look(
      MutableDirectBuffer buffer,
      int offset,
      DirectBuffer token,
      int tokenOffset,
      String author,
      LookAbout about,
      long aboutSequence) {
    AccountQueryEncoder encoder = new AccountQueryEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .author(author)
        .about(about)
        .aboutSequence(aboutSequence);
    int place = encoder.offset() + AccountQueryEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    return HEADER + encoder.encodedLength();
  }
}
