package se.valfardskort.authorizer.gateway;

import se.valfardskort.authorizer.engine.sbe.RequestFlagsEncoder;
import se.valfardskort.iso8583.MessageReader;

/**
 * ISO 8583:1993: DE 24 says what is asked for, DE 12 has the date too, DE 25 is a reason and never a condition, DE 56
 * names the original, and DE 70 is a country.
 */
final class Edition1993 implements Edition {
  static final Edition1993 EDITION = new Edition1993();

  /** As in 1987, with the merchant category (26) and the original (56) where this edition has them. */
  private static final int[] FINGERPRINT_FIELDS = {3, 4, 6, 18, 24, 26, 30, 38, 39, 42, 49, 51, 54, 56};

  private static final int PARTIAL_REVERSAL = 401;
  private static final int CONDITION_PREAUTHORIZATION = 6;
  private static final int CONDITION_VERIFICATION = 51;
  /** Length of DE 22, and the position in it (from 0) of how the card was read. */
  private static final int POINT_OF_SERVICE = 12;
  private static final int CARD_INPUT_MODE = 6;
  /** Message type, STAN and DE 12 of the original in DE 56, before the acquirer and its length. */
  private static final int ORIGINAL_FIXED = 22;
  private static final int LONGEST_ACQUIRER = 11;

  private Edition1993() {}

  @Override
  public int timeField() {
    return 12;
  }

  /** DE 12, YYMMDDhhmmss. */
  @Override
  public long localTime(MessageReader in) {
    return in.readable(12) ? in.number(12) : NOT_TOLD;
  }

  /** DE 12 is what later messages name it by; DE 7 may stand in its place, and must be a time where it is there. */
  @Override
  public void times(MessageReader in, CommandDraft draft) {
    if (in.readable(12)) {
      long local = in.number(12);
      if (FieldRules.isDateTime(local)) {
        draft.out.identityTime(local);
      } else {
        draft.fault(12);
      }
    }
    if (in.readable(7)) {
      long sent = in.number(7);
      if (FieldRules.isTransmissionTime(sent)) {
        draft.out.transmissionTime(sent);
      } else {
        draft.fault(7);
      }
    }
  }

  @Override
  public int[] fingerprintFields() {
    return FINGERPRINT_FIELDS;
  }

  /** DE 4; in a partial reversal that is the new amount, and DE 30 begins with the old one. */
  @Override
  public long amount(MessageReader in) {
    if (isPartialReversal(in)) {
      return in.readable(30) ? in.number(30, 0, 12) : NOT_TOLD;
    }
    return in.readable(4) ? in.number(4) : NOT_TOLD;
  }

  /** DE 4 of a partial reversal. */
  @Override
  public int replacementField(MessageReader in) {
    return isPartialReversal(in) ? 4 : 0;
  }

  private static boolean isPartialReversal(MessageReader in) {
    return MessageType.isReversal(in.mti()) && function(in) == PARTIAL_REVERSAL;
  }

  /** Estimated amounts are held as pre-authorizations; an inquiry that is an authorization verifies the account. */
  @Override
  public long condition(MessageReader in) {
    if (MessageType.messageClass(in.mti()) != 1) {
      return NOT_TOLD;
    }
    return switch ((int) function(in)) {
      case 101, 103 -> CONDITION_PREAUTHORIZATION;
      case 108 -> CONDITION_VERIFICATION;
      default -> NOT_TOLD;
    };
  }

  @Override
  public boolean isIncrement(MessageReader in) {
    long function = function(in);
    return MessageType.messageClass(in.mti()) == 1 && (function == 106 || function == 107);
  }

  @Override
  public int categoryField() {
    return 26;
  }

  /** DE 26, else DE 18. */
  @Override
  public long category(MessageReader in) {
    if (in.readable(26)) {
      return in.number(26);
    }
    return in.readable(18) ? in.number(18) : NOT_TOLD;
  }

  /**
   * Position 7 of DE 22, how the card was read. The edition has no word for contactless; A (as a magnetic stripe) and M
   * (as a chip) are what networks say.
   */
  @Override
  public void entryMode(MessageReader in, CommandDraft draft) {
    if (!in.readable(22)) {
      return;
    }
    if (in.length(22) != POINT_OF_SERVICE || !FieldRules.isPrintable(in, 22)) {
      draft.fault(22);
      return;
    }
    byte mode = in.textAt(22, CARD_INPUT_MODE);
    draft.flags = RequestFlagsEncoder.contactless(draft.flags, mode == 'A' || mode == 'M');
  }

  @Override
  public int originalField() {
    return 56;
  }

  /**
   * DE 56, its zero subfields replaced by the message's own; the acquirer may be left out.
   *
   * <pre>
   *   | message type 4 | STAN 6 | DE 12 12 | length 2 | acquirer, at most 11 |
   * </pre>
   */
  @Override
  public boolean original(MessageReader in, CommandDraft draft, long acquirer) {
    if (!in.readable(56)) {
      return false;
    }
    long type = in.number(56, 0, 4);
    long stan = in.number(56, 4, 6);
    long time = in.number(56, 10, 12);
    long by = originalAcquirer(in);
    if (type < 0 || stan < 0 || time < 0 || by < 0) {
      draft.fault(56);
    } else {
      draft.original((int) type, stan, time, by, in.number(11), acquirer);
    }
    return true;
  }

  /** 0: not said; below 0: not one. */
  private static long originalAcquirer(MessageReader in) {
    int length = in.length(56) - ORIGINAL_FIXED;
    if (length == 0) {
      return 0;
    }
    long digits = in.number(56, ORIGINAL_FIXED, 2);
    if (digits < 0 || digits > LONGEST_ACQUIRER || digits != length - 2) {
      return NOT_TOLD;
    }
    return digits == 0 ? 0 : in.number(56, ORIGINAL_FIXED + 2, (int) digits);
  }

  /** 000 to 099. */
  @Override
  public boolean isApprovedElsewhere(MessageReader in) {
    long action = in.number(39);
    return action >= 0 && action <= 99;
  }

  @Override
  public int networkField() {
    return 24;
  }

  @Override
  public long networkFunction(MessageReader in) {
    return switch ((int) function(in)) {
      case 801 -> 1;
      case 802 -> 2;
      case 811 -> 101;
      case 821 -> 201;
      case 831 -> 301;
      default -> NOT_TOLD;
    };
  }

  private static long function(MessageReader in) {
    return in.readable(24) ? in.number(24) : NOT_TOLD;
  }
}
