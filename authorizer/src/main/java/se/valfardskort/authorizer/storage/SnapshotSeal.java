package se.valfardskort.authorizer.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotSealDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotSealEncoder;

/**
 * The seal over one snapshot file, as it is made and as it is checked; without a key it does nothing. Owned by one
 * thread.
 *
 * <pre>
 *   mac = HMAC-SHA-256( key, "valfardskort snapshot" | SHA-256( all bytes of the file before the seal's frame ) )
 * </pre>
 */
final class SnapshotSeal {
  /** Of the seal's message. */
  static final int LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + SnapshotSealEncoder.BLOCK_LENGTH;

  private static final byte[] PURPOSE = "valfardskort snapshot".getBytes(StandardCharsets.US_ASCII);

  private final @Nullable SealKey key;
  private final MessageDigest covered = SealKey.sha256();

  SnapshotSeal(@Nullable SealKey key) {
    this.key = key;
  }

  /** Takes the bytes between position and limit, which both stay. */
  void cover(ByteBuffer bytes) {
    if (key != null) {
      covered.update(bytes.duplicate());
    }
  }

  /** Writes the seal over all that was covered as a message. */
  void write(MutableDirectBuffer into, int at) {
    byte[] mac = mac();
    new SnapshotSealEncoder().wrapAndApplyHeader(into, at, new MessageHeaderEncoder()).putMac(mac, 0, mac.length);
  }

  /** Whether the message is the seal over all that was covered. */
  boolean fits(DirectBuffer message, int at) {
    MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(message, at);
    boolean seal = header.schemaId() == SnapshotSealDecoder.SCHEMA_ID
        && header.templateId() == SnapshotSealDecoder.TEMPLATE_ID
        && header.blockLength() == SnapshotSealDecoder.BLOCK_LENGTH
        && header.version() >= SnapshotSealDecoder.macSinceVersion()
        && header.version() <= SnapshotSealDecoder.SCHEMA_VERSION;
    if (!seal) {
      return false;
    }
    byte[] found = new byte[SealKey.MAC_LENGTH];
    new SnapshotSealDecoder().wrapAndApplyHeader(message, at, header).getMac(found, 0, found.length);
    return MessageDigest.isEqual(mac(), found);
  }

  private byte[] mac() {
    SealKey under = key;
    if (under == null) {
      throw new IllegalStateException("a snapshot without a key has no seal");
    }
    byte[] message = Arrays.copyOf(PURPOSE, PURPOSE.length + SealKey.MAC_LENGTH);
    System.arraycopy(covered.digest(), 0, message, PURPOSE.length, SealKey.MAC_LENGTH);
    return under.macOf(message);
  }
}
