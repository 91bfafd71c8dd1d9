package se.valfardskort.authorizer.pipeline;

/**
 * Where the journal ends and the sequencer goes on.
 *
 * @param sequence of the last record; 0: none
 * @param timeMs its time, milliseconds since the epoch: no later command is stamped earlier; 0: none
 */
public record Position(long sequence, long timeMs) {
  /** Before the first command. */
  public static final Position START = new Position(0, 0);
}
