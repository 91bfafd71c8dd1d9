package se.valfardskort.authorizer.engine;

import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/**
 * What deciding one command came to, before it is written as a decision; then what applying needs beside the decision.
 * One instance, reused; owned by the core thread.
 */
final class Outcome {
  static final int NO_ID = -1;

  static final long NOTHING_POSTED = -1;

  /** Earmarks that may pay for one purchase; a further one pays nothing. */
  static final int MOST_EARMARKS = 8;

  /** What becomes of the card's PIN tries. */
  enum Pin {
    UNTOUCHED,
    WRONG,
    RIGHT
  }

  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final DecisionEncoder encoder = new DecisionEncoder();

  /** Null: approved or accepted. */
  @Nullable DeclineReason reason;

  /** For operators' commands; null: accepted. */
  @Nullable CommandRefusal refusal;

  Effect effect = Effect.NOTHING;
  int faultDe;
  int cardId;
  int accountId;
  int originalId;
  long approvedMinor;
  long hjartanMinor;
  long cashMinor;

  /** Of all earmarks together. */
  long earmarkMinor;

  long hjartanAvailableMinor;
  long cashAvailableMinor;
  long savingsAvailableMinor;

  /** Null value of the decision's field: the account has no earmark. */
  long earmarkAvailableMinor;

  /** Bits of the SBE DecisionFlags. */
  int flags;

  /** DE 4 of an approval in part, in the currency of DE 49. */
  long transactionApprovedMinor;

  /** The answer carries a DE 38 of ours. */
  boolean mintsAuthCode;

  /** The kind of yes, where there is no reason. */
  Approval approval = Approval.APPROVED;

  // From here on for apply alone: never part of the decision.
  Pin pin = Pin.UNTOUCHED;
  boolean contactlessWithoutPin;
  int merchantRow;

  /** The MCC that the merchant {@link #mccOf} has sent; 0: none, or nothing is kept of that merchant. */
  int sentMcc;

  int mccOf;
  int cappedSlot;
  int monthIndex;
  int dayIndex;

  /** Time of the command. */
  long timeMs;

  /** Day of the limits' counters in which the original counts; 0: in none. */
  int limitDay;

  boolean fullyReversed;

  /** Of what was fully reversed: it was no purchase after all. One that was refunded wholly before was. */
  boolean neverWas;

  /**
   * The hold that is completed, raised, or whose increment is replaced; the posting refunded; the increment taken back;
   * of a POST, the hold that it completes late or once more; {@link #NO_ID}: none.
   */
  int earlierId;

  /** Given back to the purses by whatever the effect is. */
  long hjartanBackMinor;

  long cashBackMinor;

  long earmarkBackMinor;

  /** Taken beyond what was held or posted before. */
  long hjartanMoreMinor;

  long cashMoreMinor;

  long earmarkMoreMinor;

  /** Which earmarks pay what they are asked for now: {@link #earmarkParts} of them, by {@link EarmarkRules}. */
  final int[] earmarkIds = new int[MOST_EARMARKS];

  final long[] earmarkPartsMinor = new long[MOST_EARMARKS];
  int earmarkParts;

  /** Nobody asked us: CASH may come below 0. */
  boolean forced;

  /** By how much more CASH is below 0 after this than before. */
  long overdrawnMinor;

  /** DE 4 of what is booked, in the currency of DE 49. */
  long transactionMinor;

  /** By how much a completion may exceed the hold. */
  int tolerancePercent;

  /** The approval that a purchase needed and draws on; {@link #NO_ID}: none. */
  int allowanceId;

  /** Of a POST that completes a hold late or once more: the chain of what it had drawn, see {@link DrawTable}. */
  int drawnBefore;

  /** Of a refund: what no purse may take. */
  long waitingMinor;

  /** Of a refund's reversal: what came in Hjartan and is paid in kronor. Part of {@link #cashMinor}. */
  long hjartanByCashMinor;

  /** Of a refund's reversal: what earmarks were given, no longer have, and is paid out of CASH. */
  long earmarkByCashMinor;

  /** Of a REPLACE of a posting or a refund: what it was before; {@link #NOTHING_POSTED}: it changed a hold. */
  long replacedMinor;

  /** Of a REPLACE: it changed a refund. */
  boolean replacesRefund;

