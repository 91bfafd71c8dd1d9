package se.valfardskort.authorizer.engine;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;

/**
 * A decision's block in a row that was laid out when decisions were shorter: what was appended since lies apart.
 *
 * <p>All that is appended are 64-bit numbers; they lie there so that 0, as in rows that older releases wrote, reads as
 * the null value: not told.
 */
final class StoredDecision {
  /** Bytes of the first part. */
  private static final int FIRST = 85;

  /** Bytes of the part that lies apart. */
  static final int REST = DecisionEncoder.BLOCK_LENGTH - FIRST;

  private static final long NULL = DecisionEncoder.savingsAvailableMinorNullValue();

  private StoredDecision() {}

  /** Writes the block at {@code body} into a row, its first part at {@code first}, the rest at {@code rest}. */
  static void put(MutableDirectBuffer row, int first, int rest, DirectBuffer decision, int body) {
    row.putBytes(first, decision, body, FIRST);
    for (int at = 0; at < REST; at += Long.BYTES) {
      row.putLong(rest + at, decision.getLong(body + FIRST + at, ByteOrder.LITTLE_ENDIAN) ^ NULL);
    }
  }

  /** The reverse of {@link #put}. */
  static void get(DirectBuffer row, int first, int rest, MutableDirectBuffer decision, int body) {
    row.getBytes(first, decision, body, FIRST);
    for (int at = 0; at < REST; at += Long.BYTES) {
      decision.putLong(body + FIRST + at, row.getLong(rest + at) ^ NULL, ByteOrder.LITTLE_ENDIAN);
    }
  }
}
