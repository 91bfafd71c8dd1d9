package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.Stream;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Completions for more, too late, and again; and advices of what nobody asked us for. */
public final class CompletionAttacks implements Scenarios {
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;
  private static final Edit NO_TOLERANCE = Edit.in(CompletionHandler.class, "isAboveTolerance").returns(false);

  @Override
  public List<Attack> all() {
    return Stream.concat(completions().stream(), advices().stream()).toList();
  }

  private static List<Attack> completions() {
    Mutant toleratesAll = Mutant.harmful("every amount is within the tolerance", NO_TOLERANCE);
    Edit namesAnything = Edit.in(PurchaseHandler.class, "namedHold").callGives("state", OriginalState.HELD);
    return List.of(
        new Attack(
            14,
            "completion above the hold, by a request",
            "completes a hold of 100 kr with a 0200 for 5,000 kr, and one for fuel above its 20 %",
            "take more than the holder agreed to",
            "a 0200 above the hold and its category's tolerance is declined",
            CompletionAttacks::requestAboveTheHold,
            List.of(toleratesAll)),
        new Attack(
            14,
            "completion above the hold, by an advice",
            "completes a hold of 100 kr with a 0220 for 5,000 kr",
            "do so unseen: it has been paid out, and must be booked",
            "what is above the hold and its tolerance is flagged",
            CompletionAttacks::adviceAboveTheHold,
            List.of(toleratesAll)),
        new Attack(
            15,
            "completion after the hold expired",
            "completes a hold by a 0220 a week late",
            "take the money twice, from the hold and from the purse, or unseen",
            "an expired hold has given its money back; the late posting is flagged",
            CompletionAttacks::afterExpiry,
            List.of(
                Mutant.harmful(
                    "the expired hold keeps the money",
                    Edit.in(TickHandler.class, "expire").callRemoved("apply")),
                Mutant.harmful("nobody is told", Edit.in(AdviceHandler.class, "decide").callGives("late", 0)))),
        new Attack(
            15,
            "completion after the reversal",
            "reverses a hold and completes it afterwards by a 0220",
            "take the money unseen while the holder believes that it is back",
            "booked, since it was paid out, and flagged",
            CompletionAttacks::afterReversal,
            List.of(
                Mutant.harmful(
                    "nobody is told", Edit.in(AdviceHandler.class, "decide").callGives("afterReversal", 0)))),
        new Attack(
            15,
            "a reversed hold as a way round the rules",
            "names a reversed hold in a 0200 at a casino, since completions are not asked about categories",
            "pay in a blocked category",
            "only a hold that is still held is completed; anything else is an ordinary purchase",
            CompletionAttacks::roundTheRules,
            List.of(
                Mutant.stopped("any hold may be completed", namesAnything, NO_TOLERANCE),
                Mutant.harmful(
                    "nor is the state machine asked",
                    namesAnything,
                    NO_TOLERANCE,
                    Edit.in(OriginalTable.class, "state(OriginalState)").guardOffBefore("an original that is ")))),
        new Attack(
            16,
            "completion twice",
            "sends a second 0220 for the same hold under another key",
            "take the money twice",
            "the first completion is final: a completed hold is remembered as such",
            CompletionAttacks::twice,
            List.of(
                Mutant.harmful(
                    "the hold is not marked as completed",
                    Edit.in(Booking.class, "complete").callRemoved("state")))));
  }

  private static List<Attack> advices() {
    return List.of(
        new Attack(
            25,
            "advices that overdraw",
            "books 9,000 kr on a card with 7,000 kr by an advice of which nobody knew",
            "do so unseen, or spend what is below 0 once more",
            "booked, since it was paid out, and flagged; purchases find nothing in a purse below 0",
            CompletionAttacks::overdraft,
            List.of(
                Mutant.harmful(
                    "nobody is told", Edit.in(ForcedBooking.class, "overdraw").callGives("overdrawn", 0)),
                Mutant.harmful(
                    "nobody asks for funds",
                    Edit.in(PurseRules.class, "payByPurseOrder").guardOffBefore("INSUFFICIENT_FUNDS"),
                    Edit.in(Ledger.class, "move").guardOffBefore(" cannot pay ")))),
        new Attack(
            25,
            "advices that overdraw beyond a partner's limit",
            "lets a partner's advices overdraw card after card by a little",
            "reach a large sum before anybody looks",
            "what a partner's advices have overdrawn is added up, and flagged above its limit",
            CompletionAttacks::beyondThePartnersLimit,
            List.of(
                Mutant.harmful("nothing is added up", Edit.in(EngineState.class, "addOverdrawn").doesNothing()),
                Mutant.harmful(
                    "nobody is told", Edit.in(ForcedBooking.class, "overdraw").callGives("partnerLimit", 0)))));
  }