  /** Of an increment's reversal, {@link #earlierId} being the increment: what remains of it. */
  long incrementRemainsMinor;

  void clear() {
    reason = null;
    refusal = null;
    effect = Effect.NOTHING;
    faultDe = 0;
    cardId = NO_ID;
    accountId = NO_ID;
    originalId = NO_ID;
    approvedMinor = 0;
    hjartanMinor = 0;
    cashMinor = 0;
    earmarkMinor = 0;
    hjartanAvailableMinor = DecisionEncoder.hjartanAvailableMinorNullValue();
    cashAvailableMinor = DecisionEncoder.cashAvailableMinorNullValue();
    savingsAvailableMinor = DecisionEncoder.savingsAvailableMinorNullValue();
    earmarkAvailableMinor = DecisionEncoder.earmarkAvailableMinorNullValue();
    flags = 0;
    transactionApprovedMinor = DecisionEncoder.transactionApprovedMinorNullValue();
    mintsAuthCode = false;
    approval = Approval.APPROVED;
    pin = Pin.UNTOUCHED;
    contactlessWithoutPin = false;
    merchantRow = MerchantTable.NONE;
    sentMcc = 0;
    mccOf = MerchantTable.NONE;
    cappedSlot = AccountTable.NO_SLOT;
    monthIndex = 0;
    dayIndex = 0;
    timeMs = 0;
    limitDay = 0;
    fullyReversed = false;
    neverWas = false;
    earlierId = NO_ID;
    hjartanBackMinor = 0;
    cashBackMinor = 0;
    earmarkBackMinor = 0;
    hjartanMoreMinor = 0;
    cashMoreMinor = 0;
    earmarkMoreMinor = 0;
    earmarkParts = 0;
    forced = false;
    overdrawnMinor = 0;
    transactionMinor = 0;
    tolerancePercent = 0;
    allowanceId = NO_ID;
    drawnBefore = 0;
    waitingMinor = 0;
    hjartanByCashMinor = 0;
    earmarkByCashMinor = 0;
    replacedMinor = NOTHING_POSTED;
    replacesRefund = false;
    incrementRemainsMinor = 0;
  }

  /** What all purses pay or are paid together. */
  long purseSumMinor() {
    return earmarkMinor + hjartanMinor + cashMinor;
  }

  /** Forgets which purses would have paid. */
  void payNothing() {
    earmarkMinor = 0;
    earmarkParts = 0;
    hjartanMinor = 0;
    cashMinor = 0;
  }

  /** Whether the account has an earmark. */
  boolean hasEarmarks() {
    return earmarkAvailableMinor != DecisionEncoder.earmarkAvailableMinorNullValue();
  }

  /** Adds to what earmarks have available, where there are any. */
  void addEarmarkAvailable(long amountMinor) {
    earmarkAvailableMinor += hasEarmarks() ? amountMinor : 0;
  }

  int code() {
    if (reason != null) {
      return reason.code;
    }
    return refusal == null ? DeclineReason.APPROVED : refusal.code;
  }

  /** Writes the decision, with a digest of 0 and without response and authorization code. */
  DecisionEncoder write(MutableDirectBuffer decision, int offset) {
    encoder.wrapAndApplyHeader(decision, offset, header);
    decision.setMemory(encoder.offset(), DecisionEncoder.BLOCK_LENGTH, (byte) 0);
    encoder
        .reason(code())
        .effect(effect)
        .faultDe((short) faultDe)
        .cardId(cardId)
        .accountId(accountId)
        .originalId(originalId)
        .approvedMinor(approvedMinor)
        .hjartanMinor(hjartanMinor)
        .cashMinor(cashMinor)
        .hjartanAvailableMinor(hjartanAvailableMinor)
        .cashAvailableMinor(cashAvailableMinor)
        .transactionApprovedMinor(transactionApprovedMinor)
        .savingsAvailableMinor(savingsAvailableMinor)
        .earmarkMinor(hasEarmarks() || earmarkMinor != 0 ? earmarkMinor : DecisionEncoder.earmarkMinorNullValue())
        .earmarkAvailableMinor(earmarkAvailableMinor);
    int flagsOffset = encoder.offset() + DecisionEncoder.flagsEncodingOffset();
    decision.putInt(flagsOffset, flags, DecisionEncoder.BYTE_ORDER);
    return encoder;
  }
}
