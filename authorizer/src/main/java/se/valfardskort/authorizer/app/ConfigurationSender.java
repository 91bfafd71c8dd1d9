package se.valfardskort.authorizer.app;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateEncoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationChunkEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * Sends a compiled configuration into the journal: chunks, then the activation that names their SHA-256.
 *
 * <p>Owned by the thread that starts the application.
 */
final class ConfigurationSender {
  private static final int CHUNK_BYTES =
      Slot.COMMAND_CAPACITY
          - MessageHeaderEncoder.ENCODED_LENGTH
          - ConfigurationChunkEncoder.BLOCK_LENGTH
          - ConfigurationChunkEncoder.contentHeaderLength();

  private final byte[] content;
  private final byte[] sha256;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();

  ConfigurationSender(Configuration configuration) {
    this.content = ConfigurationCodec.encode(configuration);
    this.sha256 = sha256Of(content);
  }

  /** What an activation of these bytes would name. */
  static byte[] sha256Of(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256, which every Java must have", impossible);
    }
  }

  /** What the activation names. */
  byte[] sha256() {
    return sha256.clone();
  }

  /** Bytes of the compiled configuration. */
  int length() {
    return content.length;
  }

  /** Sends all of it; returns when it is the law, durably. */
  void send(CommandSender sender) throws StartFailure {
    ConfigurationChunkEncoder chunk = new ConfigurationChunkEncoder();
    for (int offset = 0; offset < content.length; offset += CHUNK_BYTES) {
      int from = offset;
      int length = Math.min(CHUNK_BYTES, content.length - from);
      sender.send("configuration, bytes from " + from, command -> {
        chunk
            .wrapAndApplyHeader(command, 0, header)
            .totalLength(content.length)
            .chunkOffset(from)
            .putContent(content, from, length);
        return MessageHeaderEncoder.ENCODED_LENGTH + chunk.encodedLength();
      });
    }
    ConfigurationActivateEncoder activate = new ConfigurationActivateEncoder();
    sender.send("the configuration as a whole", command -> {
      activate
          .wrapAndApplyHeader(command, 0, header)
          .totalLength(content.length)
          .putSha256(sha256, 0, sha256.length);
      return MessageHeaderEncoder.ENCODED_LENGTH + activate.encodedLength();
    });
    sender.awaitAll();
  }
}
