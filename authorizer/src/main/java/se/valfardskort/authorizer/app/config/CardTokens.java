package se.valfardskort.authorizer.app.config;

/** Turns a card number into its panToken, so that nothing compiled from configuration holds a card number. */
@FunctionalInterface
public interface CardTokens {
  /** The 32 bytes that stand for {@code pan} everywhere behind the gateway. */
  byte[] token(String pan);
}
