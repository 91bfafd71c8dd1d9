package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToIntFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;

/** What a decision carries of others: never anything of the one before, always the digest of all up to it. */
final class EngineAnswerTest extends HolderTest {
  private static final int OVERLOADED = 900;

  private final UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);

  private static long digestOf(UnsafeBuffer decision) {
    return new DecisionDecoder().wrapAndApplyHeader(decision, 0, new MessageHeaderDecoder()).digest();
  }

  private static long digestOf(Answer answer) {
    return digestOf(new UnsafeBuffer(answer.bytes()));
  }

  private TestRequest purchase(long amount) {
    TestRequest request = fixture.request(ANNA);
    request.messageClass = MessageClass.FINANCIAL;
    request.amount = amount;
    return request;
  }

  @Test
  void shouldCarryTheDigestThatEachCommandBringsTheEngineTo() {
    long before = fixture.engine.digest();
    before = assertCarried(before, fixture.send(purchase(10_00)));
    TestRequest declined = purchase(10_00);
    declined.mcc = 7995;
    before = assertCarried(before, fixture.send(declined));
    before = assertCarried(before, fixture.send(fixture.settlement().totals(0, 0, 0, 0, 0)));
    before = assertCarried(before, fixture.send(fixture.settlement().cutOver()));
    before = assertCarried(before, fixture.load(ANNA, 0, 1, 0));
    before = assertCarried(before, fixture.load(99, 0, 1, 0));
    assertCarried(before, fixture.tick(10));
  }

  private long assertCarried(long before, Answer answer) {
    assertNotEquals(before, fixture.engine.digest(), answer::toString);
    assertEquals(fixture.engine.digest(), digestOf(answer), answer::toString);
    return fixture.engine.digest();
  }

  /** Of two engines with the same past, the second gets the command a millisecond later, or another command. */
  @Test
  void shouldTellOtherTimesAndOtherCommandsByTheDigest() {
    EngineFixture same = twin();
    EngineFixture later = twin();
    later.timeMs++;
    EngineFixture other = twin();

    long expected = digestOf(fixture.tick(10));
    assertEquals(expected, digestOf(same.tick(10)));
    assertNotEquals(expected, digestOf(later.tick(10)));
    assertNotEquals(expected, digestOf(other.load(ANNA, 0, 1, 0)));
  }

  private static EngineFixture twin() {
    EngineFixture twin = EngineFixture.configured();
    twin.card(ANNA);
    return twin;
  }

  @Test
  void shouldAnswerAMisusedKeyWithThePursesOfItsCardAndNothingElse() {
    fixture.card(8);
    TestRequest annas = purchase(100_00);
    fixture.send(annas);
    TestRequest bos = fixture.request(8);
    bos.amount = 4_000_00;
    fixture.send(bos);
    annas.fingerprint = 2;

    Answer misused = fixture.send(annas);

    assertEquals(DeclineReason.KEY_REUSED, misused.reason());
    assertEquals(Effect.NOTHING, misused.effect());
    assertEquals(0, misused.approved() + misused.cash() + misused.hjartan());
    assertEquals("", misused.authCode());
    assertEquals(0, misused.accountId());
    assertEquals(EngineFixture.CASH - 100_00, misused.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, misused.hjartanAvailable());
  }

  @Test
  void shouldRefuseUndecidedWithoutAnythingOfTheAnswerBefore() {
    assertEquals(100_00, fixture.send(purchase(100_00)).approved());

    Answer refused = fixture.refuse(purchase(50_00), OVERLOADED);

    assertEquals(DeclineReason.OVERLOADED, refused.reason());
    assertEquals("91", refused.responseCode());
    assertEquals(Effect.NOTHING, refused.effect());
    assertEquals(0, refused.approved() + refused.cash() + refused.hjartan());
    assertEquals("", refused.authCode());
    assertEquals("", refused.flags());
  }

  @Test
  void shouldRefuseAReconciliationInThePartnersOwnCode() {
    fixture.send(purchase(100_00));
    TestSettlement request = fixture.settlement().totals(0, 0, 0, 0, 0);

    fixture.engine.refuse(command, 0, request.encode(command), OVERLOADED, decision, 0);

    DecisionDecoder refused = new DecisionDecoder().wrapAndApplyHeader(decision, 0, new MessageHeaderDecoder());
    assertEquals(OVERLOADED, refused.reason());
    assertEquals("91", refused.responseCode());
    assertEquals(0, refused.approvedMinor());
  }

  @Test
  void shouldReturnTheReasonThatTheDecisionCarries() {
    assertEquals(0, decided(purchase(1_00)::encode));
    TestRequest gambling = purchase(1_00);
    gambling.mcc = 7995;
    assertEquals(DeclineReason.BLOCKED_GAMBLING.code, decided(gambling::encode));
    int unknown = decided(buffer -> Commands.load(buffer, 0, new UnsafeBuffer(EngineFixture.token(99)), 0, 0, 1, 0));
    assertEquals(CommandRefusal.CARD_NOT_FOUND.code, unknown);
    assertTrue(unknown != 0);
  }

  private int decided(ToIntFunction<UnsafeBuffer> encoded) {
    int length = encoded.applyAsInt(command);
    return fixture.engine.decide(command, 0, length, fixture.timeMs, decision, 0);
  }
}
