package se.valfardskort.authorizer.gateway;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
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
  /** Condition of an account verification, in the words of 1987. */
  private static final int VERIFICATION = 51;

  private final Edition edition;
  private final int partnerId;
  private final long[] acquirers;
  private final PartialApproval partialApproval;
  private final RequestKey key;
  private final CardFields card;
  private final CommandDraft draft;
  private final BerTlv tlv = new BerTlv();
  private final byte[] text;

  RequestTranslator(LinkSettings link, Dialect dialect, PanTokenizer tokenizer) {
    edition = Edition.of(dialect);
    partnerId = link.partnerId();
    acquirers = new long[link.acquirers().size()];
    for (int i = 0; i < acquirers.length; i++) {
      acquirers[i] = link.acquirers().get(i);
    }
    partialApproval = link.partialApproval();
    key = new RequestKey(dialect);
    card = new CardFields(tokenizer);
    draft = new CommandDraft(partnerId, link.homeCountry());
    int longest = 64;
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      longest = Math.max(longest, dialect.maxLength(de));
    }
    text = new byte[longest + 16];
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
   * The data element without which the message has no key and nothing can be remembered of it: its time, 11 or 32; 0
   * where all are there. Such a message is answered 30 without a command.
   */
  int missingKeyField(MessageReader in) {
    if (!key.hasTime(in)) {
      return edition.timeField();
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
    draft.begin();
    int mti = in.mti();
    draft.flags = RequestFlagsEncoder.repeatRequest(draft.flags, MessageType.isRepeat(mti));
    draft.flags = RequestFlagsEncoder.advice(draft.flags, MessageType.isAdvice(mti));
    draft.out.messageClass(switch (MessageType.messageClass(mti)) {
      case 1 -> MessageClass.AUTHORIZATION;
      case 2 -> MessageClass.FINANCIAL;
      case 4 -> MessageClass.REVERSAL;
      default -> throw new IllegalStateException("message type " + mti + " is not the engine's");
    });
    long acquirer = acquirer(in);
    draft.out.acquirer(acquirer).stan(in.number(11));

    card.take(in, draft);
    function(in, mti);
    amounts(in);
    edition.times(in, draft);
    // What is no day is left to the calendar: a purchase is not declined for the day on which it would be settled.
    draft.out.settlementDate(FieldRules.settlementDate(in, CardRequestEncoder.settlementDateNullValue()));
    place(in);
    security(in);
    original(in, mti, acquirer);

    key.compute(in, partnerId, acquirer, card.token());
    draft.out.requestKeyHigh(key.high()).requestKeyLow(key.low()).fingerprint(key.fingerprint());
    return draft.end();
  }

  /** The command that {@link #translate} built, from index 0; this object's. */
  DirectBuffer command() {
    return draft.command();
  }

  /** DE 3, condition and merchant category, and what the function cannot do without (wire.md section 2). */
  private void function(MessageReader in, int mti) {
    long condition = edition.condition(in);
    if (condition >= 0) {
      draft.out.conditionCode((short) condition);
    }
    draft.flags = RequestFlagsEncoder.increment(draft.flags, edition.isIncrement(in));
    boolean told = MessageType.isAdvice(mti) && !MessageType.isReversal(mti);
    draft.flags = RequestFlagsEncoder.declinedElsewhere(
        draft.flags, told && in.readable(39) && !edition.isApprovedElsewhere(in));
    long mcc = edition.category(in);
    if (mcc > 0) {
      draft.out.mcc((int) mcc);
    }
    if (in.readable(3) && in.number(3) >= 0) {
      draft.out.processingCode(in.number(3));
    } else if (!MessageType.isReversal(mti)) {
      draft.fault(3);
    }
    if (MessageType.isReversal(mti) || EchoBlock.isInquiry(in)) {
      return;
    }
    if (!in.readable(4)) {
      draft.fault(4);
    }
    if (!in.readable(49)) {
      draft.fault(49);
    }
    boolean verification = MessageType.messageClass(mti) == 1 && condition == VERIFICATION
        && in.readable(4) && in.number(4) == 0;
    if (mcc <= 0 && !verification && !MessageType.isAdvice(mti) && isPurchase(in)) {
      draft.fault(edition.categoryField());
    }
  }

  private static boolean isPurchase(MessageReader in) {
    long type = in.readable(3) ? in.number(3, 0, 2) : NOT_PRESENT;
    return type == 0 || type == 1 || type == 9;
  }

  /** DE 4, 6, 49, 51, 54, 95: kronor, whatever the merchant's currency; unconverted where DE 6 and 51 do not say. */
  private void amounts(MessageReader in) {
    long amount = edition.amount(in);
    if (amount >= 0) {
      draft.out.transactionAmountMinor(amount);
      draft.flags = RequestFlagsEncoder.amountPresent(draft.flags, true);
    }
    long currency = in.readable(49) ? FieldRules.currency(in, 49) : NOT_PRESENT;
    if (currency == MessageReader.NOT_A_NUMBER) {
      draft.fault(49);
    } else if (currency >= 0) {
      draft.out.transactionCurrency((int) currency);
      convert(in, amount, (int) currency);
    } else if (amount >= 0) {
      // Only a reversal or an inquiry comes this far without DE 49: its amount is in the currency of its original.
      draft.out.amountMinor(amount);
    }
    if (in.readable(54)) {
      long cashback = FieldRules.cashback(in);
      if (cashback < 0) {
        draft.fault(54);
      } else {
        draft.out.cashbackMinor(cashback);
      }
    }
    replacement(in, edition.replacementField(in));
  }

  private void replacement(MessageReader in, int de) {
    if (de == 0) {
      return;
    }
    long replacement = in.readable(de) ? in.number(de, 0, 12) : NOT_PRESENT;
    if (replacement < 0) {
      draft.fault(de);
    } else {
      draft.out.replacementMinor(replacement);
      draft.flags = RequestFlagsEncoder.replacementPresent(draft.flags, true);
    }
  }

  private void convert(MessageReader in, long amount, int currency) {
    if (currency == SEK) {
      draft.out.amountCurrency(SEK);
      if (amount >= 0) {
        draft.out.amountMinor(amount);
      }
      return;
    }
    long billing = in.readable(6) ? in.number(6) : NOT_PRESENT;
    long billingCurrency = in.readable(51) ? FieldRules.currency(in, 51) : NOT_PRESENT;
    if (billingCurrency == MessageReader.NOT_A_NUMBER) {
      draft.fault(51);
    }
    if (billing >= 0 && billingCurrency >= 0) {
      draft.out.amountMinor(billing).amountCurrency((int) billingCurrency);
    } else {
      // Not converted: the engine refuses the currency, so what stays is there to be refused, not to be missed.
      draft.out.amountCurrency(currency);
      if (amount >= 0) {
        draft.out.amountMinor(amount);
      }
    }
  }

  /** DE 19, 22, 37, 41, 42, 43: where and how. */
  private void place(MessageReader in) {
    int country = FieldRules.countryOfMerchant(in);
    if (country == Countries.NONE && in.readable(19)) {
      country = Countries.ofNumeric(in.number(19));
    }
    if (country != Countries.NONE) {
      draft.out.merchantCountry(country);
    }
    edition.entryMode(in, draft);
    if (in.readable(43) && !FieldRules.isPrintable(in, 43)) {
      draft.fault(43);
    }
    if (copyText(in, 37, CardRequestEncoder.rrnLength())) {
      draft.out.putRrn(text, 0);
    }
    if (copyText(in, 38, CardRequestEncoder.authCodeLength())) {
      draft.out.putAuthCode(text, 0);
    }
    if (copyText(in, 41, CardRequestEncoder.terminalIdLength())) {
      draft.out.putTerminalId(text, 0);
    }
    if (copyText(in, 42, CardRequestEncoder.merchantIdLength())) {
      draft.out.putMerchantId(text, 0);
    }
    draft.flags = RequestFlagsEncoder.partialApprovalPossible(draft.flags, partialApproval.isSaidBy(in));
  }

  /** Puts a text without trailing spaces, filled with NUL to {@code width}, into {@link #text}. */
  private boolean copyText(MessageReader in, int de, int width) {
    if (!in.readable(de)) {
      return false;
    }
    if (!FieldRules.isPrintable(in, de)) {
      draft.fault(de);
      return false;
    }
    int length = in.copyText(de, text, 0);
    while (length > 0 && text[length - 1] == ' ') {
      length--;
    }
    if (length > width) {
      draft.fault(de);
      return false;
    }
    Arrays.fill(text, length, Math.max(length, width), (byte) 0);
    return true;
  }

  /** DE 52 and 55. No key is configured in this version: what cannot be checked is said so, never passed over. */
  private void security(MessageReader in) {
    if (in.readable(52)) {
      if (in.length(52) == (in.dialect().isBinary(52) ? 8 : 16)) {
        draft.out.pinCheck(Check.NO_KEY);
        draft.flags = RequestFlagsEncoder.pinPresented(draft.flags, true);
      } else {
        draft.fault(52);
      }
    }
    if (in.readable(55)) {
      int sent = in.copyBinary(55, text, 0);
      int length = in.dialect().isBinary(55) ? sent : BerTlv.unhex(text, 0, sent);
      if (!tlv.isSound(text, 0, length)) {
        draft.fault(55);
      }
      Arrays.fill(text, 0, sent, (byte) 0);
    }
  }

  /** A reversal that names no original at all is at fault (wire.md section 4). */
  private void original(MessageReader in, int mti, long acquirer) {
    if (edition.original(in, draft, acquirer) || !MessageType.isReversal(mti)) {
      return;
    }
    boolean byReference = FieldRules.saysSomething(in, 37) && FieldRules.saysSomething(in, 41);
    boolean byApproval = FieldRules.saysSomething(in, 38) && edition.amount(in) >= 0;
    if (!byReference && !byApproval) {
      draft.fault(edition.originalField());
    }
  }
}
