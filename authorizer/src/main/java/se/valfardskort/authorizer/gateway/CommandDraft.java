package se.valfardskort.authorizer.gateway;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.RequestFlagsEncoder;

/**
 * The command that is being made of a message: its fields, its flags, and the first data element that is at fault.
 *
 * <p>Owned by one event loop; reused, allocates nothing a message. Fields that nobody writes are absent.
 */
final class CommandDraft {
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final UnsafeBuffer command;
  private final byte[] template;

  /** The fields, to be written in any order between {@link #begin} and {@link #end}. */
  final CardRequestEncoder out = new CardRequestEncoder();

  /** Bits of the SBE RequestFlags. */
  int flags;

  private int faultDe;

  CommandDraft(int partnerId, int homeCountry) {
    template = absent(partnerId, homeCountry);
    command = new UnsafeBuffer(new byte[template.length]);
  }

  private byte[] absent(int partnerId, int homeCountry) {
    byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.BLOCK_LENGTH];
    out.wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, header)
        .partnerId(partnerId)
        .faultDe((short) 0)
        .pinCheck(Check.NOT_PRESENTED)
        .cvvCheck(Check.NOT_PRESENTED)
        .cryptogramCheck(Check.NOT_PRESENTED)
        .conditionCode(CardRequestEncoder.conditionCodeNullValue())
        .processingCode(CardRequestEncoder.processingCodeNullValue())
        .amountMinor(CardRequestEncoder.amountMinorNullValue())
        .transactionAmountMinor(CardRequestEncoder.transactionAmountMinorNullValue())
        .cashbackMinor(0)
        .replacementMinor(CardRequestEncoder.replacementMinorNullValue())
        .transactionCurrency(CardRequestEncoder.transactionCurrencyNullValue())
        .amountCurrency(CardRequestEncoder.amountCurrencyNullValue())
        .mcc(CardRequestEncoder.mccNullValue())
        .merchantCountry(homeCountry)
        .expiryYearMonth(CardRequestEncoder.expiryYearMonthNullValue())
        .posEntryMode(CardRequestEncoder.posEntryModeNullValue())
        .stan(CardRequestEncoder.stanNullValue())
        .transmissionTime(CardRequestEncoder.transmissionTimeNullValue())
        .acquirer(CardRequestEncoder.acquirerNullValue())
        .identityTime(0)
        .settlementDate(CardRequestEncoder.settlementDateNullValue())
        .originalMti(CardRequestEncoder.originalMtiNullValue())
        .originalStan(CardRequestEncoder.originalStanNullValue())
        .originalTransmissionTime(CardRequestEncoder.originalTransmissionTimeNullValue())
        .originalAcquirer(CardRequestEncoder.originalAcquirerNullValue())
        .flags().clear();
    return bytes;
  }

  /** Forgets the command before. */
  void begin() {
    command.putBytes(0, template);
    out.wrap(command, MessageHeaderEncoder.ENCODED_LENGTH);
    flags = 0;
    faultDe = 0;
  }

  /** Notes a data element that is missing or whose value cannot be; the lowest is the one that is told. */
  void fault(int de) {
    if (faultDe == 0 || de < faultDe) {
      faultDe = de;
    }
  }

  /**
   * Writes the original that a message names: a STAN or an acquirer of 0 is the message's own, and the time is then not
   * compared (wire.md section 4).
   *
   * @param time of the original, as {@code identityTime}; 0: not compared
   */
  void original(int mti, long stan, long time, long acquirer, long ownStan, long ownAcquirer) {
    boolean partial = stan == 0 || acquirer == 0;
    out.originalMti(mti)
        .originalStan(stan == 0 ? ownStan : stan)
        .originalTransmissionTime(partial ? 0 : time)
        .originalAcquirer(acquirer == 0 ? ownAcquirer : acquirer);
    flags = RequestFlagsEncoder.originalDataPresent(flags, true);
  }

  /** Writes flags and fault; gives the command's length. */
  int end() {
    out.faultDe((short) faultDe);
    command.putInt(MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.flagsEncodingOffset(), flags,
        CardRequestEncoder.BYTE_ORDER);
    return template.length;
  }

  /** From index 0. */
  DirectBuffer command() {
    return command;
  }
}
