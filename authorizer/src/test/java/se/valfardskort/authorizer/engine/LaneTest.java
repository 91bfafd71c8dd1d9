package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** The order in which what is remembered becomes due: holds after 7 days, pre-authorizations and postings after 30. */
final class LaneTest extends HolderTest {
  private static final int PREAUTHORIZATION = 6;

  private TestRequest hold(int conditionCode) {
    TestRequest hold = fixture.request(ANNA);
    hold.amount = 100_00;
    hold.conditionCode = conditionCode;
    fixture.send(hold);
    return hold;
  }

  /** Ticks at the end of the day {@code day}, counted from the start. */
  private void assertAt(int day, int remembered, long held) {
    fixture.timeMs = EngineFixture.START_MS + day * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals(remembered, fixture.engine.originals(), "remembered on day " + day);
    assertEquals(held, fixture.engine.books().get("CASH_HELD"), "held on day " + day);
    fixture.engine.checkInvariants();
  }

  private void day(int day) {
    fixture.timeMs = EngineFixture.START_MS + day * EngineFixture.DAY_MS;
  }

  @Test
  void shouldLetEachHoldExpireAtItsOwnTime() {
    hold(0);
    day(1);
    hold(0);
    day(2);
    hold(0);
    assertAt(6, 3, 300_00);
    assertAt(7, 3, 200_00);
    hold(0);
    assertAt(8, 4, 200_00);
    assertAt(9, 4, 100_00);
    assertAt(13, 4, 100_00);
    assertAt(14, 3, 0);
    assertAt(15, 2, 0);
    assertAt(16, 1, 0);
    assertAt(20, 1, 0);
    assertAt(21, 0, 0);
  }

  /** The first has ended and is forgotten while the second, which waited behind it, is still held. */
  @Test
  void shouldNotMixThoseThatEndedWithThoseThatAreHeld() {
    hold(PREAUTHORIZATION);
    day(29);
    hold(PREAUTHORIZATION);
    assertAt(30, 2, 100_00);
    assertAt(37, 1, 100_00);
    day(38);
    hold(0);
    assertAt(38, 2, 200_00);
    assertAt(45, 2, 100_00);
    assertAt(51, 2, 100_00);
    assertAt(52, 1, 100_00);
    assertAt(59, 1, 0);
    assertAt(66, 0, 0);
  }

  @Test
  void shouldForgetPostingsAfterThirtyDaysAndTombstonesAfterSeven() {
    TestRequest bought = fixture.request(ANNA);
    bought.messageClass = MessageClass.FINANCIAL;
    bought.amount = 100_00;
    fixture.send(bought);
    TestRequest neverCame = fixture.request(ANNA);
    fixture.send(neverCame.reversal(fixture.newKey()));
    assertAt(6, 2, 0);
    assertAt(7, 1, 0);
    assertAt(29, 1, 0);
    assertAt(30, 0, 0);
  }

  @Test
  void shouldDoNoMoreInATickThanItSays() {
    hold(0);
    hold(0);
    hold(0);
    fixture.timeMs = EngineFixture.START_MS + 7 * EngineFixture.DAY_MS;

    fixture.tick(2);
    assertEquals(100_00, fixture.engine.books().get("CASH_HELD"));
    fixture.tick(2);
    assertEquals(0, fixture.engine.books().get("CASH_HELD"));
  }

  @Test
  void shouldGiveEachHoldBackToItsOwnAccount() {
    fixture.card(8);
    TestRequest bos = fixture.request(8);
    bos.amount = 200_00;
    fixture.send(bos);
    hold(0);
    day(1);
    hold(0);

    assertAt(7, 3, 100_00);
    assertEquals(EngineFixture.CASH, available(8));
    assertEquals(EngineFixture.CASH - 100_00, available(ANNA));
    assertAt(8, 3, 0);
    assertEquals(EngineFixture.CASH, available(ANNA));
    TestRequest another = fixture.request(8);
    another.amount = 50_00;
    fixture.send(another);
    assertAt(14, 2, 50_00);
    assertEquals(EngineFixture.CASH - 50_00, available(8));
    assertAt(15, 1, 0);
    assertAt(22, 0, 0);
  }

  private long available(int card) {
    CardView view = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(card)), 0);
    return Objects.requireNonNull(view).cashAvailableMinor();
  }
}
