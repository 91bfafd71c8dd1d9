package se.valfardskort.authorizer.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import se.valfardskort.authorizer.gateway.SteppedGateway;

/**
 * A connection between a client and the gateway: bytes keep their order and nothing else is sure, neither when they
 * arrive nor in which pieces, nor whether the other end is still there.
 */
final class Wire {
  private static final long NS_PER_MS = 1_000_000L;
  private static final long LATENCY_NS = 2 * NS_PER_MS;
  private static final int OPEN_WINDOW = Integer.MAX_VALUE;

  private final World world;
  private final Acquirer client;
  private final SplittableRandom dice;
  private final SteppedGateway.Connection connection;
  private final Deque<byte[]> unread = new ArrayDeque<>();
  private long lastToServerNs;
  private long lastToClientNs;
  private boolean turning;
  private long timerNs = Long.MAX_VALUE;
  private boolean mute;
  private boolean over;

  Wire(World world, Acquirer client, SteppedGateway.Connection connection) {
    this.world = world;
    this.client = client;
    this.dice = world.dice.split();
    this.connection = connection;
    wake();
  }

  /** Whether the client may send on it. */
  boolean isOpen() {
    return !over && !mute;
  }

  /** The client sends. */
  void send(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int length = dice.nextInt(4) == 0 ? 1 + dice.nextInt(bytes.length - at) : bytes.length - at;
      byte[] piece = Arrays.copyOfRange(bytes, at, at + length);
      lastToServerNs = Math.max(lastToServerNs, world.clock.nanoTime() + latencyNs());
      world.at(lastToServerNs, () -> arrive(piece));
      at += length;
      if (at < bytes.length) {
        world.tally.count("fault: frame split");
      }
    }
  }

  private long latencyNs() {
    long slow = client.slowNetworkMs > 0 ? dice.nextLong(client.slowNetworkMs * NS_PER_MS) : 0;
    if (slow > LATENCY_NS) {
      world.tally.count("fault: bytes delayed");
    }
    return slow + 1 + dice.nextLong(LATENCY_NS);
  }

  private void arrive(byte[] piece) {
    if (!over) {
      unread.add(piece);
      read();
    }
  }

  /** The gateway's loop takes what has arrived. */
  private void read() {
    while (!unread.isEmpty() && connection.isReading()) {
      connection.turn();
      byte[] next = unread.poll();
      if (next != null) {
        connection.receive(next);
      }
    }
    carry();
    wake();
  }

  /** Sees to it that the loop of this connection runs before long. */
  void wake() {
    if (!turning && !over) {
      turning = true;
      world.after(1_000 + dice.nextLong(60_000), this::turn);
    }
  }

  /** Whether something waits for this connection's loop. */
  void wakeIfNeeded() {
    if (connection.hasPendingTasks()) {
      wake();
    }
  }

  private void turn() {
    turning = false;
    if (over) {
      return;
    }
    connection.turn();
    if (!unread.isEmpty() && connection.isReading()) {
      read();
      return;
    }
    carry();
    long next = connection.nextTimerNs();
    long due = next < 0 ? Long.MAX_VALUE : world.clock.nanoTime() + next;
    if (due != Long.MAX_VALUE && (due < timerNs || timerNs <= world.clock.nanoTime())) {
      timerNs = due;
      world.at(due, this::wake);
    }
  }

  /** What the gateway has sent is on its way to the client. */
  private void carry() {
    byte[] bytes = connection.takeSent();
    if (bytes.length > 0) {
      world.trace.note("sent", client.number, bytes.length);
      world.trace.mix(bytes);
      lastToClientNs = Math.max(lastToClientNs, world.clock.nanoTime() + latencyNs());
      world.at(lastToClientNs, () -> client.receive(this, bytes));
    }
    if (!connection.isActive() && !over) {
      over = true;
      unread.clear();
      lastToClientNs = Math.max(lastToClientNs, world.clock.nanoTime() + latencyNs());
      world.at(lastToClientNs, () -> client.disconnected(this));
    }
  }

  /** The process at the other end is gone, or what lies between: bytes under way to the client may still arrive. */
  void cut() {
    if (!over) {
      connection.reset();
      carry();
    }
  }

  /** The process has died: nothing of it runs any more. */
  void die() {
    if (!over) {
      over = true;
      unread.clear();
      connection.turn();
      world.after(latencyNs(), () -> client.disconnected(this));
    }
  }

  /** The client says no more, and listens. */
  void halfClose() {
    if (isOpen()) {
      mute = true;
      lastToServerNs = Math.max(lastToServerNs, world.clock.nanoTime() + latencyNs());
      world.at(lastToServerNs, () -> {
        if (!over) {
          read();
          connection.endInput();
          wake();
        }
      });
    }
  }

  /** The client takes so many bytes and no more, for a while. */
  void stopReading(int bytes, long ms) {
    connection.window(bytes);
    world.after(ms * NS_PER_MS, () -> {
      if (!over) {
        connection.window(OPEN_WINDOW);
        carry();
        wake();
      }
    });
  }
}
