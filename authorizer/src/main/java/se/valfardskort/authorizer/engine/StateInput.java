package se.valfardskort.authorizer.engine;

import java.io.IOException;
import org.agrona.DirectBuffer;

/** Where an engine's state is read from, in the frames in which it was written; a port. Owned by one thread. */
public interface StateInput {
  /**
   * Goes to the next frame.
   *
   * @return its length
   * @throws IOException when there is none, or it is damaged: nothing of what was read may be used
   */
  int next() throws IOException;

  /** The frame, from 0 on; valid until {@link #next}. */
  DirectBuffer frame();
}
