package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.gateway.LinkSettings.Balances;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Slot;

/** Answers and sessions over real sockets. */
class GatewayServerTest {
  private static final String BALANCES = "9602752C000000687655" + "9802752D000000000300";

  @Test
  void shouldAnswerInExactlyTheseBytes() throws Exception {
    // Length; type; bitmap: 2 3 4 7 11 12 13 14 18 22 32 37 41 42 49.
    String request = "0059" + "0100" + "723C440108C08000"
        + "169752000000000001" + "000000" + "000000012345" + "1122093000" + "000123" + "103000" + "1122" + "3012"
        + "5411" + "0051" + "06123456"
        + HexFormat.of().formatHex(Wire.ascii("632612000123" + "TERM0001" + "ICAKVANTUM00001"))
        + HexFormat.of().formatHex(Wire.ascii("752"));
    // Bitmap: 2 3 4 7 11 12 13 32 37 38 39 41 42 49 54.
    String answer = "0110" + "723800010EC08400"
        + "169752000000000001" + "000000" + "000000012345" + "1122093000" + "000123" + "103000" + "1122"
        + "06123456"
        + HexFormat.of().formatHex(Wire.ascii("632612000123" + "A00123" + "00" + "TERM0001" + "ICAKVANTUM00001"
            + "752"))
        + "0040" + HexFormat.of().formatHex(Wire.ascii(BALANCES));
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      client.send(Wire.hex(request));

      assertEquals(answer.toUpperCase(java.util.Locale.ROOT),
          HexFormat.of().withUpperCase().formatHex(client.receiveBody()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldEchoWhatIdentifiesTheRequestAndNothingSecret(boolean packed) throws Exception {
    Wire request = Links.purchase(packed).with(5, "000000012345").with(6, "000000012345").with(9, "61000000")
        .with(10, "61000000").with(15, "1123").with(19, "752").with(23, "001").with(24, "100").with(28, "D00000100")
        .with(33, "99").with(35, "9752000000000001=30121010000012345").with(36, "TRACK THREE").with(45, "TRACK ONE")
        .with(48, "PRIVATE").with(50, "752").with(51, "752").with(52, "0123456789ABCDEF").with(55, "82021980")
        .with(60, "0000000001").with(100, "12345678901");
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed)); Client client = gateway.connect()) {
      Wire answer = client.ask(request);

      Wire expected = request.copy("0110").without(14, 18, 19, 22, 25, 35, 36, 43, 45, 48, 52, 55, 60)
          .with(38, "A00123").with(39, "00").with(54, BALANCES);
      assertEquals(expected.toString(), answer.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSayWhyItDeclines(boolean packed) throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed)); Client client = gateway.connect()) {
      Wire answer = client.ask(Links.purchase(packed).copy("0200").with(4, "000001000001"));

      assertEquals("0210", answer.mti());
      assertEquals("51", answer.get(39));
      assertEquals("INSUFFICIENT FUNDS", answer.get(44));
      assertEquals("R290", answer.get(60));
      assertEquals(BALANCES, answer.get(54));
      assertNull(answer.get(38));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldEchoTheOriginalInTheAnswerToAReversal(boolean packed) throws Exception {
    Wire request = Links.reversal(packed).with(38, "A00123").with(95, "000000010000" + "0".repeat(12)
        + "C00000000" + "C00000000").copy("0421");
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed)); Client client = gateway.connect()) {
      Wire answer = client.ask(request);

      assertEquals(request.copy("0430").without(14, 18, 22, 25, 43).with(39, "00").toString(), answer.toString());
    }
  }

  @Test
  void shouldEchoTheApprovalCodeOfAnAdvice() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      Wire answer = client.ask(Links.purchase(true).copy("0120").with(38, "NET123").with(39, "00"));

      assertEquals("0130", answer.mti());
      assertEquals("NET123", answer.get(38));
      assertNull(answer.get(54));
      assertNull(answer.get(44));
    }
  }

  @Test
  void shouldSendBalancesAsConfigured() throws Exception {
    Wire inquiry = Links.purchase(true).with(3, "300000").without(4, 18, 49);
    for (Balances when : Balances.values()) {
      try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().balances(when));
          Client client = gateway.connect()) {
        assertEquals(when == Balances.ALWAYS ? BALANCES : null, client.ask(Links.purchase(true)).get(54));
        assertEquals(when == Balances.NEVER ? null : BALANCES, client.ask(inquiry).get(54));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldGiveAnIdenticalFrameIdenticalBytes(boolean packed) throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed));
        Client one = gateway.connect();
        Client other = gateway.connect()) {
      one.send(Links.purchase(packed));
      other.send(Links.purchase(packed));

      assertArrayEquals(one.receiveBody(), other.receiveBody());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldReadAFrameThatComesByteByByte(boolean packed) throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed)); Client client = gateway.connect()) {
      for (byte b : Links.purchase(packed).frame()) {
        client.send(new byte[] {b});
      }

      assertEquals("00", client.receive().get(39));
    }
  }

  @Test
  void shouldReadAFrameSplitAtEveryByte() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary());
        Client client = gateway.connect();
        Client other = gateway.connect()) {
      byte[] frame = Links.purchase(true).frame();
      for (int split = 1; split < frame.length; split++) {
        client.send(java.util.Arrays.copyOf(frame, split));
        // Answered by the same event loop, which has then met the first part too.
        assertEquals("00", other.ask(Links.network(true, "301")).get(39));
        client.send(java.util.Arrays.copyOfRange(frame, split, frame.length));

        assertEquals("00", client.receive().get(39), "split after " + split);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAnswerEveryFrameOfASegment(boolean packed) throws Exception {
    int count = 1_000;
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      segment.writeBytes(Links.purchase(packed).with(11, String.format("%06d", i)).frame());
    }
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed).inFlight(16));
        Client client = gateway.connect()) {
      client.send(segment.toByteArray());

      for (int i = 0; i < count; i++) {
        assertEquals(String.format("%06d", i), client.receive().get(11));
      }
      assertEquals(count, gateway.counters().frames());
      assertEquals(count, gateway.counters().answers());
    }
  }

  @Test
  void shouldReadNoMoreThanMayBeInFlight() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().inFlight(4));
        Client client = gateway.connect();
        Client other = gateway.connect()) {
      gateway.pipeline.hold();
      for (int i = 0; i < 20; i++) {
        client.send(Links.purchase(true).with(11, String.format("%06d", i)));
      }
      GatewayFixture.await("four commands", () -> gateway.pipeline.commands().size() == 4);
      assertEquals("00", other.ask(Links.network(true, "301")).get(39));
      assertEquals(4, gateway.pipeline.commands().size());

      gateway.pipeline.release();

      for (int i = 0; i < 20; i++) {
        assertEquals(String.format("%06d", i), client.receive().get(11));
      }
    }
  }

  @Test
  void shouldReadNoMoreThanMayComeASecond() throws Exception {
    AtomicLong nowNs = new AtomicLong();
    Clock clock = new Clock() {
      @Override
      public long epochMs() {
        return 0;
      }

      @Override
      public long nanoTime() {
        return nowNs.get();
      }
    };
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().perSecond(5), clock);
        Client client = gateway.connect();
        Client other = gateway.connect()) {
      for (int i = 0; i < 11; i++) {
        client.send(Links.network(true, "301"));
      }
      for (int i = 0; i < 5; i++) {
        assertEquals("00", client.receive().get(39));
      }
      assertEquals("00", other.ask(Links.network(true, "301")).get(39));
      assertEquals(6, gateway.counters().frames());

      nowNs.addAndGet(1_000_000_000L);
      for (int i = 0; i < 5; i++) {
        assertEquals("00", client.receive().get(39));
      }
      assertEquals("00", other.ask(Links.network(true, "301")).get(39));
      assertEquals(12, gateway.counters().frames());

      nowNs.addAndGet(1_000_000_000L);
      assertEquals("00", client.receive().get(39));
    }
  }

  @Test
  void shouldAskForSignOnWhereItIsRequired() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().signOn());
        Client client = gateway.connect()) {
      Wire early = client.ask(Links.purchase(true));
      Wire echo = client.ask(Links.network(true, "301"));
      Wire on = client.ask(Links.network(true, "001"));
      Wire served = client.ask(Links.purchase(true));
      Wire off = client.ask(Links.network(true, "002"));
      Wire late = client.ask(Links.purchase(true));

      assertEquals("91", early.get(39));
      assertEquals("R120", early.get(60));
      assertEquals("00", echo.get(39));
      assertEquals(Links.network(true, "001").copy("0810").with(39, "00").toString(), on.toString());
      assertEquals("00", served.get(39));
      assertEquals("00", off.get(39));
      assertEquals("91", late.get(39));
      assertEquals(1, gateway.pipeline.commands().size());
    }
  }

  @Test
  void shouldShedRequestsWith91AndOthersWithSilence() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      gateway.pipeline.full(true);

      Wire shed = client.ask(Links.purchase(true));
      client.send(Links.purchase(true).copy("0101"));
      client.send(Links.purchase(true).copy("0120"));
      client.send(Links.reversal(true));
      client.send(Links.reversal(true).copy("0420"));

      assertEquals("91", shed.get(39));
      assertEquals("R900", shed.get(60));
      assertNull(shed.get(38));
      assertEquals("0810", client.ask(Links.network(true, "301")).mti());
      assertEquals(5, gateway.counters().shed());
      assertEquals(4, gateway.counters().silenced());
      gateway.pipeline.full(false);
      gateway.pipeline.closed(true);
      client.send(Links.purchase(true));
      assertEquals("0810", client.ask(Links.network(true, "301")).mti());
    }
  }

  @Test
  void shouldBeSilentWhereAReversalWasNotBooked() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      gateway.pipeline.outcome(Slot.Outcome.REFUSED);

      client.send(Links.reversal(true));
      Wire refused = client.ask(Links.purchase(true));

      assertEquals("91", refused.get(39));
      assertEquals(1, gateway.counters().silenced());
      gateway.pipeline.outcome(Slot.Outcome.POISON);
      assertEquals("96", client.ask(Links.purchase(true)).get(39));
    }
  }

  @Test
  void shouldRefuseATransmissionTimeOutsideTheWindow() throws Exception {
    String now = java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC)
        .format(java.time.format.DateTimeFormatter.ofPattern("MMddHHmmss"));
    String halfAYearOff = java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC).plusDays(180)
        .format(java.time.format.DateTimeFormatter.ofPattern("MMddHHmmss"));
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().windowHours(24));
        Client client = gateway.connect()) {
      assertEquals("00", client.ask(Links.purchase(true).with(7, now)).get(39));
      assertEquals("R152", client.ask(Links.purchase(true).with(7, halfAYearOff)).get(60));
      assertEquals("00", client.ask(Links.reversal(true).with(7, halfAYearOff)).get(39));
    }
  }

  @Test
  void shouldSwapTheAddressesOfATpdu() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().framing("binary2+tpdu"));
        Client client = gateway.connect()) {
      byte[] body = Links.purchase(true).body();
      byte[] frame = new byte[body.length + 5];
      System.arraycopy(Wire.hex("6000011234"), 0, frame, 0, 5);
      System.arraycopy(body, 0, frame, 5, body.length);

      client.send(Wire.frame(true, frame));

      byte[] answer = client.receiveBody();
      assertArrayEquals(Wire.hex("6012340001"), java.util.Arrays.copyOf(answer, 5));
      assertEquals("00", Wire.parse(true, java.util.Arrays.copyOfRange(answer, 5, answer.length)).get(39));
    }
  }

  @Test
  void shouldKeepThePanOutOfCommandsAndLogs() throws Exception {
    List<String> lines = new ArrayList<>();
    java.util.logging.Handler listener = new java.util.logging.Handler() {
      @Override
      public synchronized void publish(java.util.logging.LogRecord record) {
        Object[] parameters = record.getParameters();
        lines.add(record.getMessage() + (parameters == null ? "" : List.of(parameters)) + record.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    java.util.logging.Logger logger = java.util.logging.Logger.getLogger("se.valfardskort.gateway");
    logger.addHandler(listener);
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().frameDeadlineMs(50))) {
      try (Client client = gateway.connect()) {
        client.ask(Links.purchase(true).with(35, "9752000000000001=30121010000012345"));
        client.ask(Links.purchase(true).with(35, "9752000000000001999999"));
        client.ask(Links.purchase(true).with(2, "97520000000000010000"));
        byte[] frame = Links.purchase(true).frame();
        client.send(java.util.Arrays.copyOf(frame, 30));
        assertTrue(client.seesTheEnd());
      }
      for (byte[] command : gateway.pipeline.commands()) {
        assertFalse(HexFormat.of().formatHex(command).contains("975200000000"));
        assertFalse(new String(command, java.nio.charset.StandardCharsets.ISO_8859_1).contains("975200000000"));
      }
      assertFalse(lines.isEmpty());
      assertFalse(lines.toString().contains("975200"), lines::toString);
    } finally {
      logger.removeHandler(listener);
    }
  }

  @Test
  void shouldNameThePortThatIsTaken() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary());
        FakePipeline pipeline = new FakePipeline()) {
      LinkSettings taken =
          Links.binary().settings().but().partner(1, "late").at("127.0.0.1", gateway.address().getPort()).settings();

      IOException refused = assertThrows(IOException.class,
          () -> GatewayServer.start(List.of(taken), pipeline, GatewayFixture.CLOCK, Links.KEY).close());

      assertTrue(String.valueOf(refused.getMessage()).contains("partner late: cannot listen on 127.0.0.1:"
          + gateway.address().getPort()), refused::toString);
    }
  }
}
