package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestEncoder;

/** A reconciliation or cut-over as a test says it; totals that are not set are not sent. */
final class TestSettlement {
  long key;
  long fingerprint = 1;
  int partner = TestPolicy.PARTNER;
  MessageClass messageClass = MessageClass.RECONCILIATION;
  int faultDe;
  long acquirer = TestPolicy.ACQUIRER;
  int day = SettlementRequestDecoder.settlementDateNullValue();
  long transmissionTime = SettlementRequestDecoder.transmissionTimeNullValue();
  long credits = SettlementRequestDecoder.creditsNullValue();
  long creditReversals = credits;
  long debits = credits;
  long debitReversals = credits;
  long authorizations = credits;
  long creditsMinor = SettlementRequestDecoder.creditsMinorNullValue();
  long creditReversalsMinor = creditsMinor;
  long debitsMinor = creditsMinor;
  long debitReversalsMinor = creditsMinor;
  long net = creditsMinor;

  TestSettlement(long key) {
    this.key = key;
  }

  /** Everything but refunds, which are said to be none. */
  TestSettlement totals(
      long debitCount, long debitMinor, long reversalCount, long reversalMinor, long authorizationCount) {
    credits = 0;
    creditsMinor = 0;
    creditReversals = 0;
    creditReversalsMinor = 0;
    debits = debitCount;
    debitsMinor = debitMinor;
    debitReversals = reversalCount;
    debitReversalsMinor = reversalMinor;
    authorizations = authorizationCount;
    net = debitMinor - reversalMinor;
    return this;
  }

  TestSettlement of(long acquirerId) {
    acquirer = acquirerId;
    return this;
  }

  /** MMDD. */
  TestSettlement on(int monthDay) {
    day = monthDay;
    return this;
  }

  TestSettlement cutOver() {
    messageClass = MessageClass.NETWORK;
    return this;
  }

  /** A cut-over without DE 32. */
  TestSettlement ofAll() {
    return of(SettlementRequestDecoder.acquirerNullValue());
  }

  int encode(UnsafeBuffer buffer) {
    SettlementRequestEncoder encoder = new SettlementRequestEncoder();
    encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    encoder.flags().clear();
    encoder
        .requestKeyHigh(key * 0x9E37_79B9_7F4A_7C15L)
        .requestKeyLow(key)
        .fingerprint(fingerprint)
        .partnerId(partner)
        .messageClass(messageClass)
        .faultDe((short) faultDe)
        .acquirer(acquirer)
        .settlementDate(day)
        .transmissionTime(transmissionTime)
        .credits(credits)
        .creditReversals(creditReversals)
        .debits(debits)
        .debitReversals(debitReversals)
        .authorizations(authorizations)
        .creditsMinor(creditsMinor)
        .creditReversalsMinor(creditReversalsMinor)
        .debitsMinor(debitsMinor)
        .debitReversalsMinor(debitReversalsMinor)
        .netMinor(net);
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }
}
