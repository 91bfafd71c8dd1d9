package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Many small purchases instead of a large one, and holds that nobody completes. */
public final class LimitAttacks implements Scenarios {
  private static final int SECOND_CARD = 8;
  private static final int RESTAURANT = 5812;
  private static final int OPEN_HOLDS = 100;

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            23,
            "split tender under a limit",
            "pays a bill of 1,200 kr in parts of 300 kr, by two cards of the account and by raising a hold",
            "get more in a category than one purchase, and one day, may come to",
            "limits over days and months count all purchases of an account, and all increments, in a category",
            LimitAttacks::splitting,
            List.of(
                Mutant.harmful(
                    "nobody asks for the day's amount in the category",
                    Edit.in(LimitRules.class, "decideDay").guardOffBefore("CATEGORY_DAY_AMOUNT")),
                Mutant.harmful(
                    "what was bought is not added to the day",
                    Edit.in(LimitCounters.class, "count").callRemoved("addToDay")),
                Mutant.harmful(
                    "an increment is not counted",
                    Edit.in(Booking.class, "countMore").doesNothing()))),
        new Attack(
            24,
            "holds that exhaust an account",
            "places holds of 1 kr at terminals of his own and completes none",
            "keep the account's money, and the authorizer's memory, for himself",
            "an account has so many open holds and no more, and each expires by the journaled clock",
            LimitAttacks::exhausting,
            List.of(
                Mutant.harmful(
                    "nobody asks how many holds are open",
                    Edit.in(PurchaseHandler.class, "limitRules").guardOffBefore("OPEN_HOLDS")),
                Mutant.harmful("holds never expire", Edit.in(TickHandler.class, "expire").doesNothing()))));
  }

  private static void splitting() {
    Victim anna = new Victim();
    Limits day = new Limits(Limits.NONE.purchaseMinor(), 600_00, (int) Limits.NONE.purchaseMinor(), -1, -1);
    assertNull(anna.fixture.activate(TestPolicy.withLimits(Limits.NONE, Map.of("restaurants", day))).refusal());

    TestRequest hold = restaurant(anna.hold(200_00));
    Answer held = anna.send(hold);
    anna.fixture.open(
        SECOND_CARD, held.accountId(), TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    TestRequest increment = restaurant(anna.hold(100_00));
    increment.rrn = hold.rrn;
    increment.authCode = held.authCode();
    anna.send(increment);
    TestRequest bySecondCard = restaurant(anna.purchase(300_00));
    bySecondCard.card = SECOND_CARD;
    anna.send(bySecondCard);
    Answer third = anna.send(restaurant(anna.purchase(300_00)));
    Answer least = anna.send(restaurant(anna.purchase(0_01)));

    anna.assertPurses(EngineFixture.CASH - 600_00, EngineFixture.HJARTAN, "after a day's restaurants");
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, third.reason());
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, least.reason());
  }

  private static TestRequest restaurant(TestRequest request) {
    request.mcc = RESTAURANT;
    return request;
  }

  private static void exhausting() {
    Victim anna = new Victim();
    for (int hold = 0; hold < OPEN_HOLDS; hold++) {
      assertNull(anna.send(anna.hold(1_00)).reason());
    }
    Answer oneMore = anna.send(anna.hold(1_00));
    anna.assertPurses(EngineFixture.CASH - 100_00, EngineFixture.HJARTAN, "with as many holds as may be open");
    assertEquals(DeclineReason.OPEN_HOLDS, oneMore.reason());

    anna.passDays(8);

    anna.assertPurses(EngineFixture.CASH, EngineFixture.HJARTAN, "when the holds have expired");
    TestRequest purchase = anna.hold(7_000_00);
    purchase.transmissionTime = 1130_115958L;
    assertNull(anna.send(purchase).reason());
  }
}
