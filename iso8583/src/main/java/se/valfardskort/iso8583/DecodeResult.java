package se.valfardskort.iso8583;

/** What reading one message came to. What the answer is, the gateway decides. */
public enum DecodeResult {
  /** Every field was read and is legal. */
  OK,
  /** The message type and the bitmap are sound, something behind them is not; see {@link MessageReader#fault()}. */
  FAULT,
  /** Message type or bitmap make no sense: nothing in the frame can be trusted, and it is never answered. */
  UNREADABLE
}
