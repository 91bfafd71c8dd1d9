package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;

/** Reconciliation and cut-over at the edge: the command that is made, and the answer's bytes. */
class SettlementGatewayTest {
  private static final long ACQUIRER = 123_456;

  private static SettlementRequestDecoder translate(Wire message, boolean packed, long acquirer) {
    MessageReader reader = new MessageReader(Links.dialect(packed));
    SettlementTranslator translator = new SettlementTranslator(Links.of(packed).settings(), reader.dialect());
    byte[] body = message.body();
    assertEquals(DecodeResult.OK, reader.wrap(Unpooled.wrappedBuffer(body), 0, body.length), reader::faultMessage);
    byte[] command = new byte[translator.translate(reader, acquirer)];
    translator.command().getBytes(0, command);
    return new SettlementRequestDecoder()
        .wrapAndApplyHeader(new UnsafeBuffer(command), 0, new MessageHeaderDecoder());
  }

  private static SettlementRequestDecoder translate(Wire message) {
    return translate(message, true, ACQUIRER);
  }

  private static String key(SettlementRequestDecoder request) {
    return request.requestKeyHigh() + "/" + request.requestKeyLow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeEveryTotal(boolean packed) {
    SettlementRequestDecoder request = translate(Links.reconciliation(packed), packed, ACQUIRER);

    assertEquals(MessageClass.RECONCILIATION, request.messageClass());
    assertEquals(7, request.partnerId());
    assertEquals(0, request.faultDe());
    assertEquals(ACQUIRER, request.acquirer());
    assertEquals(1122, request.settlementDate());
    assertEquals(1_123_093_000L, request.transmissionTime());
    assertEquals(1, request.credits());
    assertEquals(2, request.creditReversals());
    assertEquals(3, request.debits());
    assertEquals(4, request.debitReversals());
    assertEquals(5, request.authorizations());
    assertEquals(86, request.creditsMinor());
    assertEquals(87, request.creditReversalsMinor());
    assertEquals(88, request.debitsMinor());
    assertEquals(89, request.debitReversalsMinor());
    assertEquals(-180_50, request.netMinor());
    assertFalse(request.flags().advice());
    assertFalse(request.flags().repeatRequest());
  }

  @Test
  void shouldLeaveOutWhatIsNotThere() {
    SettlementRequestDecoder request = translate(
        Links.reconciliation(true).copy("0521").without(15, 50, 74, 75, 76, 77, 81, 86, 87, 88, 89, 99)
            .with(97, "C0000000000000001"));

    assertTrue(request.flags().advice());
    assertTrue(request.flags().repeatRequest());
    assertEquals(SettlementRequestDecoder.settlementDateNullValue(), request.settlementDate());
    assertEquals(SettlementRequestDecoder.debitsNullValue(), request.debits());
    assertEquals(SettlementRequestDecoder.debitsMinorNullValue(), request.debitsMinor());
    assertEquals(1, request.netMinor());
  }

  @Test
  void shouldTakeAnImpossibleCountForOneThatIsNotOurs() {
    assertEquals(SettlementRequestDecoder.debitsNullValue() - 1,
        translate(Links.reconciliation(true).with(76, "9999999999")).debits());
  }

  @ParameterizedTest
  @CsvSource({"7, 1332093000, 7", "15, 0230, 15", "15, 0000, 15", "50, 978, 50"})
  void shouldNameTheFieldAtFault(int de, String value, int fault) {
    assertEquals(fault, translate(Links.reconciliation(true).with(de, value)).faultDe());
  }

  @Test
  void shouldKnowARepeatAndSeeThatItsTotalsDiffer() {
    SettlementRequestDecoder first = translate(Links.reconciliation(true));
    SettlementRequestDecoder repeat = translate(Links.reconciliation(true).copy("0501"));
    SettlementRequestDecoder ascii = translate(Links.reconciliation(false), false, ACQUIRER);

    assertEquals(key(first), key(repeat));
    assertEquals(first.fingerprint(), repeat.fingerprint());
    assertEquals(key(first), key(ascii));
    assertEquals(first.fingerprint(), ascii.fingerprint());
    assertNotEquals(key(first), key(translate(Links.reconciliation(true).copy("0520"))));
    assertNotEquals(key(first), key(translate(Links.reconciliation(true).with(11, "000322"))));
    for (int de : new int[] {15, 50, 74, 75, 76, 77, 81, 86, 87, 88, 89, 97}) {
      SettlementRequestDecoder other = translate(Links.reconciliation(true).without(de));
      assertEquals(key(first), key(other), "DE " + de);
      assertNotEquals(first.fingerprint(), other.fingerprint(), "DE " + de);
    }
  }

  @Test
  void shouldAnswerInExactlyTheseBytes() throws Exception {
    // 0500; bitmaps: 1 7 11 15 32 50 and 88 97 99; then the fields.
    String request = "003B" + "0500" + "8222000100004000" + "00000100A0000000" + "1123093000" + "000321" + "1122"
        + "06123456" + HexFormat.of().formatHex(Wire.ascii("752"))
        + "0000000000018050" + "44" + "0000000000018050" + "1199000000001" + "0";
    // 0510; 39 = 00, 50 = 752, 66 = 1, 97 = D180.50, 99 as sent.
    String answer = "0510" + "8222000102004000" + "40000000A0000000" + "1123093000" + "000321" + "1122"
        + "06123456" + HexFormat.of().formatHex(Wire.ascii("00" + "752")) + "01"
        + "44" + "0000000000018050" + "1199000000001" + "0";
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      client.send(Wire.hex(request));

      assertEquals(answer.toUpperCase(Locale.ROOT),
          HexFormat.of().withUpperCase().formatHex(client.receiveBody()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, 0500, 0510", "false, 0500, 0510", "true, 0501, 0510", "true, 0520, 0530", "false, 0521, 0530"
  })
  void shouldAnswerWithOurNet(boolean packed, String mti, String answerMti) throws Exception {
    Wire request = Links.reconciliation(packed).copy(mti).with(100, "42");
    try (GatewayFixture gateway = new GatewayFixture(packed, Links.of(packed)); Client client = gateway.connect()) {
      Wire balanced = client.ask(request);
      Wire differing = client.ask(request.copy(mti).with(97, "C0000000000018050").without(50, 99));

      Wire expected = request.copy(answerMti).without(74, 75, 76, 77, 81, 86, 87, 88, 89)
          .with(39, "00").with(50, "752").with(66, "1");
      assertEquals(expected.toString(), balanced.toString());
      assertEquals(expected.with(39, "95").with(66, "2").with(60, "R310").without(99).toString(),
          differing.toString());
    }
  }

  @Test
  void shouldSayWhatIsWrongWithoutTotals() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().acquirers(1L, 123_456L));
        Client client = gateway.connect()) {
      Wire currency = client.ask(Links.reconciliation(true).with(50, "978"));
      assertEquals("30", currency.get(39));
      assertEquals("050", currency.get(44));
      assertNull(currency.get(50));
      assertNull(currency.get(66));
      assertNull(currency.get(97));
      assertEquals("99000000001", currency.get(99));
      assertEquals("31", client.ask(Links.reconciliation(true).with(32, "2")).get(39));
      assertEquals("032", client.ask(Links.reconciliation(true).without(32)).get(44));
      assertEquals("011", client.ask(Links.reconciliation(true).without(11)).get(44));
    }
  }

  @Test
  void shouldHandACutOverToTheEngine() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      Wire request = Links.network(true, "201").with(15, "1123");
      Wire all = client.ask(request);
      Wire one = client.ask(request.copy("0801").with(32, "654321"));
      Wire foreign = client.ask(request.copy("0800").with(32, "2"));

      assertEquals(request.copy("0810").with(39, "00").toString(), all.toString());
      assertEquals(request.copy("0810").with(32, "654321").with(39, "00").toString(), one.toString());
      assertEquals("31", foreign.get(39));
      assertEquals(2, gateway.pipeline.commands().size());
      SettlementRequestDecoder command = new SettlementRequestDecoder().wrapAndApplyHeader(
          new UnsafeBuffer(gateway.pipeline.commands().getFirst()), 0, new MessageHeaderDecoder());
      assertEquals(MessageClass.NETWORK, command.messageClass());
      assertEquals(SettlementRequestDecoder.acquirerNullValue(), command.acquirer());
      assertEquals(1123, command.settlementDate());
    }
  }

  @Test
  void shouldAskForASignOnFirst() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary().signOn());
        Client client = gateway.connect()) {
      assertEquals("91", client.ask(Links.reconciliation(true)).get(39));
      assertEquals("91", client.ask(Links.network(true, "201")).get(39));
      client.ask(Links.network(true, "001"));
      assertEquals("00", client.ask(Links.reconciliation(true)).get(39));
      assertEquals("00", client.ask(Links.network(true, "201")).get(39));
    }
  }

  @Test
  void shouldShedARequestByNinetyOneAndAnAdviceBySilence() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      gateway.pipeline.full(true);
      client.send(Links.reconciliation(true).copy("0520"));
      assertEquals("91", client.ask(Links.reconciliation(true)).get(39));
      assertEquals("91", client.ask(Links.network(true, "201")).get(39));
      assertEquals(1, gateway.counters().silenced());
    }
  }

  @Test
  void shouldTakeTheSettlementDayOfAPurchaseWhereItIsOne() {
    assertEquals(1123, cardRequest("1123").settlementDate());
    assertEquals(CardRequestDecoder.settlementDateNullValue(), cardRequest("0000").settlementDate());
    assertEquals(0, cardRequest("0000").faultDe());
  }

  private static CardRequestDecoder cardRequest(String settlementDate) {
    MessageReader reader = new MessageReader(Links.dialect(true));
    RequestTranslator translator =
        new RequestTranslator(Links.binary().settings(), reader.dialect(), new PanTokenizer(Links.KEY));
    byte[] body = Links.purchase(true).with(15, settlementDate).body();
    reader.wrap(Unpooled.wrappedBuffer(body), 0, body.length);
    byte[] command = new byte[translator.translate(reader)];
    translator.command().getBytes(0, command);
    return new CardRequestDecoder().wrapAndApplyHeader(new UnsafeBuffer(command), 0, new MessageHeaderDecoder());
  }
}
