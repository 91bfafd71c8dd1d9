package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that we dial (wire.md section 1): sign-on first, traffic after it, and again and again when they are down. */
class DialledLinkTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSignOnFirstAndServeTrafficOnceThatIsApproved(boolean packed) throws Exception {
    try (Network network = new Network(packed);
        GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed).dials(network.port()));
        Client link = network.accept()) {
      Wire signOn = link.receive();
      Wire before = link.ask(Links.purchase(packed));
      link.send(Network.approval(signOn));
      Wire after = link.ask(Links.purchase(packed));

      assertEquals("0800", signOn.mti());
      assertEquals("000001", signOn.get(11));
      assertEquals("001", signOn.get(70));
      assertTrue(String.valueOf(signOn.get(7)).matches("[01]\\d[0-3]\\d[0-2]\\d[0-5]\\d[0-5]\\d"), signOn.toString());
      assertEquals(List.of(7, 11, 70), List.copyOf(signOn.fields().keySet()));
      assertEquals("91", before.get(39));
      assertEquals("00", after.get(39));
      assertEquals(1, gateway.counters().asked());
      assertEquals(0, gateway.counters().unanswered());
    }
  }

  @Test
  void shouldNotLetTheOtherSideSignOnInPlaceOfOurs() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()));
        Client link = network.accept()) {
      Wire ours = link.receive();
      String theirs = link.ask(Links.network(true, "001")).get(39);
      String early = link.ask(Links.purchase(true)).get(39);
      link.send(Network.approval(ours).with(11, "000777"));
      String unmatched = link.ask(Links.purchase(true)).get(39);
      link.send(Network.approval(ours));
      String served = link.ask(Links.purchase(true)).get(39);

      assertEquals(List.of("00", "91", "91", "00"),
          List.of(String.valueOf(theirs), String.valueOf(early), String.valueOf(unmatched), String.valueOf(served)));
      assertEquals(1, gateway.counters().unanswered());
    }
  }

  @Test
  void shouldFollowTheOtherSidesSignOffAndSignOn() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()));
        Client link = network.acceptAndApprove()) {
      assertEquals("00", link.ask(Links.network(true, "002")).get(39));
      assertEquals("91", link.ask(Links.purchase(true)).get(39));
      assertEquals("00", link.ask(Links.network(true, "001")).get(39));
      assertEquals("00", link.ask(Links.purchase(true)).get(39));
      assertEquals(1, gateway.counters().dialled());
    }
  }

  @Test
  void shouldCloseAndDialAgainWhereTheSignOnIsRefused() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()))) {
      try (Client refusing = network.accept()) {
        refusing.send(Network.approval(refusing.receive()).with(39, "91"));
        assertTrue(refusing.seesTheEnd());
      }
      try (Client silentAboutIt = network.accept()) {
        silentAboutIt.send(Network.approval(silentAboutIt.receive()).without(39));
        assertTrue(silentAboutIt.seesTheEnd());
      }
      try (Client approving = network.accept()) {
        Wire third = approving.receive();
        approving.send(Network.approval(third));

        assertEquals("000003", third.get(11));
        assertEquals("00", approving.ask(Links.purchase(true)).get(39));
        assertEquals(2, gateway.counters().closedFor(CloseCause.SIGN_ON_REFUSED));
      }
    }
  }

  @Test
  void shouldCloseAndDialAgainWhereTheSignOnIsNotAnswered() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway =
            new GatewayFixture(true, Links.binary().dials(network.port()).answerWithinMs(30));
        Client deaf = network.accept()) {
      assertNotNull(deaf.receive());
      assertTrue(deaf.seesTheEnd());
      GatewayFixture.await("the closing", () -> gateway.counters().closedFor(CloseCause.UNANSWERED) > 0);
      assertNotNull(network.accept());
    }
  }

  @Test
  void shouldComeUpOnceTheOtherSideDoes() throws Exception {
    int port;
    try (Network gone = new Network(true)) {
      port = gone.port();
    }
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(port))) {
      GatewayFixture.await("some attempts", () -> gateway.counters().dialled() > 3);

      try (Network back = new Network(true, port); Client link = back.acceptAndApprove()) {
        assertEquals("00", link.ask(Links.purchase(true)).get(39));
      }
    }
  }

  @Test
  void shouldComeBackHoweverTheConnectionEnded() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()))) {
      Client reset = network.acceptAndApprove();
      assertEquals("00", reset.ask(Links.purchase(true)).get(39));
      reset.reset();
      try (Client closed = network.acceptAndApprove()) {
        assertEquals("00", closed.ask(Links.purchase(true)).get(39));
      }
      try (Client garbage = network.acceptAndApprove()) {
        garbage.send(new byte[] {(byte) 0xFF, (byte) 0xFF, 1});
        assertTrue(garbage.seesTheEnd());
      }
      try (Client unreadable = network.acceptAndApprove()) {
        for (int i = 0; i < 100; i++) {
          unreadable.send(Wire.frame(true, new byte[10]));
        }
        assertTrue(unreadable.seesTheEnd());
      }
      try (Client last = network.acceptAndApprove()) {
        assertEquals("00", last.ask(Links.purchase(true)).get(39));
      }
      assertEquals(1, gateway.counters().closedFor(CloseCause.BAD_FRAME));
      assertEquals(1, gateway.counters().closedFor(CloseCause.UNREADABLE));
    }
  }

  @Test
  void shouldLimitFramesInFlightAsOnAnyLink() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()).inFlight(8));
        Client link = network.acceptAndApprove()) {
      gateway.pipeline.hold();
      for (int i = 0; i < 20; i++) {
        link.send(Links.purchase(true));
      }
      GatewayFixture.await("the cap", () -> gateway.pipeline.commands().size() == 8);
      gateway.pipeline.release();
      for (int i = 0; i < 20; i++) {
        assertEquals("00", link.receive().get(39));
      }
    }
  }

  @Test
  void shouldSignOffAfterTheLastAnswerWhenStoppingAndNotDialAgain() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()));
        Client link = network.acceptAndApprove()) {
      gateway.pipeline.hold();
      link.send(Links.purchase(true));
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 1);

      gateway.server.stopAccepting();
      assertTrue(!gateway.server.drain(20));
      gateway.pipeline.release();

      assertTrue(gateway.server.drain(10_000));
      Wire answer = link.receive();
      Wire signOff = link.receive();
      assertEquals("0110", answer.mti());
      assertEquals(Map.of(70, "002", 11, "000002", 7, String.valueOf(signOff.get(7))), signOff.fields());
      assertTrue(link.seesTheEnd());
      assertEquals(1, gateway.counters().dialled());
    }
  }

  @Test
  void shouldNeitherSignOffNorStayWhereItWasNotSignedOn() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(network.port()));
        Client link = network.accept()) {
      assertEquals("001", link.receive().get(70));

      gateway.server.stopAccepting();

      assertTrue(gateway.server.drain(10_000));
      assertTrue(link.seesTheEnd());
    }
  }

  @Test
  void shouldSayThatALinkIsDownOnceAndThenWhenTheFailuresHaveDoubled() throws Exception {
    List<Integer> said = new CopyOnWriteArrayList<>();
    Handler listening = new Handler() {
      @Override
      public void publish(LogRecord line) {
        Object[] values = line.getParameters();
        if (line.getMessage().contains("is down") && values != null) {
          said.add(Integer.valueOf(String.valueOf(values[values.length - 1])));
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    Logger log = Logger.getLogger("se.valfardskort.gateway");
    int port;
    try (Network gone = new Network(true)) {
      port = gone.port();
    }
    log.addHandler(listening);
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().dials(port))) {
      GatewayFixture.await("eighteen attempts", () -> gateway.counters().dialled() >= 18);
    } finally {
      log.removeHandler(listening);
    }

    assertEquals(List.of(1, 2, 4, 8, 16), said);
  }

  @Test
  void shouldNotHoldUpTheStartNorOtherLinks() throws IOException {
    int port;
    try (Network gone = new Network(true)) {
      port = gone.port();
    }
    try (FakePipeline pipeline = new FakePipeline();
        GatewayServer server = GatewayServer.start(
            List.of(Links.binary().dials(port).settings(), Links.ascii().settings()), pipeline,
            GatewayFixture.CLOCK, Links.KEY);
        Client other = new Client(false, server.links().getLast().address())) {
      assertEquals("00", other.ask(Links.purchase(false)).get(39));
      assertEquals("127.0.0.1", server.links().getFirst().address().getHostString());
      assertEquals(port, server.links().getFirst().address().getPort());
    }
  }
}
