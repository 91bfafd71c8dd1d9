package se.valfardskort.authorizer.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A snapshot's frames on the heap: written once, read as often as asked. */
final class MemoryFrames implements StateOutput, StateInput {
  final List<byte[]> frames = new ArrayList<>();
  private final UnsafeBuffer room = new UnsafeBuffer(new byte[FRAME_CAPACITY]);
  private final UnsafeBuffer current = new UnsafeBuffer(0, 0);
  private boolean reading;
  private int next;

  static MemoryFrames of(Engine engine) {
    MemoryFrames frames = new MemoryFrames();
    try {
      engine.writeState(frames);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return frames;
  }

  /** Fills a fresh engine, which then is as after a replay. */
  void readInto(Engine engine) throws IOException {
    next = 0;
    engine.readState(this, Core.VERSION);
    engine.catchUp();
    engine.endReplay();
  }

  @Override
  public MutableDirectBuffer frame() {
    return reading ? current : room;
  }

  @Override
  public void put(int length) {
    byte[] frame = new byte[length];
    room.getBytes(0, frame);
    frames.add(frame);
  }

  @Override
  public int next() throws IOException {
    reading = true;
    if (next == frames.size()) {
      throw new IOException("no frame is left");
    }
    byte[] frame = frames.get(next++);
    current.wrap(frame);
    return frame.length;
  }

  DirectBuffer frame(int index) {
    return new UnsafeBuffer(frames.get(index));
  }
}
