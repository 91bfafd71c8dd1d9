package se.valfardskort.authorizer.app;

import se.valfardskort.authorizer.gateway.CommandPort;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.Slot;

/** The pipeline's ring as the gateway sees it. Any thread; never blocks. */
final class RingPort implements CommandPort {
  private final CommandRing ring;

  RingPort(CommandRing ring) {
    this.ring = ring;
  }

  @Override
  public long tryClaim(boolean reservedRoom) {
    return ring.tryClaim(reservedRoom ? Priority.REVERSAL : Priority.AUTHORIZATION);
  }

  @Override
  public Slot slot(long place) {
    return ring.slot(place);
  }

  @Override
  public void publish(long place) {
    ring.publish(place);
  }
}
