package se.valfardskort.authorizer.app.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import se.valfardskort.authorizer.gateway.PanTokenizer;

/**
 * Turns card numbers into panTokens, so that nothing compiled from configuration holds a card number.
 *
 * <p>Owned by one thread.
 */
public final class CardTokens {
  private final PanTokenizer tokenizer;

  /** Uses the programme's key. */
  public CardTokens(TokenKey key) {
    byte[] bytes = key.bytes();
    tokenizer = new PanTokenizer(bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  /** The 32 bytes that stand for the card {@code number} of a BIN everywhere behind the gateway. */
  public byte[] token(String bin, long number) {
    return token(CardPlan.pan(bin, number).getBytes(StandardCharsets.US_ASCII));
  }

  /** As above, of a whole card number in ASCII digits, which are wiped. */
  public byte[] token(byte[] pan) {
    byte[] token = new byte[PanTokenizer.TOKEN_LENGTH];
    tokenizer.tokenize(pan, 0, pan.length, token, 0);
    Arrays.fill(pan, (byte) 0);
    return token;
  }
}
