package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A late link's reversals and advices beside other links, over real sockets before a pipeline that is held. */
class StormLinkTest {
  private static final int STORM = 100;
  private static final int SHARE = 32;

  @ParameterizedTest
  @ValueSource(strings = {"0400", "0401", "0420", "0120", "0220", "0221"})
  void shouldPutNoMoreThanAShareAheadOfAnotherLinksFirstRequest(String mti) throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary());
        Client late = gateway.connect();
        Client shop = gateway.connect()) {
      gateway.pipeline.hold();
      late.send(storm(mti));
      GatewayFixture.await("a share", () -> gateway.pipeline.commands().size() == SHARE);
      // One event loop serves both: had it gone on taking the storm, it would have before this.
      assertEquals("00", shop.ask(Links.network(true, "301")).get(39));
      assertEquals(SHARE, gateway.pipeline.commands().size());
      shop.send(Links.purchase(true));
      GatewayFixture.await("the purchase", () -> gateway.pipeline.commands().size() > SHARE);
      assertEquals(SHARE + 1, gateway.pipeline.commands().size());

      gateway.pipeline.release();

      assertEquals("00", shop.receive().get(39));
      receiveInOrder(late, STORM);
      assertEquals(STORM + 1, gateway.pipeline.commands().size());
    }
  }

  @Test
  void shouldHoldNoRequestsBack() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client shop = gateway.connect()) {
      gateway.pipeline.hold();
      shop.send(storm("0100"));
      GatewayFixture.await("all of them", () -> gateway.pipeline.commands().size() == STORM);

      gateway.pipeline.release();

      receiveInOrder(shop, STORM);
    }
  }

  @Test
  void shouldKeepTheOrderOfAConnectionWhereARequestComesBehindAStorm() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client late = gateway.connect()) {
      late.send(storm("0420"));
      late.send(Links.purchase(true).with(11, "%06d".formatted(STORM + 1)));

      receiveInOrder(late, STORM + 1);
    }
  }

  /** Its deadline runs on: whoever stands at the till does not see what is ahead of the request. */
  @Test
  void shouldCountTheWaitBehindAStormAsWaiting() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client late = gateway.connect()) {
      gateway.pipeline.hold();
      Wire reversal = Links.reversal(true).copy("0420");
      for (int stan = 1; stan < SHARE; stan++) {
        late.send(reversal.with(11, "%06d".formatted(stan)).frame());
      }
      GatewayFixture.await("all but one", () -> gateway.pipeline.commands().size() == SHARE - 1);
      ByteArrayOutputStream inOnePiece = new ByteArrayOutputStream();
      inOnePiece.writeBytes(reversal.with(11, "%06d".formatted(SHARE)).frame());
      inOnePiece.writeBytes(Links.purchase(true).with(11, "%06d".formatted(SHARE + 1)).frame());
      late.send(inOnePiece.toByteArray());
      GatewayFixture.await("a share", () -> gateway.pipeline.commands().size() == SHARE);
      long received = GatewayFixture.CLOCK.nanoTime();

      gateway.pipeline.release();

      receiveInOrder(late, SHARE + 1);
      assertTrue(gateway.pipeline.newestArrivalNs() - received <= 0, "the purchase is as old as its bytes");
    }
  }

  /** 32 for the first, then 32 / 2, 32 / 3 and 32 / 4; each goes on when its own are answered. */
  @Test
  void shouldShareTheRoomAmongConnectionsAndStarveNone() throws Exception {
    List<Client> late = new ArrayList<>();
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary())) {
      gateway.pipeline.hold();
      int taken = 0;
      for (int share : new int[] {32, 16, 10, 8}) {
        Client client = gateway.connect();
        late.add(client);
        client.send(storm("0400"));
        taken += share;
        int expected = taken;
        GatewayFixture.await("a share of " + share, () -> gateway.pipeline.commands().size() >= expected);
        assertEquals("00", clientBeside(gateway));
        assertEquals(expected, gateway.pipeline.commands().size());
      }

      gateway.pipeline.release();

      for (Client client : late) {
        receiveInOrder(client, STORM);
      }
    } finally {
      for (Client client : late) {
        client.close();
      }
    }
  }

  @Test
  void shouldLeaveItsPartToOthersWhereAConnectionEndsInTheMiddleOfItsStorm() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client second = gateway.connect()) {
      gateway.pipeline.hold();
      try (Client first = gateway.connect()) {
        first.send(storm("0400"));
        GatewayFixture.await("a share", () -> gateway.pipeline.commands().size() == SHARE);
        first.reset();
      }
      gateway.pipeline.release();
      GatewayFixture.await("the end", () -> gateway.server.connections() == 1);
      gateway.pipeline.hold();
      second.send(storm("0400"));
      GatewayFixture.await("a whole share", () -> gateway.pipeline.commands().size() == 2 * SHARE);

      gateway.pipeline.release();

      receiveInOrder(second, STORM);
    }
  }

  private static String clientBeside(GatewayFixture gateway) throws IOException {
    try (Client beside = gateway.connect()) {
      return String.valueOf(beside.ask(Links.network(true, "301")).get(39));
    }
  }

  /** STANs 1 to {@link #STORM}, in one piece. */
  private static byte[] storm(String mti) {
    Wire message = (mti.charAt(1) == '4' ? Links.reversal(true) : Links.purchase(true)).copy(mti);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int stan = 1; stan <= STORM; stan++) {
      all.writeBytes(message.with(11, "%06d".formatted(stan)).frame());
    }
    return all.toByteArray();
  }

  private static void receiveInOrder(Client client, int count) throws IOException {
    for (int stan = 1; stan <= count; stan++) {
      Wire answer = client.receive();
      assertEquals("%06d".formatted(stan), answer.get(11));
      assertEquals("00", answer.get(39));
    }
  }
}
