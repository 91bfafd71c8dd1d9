package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/**
 * An engine with the test policy for those outside of this package who put a pipeline and links before it. Belongs to
 * the pipeline's thread while that runs; before and after to the caller's.
 */
public final class Bank {
  /** What {@link #open} loads. */
  public static final long CASH = EngineFixture.CASH;

  /** What {@link #open} loads. */
  public static final long HJARTAN = EngineFixture.HJARTAN;

  private static final EngineCapacity CAPACITY = new EngineCapacity(64, 64, 1_000, 1_000, 1_000, 4, 1 << 20);

  private final EngineFixture fixture = EngineFixture.configured(CAPACITY);

  /** With one more partner, like the first of the test policy. */
  public Bank(int partnerId) {
    Configuration plain = TestPolicy.configuration();
    Partner first = plain.partners().getFirst();
    List<Partner> partners = new ArrayList<>(plain.partners());
    partners.add(
        new Partner(
            partnerId,
            "wire",
            first.acquirers(),
            first.approvals(),
            first.declines(),
            first.unknownOriginalDeclined(),
            first.adjustments(),
            first.adviceLimitMinor()));
    fixture.activate(
        new Configuration(
            plain.programmes(), plain.bazNames(), plain.providers(), partners, plain.civilTime()));
  }

  /** The engine. */
  public Engine core() {
    return fixture.engine;
  }

  /** Time of its last command. */
  public long timeMs() {
    return fixture.timeMs;
  }

  /** Opens a good card with 7,000 kr and 3,000 Hjartan. */
  public void open(byte[] token) {
    UnsafeBuffer command = new UnsafeBuffer(new byte[256]);
    UnsafeBuffer panToken = new UnsafeBuffer(token);
    apply(
        command,
        Commands.cardOpen(
            command, 0, panToken, 0, -1, TestPolicy.PROGRAMME, TestPolicy.FITTJA, EngineFixture.EXPIRY,
            CardStatus.ACTIVE, 3));
    apply(command, Commands.load(command, 0, panToken, 0, 0, CASH, HJARTAN));
  }

  private void apply(UnsafeBuffer command, int length) {
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    int reason = fixture.engine.decide(command, 0, length, fixture.timeMs, decision, 0);
    if (reason != 0) {
      throw new IllegalStateException("refused: " + reason);
    }
    fixture.engine.apply(command, 0, length, fixture.timeMs, decision, 0);
  }

  /** CASH that the card may spend. */
  public long cash(byte[] token) {
    return inquiry(token).cashAvailableMinor();
  }

  /** HJARTAN that the card may spend. */
  public long hjartan(byte[] token) {
    return inquiry(token).hjartanAvailableMinor();
  }

  /** Decided and never applied. */
  private DecisionDecoder inquiry(byte[] token) {
    TestRequest request = fixture.request(0);
    request.processingCode = 310_000;
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    int length = request.encode(command);
    command.putBytes(
        MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.panTokenEncodingOffset(), token);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    fixture.engine.decide(command, 0, length, fixture.timeMs, decision, 0);
    return new DecisionDecoder().wrapAndApplyHeader(decision, 0, new MessageHeaderDecoder());
  }
}
