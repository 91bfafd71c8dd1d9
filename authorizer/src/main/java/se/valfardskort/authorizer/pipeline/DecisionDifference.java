package se.valfardskort.authorizer.pipeline;

import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;

/** Compares a journaled decision with a replayed one, and names the fields that differ. */
final class DecisionDifference {
  /** Whether the rolling digest, which is known only after applying, takes part. */
  enum Digest {
    ASIDE,
    COMPARED
  }

  private static final int DIGEST_OFFSET =
      MessageHeaderDecoder.ENCODED_LENGTH + DecisionDecoder.digestEncodingOffset();
  private static final int DIGEST_END = DIGEST_OFFSET + DecisionDecoder.digestEncodingLength();

  private DecisionDifference() {}

  /** Throws when {@code replayed} is not what {@code record} holds. */
  static void check(JournalRecord record, int length, DirectBuffer replayed, Digest digest) {
    boolean same = record.decisionLength == length
        && equal(record, replayed, 0, DIGEST_OFFSET)
        && (digest == Digest.ASIDE || equal(record, replayed, DIGEST_OFFSET, DIGEST_END))
        && equal(record, replayed, DIGEST_END, length);
    if (!same) {
      throw new ReplayDifference(
          "replay differs at sequence " + record.sequence + " (journaled | replayed):" + describe(record, replayed)
              + ". The engine or its configuration is not the one that wrote the journal: start the release that did,"
              + " or restore the journal from its archive");
    }
  }

  private static boolean equal(JournalRecord record, DirectBuffer replayed, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      if (record.buffer.getLong(record.decisionOffset + i) != replayed.getLong(i)) {
        return false;
      }
    }
    for (; i < to; i++) {
      if (record.buffer.getByte(record.decisionOffset + i) != replayed.getByte(i)) {
        return false;
      }
    }
    return true;
  }

  private static String describe(JournalRecord record, DirectBuffer replayed) {
    if (record.decisionLength < DIGEST_END) {
      return " the journaled decision has only " + record.decisionLength + " bytes";
    }
    DecisionDecoder then = wrap(record.buffer, record.decisionOffset);
    DecisionDecoder now = wrap(replayed, 0);
    StringBuilder text = new StringBuilder();
    name(text, "reason", then.reason(), now.reason());
    name(text, "effect", then.effectRaw(), now.effectRaw());
    name(text, "faultDe", then.faultDe(), now.faultDe());
    name(text, "responseCode", then.responseCode(), now.responseCode());
    name(text, "authCode", then.authCode(), now.authCode());
    name(text, "cardId", then.cardId(), now.cardId());
    name(text, "accountId", then.accountId(), now.accountId());
    name(text, "originalId", then.originalId(), now.originalId());
    name(text, "approvedMinor", then.approvedMinor(), now.approvedMinor());
    name(text, "hjartanMinor", then.hjartanMinor(), now.hjartanMinor());
    name(text, "cashMinor", then.cashMinor(), now.cashMinor());
    name(text, "hjartanAvailableMinor", then.hjartanAvailableMinor(), now.hjartanAvailableMinor());
    name(text, "cashAvailableMinor", then.cashAvailableMinor(), now.cashAvailableMinor());
    name(text, "savingsAvailableMinor", then.savingsAvailableMinor(), now.savingsAvailableMinor());
    if (text.isEmpty()) {
      name(text, "digest", then.digest(), now.digest());
    }
    return text.isEmpty() ? " lengths or headers" : text.toString();
  }

  private static DecisionDecoder wrap(DirectBuffer buffer, int offset) {
    return new DecisionDecoder().wrap(
        buffer,
        offset + MessageHeaderDecoder.ENCODED_LENGTH,
        DecisionDecoder.BLOCK_LENGTH,
        DecisionDecoder.SCHEMA_VERSION);
  }

  private static void name(StringBuilder text, String field, Object then, Object now) {
    if (!then.equals(now)) {
      text.append(' ').append(field).append(' ').append(then).append(" | ").append(now).append(';');
    }
  }
}
