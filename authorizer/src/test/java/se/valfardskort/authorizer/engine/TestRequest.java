package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/** A card's request as a test says it: a good 0100 for food, but for what the test changes. */
final class TestRequest implements Cloneable {
  int card;
  long key;
  long fingerprint = 1;
  int partner = TestPolicy.PARTNER;
  MessageClass messageClass = MessageClass.AUTHORIZATION;
  boolean panPresent = true;
  boolean checkDigitOk = true;
  boolean advice;
  boolean declinedElsewhere;
  boolean partialPossible;
  boolean increment;
  boolean expiryConflict;
  boolean pinPresented;
  boolean contactless;
  int faultDe;
  Check pin = Check.NOT_PRESENTED;
  Check cvv = Check.NOT_PRESENTED;
  Check cryptogram = Check.NOT_PRESENTED;
  int conditionCode;
  long processingCode;
  long amount = 100_00;
  long transactionAmount = -1;
  long cashback;
  /** -1: no DE 95. */
  long replacement = -1;
  int currency = 752;
  int mcc = 5411;
  int country = 752;
  int expiry = CardRequestDecoder.expiryYearMonthNullValue();
  int stan;
  long transmissionTime = CardRequestDecoder.transmissionTimeNullValue();
  long acquirer = TestPolicy.ACQUIRER;
  int settlementDate = CardRequestDecoder.settlementDateNullValue();
  boolean originalData;
  int originalMti;
  int originalStan;
  long originalTransmissionTime;
  long originalAcquirer = TestPolicy.ACQUIRER;
  String rrn = "";
  String authCode = "";
  String terminal = "TERM0001";
  String merchant = "ICA000000000001";

  TestRequest copy() {
    try {
      return (TestRequest) clone();
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A reversal of this request with a key of its own, naming it by DE 90. */
  TestRequest reversal(long newKey) {
    TestRequest reversal = naming(newKey);
    reversal.messageClass = MessageClass.REVERSAL;
    reversal.stan = stan;
    return reversal;
  }

  /** A 0220 for {@code amount}, naming this request by DE 90. */
  TestRequest completion(long newKey, long amount) {
    TestRequest completion = naming(newKey);
    completion.messageClass = MessageClass.FINANCIAL;
    completion.advice = true;
    completion.amount = amount;
    return completion;
  }

  /** A 0120 for {@code amount}, naming this request by DE 90. */
  TestRequest advice(long newKey, long amount) {
    TestRequest advice = completion(newKey, amount);
    advice.messageClass = MessageClass.AUTHORIZATION;
    return advice;
  }

  /** A 0200 with DE 3 = 20 for {@code amount}, naming this request by DE 90. */
  TestRequest refund(long newKey, long amount) {
    TestRequest refund = naming(newKey);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.advice = false;
    refund.processingCode = 200_000;
    refund.amount = amount;
    return refund;
  }

  /** The same with another key and STAN, naming this one by DE 90. */
  private TestRequest naming(long newKey) {
    TestRequest later = copy();
    later.key = newKey;
    later.stan = (int) (newKey % 1_000_000);
    later.originalData = true;
    later.originalMti = messageClass == MessageClass.FINANCIAL ? 200 : 100;
    later.originalStan = stan;
    later.originalTransmissionTime = transmissionTime;
    later.originalAcquirer = acquirer;
    return later;
  }

  int encode(UnsafeBuffer buffer) {
    CardRequestEncoder encoder = new CardRequestEncoder();
    encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    buffer.setMemory(encoder.offset(), CardRequestEncoder.BLOCK_LENGTH, (byte) 0);
    encoder.requestKeyHigh(key * 0x9E37_79B9_7F4A_7C15L).requestKeyLow(key).fingerprint(fingerprint);
    buffer.putBytes(encoder.offset() + CardRequestEncoder.panTokenEncodingOffset(), EngineFixture.token(card));
    encoder
        .flags()
        .clear()
        .panPresent(panPresent)
        .panCheckDigitOk(checkDigitOk)
        .advice(advice)
        .declinedElsewhere(declinedElsewhere)
        .partialApprovalPossible(partialPossible)
        .increment(increment)
        .expiryConflict(expiryConflict)
        .pinPresented(pinPresented)
        .contactless(contactless)
        .amountPresent(amount >= 0)
        .originalDataPresent(originalData)
        .replacementPresent(replacement >= 0);
    encoder
        .partnerId(partner)
        .messageClass(messageClass)
        .faultDe((short) faultDe)
        .pinCheck(pin)
        .cvvCheck(cvv)
        .cryptogramCheck(cryptogram)
        .conditionCode((short) conditionCode)
        .processingCode(processingCode)
        .amountMinor(amount < 0 ? CardRequestEncoder.amountMinorNullValue() : amount)
        .transactionAmountMinor(transactionAmount >= 0 ? transactionAmount : Math.max(0, amount))
        .cashbackMinor(cashback)
        .replacementMinor(replacement < 0 ? CardRequestEncoder.replacementMinorNullValue() : replacement)
        .transactionCurrency(currency)
        .amountCurrency(currency)
        .mcc(mcc)
        .merchantCountry(country)
        .expiryYearMonth(expiry)
        .posEntryMode(contactless ? 71 : 51)
        .stan(stan)
        .transmissionTime(transmissionTime)
        .settlementDate(settlementDate)
        .identityTime(transmissionTime)
        .acquirer(acquirer)
        .originalMti(originalData ? originalMti : CardRequestEncoder.originalMtiNullValue())
        .originalStan(originalData ? originalStan : CardRequestEncoder.originalStanNullValue())
        .originalTransmissionTime(
            originalData ? originalTransmissionTime : CardRequestEncoder.originalTransmissionTimeNullValue())
        .originalAcquirer(originalData ? originalAcquirer : CardRequestEncoder.originalAcquirerNullValue())
        .putRrn(text(rrn, 12), 0)
        .putAuthCode(text(authCode, 6), 0)
        .putTerminalId(text(terminal, 8), 0)
        .putMerchantId(text(merchant, 15), 0);
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }

  private static byte[] text(String value, int length) {
    return Arrays.copyOf(value.getBytes(StandardCharsets.US_ASCII), length);
  }
}
