package se.valfardskort.authorizer.engine;

import java.io.IOException;
import org.agrona.MutableDirectBuffer;

/** Where an engine's state is written to, frame by frame; a port. Owned by the thread that owns the engine. */
public interface StateOutput {
  /** Bytes that a frame may have. */
  int FRAME_CAPACITY = 1 << 20;

  /** Room for the next frame; valid until {@link #put}. */
  MutableDirectBuffer frame();

  /** Writes the first {@code length} bytes of {@link #frame} as one frame. */
  void put(int length) throws IOException;
}
