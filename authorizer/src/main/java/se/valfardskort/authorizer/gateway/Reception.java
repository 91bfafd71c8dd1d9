package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;

/**
 * What becomes of one frame: a command in the ring, an answer at once, or nothing (wire.md sections 2, 3 and 6).
 *
 * <p>One for each link and event loop, owned by that loop and shared by its sessions. Allocates nothing a message.
 * Everything that held the message is wiped before the return.
 *
 * <p>The questions are asked in the order in which they may decide the answer: type, bitmap, parse (30), sign-on (91),
 * acquirer (31), function (12), and what has no place in the ring (91). Duplicates and all that follows are the
 * engine's.
 */
final class Reception {
  /** What a frame was. */
  enum Taken {
    /** A message that was answered or handed on. */
    GOOD,
    /** Readable, and nothing to answer. */
    UNANSWERED,
    /** Nothing that can be answered: too many in a row close the link. */
    UNREADABLE
  }

  private static final long NO_ACQUIRER = -1;
  // In the numbers of 1987.
  private static final int SIGN_ON = 1;
  private static final int SIGN_OFF = 2;
  private static final int ECHO_TEST = 301;
  private static final int CUT_OVER = 201;

  private final Link link;
  private final CommandPort port;
  private final Clock clock;
  private final MessageReader in;
  private final Edition edition;
  private final RequestTranslator translator;
  private final SettlementTranslator settlement;
  private final TransmissionWindow window;
  private final ReplyEncoder encoder;
  private final int fixedHeader;
  private final long deadlineNs;
  private final UnsafeBuffer echo = new UnsafeBuffer(new byte[Slot.ECHO_CAPACITY]);
  private int echoLength;

  Reception(Link link, CommandPort port, Clock clock, PanTokenizer tokenizer) {
    this.link = link;
    this.port = port;
    this.clock = clock;
    in = new MessageReader(link.dialect());
    edition = Edition.of(link.dialect());
    translator = new RequestTranslator(link.settings(), link.dialect(), tokenizer);
    settlement = new SettlementTranslator(link.settings(), link.dialect());
    window = new TransmissionWindow(link.settings().transmissionWindowHours());
    encoder = new ReplyEncoder(link.settings(), link.dialect(), link.format());
    fixedHeader = link.format().fixedHeaderLength();
    deadlineNs = link.settings().deadlineMs() * 1_000_000L;
  }

  /**
   * Takes one frame.
   *
   * @param frame absolute index in {@code buf} of the first byte behind the length header
   * @param length of the frame, fixed header included
   */
  Taken take(Session session, ByteBuf buf, int frame, int length) {
    link.counters().frames.increment();
    try {
      DecodeResult result = in.wrap(buf, frame + fixedHeader, length - fixedHeader);
      Taken taken = result == DecodeResult.UNREADABLE ? Taken.UNREADABLE : take(session, buf, frame, result);
      if (taken == Taken.UNREADABLE) {
        link.counters().unreadable.increment();
      } else if (taken == Taken.UNANSWERED) {
        link.counters().unanswered.increment();
      }
      return taken;
    } finally {
      in.wipe();
      echo.setMemory(0, echoLength, (byte) 0);
      echoLength = 0;
    }
  }

  private Taken take(Session session, ByteBuf buf, int frame, DecodeResult result) {
    MessageType.Kind kind = MessageType.kindOf(in.mti());
    if (kind == MessageType.Kind.ANSWER && session.own().takes(in)) {
      return Taken.GOOD;
    }
    if (kind == MessageType.Kind.ANSWER || kind == MessageType.Kind.NOTIFICATION) {
      return Taken.UNANSWERED;
    }
    if (kind == MessageType.Kind.UNKNOWN || (!in.readable(7) && !in.readable(11))) {
      return Taken.UNREADABLE;
    }
    echoLength = EchoBlock.write(in, buf, frame, fixedHeader, echo);
    if (result == DecodeResult.FAULT) {
      formatError(session, in.faultDe());
    } else if (kind == MessageType.Kind.NETWORK) {
      network(session);
    } else {
      traffic(session, kind);
    }
    return Taken.GOOD;
  }

  private void traffic(Session session, MessageType.Kind kind) {
    if (!session.isSignedOn()) {
      refuse(session, DeclineReason.NOT_SIGNED_ON);
      return;
    }
    long acquirer = translator.acquirer(in);
    if (acquirer >= 0 && !translator.isAllowed(acquirer)) {
      link.counters().foreignAcquirers.increment();
      refuse(session, DeclineReason.ACQUIRER_NOT_ALLOWED);
      return;
    }
    if (kind == MessageType.Kind.NOT_HANDLED) {
      refuse(session, DeclineReason.FUNCTION_UNKNOWN);
      return;
    }
    int missing = translator.missingKeyField(in);
    if (missing != 0) {
      formatError(session, missing);
      return;
    }
    int mti = in.mti();
    if (MessageType.isDecisionRequest(mti) && isOutsideWindow()) {
      refuse(session, DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW);
      return;
    }
    queueOrShed(session, mti);
  }

