package se.valfardskort.authorizer.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationChunkDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Collects a configuration in chunks and makes it the law when its length and SHA-256 are those that were announced.
 *
 * <p>Owned by the core thread. The only handler that may allocate.
 */
final class ConfigurationHandler {
  private final EngineState state;
  private byte[] collected = new byte[0];
  private int received;

  /** What {@link #decide(ConfigurationActivateDecoder, Outcome)} read, for apply. */
  private @Nullable Configuration decoded;

  /** Why the last activation was refused, for people; empty: it was not. */
  private String lastFault = "";

  ConfigurationHandler(EngineState state) {
    this.state = state;
  }

  String lastFault() {
    return lastFault;
  }

  @Nullable CommandRefusal decide(ConfigurationChunkDecoder command, Outcome outcome) {
    int totalLength = command.totalLength();
    int chunkOffset = command.chunkOffset();
    if (totalLength < 1 || totalLength > state.capacity.configurationBytes()) {
      return CommandRefusal.CONFIGURATION_TOO_LONG;
    }
    boolean continues = chunkOffset == received && totalLength == collected.length;
    if ((chunkOffset != 0 && !continues) || command.contentLength() > totalLength - chunkOffset) {
      return CommandRefusal.CONFIGURATION_OUT_OF_ORDER;
    }
    outcome.effect = Effect.CONFIGURED;
    return null;
  }

  void apply(ConfigurationChunkDecoder command) {
    if (command.chunkOffset() == 0) {
      collected = new byte[command.totalLength()];
      received = 0;
    }
    received += command.getContent(collected, received, command.contentLength());
  }

  @Nullable CommandRefusal decide(ConfigurationActivateDecoder command, Outcome outcome) {
    decoded = null;
    lastFault = "";
    if (received == 0 || received != collected.length || command.totalLength() != received) {
      return CommandRefusal.CONFIGURATION_INCOMPLETE;
    }
    byte[] announced = new byte[ConfigurationActivateDecoder.sha256Length()];
    command.getSha256(announced, 0, announced.length);
    if (!Arrays.equals(announced, sha256(collected))) {
      return CommandRefusal.CONFIGURATION_CHECKSUM;
    }
    Configuration configuration;
    try {
      configuration = ConfigurationCodec.decode(new UnsafeBuffer(collected), 0, collected.length);
    } catch (IllegalArgumentException unreadable) {
      lastFault = String.valueOf(unreadable.getMessage());
      return CommandRefusal.CONFIGURATION_INVALID;
    }
    lastFault = new ConfigurationCheck(configuration, state).fault();
    if (!lastFault.isEmpty()) {
      return CommandRefusal.CONFIGURATION_INVALID;
    }
    decoded = configuration;
    outcome.effect = Effect.CONFIGURED;
    return null;
  }

  void applyActivation() {
    Configuration configuration = decoded;
    if (configuration == null) {
      throw new IllegalStateException("an activation was applied that was not decided");
    }
    state.activate(configuration, collected);
    decoded = null;
    collected = new byte[0];
    received = 0;
  }

  /** Bytes of the configuration that is being sent, as far as they have come. */
  byte[] pending() {
    return collected;
  }

  int received() {
    return received;
  }

  void restore(byte[] pendingBytes, int pendingReceived) {
    collected = pendingBytes;
    received = pendingReceived;
  }

  long hash(long seed) {
    return Hash.mix(Hash.mix(Hash.mix(seed, received), collected.length), Arrays.hashCode(collected));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
