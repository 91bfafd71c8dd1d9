package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.RequestFlagsDecoder;

/**
 * A card's request, read once out of its command. One instance, reused; valid until the command's buffer is. Owned by
 * the core thread.
 */
final class Request {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder decoder = new CardRequestDecoder();

  /** The command's bytes, with the places of the fields that are compared or copied as they are. */
  DirectBuffer bytes = Ledger.NO_ROW;

  int keyOffset;
  int tokenOffset;
  int rrnOffset;
  int authCodeOffset;
  int terminalOffset;
  int merchantOffset;

  private int flags;
  long keyHigh;
  long keyLow;
  long fingerprint;
  int partnerId;
  MessageClass messageClass = MessageClass.OTHER;
  int faultDe;
  Check pinCheck = Check.NOT_PRESENTED;
  Check cvvCheck = Check.NOT_PRESENTED;
  Check cryptogramCheck = Check.NOT_PRESENTED;
  int conditionCode;
  long processingCode;
  long amountMinor;
  long transactionAmountMinor;
  long cashbackMinor;
  int amountCurrency;
  int mcc;
  int merchantCountry;
  int expiryYearMonth;
  int stan;
  long transmissionTime;
  long identityTime;
  long acquirer;
  int settlementDate;

  /** Reads the head alone: what the request memory needs. */
  void readKey(DirectBuffer command, int offset) {
    decoder.wrapAndApplyHeader(command, offset, header);
    bytes = command;
    int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
    keyOffset = body + CardRequestDecoder.requestKeyHighEncodingOffset();
    fingerprint = decoder.fingerprint();
    partnerId = decoder.partnerId();
  }

  void read(DirectBuffer command, int offset) {
    readKey(command, offset);
    int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
    tokenOffset = body + CardRequestDecoder.panTokenEncodingOffset();
    rrnOffset = body + CardRequestDecoder.rrnEncodingOffset();
    authCodeOffset = body + CardRequestDecoder.authCodeEncodingOffset();
    terminalOffset = body + CardRequestDecoder.terminalIdEncodingOffset();
    merchantOffset = body + CardRequestDecoder.merchantIdEncodingOffset();

    flags = (int) decoder.flags().getRaw();
    keyHigh = decoder.requestKeyHigh();
    keyLow = decoder.requestKeyLow();
    messageClass = decoder.messageClass();
    faultDe = decoder.faultDe();
    pinCheck = decoder.pinCheck();
    cvvCheck = decoder.cvvCheck();
    cryptogramCheck = decoder.cryptogramCheck();
    conditionCode = decoder.conditionCode();
    processingCode = decoder.processingCode();
    amountMinor = decoder.amountMinor();
    transactionAmountMinor = decoder.transactionAmountMinor();
    cashbackMinor = decoder.cashbackMinor();
    amountCurrency = decoder.amountCurrency();
    mcc = decoder.mcc();
    merchantCountry = decoder.merchantCountry();
    expiryYearMonth = decoder.expiryYearMonth();
    stan = (int) decoder.stan();
    transmissionTime = decoder.transmissionTime();
    identityTime = decoder.identityTime();
    acquirer = decoder.acquirer();
    settlementDate = decoder.settlementDate();
  }

  boolean panPresent() {
    return RequestFlagsDecoder.panPresent(flags);
  }

  boolean panCheckDigitOk() {
    return RequestFlagsDecoder.panCheckDigitOk(flags);
  }

  boolean isAdvice() {
    return RequestFlagsDecoder.advice(flags);
  }

  boolean expiryConflict() {
    return RequestFlagsDecoder.expiryConflict(flags);
  }

  boolean pinPresented() {
    return RequestFlagsDecoder.pinPresented(flags) || pinCheck != Check.NOT_PRESENTED;
  }

  boolean contactless() {
    return RequestFlagsDecoder.contactless(flags);
  }

  boolean originalDataPresent() {
    return RequestFlagsDecoder.originalDataPresent(flags);
  }

  /** The terminal can take less than it asked for. */
  boolean partialApprovalPossible() {
    return RequestFlagsDecoder.partialApprovalPossible(flags);
  }

  /** An advice whose sender declined. */
  boolean declinedElsewhere() {
    return RequestFlagsDecoder.declinedElsewhere(flags);
  }

  /** 1993: raises an earlier hold, and nothing else. */
  boolean isIncrement() {
    return RequestFlagsDecoder.increment(flags);
  }

  /** DE 4 in the currency of DE 49, where it is told; else the kronor. */
  long sentMinor() {
    return transactionAmountMinor > 0 ? transactionAmountMinor : amountMinor;
  }

  /** Positions 1 and 2 of DE 3. */
  int type() {
    return (int) (processingCode / 10_000);
  }

  /** Positions 3 and 4 of DE 3: the account that is drawn on. */
  int fromAccountType() {
    return (int) (processingCode / 100 % 100);
  }

  /** Positions 5 and 6 of DE 3: the account that is credited. */
  int toAccountType() {
    return (int) (processingCode % 100);
  }

  boolean hasProcessingCode() {
    return processingCode != CardRequestDecoder.processingCodeNullValue();
  }

  boolean hasMcc() {
    return mcc >= 1 && mcc < ProgrammeRules.MCCS;
  }

  boolean hasExpiry() {
    return expiryYearMonth != CardRequestDecoder.expiryYearMonthNullValue();
  }

  boolean hasMerchantCountry() {
    return merchantCountry != CardRequestDecoder.merchantCountryNullValue();
  }

  boolean hasTransmissionTime() {
    return transmissionTime != CardRequestDecoder.transmissionTimeNullValue();
  }

  boolean hasSettlementDate() {
    return settlementDate != CardRequestDecoder.settlementDateNullValue();
  }

  /** DE 95 of a reversal, what remains; 0 where it is absent. */
  long replacementMinor() {
    return RequestFlagsDecoder.replacementPresent(flags) ? Math.max(0, decoder.replacementMinor()) : 0;
  }

  /** Message class that DE 90 names: 1 or 2; 0 where it names none. */
  int originalMessageClass() {
    int mti = decoder.originalMti();
    return mti == CardRequestDecoder.originalMtiNullValue() ? 0 : mti / 100 % 10;
  }

  int originalStan() {
    return (int) decoder.originalStan();
  }

  /** DE 7 of the original; 0 where it is not compared. */
  long originalTransmissionTime() {
    long time = decoder.originalTransmissionTime();
    return time == CardRequestDecoder.originalTransmissionTimeNullValue() ? 0 : time;
  }

  long originalAcquirer() {
    return decoder.originalAcquirer();
  }
}
