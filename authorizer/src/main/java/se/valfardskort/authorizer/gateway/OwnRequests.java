package se.valfardskort.authorizer.gateway;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.iso8583.MessageReader;

/**
 * What we ask for on one connection: sign-on first where we dialled, an echo after silence, sign-off at the end.
 *
 * <p>Event loop only. At most one request is under way; its answer is known by the STAN. No traffic of the other side
 * is served on a connection of ours before our sign-on is approved.
 *
 * <p>While reading is paused nothing is asked and nothing is overdue: the answer may wait among what we do not read.
 */
final class OwnRequests {
  private static final long NS_PER_MS = 1_000_000L;
  private static final int NONE = 0;

  private final LinkUpkeep upkeep;
  private final NetworkClient client;
  private final Session session;
  private final Clock clock;
  private final @Nullable Dialer dialer;
  private final Runnable echoTimer = this::checkEcho;
  private final Runnable answerTimer = this::checkAnswer;
  private boolean signedOn;
  private int pendingStan = NONE;
  private NetworkFunction pending = NetworkFunction.SIGN_ON;
  private long askedNs;
  private boolean answerTimerArmed;

  /** @param dialer who made the connection; null where the other side did */
  OwnRequests(LinkUpkeep upkeep, NetworkClient client, Session session, Clock clock, @Nullable Dialer dialer) {
    this.upkeep = upkeep;
    this.client = client;
    this.session = session;
    this.clock = clock;
    this.dialer = dialer;
  }

  /** The connection stands. */
  void begin() {
    if (dialer != null) {
      ask(NetworkFunction.SIGN_ON);
    }
    if (upkeep.echoEveryMs() > 0) {
      session.after(echoTimer, upkeep.echoEveryMs());
    }
  }

  /** Whether the other side may sign on and send: where it connected, or has approved our sign-on. */
  boolean admits() {
    return dialer == null || signedOn;
  }

  /**
   * Takes an answer that came in.
   *
   * @return false where we asked for nothing of the kind
   */
  boolean takes(MessageReader in) {
    if (pendingStan == NONE || !client.isAnswer(in, pendingStan)) {
      return false;
    }
    pendingStan = NONE;
    if (pending == NetworkFunction.SIGN_ON) {
      if (client.approves(in)) {
        signedOn();
      } else {
        session.close(CloseCause.SIGN_ON_REFUSED);
      }
    }
    return true;
  }

  private void signedOn() {
    signedOn = true;
    session.signOn();
    if (dialer != null) {
      dialer.signedOn();
    }
  }

  /** All is answered and the connection will end: the last that we say. */
  void signOff() {
    if (signedOn) {
      ask(NetworkFunction.SIGN_OFF);
    }
  }

  /**
   * The connection has ended.
   *
   * @return true where whoever dialled it reports that
   */
  boolean ended(CloseCause cause) {
    if (dialer == null) {
      return false;
    }
    dialer.down(cause);
    return true;
  }

  private void ask(NetworkFunction function) {
    pending = function;
    pendingStan = client.write(function, session.directAnswers());
    session.flushDirect();
    askedNs = clock.nanoTime();
    if (!answerTimerArmed) {
      answerTimerArmed = true;
      session.after(answerTimer, upkeep.answerWithinMs());
    }
  }

  private void checkAnswer() {
    answerTimerArmed = false;
    if (session.isOver() || pendingStan == NONE) {
      return;
    }
    long leftMs = upkeep.answerWithinMs() - (clock.nanoTime() - askedNs) / NS_PER_MS;
    if (leftMs <= 0 && !session.isPaused()) {
      session.close(CloseCause.UNANSWERED);
      return;
    }
    answerTimerArmed = true;
    session.after(answerTimer, leftMs > 0 ? leftMs : upkeep.answerWithinMs());
  }

  private void checkEcho() {
    if (session.isOver()) {
      return;
    }
    long leftMs = upkeep.echoEveryMs() - (clock.nanoTime() - session.lastReadNs()) / NS_PER_MS;
    if (leftMs > 0) {
      session.after(echoTimer, leftMs);
      return;
    }
    if (pendingStan == NONE && !session.isPaused()) {
      ask(NetworkFunction.ECHO);
    }
    session.after(echoTimer, upkeep.echoEveryMs());
  }
}
