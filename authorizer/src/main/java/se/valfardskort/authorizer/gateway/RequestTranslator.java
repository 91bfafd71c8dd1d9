package se.valfardskort.authorizer.gateway;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.RequestFlagsEncoder;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/**
 * Makes the engine's command of an ISO 8583 message: what was sent, in fixed places, with the PAN turned into its
 * token.
 *
 * <p>Owned by one event loop. Allocates nothing a message. The command is built in a buffer of this class and copied
 * into the ring's slot afterwards: a fault in here can then never leave a claimed slot unpublished.
 *
 * <p>A value that cannot be is not answered here, since a duplicate's stored answer goes before it (wire.md section 3):
 * the first such data element in ascending order is named in {@code faultDe}, and its value is left absent. Texts lose
 * their trailing spaces and are filled with NUL.
 */
final class RequestTranslator {
  private static final int SEK = 752;
  private static final int NOT_PRESENT = -1;
  private static final int CONTACTLESS_ENTRY = 7;
  /** DE 25 of an account verification. */
  private static final int VERIFICATION = 51;

  private final int partnerId;
  private final int homeCountry;
  private final long[] acquirers;
  private final PanTokenizer tokenizer;
  private final RequestKey key;
  private final BerTlv tlv = new BerTlv();
  private final UnsafeBuffer command;
  private final byte[] template;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final CardRequestEncoder out = new CardRequestEncoder();
  private final byte[] pan = new byte[64];
  private final byte[] token = new byte[PanTokenizer.TOKEN_LENGTH];
  private final byte[] text;
  private int faultDe;
  private int flags;

