package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufUtil;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.HexFormat;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;

/** What a link of 1993 answers by itself, byte by byte: in its partner's words, its TPDU turned round. */
class Link1993Test {
  private static final String TPDU = "6012345678";
  private static final String ANSWERED_TPDU = "6056781234";

  private static String exchange(GatewayFixture gateway, String... bodies) throws IOException {
    StringBuilder answers = new StringBuilder();
    try (Socket socket = new Socket(gateway.address().getAddress(), gateway.address().getPort())) {
      socket.setSoTimeout(10_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (String body : bodies) {
        socket.getOutputStream().write(HexFormat.of().parseHex(framed(TPDU + body)));
        int length = in.readUnsignedShort();
        answers.append(HexFormat.of().formatHex(in.readNBytes(length))).append('\n');
      }
    }
    return answers.toString();
  }

  private static String framed(String frame) {
    return String.format(Locale.ROOT, "%04x", frame.length() / 2) + frame;
  }

  private static String text(String ascii) {
    return ByteBufUtil.hexDump(Wire.ascii(ascii));
  }

  @Test
  void shouldSignOnAndOffByDe24() throws IOException {
    // 11 12 24, then 39 behind them
    String head = "0030010000000000" + "000077" + "261122111500";
    String answered = ANSWERED_TPDU + "1814" + "0030010002000000" + "000077" + "261122111500";
    // 11 12 32, then 39 44 60 behind them
    String purchase = "1100" + "0030000100000000" + "000078" + "261122111500" + "06123456";
    String refused = ANSWERED_TPDU + "1110" + "0030000102100010" + "000078" + "261122111500" + "06123456" + "9070"
        + "13" + text("NOT SIGNED ON") + "0004" + text("R120");
    try (GatewayFixture gateway = new GatewayFixture(true, Links.of1993().signOn())) {
      String answers = exchange(gateway, purchase, "1804" + head + "8310", "1805" + head + "8010",
          "1804" + head + "8020", purchase);

      assertEquals(refused + "\n" + answered + "8310" + "8000\n" + answered + "8010" + "8000\n"
          + answered + "8020" + "8000\n" + refused + "\n", answers);
    }
  }

  @Test
  void shouldRefuseInThePartnersWords() throws IOException {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.of1993())) {
      String answers = exchange(gateway,
          "1804" + "0030000000000000" + "000001" + "261122111500",
          "1804" + "0030010000000000" + "000002" + "261122111500" + "8990",
          "1100" + "0030000100000000" + "000003" + "261122111500" + "06999999",
          "1304" + "0030000100000000" + "000004" + "261122111500" + "06123456",
          "1200" + "0020000100000000" + "000005" + "06123456");

      assertEquals(
          ANSWERED_TPDU + "1814" + "0030000002100000" + "000001" + "261122111500" + "9040" + "03" + text("024") + "\n"
              + ANSWERED_TPDU + "1814" + "0030010002000000" + "000002" + "261122111500" + "8990" + "9020" + "\n"
              + ANSWERED_TPDU + "1110" + "0030000102100010" + "000003" + "261122111500" + "06999999" + "9050"
              + "20" + text("ACQUIRER NOT ALLOWED") + "0004" + text("R130") + "\n"
              + ANSWERED_TPDU + "1314" + "0030000102000010" + "000004" + "261122111500" + "06123456" + "9020"
              + "0004" + text("R150") + "\n"
              + ANSWERED_TPDU + "1210" + "0020000102100010" + "000005" + "06123456" + "9040"
              + "03" + text("012") + "0004" + text("R100") + "\n",
          answers);
    }
  }

  @Test
  void shouldSayThatItIsOverloaded() throws IOException {
    try (GatewayFixture gateway = new GatewayFixture(true, Links.of1993())) {
      gateway.pipeline.full(true);

      String answers = exchange(gateway, "1100" + "0030000100000000" + "000003" + "261122111500" + "06123456");

      assertEquals(ANSWERED_TPDU + "1110" + "0030000102100010" + "000003" + "261122111500" + "06123456" + "9070"
          + "09" + text("TRY AGAIN") + "0004" + text("R900") + "\n", answers);
    }
  }

  @Test
  void shouldReconcileWithoutDe66AndCutOverByDe24() throws IOException {
    // 11 12 15 32, then 97; the net that the fake pipeline has.
    String head = "0032000100000000" + "0000000080000000";
    String fields = "000006" + "261122111500" + "261123" + "06123456";
    String net = "44" + "0000000000018050";
    try (GatewayFixture gateway = new GatewayFixture(true, Links.of1993())) {
      String answers = exchange(gateway,
          "1500" + "8" + head.substring(1) + fields + net,
          "1804" + "0032010000000000" + "000007" + "261122111500" + "261123" + "8210");

      // 39 and 50 are new; the code is the fake pipeline's.
      assertEquals(
          ANSWERED_TPDU + "1510" + "8032000102004000" + "0000000080000000" + fields + "0000" + text("752") + net + "\n"
              + ANSWERED_TPDU + "1814" + "0032010002000000" + "000007" + "261122111500" + "261123" + "8210" + "0000"
              + "\n",
          answers);
      SettlementRequestDecoder command = new SettlementRequestDecoder();
      for (byte[] sent : gateway.pipeline.commands()) {
        command.wrapAndApplyHeader(new UnsafeBuffer(sent), 0, new MessageHeaderDecoder());
        assertEquals(1123, command.settlementDate());
      }
    }
  }
}
