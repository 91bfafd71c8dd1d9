package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has received and not yet taken: part of a frame, or whole frames while reading is paused.
 *
 * <p>Owned by the connection's event loop. Grows with what arrived, never by a length that was only announced, and
 * wipes every byte that it lets go, since any of them may be part of a PAN or a track.
 */
final class Inbox {
  private static final int FIRST_CAPACITY = 1024;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf held;

  Inbox(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** What is held, or null where nothing is. */
  @Nullable ByteBuf held() {
    return held;
  }

  /** Appends all that is readable. */
  void keep(ByteBuf more) {
    int length = more.readableBytes();
    ByteBuf buffer = held;
    if (buffer == null) {
      buffer = allocator.buffer(Math.max(FIRST_CAPACITY, length), Integer.MAX_VALUE);
    } else if (buffer.writableBytes() < length) {
      ByteBuf larger = allocator.buffer(2 * (buffer.readableBytes() + length), Integer.MAX_VALUE);
      larger.writeBytes(buffer);
      wipeAndRelease(buffer);
      buffer = larger;
    }
    buffer.writeBytes(more);
    held = buffer;
  }

  /** Lets go of the buffer where all of it was taken. */
  void trim() {
    if (held != null && !held.isReadable()) {
      clear();
    }
  }

  void clear() {
    if (held != null) {
      wipeAndRelease(held);
      held = null;
    }
  }

  static void wipeAndRelease(ByteBuf buffer) {
    if (!buffer.isReadOnly() && buffer.refCnt() == 1) {
      buffer.setZero(0, buffer.writerIndex());
    }
    buffer.release();
  }
}