  RequestTranslator(LinkSettings link, Dialect dialect, PanTokenizer tokenizer) {
    partnerId = link.partnerId();
    homeCountry = link.homeCountry();
    acquirers = new long[link.acquirers().size()];
    for (int i = 0; i < acquirers.length; i++) {
      acquirers[i] = link.acquirers().get(i);
    }
    this.tokenizer = tokenizer;
    key = new RequestKey(dialect);
    int longest = 64;
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      longest = Math.max(longest, dialect.maxLength(de));
    }
    text = new byte[longest + 16];
    template = emptyCommand();
    command = new UnsafeBuffer(new byte[template.length]);
  }

  private byte[] emptyCommand() {
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

  /** DE 32, else the link's sole acquirer, else -1. */
  long acquirer(MessageReader in) {
    if (in.readable(32)) {
      long value = in.number(32);
      if (value >= 0) {
        return value;
      }
    }
    return acquirers.length == 1 ? acquirers[0] : NOT_PRESENT;
  }

  /** Whether the link may send for this acquirer. */
  boolean isAllowed(long acquirer) {
    for (long allowed : acquirers) {
      if (allowed == acquirer) {
        return true;
      }
    }
    return false;
  }

  /**
   * The data element without which the message has no key and nothing can be remembered of it: 32, 11 or 7; 0 where all
   * are there. Such a message is answered 30 without a command.
   */
  int missingKeyField(MessageReader in) {
    if (!RequestKey.hasTime(in)) {
      return 7;
    }
    if (!in.readable(11)) {
      return 11;
    }
    return acquirer(in) < 0 ? 32 : 0;
  }

  /**
   * Builds the command of an authorization, financial or reversal message that was read without a fault and has all its
   * {@linkplain #missingKeyField key fields}.
   *
   * @return its length in {@link #command()}
   */
  int translate(MessageReader in) {
    command.putBytes(0, template);
    out.wrap(command, MessageHeaderEncoder.ENCODED_LENGTH);
    faultDe = 0;
    int mti = in.mti();
    flags = 0;
    flags = RequestFlagsEncoder.repeatRequest(flags, MessageType.isRepeat(mti));
    flags = RequestFlagsEncoder.advice(flags, MessageType.isAdvice(mti));
    out.messageClass(switch (MessageType.messageClass(mti)) {
      case 1 -> MessageClass.AUTHORIZATION;
      case 2 -> MessageClass.FINANCIAL;
      case 4 -> MessageClass.REVERSAL;
      default -> throw new IllegalStateException("message type " + mti + " is not the engine's");
    });
    long acquirer = acquirer(in);
    out.acquirer(acquirer).stan(in.number(11));

    int separator = card(in);
    expiry(in, separator);
    function(in, mti);
    amounts(in);
    times(in);
    place(in);
    security(in);
    original(in, mti, acquirer);

    key.compute(in, partnerId, acquirer, token);
    out.requestKeyHigh(key.high()).requestKeyLow(key.low()).fingerprint(key.fingerprint());
    out.putPanToken(token, 0, token.length);
    out.faultDe((short) faultDe);
    command.putInt(MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.flagsEncodingOffset(), flags,
        CardRequestEncoder.BYTE_ORDER);
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

  /** Token and check digit of DE 2, else of the track; gives the index of the track's separator, or -1. */
  private int card(MessageReader in) {
    Arrays.fill(token, (byte) 0);
    int length = 0;
    if (in.readable(2)) {
      length = in.length(2) <= pan.length ? in.copyText(2, pan, 0) : 0;
      if (!PanTokenizer.isPanLength(length)) {
        fault(2);
        length = 0;
      }
    }
    int separator = NOT_PRESENT;
    if (in.readable(35)) {
      separator = separator(in);
      if (separator < 0 || !PanTokenizer.isPanLength(separator)) {
        fault(35);
        separator = NOT_PRESENT;
      } else if (!in.readable(2)) {
        length = copyTrackPan(in, separator);
      } else if (length > 0 && !samePan(in, length, separator)) {
        fault(35);
      }
    } else if (!in.readable(2) && !MessageType.isReversal(in.mti())) {
      fault(2);
    }
    if (length > 0) {
      tokenizer.tokenize(pan, 0, length, token, 0);
      flags = RequestFlagsEncoder.panPresent(flags, true);
      flags = RequestFlagsEncoder.panCheckDigitOk(flags, PanTokenizer.checkDigitOk(pan, 0, length));
      Arrays.fill(pan, 0, length, (byte) 0);
    }
    return separator;
  }

  private static int separator(MessageReader in) {
    int length = in.length(35);
    for (int i = 0; i < length; i++) {
      int character = in.textAt(35, i);
      if (character == '=' || character == 'D') {
        return i;
      }
      if (character < '0' || character > '9') {
        return NOT_PRESENT;
      }
    }
    return NOT_PRESENT;
  }

  private int copyTrackPan(MessageReader in, int length) {
    for (int i = 0; i < length; i++) {
      pan[i] = in.textAt(35, i);
    }
    return length;
  }

  private boolean samePan(MessageReader in, int length, int separator) {
    int different = length ^ separator;
    for (int i = 0; i < Math.min(length, separator); i++) {
      different |= pan[i] ^ in.textAt(35, i);
    }
    return different == 0;
  }

  /** DE 14, else the four digits behind the track's separator; a second separator there says that there is none. */
  private void expiry(MessageReader in, int separator) {
    long expiry = NOT_PRESENT;
    if (in.readable(14)) {
      expiry = in.number(14);
      if (!FieldRules.isYearMonth(expiry)) {
        fault(14);
        expiry = NOT_PRESENT;
      }
    }
    int from = separator + 1;
    if (separator >= 0 && (in.length(35) <= from || in.textAt(35, from) != '=')) {
      long onTrack = in.number(35, from, 4);
      if (!FieldRules.isYearMonth(onTrack)) {
        fault(35);
      } else if (expiry < 0) {
        expiry = onTrack;
      } else if (expiry != onTrack) {
        flags = RequestFlagsEncoder.expiryConflict(flags, true);
      }
    }
    if (expiry >= 0) {
      out.expiryYearMonth((int) expiry);
    }
  }

  /** DE 3, 18, 25, and what the function cannot do without (wire.md section 2). */
  private void function(MessageReader in, int mti) {
    long condition = in.readable(25) ? in.number(25) : NOT_PRESENT;
    if (condition >= 0) {
      out.conditionCode((short) condition);
    }
    long mcc = in.readable(18) ? in.number(18) : 0;
    if (mcc > 0) {
      out.mcc((int) mcc);
    }
    if (in.readable(3) && in.number(3) >= 0) {
      out.processingCode(in.number(3));
    } else if (!MessageType.isReversal(mti)) {
      fault(3);
    }
    if (MessageType.isReversal(mti) || EchoBlock.isInquiry(in)) {
      return;
    }
    if (!in.readable(4)) {
      fault(4);
    }
    if (!in.readable(49)) {
      fault(49);
    }
    boolean verification = MessageType.messageClass(mti) == 1 && condition == VERIFICATION
        && in.readable(4) && in.number(4) == 0;
    if (mcc <= 0 && !verification && !MessageType.isAdvice(mti) && isPurchase(in)) {
      fault(18);
    }
  }

  private static boolean isPurchase(MessageReader in) {
    long type = in.readable(3) ? in.number(3, 0, 2) : NOT_PRESENT;
    return type == 0 || type == 1 || type == 9;
  }

  /** DE 4, 6, 49, 51, 54, 95: kronor, whatever the merchant's currency; unconverted where DE 6 and 51 do not say. */
  private void amounts(MessageReader in) {
    long amount = in.readable(4) ? in.number(4) : NOT_PRESENT;
    if (amount >= 0) {
      out.transactionAmountMinor(amount);
      flags = RequestFlagsEncoder.amountPresent(flags, true);
    }
    long currency = in.readable(49) ? FieldRules.currency(in, 49) : NOT_PRESENT;
    if (currency == MessageReader.NOT_A_NUMBER) {
      fault(49);
    } else if (currency >= 0) {
      out.transactionCurrency((int) currency);
      convert(in, amount, (int) currency);
    } else if (amount >= 0) {
      // Only a reversal or an inquiry comes this far without DE 49: its amount is in the currency of its original.
      out.amountMinor(amount);
    }
    if (in.readable(54)) {
      long cashback = FieldRules.cashback(in);
      if (cashback < 0) {
        fault(54);
      } else {
        out.cashbackMinor(cashback);
      }
    }
    if (in.readable(95)) {
      long replacement = in.number(95, 0, 12);
      if (replacement < 0) {
        fault(95);
      } else {
        out.replacementMinor(replacement);
        flags = RequestFlagsEncoder.replacementPresent(flags, true);
      }
    }
  }

  private void convert(MessageReader in, long amount, int currency) {
    if (currency == SEK) {
      out.amountCurrency(SEK);
      if (amount >= 0) {
        out.amountMinor(amount);
      }
      return;
    }
    long billing = in.readable(6) ? in.number(6) : NOT_PRESENT;
    long billingCurrency = in.readable(51) ? FieldRules.currency(in, 51) : NOT_PRESENT;
    if (billingCurrency == MessageReader.NOT_A_NUMBER) {
      fault(51);
    }
    if (billing >= 0 && billingCurrency >= 0) {
      out.amountMinor(billing).amountCurrency((int) billingCurrency);
    } else {
      // Not converted: the engine refuses the currency, so what stays is there to be refused, not to be missed.
      out.amountCurrency(currency);
      if (amount >= 0) {
        out.amountMinor(amount);
      }
    }
  }

  private void times(MessageReader in) {
    if (in.readable(7)) {
      long value = in.number(7);
      if (value >= 0 && FieldRules.isMonthDay(value / 1_000_000) && FieldRules.isTime(value % 1_000_000)) {
        out.transmissionTime(value);
        out.identityTime(value);
      } else {
        fault(7);
      }
    } else {
      fault(7);
    }
    // What is no day is left to the calendar: a purchase is not declined for the day on which it would be settled.
    out.settlementDate(FieldRules.settlementDate(in, CardRequestEncoder.settlementDateNullValue()));
    if (in.readable(12) && !FieldRules.isTime(in.number(12))) {
      fault(12);
    }
    if (in.readable(13) && !FieldRules.isMonthDay(in.number(13))) {
      fault(13);
    }
  }

  /** DE 19, 22, 37, 41, 42, 43: where and how. */
  private void place(MessageReader in) {
    int country = FieldRules.countryOfMerchant(in);
    if (country == Countries.NONE && in.readable(19)) {
      country = Countries.ofNumeric(in.number(19));
    }
    if (country != Countries.NONE) {
      out.merchantCountry(country);
    }
    if (in.readable(22)) {
      long entry = in.number(22);
      if (entry >= 0 && entry <= 999) {
        out.posEntryMode((int) entry);
        flags = RequestFlagsEncoder.contactless(flags, entry / 10 == CONTACTLESS_ENTRY);
      } else {
        fault(22);
      }
    }
    if (in.readable(43) && !FieldRules.isPrintable(in, 43)) {
      fault(43);
    }
    if (copyText(in, 37, CardRequestEncoder.rrnLength())) {
      out.putRrn(text, 0);
    }
    if (copyText(in, 38, CardRequestEncoder.authCodeLength())) {
      out.putAuthCode(text, 0);
    }
    if (copyText(in, 41, CardRequestEncoder.terminalIdLength())) {
      out.putTerminalId(text, 0);
    }
    if (copyText(in, 42, CardRequestEncoder.merchantIdLength())) {
      out.putMerchantId(text, 0);
    }
    if (in.readable(60) && !in.dialect().isBinary(60) && in.length(60) >= 10 && in.textAt(60, 9) == '1') {
      flags = RequestFlagsEncoder.partialApprovalPossible(flags, true);
    }
  }

  /** Puts a text without trailing spaces, filled with NUL to {@code width}, into {@link #text}. */
  private boolean copyText(MessageReader in, int de, int width) {
    if (!in.readable(de)) {
      return false;
    }
    if (!FieldRules.isPrintable(in, de)) {
      fault(de);
      return false;
    }
    int length = in.copyText(de, text, 0);
    while (length > 0 && text[length - 1] == ' ') {
      length--;
    }
    if (length > width) {
      fault(de);
      return false;
    }
    Arrays.fill(text, length, Math.max(length, width), (byte) 0);
    return true;
  }

  /** DE 52 and 55. No key is configured in this version: what cannot be checked is said so, never passed over. */
  private void security(MessageReader in) {
    if (in.readable(52)) {
      if (in.length(52) == (in.dialect().isBinary(52) ? 8 : 16)) {
        out.pinCheck(Check.NO_KEY);
        flags = RequestFlagsEncoder.pinPresented(flags, true);
      } else {
        fault(52);
      }
    }
    if (in.readable(55)) {
      int sent = in.copyBinary(55, text, 0);
      int length = in.dialect().isBinary(55) ? sent : BerTlv.unhex(text, 0, sent);
      if (!tlv.isSound(text, 0, length)) {
        fault(55);
      }
      Arrays.fill(text, 0, sent, (byte) 0);
    }
  }

  /**
   * DE 90 with its zero subfields replaced; a reversal that names no original at all is at fault (wire.md section 4).
   */
  private void original(MessageReader in, int mti, long acquirer) {
    if (in.readable(90)) {
      long type = in.number(90, 0, 4);
      long stan = in.number(90, 4, 6);
      long time = in.number(90, 10, 10);
      long by = in.number(90, 20, 11);
      if (type < 0 || stan < 0 || time < 0 || by < 0) {
        fault(90);
        return;
      }
      boolean partial = stan == 0 || by == 0;
      out.originalMti((int) type)
          .originalStan(stan == 0 ? in.number(11) : stan)
          .originalTransmissionTime(partial ? 0 : time)
          .originalAcquirer(by == 0 ? acquirer : by);
      flags = RequestFlagsEncoder.originalDataPresent(flags, true);
      return;
    }
    boolean byReference = FieldRules.saysSomething(in, 37) && FieldRules.saysSomething(in, 41);
    boolean byApproval = FieldRules.saysSomething(in, 38) && in.readable(4);
    if (MessageType.isReversal(mti) && !byReference && !byApproval) {
      fault(90);
    }
  }
}
