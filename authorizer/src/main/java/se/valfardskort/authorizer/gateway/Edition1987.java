package se.valfardskort.authorizer.gateway;

import se.valfardskort.authorizer.engine.sbe.RequestFlagsEncoder;
import se.valfardskort.iso8583.MessageReader;

/** ISO 8583:1987. */
final class Edition1987 implements Edition {
  static final Edition1987 EDITION = new Edition1987();

  private static final int[] FINGERPRINT_FIELDS = {3, 4, 6, 18, 24, 30, 38, 39, 42, 49, 51, 54, 90};
  /** Codes of DE 39 with which an advice tells an approval; so does its absence. */
  private static final String[] APPROVALS = {"00", "08", "10", "11", "85"};
  private static final int CONTACTLESS_ENTRY = 7;

  private Edition1987() {}

  @Override
  public int timeField() {
    return 7;
  }

  /** DE 13 and 12. */
  @Override
  public long localTime(MessageReader in) {
    return in.readable(12) && in.readable(13) ? in.number(13) * 1_000_000 + in.number(12) : NOT_TOLD;
  }

  /** DE 7 is what later messages name it by; DE 12 and 13 must be a time and a day where they are there. */
  @Override
  public void times(MessageReader in, CommandDraft draft) {
    long value = in.readable(7) ? in.number(7) : NOT_TOLD;
    if (FieldRules.isTransmissionTime(value)) {
      draft.out.transmissionTime(value).identityTime(value);
    } else {
      draft.fault(7);
    }
    if (in.readable(12) && !FieldRules.isTime(in.number(12))) {
      draft.fault(12);
    }
    if (in.readable(13) && !FieldRules.isMonthDay(in.number(13))) {
      draft.fault(13);
    }
  }

  @Override
  public int[] fingerprintFields() {
    return FINGERPRINT_FIELDS;
  }

  @Override
  public long amount(MessageReader in) {
    return in.readable(4) ? in.number(4) : NOT_TOLD;
  }

  /** DE 95, whatever the message. */
  @Override
  public int replacementField(MessageReader in) {
    return in.readable(95) ? 95 : 0;
  }

  /** DE 25 as it stands. */
  @Override
  public long condition(MessageReader in) {
    return in.readable(25) ? in.number(25) : NOT_TOLD;
  }

  /** Nothing says so: what DE 38, 37 and 41 name is the engine's to find. */
  @Override
  public boolean isIncrement(MessageReader in) {
    return false;
  }

  @Override
  public int categoryField() {
    return 18;
  }

  @Override
  public long category(MessageReader in) {
    return in.readable(18) ? in.number(18) : NOT_TOLD;
  }

  /** DE 22 of three digits: 07x is contactless. */
  @Override
  public void entryMode(MessageReader in, CommandDraft draft) {
    if (!in.readable(22)) {
      return;
    }
    long entry = in.number(22);
    if (entry >= 0 && entry <= 999) {
      draft.out.posEntryMode((int) entry);
      draft.flags = RequestFlagsEncoder.contactless(draft.flags, entry / 10 == CONTACTLESS_ENTRY);
    } else {
      draft.fault(22);
    }
  }

  @Override
  public int originalField() {
    return 90;
  }

  /**
   * DE 90, its zero subfields replaced by the message's own.
   *
   * <pre>
   *   | message type 4 | STAN 6 | DE 7 10 | acquirer 11 | forwarder 11 |
   * </pre>
   */
  @Override
  public boolean original(MessageReader in, CommandDraft draft, long acquirer) {
    if (!in.readable(90)) {
      return false;
    }
    long type = in.number(90, 0, 4);
    long stan = in.number(90, 4, 6);
    long time = in.number(90, 10, 10);
    long by = in.number(90, 20, 11);
    if (type < 0 || stan < 0 || time < 0 || by < 0) {
      draft.fault(90);
    } else {
      draft.original((int) type, stan, time, by, in.number(11), acquirer);
    }
    return true;
  }

  @Override
  public boolean isApprovedElsewhere(MessageReader in) {
    for (String approval : APPROVALS) {
      if (in.textEquals(39, approval)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int networkField() {
    return 70;
  }

  @Override
  public long networkFunction(MessageReader in) {
    return in.number(70);
  }
}
