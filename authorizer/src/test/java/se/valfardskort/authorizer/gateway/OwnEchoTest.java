package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The echo that we ask for after silence, and what else network management does. */
class OwnEchoTest {
  @Test
  void shouldAskForAnEchoAfterSilenceAndGoOnWhereItIsAnswered() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().echoEveryMs(20));
        Client client = gateway.connect()) {
      for (int stan = 1; stan <= 3; stan++) {
        Wire echo = client.receive();
        assertEquals("0800", echo.mti());
        assertEquals("301", echo.get(70));
        assertEquals("%06d".formatted(stan), echo.get(11));
        client.send(Network.approval(echo));
      }
      GatewayFixture.await("the answers", () -> gateway.counters().frames() == 3);
      assertEquals(0, gateway.counters().unanswered());
      assertEquals(1, gateway.server.connections());
    }
  }

  @Test
  void shouldCloseALinkThatDoesNotAnswerItsEcho() throws Exception {
    try (GatewayFixture gateway =
            new GatewayFixture(true, Links.binary().echoEveryMs(20).answerWithinMs(50));
        Client client = gateway.connect()) {
      Wire echo = client.receive();
      client.send(Network.approval(echo).with(11, "000999"));

      assertTrue(client.drainToTheEnd() >= 0);
      assertEquals(1, gateway.counters().closedFor(CloseCause.UNANSWERED));
      assertEquals(1, gateway.counters().unanswered());
    }
  }

  @Test
  void shouldDialAgainWhereTheEchoIsNotAnswered() throws Exception {
    try (Network network = new Network(true);
        GatewayFixture gateway =
            new GatewayFixture(true, Links.binary().dials(network.port()).echoEveryMs(20).answerWithinMs(200))) {
      try (Client link = network.acceptAndApprove()) {
        assertEquals("301", link.receive().get(70));
        assertTrue(link.seesTheEnd());
      }
      try (Client again = network.acceptAndApprove()) {
        assertEquals("301", again.receive().get(70));
        assertEquals(1, gateway.counters().closedFor(CloseCause.UNANSWERED));
      }
    }
  }

  @Test
  void shouldNotAskWhileItDoesNotRead() throws Exception {
    try (GatewayFixture gateway =
            new GatewayFixture(true, Links.binary().inFlight(1).echoEveryMs(10).answerWithinMs(1_000));
        Client client = gateway.connect();
        Client other = gateway.connect()) {
      gateway.pipeline.hold();
      client.send(Links.purchase(true));
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 1);

      // The other connection is asked again and again meanwhile; it dies of its silence, this one does not.
      assertTrue(other.drainToTheEnd() > 0);
      gateway.pipeline.release();

      assertEquals("00", nextBut0800(client).get(39));
    }
  }

  @Test
  void shouldNotCloseForAnEchoUnansweredWhatItDrains() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().echoEveryMs(30).answerWithinMs(1_500));
        Client client = gateway.connect();
        Client other = gateway.connect()) {
      gateway.pipeline.hold();
      client.send(Links.purchase(true));
      GatewayFixture.await("the command", () -> gateway.pipeline.commands().size() == 1);
      Wire echo = client.receive();
      assertEquals("301", echo.get(70));
      assertEquals("301", other.receive().get(70));

      // The other has nothing to wait for and ends at once. This one is asked for its answer, which it cannot be given.
      assertFalse(gateway.server.drain(2_500));
      assertEquals(0, gateway.counters().closedFor(CloseCause.UNANSWERED));
      gateway.pipeline.release();

      assertEquals("00", nextBut0800(client).get(39));
      assertTrue(gateway.server.drain(10_000));
    }
  }

  /** An echo may have been asked for before the purchase had been read. */
  private static Wire nextBut0800(Client client) throws Exception {
    Wire message = client.receive();
    while (message.mti().equals("0800")) {
      message = client.receive();
    }
    return message;
  }

  @Test
  void shouldCountItsStansFrom1To999999() {
    Link link = new Link(Links.binary().settings());
    for (int stan = 1; stan <= 999_999; stan++) {
      if (link.nextStan() != stan) {
        throw new AssertionError("STAN " + stan);
      }
    }
    assertEquals(List.of(1, 2), List.of(link.nextStan(), link.nextStan()));
  }

  @ParameterizedTest
  @CsvSource({"101, , , 00", "161, , , 00", "101, 48, KEY, 12", "161, 53, 1234567890123456, 12",
      "101, 96, 00112233445566778899AABBCCDDEEFF, 12", "161, 120, KEY, 12", "161, 127, KEY, 12", "102, , , 12"})
  void shouldTakeTheAnnouncementOfAKeyChangeAndRefuseTheKeyItself(
      String function, Integer de, String value, String code) throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      Wire request = Links.network(true, function);
      Wire answer = client.ask(de == null ? request : request.with(de, value));

      assertEquals("0810", answer.mti());
      assertEquals(code, answer.get(39));
      assertEquals(function, answer.get(70));
    }
  }
}
