package se.valfardskort.authorizer.gateway;

import se.valfardskort.iso8583.MessageReader;

/**
 * The announcement that keys will change (DE 70 = 101 or 161): taken note of, as long as it brings none. No key store
 * is configured, so a message with key data is refused instead of being acknowledged and forgotten. Stateless.
 */
final class KeyChange {
  private static final int NEW_KEY = 101;
  private static final int KEY_EXCHANGE = 161;

  private KeyChange() {}

  static boolean is(long function) {
    return function == NEW_KEY || function == KEY_EXCHANGE;
  }

  /** Whether any field is there in which networks send keys. */
  static boolean carriesKeys(MessageReader in) {
    boolean carries = in.has(48) || in.has(53) || in.has(96);
    for (int de = 120; de <= 128; de++) {
      carries |= in.has(de);
    }
    return carries;
  }
}
