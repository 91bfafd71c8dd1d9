package se.valfardskort.authorizer.engine;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;

/** A decision, taken out of its bytes so that tests can keep and compare it. */
final class Answer {
  private final boolean remembered;
  private final byte[] bytes;

  Answer(boolean remembered, byte[] bytes) {
    this.remembered = remembered;
    this.bytes = bytes;
  }

  /** It came from the request memory. */
  boolean remembered() {
    return remembered;
  }

  byte[] bytes() {
    return bytes;
  }

  private DecisionDecoder decoder() {
    return new DecisionDecoder()
        .wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
  }

  @Nullable DeclineReason reason() {
    return decoder().reason() == DeclineReason.APPROVED ? null : DeclineReason.ofCode(decoder().reason());
  }

  @Nullable CommandRefusal refusal() {
    return decoder().reason() == 0 ? null : CommandRefusal.ofCode(decoder().reason());
  }

  Effect effect() {
    return decoder().effect();
  }

  /** The names of the decision's flags, in order, with spaces between. */
  String flags() {
    return decoder().flags().toString().replace("{", "").replace("}", "").replace(",", " ").strip();
  }

  /** DE 4 of an approval in part. */
  long transactionApproved() {
    return decoder().transactionApprovedMinor();
  }

  int faultDe() {
    return decoder().faultDe();
  }

  String responseCode() {
    return decoder().responseCode();
  }

  String authCode() {
    return decoder().authCode();
  }

  int cardId() {
    return decoder().cardId();
  }

  int accountId() {
    return decoder().accountId();
  }

  int originalId() {
    return decoder().originalId();
  }

  long approved() {
    return decoder().approvedMinor();
  }

  long hjartan() {
    return decoder().hjartanMinor();
  }

  long cash() {
    return decoder().cashMinor();
  }

  long hjartanAvailable() {
    return decoder().hjartanAvailableMinor();
  }

  long cashAvailable() {
    return decoder().cashAvailableMinor();
  }

  /** {@link Long#MIN_VALUE}: the account has no SAVINGS. */
  long savingsAvailable() {
    return decoder().savingsAvailableMinor();
  }

  /** {@link Long#MIN_VALUE}: the account has no earmark. */
  long earmark() {
    return decoder().earmarkMinor();
  }

  /** {@link Long#MIN_VALUE}: the account has no earmark. */
  long earmarkAvailable() {
    return decoder().earmarkAvailableMinor();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Answer answer && Arrays.equals(bytes, answer.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return decoder().toString();
  }
}
