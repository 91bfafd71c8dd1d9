package se.valfardskort.benchmarks;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/** The cheapest engine: adds amounts up and remembers nothing, so that a measurement shows the pipeline around it. */
final class AddingCore implements Core {
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final DecisionEncoder decisionOut = new DecisionEncoder();
  private long total;
  private long digest;

  @Override
  public int decisionLength() {
    return MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
  }

  @Override
  public boolean remembers(
      DirectBuffer command, int offset, int length, MutableDirectBuffer decision, int decisionOffset) {
    return false;
  }

  @Override
  public int decide(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset) {
    long amount = amountOf(command, offset);
    write(decision, decisionOffset, 0, amount, total + amount);
    return 0;
  }

  @Override
  public void apply(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset) {
    total += amountOf(command, offset);
    digest = digest * 31 + total;
    decisionOut.wrap(decision, decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH).digest(digest);
  }

  @Override
  public void refuse(
      DirectBuffer command, int offset, int length, int reason, MutableDirectBuffer decision, int decisionOffset) {
    write(decision, decisionOffset, reason, 0, total);
  }

  @Override
  public long digest() {
    return digest;
  }

  @Override
  public long stateHash() {
    return digest;
  }

  @Override
  public void checkInvariants() {
    if (total < 0) {
      throw new IllegalStateException("the total is " + total);
    }
  }

  private long amountOf(DirectBuffer command, int offset) {
    request.wrap(
        command,
        offset + MessageHeaderDecoder.ENCODED_LENGTH,
        CardRequestDecoder.BLOCK_LENGTH,
        CardRequestDecoder.SCHEMA_VERSION);
    return request.amountMinor();
  }

  private void write(MutableDirectBuffer decision, int offset, int reason, long approved, long totalAfter) {
    decision.setMemory(offset, decisionLength(), (byte) 0);
    decisionOut.wrapAndApplyHeader(decision, offset, header);
    decisionOut.reason(reason).approvedMinor(approved).cashAvailableMinor(totalAfter);
  }
}
