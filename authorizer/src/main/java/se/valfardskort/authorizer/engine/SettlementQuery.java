package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;

/**
 * A reconciliation or a cut-over, read once out of its command. One instance, reused; valid until the command's buffer
 * is. Owned by the core thread.
 */
final class SettlementQuery {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();

  /** For the totals, which are compared once. */
  final SettlementRequestDecoder totals = new SettlementRequestDecoder();

  DirectBuffer bytes = Ledger.NO_ROW;
  int keyOffset;
  long fingerprint;
  int partnerId;
  MessageClass messageClass = MessageClass.RECONCILIATION;
  int faultDe;
  long acquirer;
  int settlementDate;
  long transmissionTime;

  void read(DirectBuffer command, int offset) {
    totals.wrapAndApplyHeader(command, offset, header);
    bytes = command;
    keyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH + SettlementRequestDecoder.requestKeyHighEncodingOffset();
    fingerprint = totals.fingerprint();
    partnerId = totals.partnerId();
    messageClass = totals.messageClass();
    faultDe = totals.faultDe();
    acquirer = totals.acquirer();
    settlementDate = totals.settlementDate();
    transmissionTime = totals.transmissionTime();
  }

  boolean hasAcquirer() {
    return acquirer != SettlementRequestDecoder.acquirerNullValue();
  }

  boolean hasSettlementDate() {
    return settlementDate != SettlementRequestDecoder.settlementDateNullValue();
  }

  boolean hasTransmissionTime() {
    return transmissionTime != SettlementRequestDecoder.transmissionTimeNullValue();
  }
}
