package se.valfardskort.authorizer.gateway;

import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/**
 * Where one edition of ISO 8583 says what the other says in another data element, or in other words (wire.md section
 * 2). What both say alike is {@link RequestTranslator}'s.
 *
 * <p>Stateless: any thread, no allocation. All methods speak of a message that was read without a fault.
 */
sealed interface Edition permits Edition1987, Edition1993 {
  /** A number that the message does not tell. */
  long NOT_TOLD = -1;

  /** That of the message types which a dialect takes. */
  static Edition of(Dialect dialect) {
    return dialect.mtiVersion() == 0 ? Edition1987.EDITION : Edition1993.EDITION;
  }

  /** The data element that is named where a message tells no time at all. */
  int timeField();

  /** Local date and time as one number, for the request's key; {@link #NOT_TOLD}. */
  long localTime(MessageReader in);

  /** Writes when it was sent, and by which time a later message will name it. */
  void times(MessageReader in, CommandDraft draft);

  /** The data elements whose content a repeat must not change, ascending; not to be written into. */
  int[] fingerprintFields();

  /** The amount that was asked for, in a reversal that of its original; {@link #NOT_TOLD}. */
  long amount(MessageReader in);

  /** The data element whose first twelve digits are what remains after a partial reversal; 0: the message is none. */
  int replacementField(MessageReader in);

  /** The condition code, in the words of 1987: 06 pre-authorization, 51 verification; {@link #NOT_TOLD}. */
  long condition(MessageReader in);

  /** Whether the message says that it raises an earlier hold, and nothing else. */
  boolean isIncrement(MessageReader in);

  /** The data element that is named where the merchant category is missing. */
  int categoryField();

  /** The merchant category; 0 or below: not told. */
  long category(MessageReader in);

  /** Writes how the card was read. */
  void entryMode(MessageReader in, CommandDraft draft);

  /** The data element that names an original. */
  int originalField();

  /**
   * Writes the original that the message names, or that its name is at fault.
   *
   * @param acquirer of the message, for an original whose acquirer is not said
   * @return whether the data element is there
   */
  boolean original(MessageReader in, CommandDraft draft, long acquirer);

  /** Whether the DE 39 of an advice, which is there, says that its sender approved. */
  boolean isApprovedElsewhere(MessageReader in);

  /** The data element with the function of network management. */
  int networkField();

  /** What {@link #networkField}, which is there, asks for, in the numbers of 1987; {@link #NOT_TOLD}: nothing known. */
  long networkFunction(MessageReader in);
}
