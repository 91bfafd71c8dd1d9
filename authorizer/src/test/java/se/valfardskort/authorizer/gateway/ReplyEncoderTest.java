package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.gateway.LinkSettings.Balances;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageReader;

/** Decisions as answers, by hand from wire.md section 3. */
class ReplyEncoderTest {
  private static final String TPDU = "6012345678";

  /** An answer with its framing, to a request without its length header. */
  private static byte[] answer(LinkSettings link, byte[] request, Consumer<DecisionEncoder> decide) {
    FrameFormat format = FrameFormat.parse(link.framing());
    MessageReader reader = new MessageReader(Dialect.load(link.dialectFile()));
    ByteBuf in = Unpooled.wrappedBuffer(request);
    int header = format.fixedHeaderLength();
    assertEquals(DecodeResult.OK, reader.wrap(in, header, request.length - header), reader::faultMessage);
    Slot slot = new Slot();
    slot.echoLength = EchoBlock.write(reader, in, 0, header, slot.echo);
    DecisionEncoder out = new DecisionEncoder().wrapAndApplyHeader(slot.decision, 0, new MessageHeaderEncoder());
    out.reason(DeclineReason.APPROVED).effect(Effect.HOLD).faultDe((short) 0).responseCode("00").authCode("AB12CD")
        .cardId(1).accountId(1).originalId(1).approvedMinor(12_345).hjartanMinor(0).cashMinor(12_345)
        .hjartanAvailableMinor(300_000).cashAvailableMinor(687_655)
        .savingsAvailableMinor(DecisionEncoder.savingsAvailableMinorNullValue())
        .earmarkAvailableMinor(DecisionEncoder.earmarkAvailableMinorNullValue()).digest(0)
        .transactionApprovedMinor(DecisionEncoder.transactionApprovedMinorNullValue());
    out.flags().clear();
    decide.accept(out);
    ByteBuf answer = Unpooled.buffer();
    new ReplyEncoder(link, reader.dialect(), format).encode(slot, answer);
    return ByteBufUtil.getBytes(answer);
  }

  private static Wire answer1987(LinkSettings link, Wire request, Consumer<DecisionEncoder> decide) {
    byte[] framed = answer(link, request.body(), decide);
    return Wire.parse(true, Arrays.copyOfRange(framed, 2, framed.length));
  }

  private static void inPart(DecisionEncoder out, String code, long approvedMinor, long transactionApproved) {
    out.responseCode(code).approvedMinor(approvedMinor).transactionApprovedMinor(transactionApproved)
        .hjartanAvailableMinor(0).cashAvailableMinor(0)
        .savingsAvailableMinor(DecisionEncoder.savingsAvailableMinorNullValue())
        .earmarkAvailableMinor(DecisionEncoder.earmarkAvailableMinorNullValue());
    out.flags().approvedInPart(true);
  }

  @Test
  void shouldSayHowMuchOfAPurchaseIsApproved() {
    Wire answer = answer1987(Links.binary().settings(), Links.purchase(true).with(60, "         1"),
        out -> inPart(out, "10", 10_000, 10_000));

    assertEquals("10", answer.get(39));
    assertEquals("000000010000", answer.get(4));
    assertNull(answer.get(6));
    assertNull(answer.get(30));
    assertEquals("AB12CD", answer.get(38));
    assertEquals("9602752C000000000000" + "9802752C000000000000" + "0057752C000000012345", answer.get(54));
    assertNull(answer.get(44));
    assertNull(answer.get(60));
  }

  @Test
  void shouldSayItInBothCurrencies() {
    Wire request = Links.purchase(true).with(49, "978").with(6, "000000140000").with(51, "752");

    Wire answer = answer1987(Links.binary().settings(), request, out -> inPart(out, "10", 70_000, 6_172));

    assertEquals("000000006172", answer.get(4));
    assertEquals("000000070000", answer.get(6));
    assertEquals("978", answer.get(49));
    assertEquals("0057978C000000012345", String.valueOf(answer.get(54)).substring(40));
  }

  @ParameterizedTest
  @ValueSource(strings = {"INQUIRY", "NEVER"})
  void shouldTellTheRequestedAmountWhateverBalancesSays(String when) {
    Wire answer = answer1987(Links.binary().balances(Balances.valueOf(when)).settings(), Links.purchase(true),
        out -> inPart(out, "10", 10_000, 10_000));

    assertEquals("0057752C000000012345", answer.get(54));
  }

  @Test
  void shouldShowSavingsWhereThereAreSome() {
    for (long savings : new long[] {0, 123_456}) {
      Wire answer =
          answer1987(Links.binary().settings(), Links.purchase(true), out -> out.savingsAvailableMinor(savings));

      assertEquals(
          "9602752C000000687655" + "9802752C000000300000" + "1002752C%012d".formatted(savings), answer.get(54));
    }
  }

