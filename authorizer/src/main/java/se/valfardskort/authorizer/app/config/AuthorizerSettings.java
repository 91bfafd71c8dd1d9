package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the process runs; nothing here changes what is decided. Immutable.
 *
 * @param durability what an answer waits for
 * @param pipeline how the stages are spread over threads
 * @param ringSlots requests between gateway and core; a power of two
 * @param maximumBatch most commands that share one sync
 * @param segmentBytes size of a journal file
 * @param loopThreads event loops of the gateway
 * @param tickMs time between two journaled ticks
 * @param expiriesPerTick most holds that one tick lets expire
 * @param warmUpMs how long a start may exercise scratch instances before its ports open; 0: not at all
 * @param snapshots when snapshots are written, and how many are kept
 * @param capacity room in the engine's tables
 * @param panTokenKey the key of the panTokens
 * @param keeping what becomes of the journal outside its folder
 * @param adminPort of the admin command port on 127.0.0.1; 0: a free one; {@link #NO_ADMIN_PORT}: there is none
 */
public record AuthorizerSettings(
    Durability durability,
    PipelineMode pipeline,
    int ringSlots,
    int maximumBatch,
    long segmentBytes,
    int loopThreads,
    int tickMs,
    int expiriesPerTick,
    int warmUpMs,
    Snapshots snapshots,
    Capacity capacity,
    TokenKey panTokenKey,
    Keeping keeping,
    int adminPort) {

  /** In the place of a port: no commands are taken from outside. */
  public static final int NO_ADMIN_PORT = -1;

  /** What an answer waits for. */
  public enum Durability {
    /** The disk says that it has the record. */
    FSYNC,
    /** The operating system has the record: a power cut may lose the last answers. */
    OS
  }

  /** How the stages are spread over threads. */
  public enum PipelineMode {
    /** Core, journal and replies on one thread. */
    FUSED,
    /** A thread each. */
    STAGED,
    /** Fused up to four processors, staged above. */
    AUTO
  }

  /**
   * When snapshots are written. Immutable.
   *
   * @param everyCommands commands in closed segments since the last one after which a follower writes the next; 0:
   *     never
   * @param keep how many are kept
   * @param atStopWithinMs how long a clean stop may take to write one; 0: it writes none
   */
  public record Snapshots(int everyCommands, int keep, int atStopWithinMs) {}

  /**
   * Room in the engine's tables. Immutable.
   *
   * @param cards cards, and as many accounts
   * @param originals holds, postings and tombstones remembered at one time
   * @param requests other answers remembered at one time
   * @param merchants merchants that the configuration may name
   */
  public record Capacity(int cards, int originals, int requests, int merchants) {}

  /**
   * What becomes of the journal outside its folder. Immutable.
   *
   * @param witness file that keeps a copy of the anchor, on another disk; null: none
   * @param archive folder to which closed segments are copied; null: none
   * @param copyCommand program and arguments that take a closed segment elsewhere, with {@link #SEGMENT} for its file;
   *     empty: none
   * @param copySeconds how long the command may take
   */
  public record Keeping(
      @Nullable Path witness, @Nullable Path archive, List<String> copyCommand, int copySeconds) {
    /** Stands for the segment's file in a copy command. */
    public static final String SEGMENT = "{segment}";

    /** Nothing. */
    public static final Keeping NOTHING = new Keeping(null, null, List.of(), 0);

    /** Copies the list. */
    public Keeping {
      copyCommand = List.copyOf(copyCommand);
    }
  }

  /** The same settings with another durability, as the command line may ask. */
  public AuthorizerSettings withDurability(Durability other) {
    return new AuthorizerSettings(
        other,
        pipeline,
        ringSlots,
        maximumBatch,
        segmentBytes,
        loopThreads,
        tickMs,
        expiriesPerTick,
        warmUpMs,
        snapshots,
        capacity,
        panTokenKey,
        keeping,
        adminPort);
  }
}
