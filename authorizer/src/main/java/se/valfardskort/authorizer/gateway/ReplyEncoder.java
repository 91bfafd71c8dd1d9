package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.gateway.LinkSettings.Balances;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageWriter;

/**
 * Writes answers: what the request's {@link EchoBlock} repeats, merged in ascending order with what was decided
 * (wire.md section 3).
 *
 * <p>Owned by one thread: the reply thread has one a link, each event loop another for what the gateway answers itself.
 * Allocates nothing an answer. The same echo and decision always give the same bytes.
 *
 * <p>Fields of ours, each only where the dialect has it:
 *
 * <pre>
 *    4 amount          0110 0210 that approve in part: what was approved, in the place of what was asked for
 *    6 billing amount  the same, where the request had one
 *   30 original amount 1993: what was asked for, where less was approved
 *   38 approval code   0110 0210, where the decision has one
 *   39 response code   always
 *   44 reason          every 30: the data element in three digits; declines in 0110 0210: the terminal's text
 *   50 752             0510 0530, where totals were compared
 *   54 balances        0110 0210, as the link is configured, where the card is known; behind them, where less was
 *                      approved, what was asked for (type 57)
 *   60 R and code      every decline but of network management, where the link is configured so
 *   66 1 or 2          as 50, 1987 only: in balance or not
 *   97 our net         as 50
 * </pre>
 */
final class ReplyEncoder {
  private static final int NO_REASON = DeclineReason.APPROVED;
  private static final byte[] SEK = {'7', '5', '2'};
  private static final int ENTRY = 20;
  /** ISO 8583: DE 54 holds no more. */
  private static final int MOST_ENTRIES = 6;
  private static final int ORIGINAL_AMOUNTS = 24;

  private final Dialect dialect;
  private final FrameFormat format;
  private final Balances balances;
  private final boolean reasonInDe60;
  private final boolean of1987;
  private final MessageWriter writer;
  private final DecisionDecoder decision = new DecisionDecoder();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final byte[] echo = new byte[Slot.ECHO_CAPACITY];
  private final UnsafeBuffer echoView = new UnsafeBuffer(echo);
  /** The same bytes, as the codec wants them. */
  private final ByteBuf echoBytes = Unpooled.wrappedBuffer(echo);
  private final byte[] responseCode = new byte[3];
  private final byte[] authCode = new byte[6];
  private final byte[] amounts = new byte[MOST_ENTRIES * ENTRY];
  private final byte[] originalAmounts = new byte[ORIGINAL_AMOUNTS];
  private final byte[] reasonText = new byte[4];
  private final byte[] net = new byte[17];
  private int responseCodeLength;
  private int faultDe;
  private int reason;
  private boolean authorized;
  private int amountsLength;
  private boolean inPart;
  /** DE 4 and DE 6 of an approval in part. */
  private long approvedAmount;
  private long approvedMinor;
  /** The acquirer's totals were compared with ours. */
  private boolean compared;
  private long netMinor;
  private int answerMti;

  ReplyEncoder(LinkSettings link, Dialect dialect, FrameFormat format) {
    this.dialect = dialect;
    this.format = format;
    balances = link.balances();
    reasonInDe60 = link.reasonInDe60();
    of1987 = dialect.mtiVersion() == 0;
    writer = new MessageWriter(dialect);
  }

  /**
   * Appends the framed answer to a decided command.
   *
   * @throws IllegalArgumentException where the dialect cannot hold the answer; {@code out} may then have grown
   */
  void encode(Slot slot, ByteBuf out) {
    decision.wrapAndApplyHeader(slot.decision, 0, header);
    decision.getResponseCode(responseCode, 0);
    responseCodeLength = lengthUntilNul(responseCode);
    decision.getAuthCode(authCode, 0);
    reason = decision.reason();
    faultDe = reason == DeclineReason.FORMAT_ERROR.code ? decision.faultDe() : 0;
    int length = takeEcho(slot.echo, slot.echoLength);
    boolean decided = MessageType.isDecisionRequest(requestMti());
    authorized = decided && reason == NO_REASON && authCode[0] != 0;
    inPart = decided && reason == NO_REASON && decision.flags().approvedInPart();
    approvedAmount = decision.transactionApprovedMinor();
    approvedMinor = decision.approvedMinor();
    amountsLength = 0;
    if (decided) {
      balances(decision);
    }
    if (inPart) {
      entry('0', '0', '5', '7', echo, EchoBlock.CURRENCY, requestedAmount());
    }
    compared = MessageType.isReconciliation(requestMti())
        && (reason == NO_REASON || reason == DeclineReason.OUT_OF_BALANCE.code);
    netMinor = decision.approvedMinor();
    write(length, out);
  }

  /**
   * Appends a framed answer that the gateway gives by itself, without a command.
   *
   * @param code DE 39, two characters
   * @param cause null where nothing is wrong
   * @param offender the data element of a format error, which is not echoed; else 0
   */
  void encode(DirectBuffer block, int blockLength, byte[] code, @Nullable DeclineReason cause, int offender,
      ByteBuf out) {
    System.arraycopy(code, 0, responseCode, 0, code.length);
    responseCodeLength = code.length;
    reason = cause == null ? NO_REASON : cause.code;
    faultDe = offender;
    authorized = false;
    inPart = false;
    amountsLength = 0;
    compared = false;
    write(takeEcho(block, blockLength), out);
  }

  private int takeEcho(DirectBuffer block, int length) {
    block.getBytes(0, echo, 0, length);
    return length;
  }

