package se.valfardskort.authorizer.gateway;

import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/**
 * Where a partner's requests say that the terminal can take less than it asked for (wire.md section 3): a {@code 1} at
 * a place in a text field. Immutable.
 *
 * @param de 2 to 128; 0: they never say so
 * @param position of the character, counted from 1
 */
public record PartialApproval(int de, int position) {
  /** Where nothing else is configured: DE 60, character 10. */
  public static final PartialApproval USUAL = new PartialApproval(60, 10);

  /** All or nothing, always. */
  public static final PartialApproval NEVER = new PartialApproval(0, 0);

  /** True where a message of the dialect can say so. */
  public boolean canBeSaidIn(Dialect dialect) {
    return de != 0 && dialect.defines(de) && !dialect.isBinary(de) && dialect.maxLength(de) >= position;
  }

  /** True where this message does. */
  boolean isSaidBy(MessageReader in) {
    return de != 0
        && in.readable(de)
        && !in.dialect().isBinary(de)
        && in.length(de) >= position
        && in.textAt(de, position - 1) == '1';
  }
}
