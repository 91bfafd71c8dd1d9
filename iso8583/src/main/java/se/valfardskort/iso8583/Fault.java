package se.valfardskort.iso8583;

/**
 * What is wrong with a message. Those that end the reading leave every later field absent; the others mark one field
 * as unreadable and the reading goes on, so that an answer can still echo what identifies the request.
 */
public enum Fault {
  /** Nothing is wrong. */
  NONE(false, "nothing is wrong", ""),
  /** The frame ends inside a field. */
  TRUNCATED(true, "the frame ends before the field does", "send the whole field, or a smaller length prefix"),
  /** The message type is not four digits, or of a version that the dialect does not speak. */
  BAD_MTI(true, "the message type is not four digits of this dialect's version", "check dialect and framing"),
  /** The bitmap is not hexadecimal, or announces a second one that the dialect does not have. */
  BAD_BITMAP(true, "the bitmap cannot be read", "check that the dialect's bitmap is hexadecimal or binary as agreed"),
  /** A length prefix holds something other than digits. */
  BAD_LENGTH(true, "the length prefix is not digits", "send the length in the encoding of the dialect"),
  /** A bit stands for a field that the dialect does not define; bit 65 always is such a one. */
  FIELD_NOT_DEFINED(true, "the dialect does not define the field", "leave it out, or add it to the dialect file"),
  /** The length prefix is above the maximum of the dialect, though inside the frame. */
  LENGTH_OVER_MAX(false, "the field is longer than the dialect allows", "shorten it, or correct the dialect file"),
  /** A character that the kind of field does not allow: a letter among digits, a control character in a text. */
  BAD_CHAR(false, "a character is not allowed in this kind of field", "send only what the field's kind allows"),
  /** The sign of an amount is neither C nor D. */
  BAD_SIGN(false, "the sign of the amount is neither C nor D", "start the amount with C or D"),
  /** The filler half-byte of an odd number of digits is not the dialect's. */
  BAD_PAD(false, "the filler of an odd number of digits is wrong", "fill with the digit and on the side agreed"),
  /** Bytes are left after the last field that the bitmap announces. */
  TRAILING_BYTES(false, "bytes follow the last field", "set the bit of the field, or do not send it");

  private final boolean ending;
  private final String what;
  private final String mend;

  Fault(boolean ending, String what, String mend) {
    this.ending = ending;
    this.what = what;
    this.mend = mend;
  }

  /** True where nothing after the fault could be read. */
  public boolean endsReading() {
    return ending;
  }

  /** What is wrong, for a person. */
  public String what() {
    return what;
  }

  /** What the sender can do about it. */
  public String mend() {
    return mend;
  }
}