  private int requestMti() {
    return echoView.getShort(EchoBlock.MTI, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
  }

  private long requestedAmount() {
    return echoView.getLong(EchoBlock.AMOUNT, ByteOrder.LITTLE_ENDIAN);
  }

  private boolean isInquiry() {
    return (echo[EchoBlock.FLAGS] & EchoBlock.FLAG_INQUIRY) != 0;
  }

  private void write(int echoLength, ByteBuf out) {
    answerMti = MessageType.answerTo(requestMti());
    int start = format.startAnswer(out, echoBytes, EchoBlock.FRAME_HEADER);
    writer.begin(out, answerMti);
    int written = 0;
    int at = EchoBlock.FRAME_HEADER + format.fixedHeaderLength();
    while (at < echoLength) {
      int de = echo[at] & 0xFF;
      int length = echoView.getShort(at + 1, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
      written = ownFieldsBelow(de, written);
      if (inPart && (de == 4 || de == 6)) {
        writer.number(de, de == 4 ? approvedAmount : approvedMinor);
      } else if (de != faultDe && !(compared && de == 50)) {
        writer.copyField(de, echoBytes, at + EchoBlock.FIELD_HEAD, length);
      }
      at += EchoBlock.FIELD_HEAD + length;
    }
    ownFieldsBelow(Dialect.MAX_DE + 1, written);
    writer.end();
    format.finish(out, start);
    Arrays.fill(echo, 0, echoLength, (byte) 0);
  }

  /** Writes the fields of ours from {@code written} (exclusive) up to {@code de} (exclusive); gives the new mark. */
  private int ownFieldsBelow(int de, int written) {
    if (written < 30 && de > 30 && inPart && !of1987 && dialect.defines(30)) {
      Arrays.fill(originalAmounts, (byte) '0');
      digits(originalAmounts, 0, 12, requestedAmount());
      writer.text(30, originalAmounts, 0, originalAmounts.length);
    }
    if (written < 38 && de > 38 && authorized && dialect.defines(38)) {
      writer.text(38, authCode, 0, authCode.length);
    }
    if (written < 39 && de > 39) {
      writer.text(39, responseCode, 0, responseCodeLength);
    }
    if (written < 44 && de > 44 && reason != NO_REASON && dialect.defines(44)) {
      reasonForTerminal();
    }
    if (compared && written < 50 && de > 50 && dialect.defines(50)) {
      writer.text(50, SEK, 0, SEK.length);
    }
    if (written < 54 && de > 54 && amountsLength > 0 && dialect.defines(54)) {
      writer.text(54, amounts, 0, amountsLength);
    }
    if (written < 60 && de > 60 && reason != NO_REASON && reasonInDe60 && dialect.defines(60)
        && MessageType.messageClass(answerMti) != 8) {
      reasonText[0] = 'R';
      digits(reasonText, 1, 3, reason);
      writer.text(60, reasonText, 0, 4);
    }
    if (compared && written < 66 && de > 66 && of1987 && dialect.defines(66)) {
      writer.number(66, reason == NO_REASON ? 1 : 2);
    }
    if (compared && written < 97 && de > 97 && dialect.defines(97)) {
      net[0] = (byte) (netMinor < 0 ? 'D' : 'C');
      digits(net, 1, 16, Math.abs(netMinor));
      writer.text(97, net, 0, net.length);
    }
    return de - 1;
  }

  private void reasonForTerminal() {
    if (reason == DeclineReason.FORMAT_ERROR.code) {
      digits(reasonText, 0, 3, faultDe);
      writer.text(44, reasonText, 0, 3);
    } else if (answerMti % 1000 == 110 || answerMti % 1000 == 210) {
      writer.text(44, DeclineReason.ofCode(reason).terminalText);
    }
  }

  /**
   * Account types 96 CASH, 98 HJARTAN and, where there are any, 10 SAVINGS and 97 EARMARKs, available, in kronor;
   * nothing where the card is not known.
   */
  private void balances(DecisionDecoder decision) {
    final long cashMinor = decision.cashAvailableMinor();
    final long hjartanMinor = decision.hjartanAvailableMinor();
    final long savingsMinor = decision.savingsAvailableMinor();
    final long earmarksMinor = decision.earmarkAvailableMinor();
    boolean wanted = balances == Balances.ALWAYS || (balances == Balances.INQUIRY && isInquiry());
    if (wanted && cashMinor != DecisionDecoder.cashAvailableMinorNullValue()
        && hjartanMinor != DecisionDecoder.hjartanAvailableMinorNullValue()) {
      entry('9', '6', '0', '2', SEK, 0, cashMinor);
      entry('9', '8', '0', '2', SEK, 0, hjartanMinor);
      if (savingsMinor != DecisionDecoder.savingsAvailableMinorNullValue()) {
        entry('1', '0', '0', '2', SEK, 0, savingsMinor);
      }
      if (earmarksMinor != DecisionDecoder.earmarkAvailableMinorNullValue()) {
        entry('9', '7', '0', '2', SEK, 0, earmarksMinor);
      }
    }
  }

  /** Appends account type, amount type, currency, sign, twelve digits. */
  private void entry(char account1, char account2, char type1, char type2, byte[] currency, int at, long amountMinor) {
    int entry = amountsLength;
    amounts[entry] = (byte) account1;
    amounts[entry + 1] = (byte) account2;
    amounts[entry + 2] = (byte) type1;
    amounts[entry + 3] = (byte) type2;
    System.arraycopy(currency, at, amounts, entry + 4, SEK.length);
    amounts[entry + 7] = (byte) (amountMinor < 0 ? 'D' : 'C');
    digits(amounts, entry + 8, 12, Math.abs(amountMinor));
    amountsLength = entry + ENTRY;
  }

  private static void digits(byte[] dst, int at, int count, long value) {
    long left = value;
    for (int i = at + count - 1; i >= at; i--) {
      dst[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static int lengthUntilNul(byte[] text) {
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return length;
  }
}