  private void queueOrShed(Session session, int mti) {
    if (queue(session, mti) == CommandPort.FULL) {
      shed(session, mti);
    }
  }

  /** DE 7 that is no time at all is the engine's to refuse. */
  private boolean isOutsideWindow() {
    if (!in.readable(7)) {
      return false;
    }
    long value = in.number(7);
    return FieldRules.isTransmissionTime(value) && !window.contains(value, clock.epochMs());
  }

  /** The place in the ring, {@link CommandPort#FULL}, or {@link CommandPort#CLOSED}, which is met with silence. */
  private long queue(Session session, int mti) {
    boolean card = MessageType.kindOf(mti) == MessageType.Kind.CARD;
    int length = card ? translator.translate(in) : settlement.translate(in, settlementAcquirer(mti));
    boolean canWait = MessageType.canWait(mti);
    long place = port.tryClaim(!canWait);
    if (place < 0) {
      return place;
    }
    Slot slot = port.slot(place);
    slot.command.putBytes(0, card ? translator.command() : settlement.command(), 0, length);
    slot.commandLength = length;
    slot.decisionLength = 0;
    slot.echo.putBytes(0, echo, 0, echoLength);
    slot.echoLength = echoLength;
    // Waiting behind what was received before it is waiting too.
    slot.arrivalNs = session.lastReadNs();
    slot.deadlineNs = canWait ? deadlineNs : 0;
    slot.target = session;
    session.queued(!canWait);
    port.publish(place);
    return place;
  }

  /** A request hears 91 at once; what must arrive in the end is met with silence, so that it is sent again. */
  private void shed(Session session, int mti) {
    link.counters().shed.increment();
    if (MessageType.canWait(mti) && !MessageType.isRepeat(mti)) {
      refuse(session, DeclineReason.OVERLOADED);
    } else {
      link.counters().silenced.increment();
    }
  }

  /** A cut-over without DE 32 is for all acquirers, even where the link has only one. */
  private long settlementAcquirer(int mti) {
    return MessageType.isReconciliation(mti) || in.readable(32) ? translator.acquirer(in) : NO_ACQUIRER;
  }

  /** A cut-over moves no money, but it opens a new settlement day: it is decided, journaled and remembered. */
  private void cutOver(Session session) {
    if (!session.isSignedOn()) {
      refuse(session, DeclineReason.NOT_SIGNED_ON);
      return;
    }
    if (in.readable(32) && !translator.isAllowed(in.number(32))) {
      link.counters().foreignAcquirers.increment();
      refuse(session, DeclineReason.ACQUIRER_NOT_ALLOWED);
      return;
    }
    int missing = translator.missingKeyField(in);
    if (missing != 0 && missing != 32) {
      formatError(session, missing);
      return;
    }
    queueOrShed(session, in.mti());
  }

  /** Sign-on, sign-off, echo and the announcement of a key change are the session's own; a cut-over is the engine's. */
  private void network(Session session) {
    int field = edition.networkField();
    if (!in.readable(field)) {
      formatError(session, field);
      return;
    }
    long function = edition.networkFunction(in);
    if (function == CUT_OVER) {
      cutOver(session);
      return;
    }
    if (function == SIGN_ON) {
      session.signOn();
    } else if (function == SIGN_OFF) {
      session.signOff();
    } else if (KeyChange.is(function) && KeyChange.carriesKeys(in)) {
      refuse(session, DeclineReason.FUNCTION_UNKNOWN);
      return;
    } else if (function != ECHO_TEST && !KeyChange.is(function)) {
      refuse(session, DeclineReason.FUNCTION_UNKNOWN);
      return;
    }
    answer(session, link.settings().codes().of(Approval.NETWORK), null, 0);
  }

  private void formatError(Session session, int de) {
    link.counters().formatErrors.increment();
    answer(session, link.settings().codes().of(DeclineReason.FORMAT_ERROR), DeclineReason.FORMAT_ERROR, de);
  }

  private void refuse(Session session, DeclineReason cause) {
    answer(session, link.settings().codes().of(cause), cause, 0);
  }

  private void answer(Session session, byte[] code, @Nullable DeclineReason cause, int offender) {
    ByteBuf out = session.directAnswers();
    int start = out.writerIndex();
    try {
      encoder.encode(echo, echoLength, code, cause, offender, out);
      link.counters().answers.increment();
    } catch (IllegalArgumentException e) {
      out.writerIndex(start);
      session.failed("an answer does not fit the dialect", e);
    }
  }
}
