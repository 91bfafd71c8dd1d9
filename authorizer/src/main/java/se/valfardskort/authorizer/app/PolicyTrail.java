package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationChunkDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/**
 * Every configuration that was in force, read from the journal's own bytes: a policy of last year as it was then.
 * Nothing is decided again. One thread.
 */
final class PolicyTrail implements JournalSource.Visitor {
  /**
   * One of them.
   *
   * @param sequence of the command that activated it; it holds for every later one
   * @param timeMs of that command, milliseconds since the epoch
   * @param sha256 of its bytes, as the command names it
   * @param older the command itself was pruned: it was in force already at {@code sequence}
   */
  record Version(long sequence, long timeMs, String sha256, Configuration configuration, boolean older) {}

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ConfigurationChunkDecoder chunk = new ConfigurationChunkDecoder();
  private final ConfigurationActivateDecoder activation = new ConfigurationActivateDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();
  private final Skips skips;
  private final List<Version> versions = new ArrayList<>();
  private byte[] collected = new byte[0];

  /** An activation whose chunks are not all there; 0: none. */
  private long cutOff;

  private PolicyTrail(Skips skips) {
    this.skips = skips;
  }

  /**
   * The versions, oldest first.
   *
   * @param folder the journal, with its archive where there is one
   * @param to last sequence that is read
   */
  static List<Version> read(Path journal, JournalFolder folder, AuthorizerSettings settings, long to)
      throws IOException, StartFailure {
    PolicyTrail trail =
        new PolicyTrail(SkipList.read(FolderDisk.readOnly(journal), JournalTask.sealKey(settings)));
    if (folder.oldestSequence() > 1) {
      // What began to hold before the oldest record that is left is in the oldest snapshot.
      long snapshot = JournalTask.oldestSnapshot(journal);
      try (ReplayRun run = new ReplayRun(journal, folder, settings, snapshot)) {
        trail.begin(run.engine(), run.from());
      }
    }
    JournalReader reader = JournalReader.fromOldest(folder, JournalReader.Mode.FOLLOW);
    new BoundedJournal(reader, Position.START, to, null).readAll(trail);
    if (trail.cutOff > 0) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          "sequence " + trail.cutOff + " activates a configuration whose first part was pruned; name the archive that"
              + " has it by --archive DIR");
    }
    return trail.versions;
  }

  private void begin(Engine engine, long sequence) {
    byte[] sha256 = engine.activeConfigurationSha256();
    if (sha256.length > 0) {
      versions.add(
          new Version(
              sequence, engine.timeMs(), HexFormat.of().formatHex(sha256), engine.activeConfiguration(), true));
    }
  }

  @Override
  public void record(JournalRecord record) {
    if (record.kind != Journal.Kind.DECIDED || record.decisionLength == 0 || skips.skips(record.sequence)) {
      return;
    }
    int template = header.wrap(record.buffer, record.commandOffset).templateId();
    boolean accepted = template == ConfigurationChunkDecoder.TEMPLATE_ID
        || template == ConfigurationActivateDecoder.TEMPLATE_ID;
    accepted &= decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header).reason() == 0;
    if (!accepted) {
      return;
    }
    if (template == ConfigurationChunkDecoder.TEMPLATE_ID) {
      chunk.wrapAndApplyHeader(record.buffer, record.commandOffset, header);
      if (chunk.chunkOffset() == 0) {
        collected = new byte[chunk.totalLength()];
      }
      if (collected.length == chunk.totalLength()) {
        chunk.getContent(collected, chunk.chunkOffset(), chunk.contentLength());
      }
    } else if (!isInSnapshot(record.sequence)) {
      activation.wrapAndApplyHeader(record.buffer, record.commandOffset, header);
      byte[] sha256 = new byte[ConfigurationActivateDecoder.sha256Length()];
      activation.getSha256(sha256, 0, sha256.length);
      if (!Arrays.equals(sha256, ConfigurationSender.sha256Of(collected))) {
        cutOff = record.sequence;
        return;
      }
      versions.add(
          new Version(
              record.sequence,
              record.timeMs,
              HexFormat.of().formatHex(sha256),
              ConfigurationCodec.decode(new UnsafeBuffer(collected), 0, collected.length),
              false));
    }
  }

  /** The segment that the oldest snapshot ends in is read from its beginning. */
  private boolean isInSnapshot(long sequence) {
    return !versions.isEmpty() && versions.getFirst().older() && sequence <= versions.getFirst().sequence();
  }
}
