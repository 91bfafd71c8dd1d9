package se.valfardskort.authorizer.gateway;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened on a partner's link since the start.
 *
 * <p>Written by event loops and the reply thread, read by anyone. Counting allocates nothing once a counter is warm.
 */
public final class LinkCounters {
  /** Whole frames that were read. */
  final LongAdder frames = new LongAdder();
  /** Answers handed to the connection. */
  final LongAdder answers = new LongAdder();
  /** Frames that made no sense, or no message to answer. */
  final LongAdder unreadable = new LongAdder();
  /** Answers that came in and that nothing asked for, and notifications. */
  final LongAdder unanswered = new LongAdder();
  /** Messages answered 30 before they became commands. */
  final LongAdder formatErrors = new LongAdder();
  /** Messages of an acquirer that the link may not use. */
  final LongAdder foreignAcquirers = new LongAdder();
  /** Messages for which the ring had no room. */
  final LongAdder shed = new LongAdder();
  /** Reversals and advices that could not be booked and are met with silence, so that they come again. */
  final LongAdder silenced = new LongAdder();
  /** Connections that were taken. */
  final LongAdder opened = new LongAdder();

  /** Requests of our own: sign-ons, echoes, sign-offs. */
  final LongAdder asked = new LongAdder();
  /** Attempts to connect a link that we dial. */
  final LongAdder dialled = new LongAdder();

  private final Map<CloseCause, LongAdder> closed = new EnumMap<>(CloseCause.class);

  LinkCounters() {
    for (CloseCause cause : CloseCause.values()) {
      closed.put(cause, new LongAdder());
    }
  }

  void closed(CloseCause cause) {
    counterOf(cause).increment();
  }

  /** Whole frames that were read. */
  public long frames() {
    return frames.sum();
  }

  /** Answers handed to connections. */
  public long answers() {
    return answers.sum();
  }

  /** Frames that were ignored because they make no sense or no message to answer. */
  public long unreadable() {
    return unreadable.sum();
  }

  /** Answers that nothing asked for, and notifications. */
  public long unanswered() {
    return unanswered.sum();
  }

  /** Messages answered 30 before they became commands. */
  public long formatErrors() {
    return formatErrors.sum();
  }

  /** Messages of an acquirer that the link may not use: each is worth an alarm. */
  public long foreignAcquirers() {
    return foreignAcquirers.sum();
  }

  /** Messages for which the ring had no room. */
  public long shed() {
    return shed.sum();
  }

  /** Reversals and advices that could not be booked and were met with silence. */
  public long silenced() {
    return silenced.sum();
  }

  /** Connections that were taken. */
  public long opened() {
    return opened.sum();
  }

  /** Requests of our own: sign-ons, echoes, sign-offs. */
  public long asked() {
    return asked.sum();
  }

  /** Attempts to connect a link that we dial. */
  public long dialled() {
    return dialled.sum();
  }

  /** Connections that ended for this cause. */
  public long closedFor(CloseCause cause) {
    return counterOf(cause).sum();
  }

  private LongAdder counterOf(CloseCause cause) {
    return Objects.requireNonNull(closed.get(cause));
  }
}