  @Test
  void shouldShowEarmarksTogetherWhereThereAreSomeBehindTheOtherPurses() {
    for (long earmarks : new long[] {0, 200_000}) {
      Wire answer =
          answer1987(
              Links.binary().settings(), Links.purchase(true),
              out -> {
                inPart(out, "10", 10_000, 10_000);
                out.savingsAvailableMinor(5).earmarkAvailableMinor(earmarks);
              });

      assertEquals(
          "9602752C000000000000" + "9802752C000000000000" + "1002752C000000000005"
              + "9702752C%012d".formatted(earmarks) + "0057752C000000012345", answer.get(54));
    }
  }

  @Test
  void shouldShowADebtWithD() {
    Wire answer = answer1987(Links.binary().settings(), Links.purchase(true), out -> out.cashAvailableMinor(-4_321));

    assertEquals("9602752D000000004321" + "9802752C000000300000", answer.get(54));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0120", "0221"})
  void shouldAnswerAnAdviceWithItsCodesAlone(String mti) {
    Wire request = Links.purchase(true).copy(mti).with(38, "THEIRS").with(39, "00");

    Wire answer = answer1987(Links.binary().settings(), request, out -> { });

    assertEquals(mti.substring(0, 2) + "30", answer.mti());
    assertEquals("THEIRS", answer.get(38));
    assertEquals("00", answer.get(39));
    assertNull(answer.get(44));
    assertNull(answer.get(54));
    assertNull(answer.get(60));
  }

  @Test
  void shouldWrite1993ByteByByte() {
    // 3 4 11 12 24 26 32 49 60
    String request = TPDU + "1100" + "3030014100008010"
        + "000000" + "000000012345" + "000123" + "261122103000" + "1000" + "5411" + "06123456"
        + Hand.text("752") + "0010" + Hand.text("         1");

    byte[] answer = answer(Links.of1993().settings(), Wire.hex(request),
        out -> inPart(out, "002", 10_000, 10_000));

    // 3 4 11 12 24 30 32 38 39 49 54; the addresses of the TPDU have changed places.
    String body = "1110" + "3030010506008400"
        + "000000" + "000000010000" + "000123" + "261122103000" + "1000"
        + "000000012345" + "000000000000" + "06123456" + Hand.text("AB12CD") + "0020" + Hand.text("752")
        + "0060" + Hand.text("9602752C000000000000" + "9802752C000000000000" + "0057752C000000012345");
    assertEquals(Hand.framed("6056781234" + body), ByteBufUtil.hexDump(answer));
  }

  @Test
  void shouldRepeatOriginalAmountsAndDataToAReversalOf1993() {
    // 3 4 11 12 24 30 32 49 56
    String original = "30" + "110000012326112210300006123456";
    String amounts = "000000012345" + "000000000000";
    String request = TPDU + "1420" + "3030010500008100"
        + "000000" + "000000010000" + "000124" + "261122103100" + "4010" + amounts + "06123456"
        + Hand.text("752") + original;

    byte[] answer = answer(Links.of1993().settings(), Wire.hex(request),
        out -> out.responseCode("400").authCode("").effect(Effect.RELEASE));

    // 3 4 11 12 24 30 32 39 49 56
    String body = "1430" + "3030010502008100"
        + "000000" + "000000010000" + "000124" + "261122103100" + "4010" + amounts + "06123456" + "4000"
        + Hand.text("752") + original;
    assertEquals(Hand.framed("6056781234" + body), ByteBufUtil.hexDump(answer));
  }

  @Test
  void shouldNameTheFieldAtFaultIn1993() {
    // 3 11 12 24 32
    String request = TPDU + "1100" + "2030010100000000"
        + "000000" + "000123" + "261122103000" + "1000" + "06123456";

    byte[] answer = answer(Links.of1993().settings(), Wire.hex(request),
        out -> out.reason(DeclineReason.FORMAT_ERROR.code).responseCode("904").faultDe((short) 4).authCode("")
            .hjartanAvailableMinor(DecisionEncoder.hjartanAvailableMinorNullValue())
            .cashAvailableMinor(DecisionEncoder.cashAvailableMinorNullValue()));

    // 3 11 12 24 32 39 44 60
    String body = "1110" + "2030010102100010"
        + "000000" + "000123" + "261122103000" + "1000" + "06123456" + "9040"
        + "03" + Hand.text("004") + "0004" + Hand.text("R100");
    assertEquals(Hand.framed("6056781234" + body), ByteBufUtil.hexDump(answer));
  }

  /** Bytes by hand. */
  private static final class Hand {
    static String text(String ascii) {
      return ByteBufUtil.hexDump(Wire.ascii(ascii));
    }

    static String framed(String frame) {
      return String.format(Locale.ROOT, "%04x", frame.length() / 2) + frame.toLowerCase(Locale.ROOT);
    }
  }
}
