package se.valfardskort.authorizer.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;
import se.valfardskort.authorizer.pipeline.Clock;

/** A gateway with one link on a free port, before a fake pipeline. */
final class GatewayFixture implements AutoCloseable {
  static final Clock CLOCK = new Clock() {
    @Override
    public long epochMs() {
      return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }
  };

  final FakePipeline pipeline = new FakePipeline();
  final GatewayServer server;
  final boolean packed;

  GatewayFixture(boolean packed, Links link) throws IOException {
    this(packed, link, CLOCK);
  }

  GatewayFixture(boolean packed, Links link, Clock clock) throws IOException {
    this.packed = packed;
    server = GatewayServer.start(List.of(link.settings()), pipeline, clock, Links.KEY);
  }

  InetSocketAddress address() {
    return server.links().getFirst().address();
  }

  LinkCounters counters() {
    return server.links().getFirst().counters();
  }

  Client connect() throws IOException {
    return new Client(packed, address());
  }

  /** Waits for a condition, at most ten seconds. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        Assertions.fail("ten seconds passed without: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    pipeline.release();
    server.close();
    pipeline.close();
  }
}
