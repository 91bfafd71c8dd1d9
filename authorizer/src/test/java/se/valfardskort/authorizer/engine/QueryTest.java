package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** A look at a card: kept, and without effect. */
final class QueryTest {
  private static final int ANNA = 7;
  private static final EngineCapacity ROOM = new EngineCapacity(10, 10, 100, 200, 60, 3, 1 << 18);

  private final EngineFixture fixture = EngineFixture.configured(ROOM);

  @BeforeEach
  void open() {
    fixture.card(ANNA);
  }

  private Answer look(int card, String author) {
    return fixture.look(card, author);
  }

  private CardView view() {
    return Objects.requireNonNull(fixture.engine.view(new UnsafeBuffer(EngineFixture.token(ANNA)), 0));
  }

  @Test
  void shouldSayWhatIsThereAndChangeNothingButTheDigest() {
    CardView before = view();
    long digest = fixture.engine.digest();

    Answer looked = look(ANNA, "local-operator");

    assertNull(looked.refusal());
    assertEquals(Effect.READ, looked.effect());
    assertEquals(before.accountId(), looked.accountId());
    assertEquals(before, view());
    assertNotEquals(digest, fixture.engine.digest());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldRefuseALookAtNobody() {
    assertEquals(CommandRefusal.CARD_NOT_FOUND, look(8, "local-operator").refusal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "tab\there"})
  void shouldRefuseALookOfNobody(String author) {
    assertEquals(CommandRefusal.AUTHOR_INVALID, look(ANNA, author).refusal());
  }

  @Test
  void shouldShowTheNewestOfWhatACardDid() {
    for (int i = 0; i < 60; i++) {
      TestRequest purchase = fixture.request(ANNA);
      purchase.messageClass = MessageClass.FINANCIAL;
      purchase.amount = 1_00;
      assertNull(fixture.send(purchase).reason());
    }

    List<CardView.OriginalView> shown = view().originals();

    List<CardView.OriginalView> all =
        Objects.requireNonNull(fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0)).originals();
    assertEquals(60, all.size());
    assertEquals(all.subList(0, 50), shown);
  }

  @Test
  void shouldShowAnApprovalAsItWasGranted() {
    ApprovalTerms terms =
        new ApprovalTerms(
            99, true, false, ApprovalReason.FUNERAL, 0, fixture.timeMs + 86_400_000L, 5_000_00, 2, List.of(578, 65_534),
            List.of(ApprovalTerms.Covered.category("food"), ApprovalTerms.Covered.mcc(742),
                ApprovalTerms.Covered.merchant(123_456, "KIOSKEN00000009")),
            "caseworker-1");
    assertNull(fixture.grant(ANNA, terms).refusal());

    CardView.Allowance shown = view().allowances().get(0);

    assertEquals(
        new CardView.Allowance(
            1, 99, true, false, ApprovalReason.FUNERAL, false, 0, terms.validUntilMs(), 5_000_00, 5_000_00, 2, 0,
            List.of(578, 65_534), List.of("food", "MCC 0742", "merchant 123456 KIOSKEN00000009")),
        shown);
  }
}