  private static void requestAboveTheHold() {
    Victim anna = new Victim();
    TestRequest food = anna.hold(100_00);
    anna.send(food);
    TestRequest fuel = anna.hold(500_00);
    fuel.mcc = 5541;
    anna.send(fuel);

    Answer forFood = anna.send(anna.completionByRequest(food, 5_000_00));
    Answer forFuel = anna.send(anna.completionByRequest(fuel, 600_01));

    anna.assertPurses(CASH - 600_00, HJARTAN, "after two declined completions");
    assertEquals(DeclineReason.COMPLETION_ABOVE_TOLERANCE, forFood.reason());
    assertEquals(DeclineReason.COMPLETION_ABOVE_TOLERANCE, forFuel.reason());
    assertNull(anna.send(anna.completionByRequest(fuel, 600_00)).reason());
  }

  private static void adviceAboveTheHold() {
    Victim anna = new Victim();
    TestRequest food = anna.hold(100_00);
    anna.send(food);

    Answer answer = anna.send(anna.completion(food, 5_000_00));

    anna.assertPurses(CASH - 5_000_00, HJARTAN, "after the completion");
    Victim.assertFlag("overTolerance", answer);
  }

  private static void afterExpiry() {
    Victim anna = new Victim();
    TestRequest hold = anna.hold(3_000_00);
    anna.send(hold);
    anna.passDays(8);

    Answer answer = anna.send(anna.completion(hold, 3_000_00));

    assertEquals("00", answer.responseCode());
    anna.assertPurses(CASH - 3_000_00, HJARTAN, "after the late completion");
    Victim.assertFlag("late", answer);
  }

  private static void afterReversal() {
    Victim anna = new Victim();
    TestRequest hold = anna.hold(3_000_00);
    anna.send(hold);
    anna.send(anna.reversal(hold, 0));

    Answer answer = anna.send(anna.completion(hold, 3_000_00));

    assertEquals("00", answer.responseCode());
    anna.assertPurses(CASH - 3_000_00, HJARTAN, "after the completion");
    Victim.assertFlag("afterReversal", answer);
  }

  private static void roundTheRules() {
    Victim anna = new Victim();
    anna.send(anna.hold(1_000_00));
    TestRequest hold = anna.hold(3_000_00);
    anna.send(hold);
    anna.send(anna.reversal(hold, 0));
    TestRequest casino = anna.completionByRequest(hold, 3_000_00);
    casino.mcc = 7995;

    Answer answer = anna.send(casino);

    anna.assertPurses(CASH - 1_000_00, HJARTAN, "after a casino named a reversed hold");
    assertEquals(DeclineReason.BLOCKED_GAMBLING, answer.reason());
  }

  private static void twice() {
    Victim anna = new Victim();
    anna.send(anna.hold(500_00));
    anna.send(anna.hold(500_00));
    TestRequest hold = anna.hold(500_00);
    anna.send(hold);
    anna.send(anna.completion(hold, 500_00));

    Answer again = anna.send(anna.completion(hold, 500_00));
    Answer larger = anna.send(anna.completion(hold, 900_00));

    anna.assertPurses(CASH - 1_500_00, HJARTAN, "after three completions of one hold");
    Victim.assertFlag("repeatedCompletion", again);
    Victim.assertFlag("repeatedCompletion", larger);
  }

  private static void overdraft() {
    Victim anna = new Victim();

    Answer answer = anna.send(anna.adviceOfItsOwn(9_000_00));
    Answer purchase = anna.send(anna.purchase(1_00));

    assertEquals("00", answer.responseCode());
    anna.assertPurses(-2_000_00, HJARTAN, "after the advice");
    Victim.assertFlag("overdrawn", answer);
    Victim.assertFlag("standIn", answer);
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, purchase.reason());
  }

  private static void beyondThePartnersLimit() {
    Victim anna = new Victim();
    int berit = 8;
    anna.fixture.card(berit);
    TestRequest first = anna.adviceOfItsOwn(7_300_00);
    first.partner = TestPolicy.BANK_PARTNER;
    TestRequest second = anna.adviceOfItsOwn(7_300_00);
    second.partner = TestPolicy.BANK_PARTNER;
    second.card = berit;

    Answer within = anna.send(first);
    Answer beyond = anna.send(second);

    assertEquals("00", beyond.responseCode());
    Victim.assertFlag("overdrawn", within);
    assertFalse(within.flags().contains("partnerLimit"), "300 of 500 kr");
    Victim.assertFlag("partnerLimit", beyond);
  }
}
