package se.valfardskort.authorizer.gateway;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.RequestFlagsEncoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestEncoder;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/**
 * Makes the engine's command of a reconciliation (05xx) or a cut-over (08xx).
 *
 * <p>Owned by one event loop. Allocates nothing a message. As in {@link RequestTranslator}, the first data element
 * whose value cannot be is named in {@code faultDe} and left absent, and the command is built here, not in the ring's
 * slot.
 */
final class SettlementTranslator {
  private static final int SEK = 752;

  /** More than 32 bits of a count are nobody's count: kept as one that cannot be ours. */
  private static final long LARGEST_COUNT = SettlementRequestEncoder.debitsNullValue() - 1;

  private static final byte[] NO_TOKEN = new byte[PanTokenizer.TOKEN_LENGTH];

  private final int partnerId;
  private final RequestKey key;
  private final byte[] template;
  private final UnsafeBuffer command;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final SettlementRequestEncoder out = new SettlementRequestEncoder();
  private int faultDe;

  SettlementTranslator(LinkSettings link, Dialect dialect) {
    partnerId = link.partnerId();
    key = RequestKey.forSettlement(dialect);
    template = emptyCommand();
    command = new UnsafeBuffer(new byte[template.length]);
  }

  private byte[] emptyCommand() {
    byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + SettlementRequestEncoder.BLOCK_LENGTH];
    out.wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, header)
        .partnerId(partnerId)
        .faultDe((short) 0)
        .acquirer(SettlementRequestEncoder.acquirerNullValue())
        .settlementDate(SettlementRequestEncoder.settlementDateNullValue())
        .transmissionTime(SettlementRequestEncoder.transmissionTimeNullValue())
        .credits(SettlementRequestEncoder.creditsNullValue())
        .creditReversals(SettlementRequestEncoder.creditReversalsNullValue())
        .debits(SettlementRequestEncoder.debitsNullValue())
        .debitReversals(SettlementRequestEncoder.debitReversalsNullValue())
        .authorizations(SettlementRequestEncoder.authorizationsNullValue())
        .creditsMinor(SettlementRequestEncoder.creditsMinorNullValue())
        .creditReversalsMinor(SettlementRequestEncoder.creditReversalsMinorNullValue())
        .debitsMinor(SettlementRequestEncoder.debitsMinorNullValue())
        .debitReversalsMinor(SettlementRequestEncoder.debitReversalsMinorNullValue())
        .netMinor(SettlementRequestEncoder.netMinorNullValue())
        .flags().clear();
    return bytes;
  }

  /**
   * Builds the command of a message that was read without a fault and has DE 11 and a time.
   *
   * @param acquirer DE 32 or the link's sole acquirer; below 0: none, which a cut-over may do without
   * @return its length in {@link #command()}
   */
  int translate(MessageReader in, long acquirer) {
    command.putBytes(0, template);
    out.wrap(command, MessageHeaderEncoder.ENCODED_LENGTH);
    faultDe = 0;
    int mti = in.mti();
    boolean reconciliation = MessageType.isReconciliation(mti);
    out.messageClass(reconciliation ? MessageClass.RECONCILIATION : MessageClass.NETWORK);
    if (acquirer >= 0) {
      out.acquirer(acquirer);
    }
    dates(in);
    if (reconciliation) {
      totals(in);
    }
    key.compute(in, partnerId, acquirer, NO_TOKEN);
    out.requestKeyHigh(key.high()).requestKeyLow(key.low()).fingerprint(key.fingerprint());
    out.faultDe((short) faultDe);
    int flags = RequestFlagsEncoder.repeatRequest(0, MessageType.isRepeat(mti));
    command.putInt(MessageHeaderEncoder.ENCODED_LENGTH + SettlementRequestEncoder.flagsEncodingOffset(),
        RequestFlagsEncoder.advice(flags, MessageType.isAdvice(mti)), SettlementRequestEncoder.BYTE_ORDER);
    return template.length;
  }

  /** The command that {@link #translate} built, from index 0; this object's. */
  DirectBuffer command() {
    return command;
  }

  private void fault(int de) {
    if (faultDe == 0 || de < faultDe) {
      faultDe = de;
    }
  }

  private void dates(MessageReader in) {
    if (in.readable(7)) {
      long value = in.number(7);
      if (FieldRules.isMonthDay(value / 1_000_000) && FieldRules.isTime(value % 1_000_000)) {
        out.transmissionTime(value);
      } else {
        fault(7);
      }
    }
    int noDay = SettlementRequestEncoder.settlementDateNullValue();
    int day = FieldRules.settlementDate(in, noDay);
    out.settlementDate(day);
    if (in.readable(15) && day == noDay) {
      fault(15);
    }
  }

  /** DE 74 to 77, 81, 86 to 89 and 97, in kronor: DE 50 may say so, and nothing else. */
  private void totals(MessageReader in) {
    if (in.readable(50) && FieldRules.currency(in, 50) != SEK) {
      fault(50);
    }
    out.credits(count(in, 74))
        .creditReversals(count(in, 75))
        .debits(count(in, 76))
        .debitReversals(count(in, 77))
        .authorizations(count(in, 81))
        .creditsMinor(amount(in, 86))
        .creditReversalsMinor(amount(in, 87))
        .debitsMinor(amount(in, 88))
        .debitReversalsMinor(amount(in, 89));
    if (in.readable(97)) {
      long net = FieldRules.signedAmount(in, 97);
      if (net == MessageReader.NOT_A_NUMBER) {
        fault(97);
      } else {
        out.netMinor(net);
      }
    }
  }

  private long count(MessageReader in, int de) {
    if (!in.readable(de)) {
      return SettlementRequestEncoder.debitsNullValue();
    }
    long value = in.number(de);
    if (value < 0) {
      fault(de);
      return SettlementRequestEncoder.debitsNullValue();
    }
    return Math.min(value, LARGEST_COUNT);
  }

  private long amount(MessageReader in, int de) {
    if (!in.readable(de)) {
      return SettlementRequestEncoder.netMinorNullValue();
    }
    long value = in.number(de);
    if (value < 0) {
      fault(de);
      return SettlementRequestEncoder.netMinorNullValue();
    }
    return value;
  }
}
