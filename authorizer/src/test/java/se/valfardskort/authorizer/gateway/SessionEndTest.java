package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end: by the other side, by a limit, by a stop. Others on the link never notice. */
class SessionEndTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAnswerAfterAHalfCloseAndThenClose(boolean packed) throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed)); Client client = gateway.connect()) {
      gateway.pipeline.hold();
      client.send(Links.purchase(packed));
      client.endOutput();
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 1);

      gateway.pipeline.release();

      assertEquals("00", client.receive().get(39));
      assertTrue(client.seesTheEnd());
      GatewayFixture.await("the close", () -> gateway.counters().closedFor(CloseCause.PEER) == 1);
    }
  }

  @Test
  void shouldAnswerAllThatWaitsAfterAHalfClose() throws Exception {
    int count = 50;
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      segment.writeBytes(Links.purchase(true).with(11, String.format("%06d", i)).frame());
    }
    segment.writeBytes(new byte[] {0, 50, 1});
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().inFlight(3));
        Client client = gateway.connect()) {
      client.send(segment.toByteArray());
      client.endOutput();

      for (int i = 0; i < count; i++) {
        assertEquals(String.format("%06d", i), client.receive().get(11));
      }
      assertTrue(client.seesTheEnd());
    }
  }

  @Test
  void shouldCloseAFrameThatStaysIncomplete() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().frameDeadlineMs(100));
        Client silent = gateway.connect();
        Client slow = gateway.connect();
        Client calm = gateway.connect()) {
      silent.send(Wire.hex("0059"));
      CompletableFuture<Void> dripping = CompletableFuture.runAsync(() -> {
        try {
          for (byte b : Links.purchase(true).frame()) {
            slow.send(new byte[] {b});
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
          }
        } catch (IOException expected) {
          // Closed under our hands, as it should be.
        }
      });

      assertTrue(silent.seesTheEnd());
      assertTrue(slow.seesTheEnd());
      dripping.get(10, TimeUnit.SECONDS);
      assertEquals(2, gateway.counters().closedFor(CloseCause.FRAME_DEADLINE));
      assertEquals("00", calm.ask(Links.purchase(true)).get(39));
    }
  }

  @Test
  void shouldCloseASilentConnection() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().idleMs(100));
        Client client = gateway.connect()) {
      assertTrue(client.seesTheEnd());
      assertEquals(1, gateway.counters().closedFor(CloseCause.IDLE));
    }
  }

  @Test
  void shouldCloseConnectionsOverTheLimitAndTakeNewOnesLater() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().connections(2));
        Client first = gateway.connect()) {
      try (Client second = gateway.connect(); Client third = gateway.connect()) {
        assertEquals("00", second.ask(Links.purchase(true)).get(39));
        assertTrue(third.seesTheEnd());
      }
      GatewayFixture.await("room", () -> gateway.server.connections() == 1);

      try (Client fourth = gateway.connect()) {
        assertEquals("00", fourth.ask(Links.purchase(true)).get(39));
        assertEquals("00", first.ask(Links.purchase(true)).get(39));
      }
      assertEquals(1, gateway.counters().closedFor(CloseCause.CONNECTION_LIMIT));
    }
  }

  @Test
  void shouldCloseOnlyAfterThatManyUnreadableFramesInARow() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().unreadable(5));
        Client client = gateway.connect()) {
      byte[] unreadable = Wire.frame(true, new byte[10]);
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++) {
          client.send(unreadable);
        }
        client.send(Links.purchase(true).copy("0110"));
        assertEquals("00", client.ask(Links.network(true, "301")).get(39));
      }
      for (int i = 0; i < 5; i++) {
        client.send(unreadable);
      }

      assertTrue(client.seesTheEnd());
      assertEquals(17, gateway.counters().unreadable());
      assertEquals(3, gateway.counters().unanswered());
      assertEquals(1, gateway.counters().closedFor(CloseCause.UNREADABLE));
    }
  }

  @Test
  void shouldDropAReaderThatDoesNotReadAndNobodyElse() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().writeBuffer(64 * 1024));
        Client deaf = new Client(true, gateway.address(), 4_096);
        Client calm = gateway.connect()) {
      byte[] frame = Links.purchase(true).frame();
      ByteArrayOutputStream many = new ByteArrayOutputStream();
      for (int i = 0; i < 500; i++) {
        many.writeBytes(frame);
      }
      CompletableFuture<Void> flooding = CompletableFuture.runAsync(() -> {
        try {
          while (true) {
            deaf.send(many.toByteArray());
          }
        } catch (IOException expected) {
          // Dropped, as it should be.
        }
      });

      GatewayFixture.await("the drop", () -> gateway.counters().closedFor(CloseCause.SLOW_READER) == 1);

      flooding.get(10, TimeUnit.SECONDS);
      assertEquals("00", calm.ask(Links.purchase(true)).get(39));
    }
  }

  @Test
  void shouldNotWaitForeverForAPeerThatEndsAndDoesNotRead() throws Exception {
    int count = 200_000;
    byte[] frame = Links.network(true, "301").frame();
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      many.writeBytes(frame);
    }
    try (GatewayFixture gateway =
            new GatewayFixture(true, Links.binary().frameDeadlineMs(100).writeBuffer(Integer.MAX_VALUE));
        Client deaf = new Client(true, gateway.address(), 4_096)) {
      deaf.send(many.toByteArray());
      deaf.endOutput();

      GatewayFixture.await("the drop", () -> gateway.counters().closedFor(CloseCause.SLOW_READER) == 1);

      GatewayFixture.await("room for another", () -> gateway.server.connections() == 0);
    }
  }

  @Test
  void shouldOutliveAReset() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client calm = gateway.connect()) {
      gateway.pipeline.hold();
      Client rude = gateway.connect();
      rude.send(Links.purchase(true));
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 1);
      rude.reset();
      GatewayFixture.await("the end", () -> gateway.server.connections() == 1);

      gateway.pipeline.release();

      assertEquals("00", calm.ask(Links.purchase(true)).get(39));
    }
  }

  @Test
  void shouldAnswerWhatWasReadWhenStopping() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary());
        Client busy = gateway.connect();
        Client calm = gateway.connect()) {
      assertEquals("00", calm.ask(Links.purchase(true)).get(39));
      gateway.pipeline.hold();
      busy.send(Links.purchase(true));
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 2);

      gateway.server.stopAccepting();
      assertThrows(ConnectException.class, gateway::connect);
      assertFalse(gateway.server.drain(50));
      gateway.pipeline.release();

      assertTrue(gateway.server.drain(10_000));
      assertEquals("00", busy.receive().get(39));
      assertTrue(busy.seesTheEnd());
      assertTrue(calm.seesTheEnd());
    }
  }

  @Test
  void shouldLetNoAnswerOutOnceAllIsDropped() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      gateway.pipeline.hold();
      client.send(Links.purchase(true));
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 1);

      gateway.server.dropAll();
      gateway.pipeline.release();

      assertTrue(client.seesTheEnd());
      GatewayFixture.await("no connection", () -> gateway.server.connections() == 0);
      Client late = gateway.connect();
      assertTrue(late.seesTheEnd());
    }
  }

  @Test
  void shouldSurviveRandomBytesBesideGoodTraffic() throws Exception {
    long seed = 8583;
    java.util.Random random = new java.util.Random(seed);
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client calm = gateway.connect()) {
      for (int i = 0; i < 200; i++) {
        byte[] body = Links.purchase(true).with(55, "82021980").body();
        for (int k = random.nextInt(6); k >= 0; k--) {
          body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        byte[] sent = Wire.frame(true, random.nextInt(10) == 0 ? Arrays.copyOf(body, 4 + random.nextInt(80)) : body);
        try (Client client = gateway.connect()) {
          client.send(sent);
          client.send(Links.network(true, "301"));
          client.endOutput();
          client.drainToTheEnd();
        } catch (EOFException | SocketException e) {
          throw new AssertionError("seed " + seed + ", round " + i, e);
        }
      }

      assertEquals("00", calm.ask(Links.purchase(true)).get(39));
      assertEquals(0, gateway.counters().closedFor(CloseCause.INTERNAL), "seed " + seed);
    }
  }
}
