package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Reversals that speak of what is not theirs, or of more than was taken. */
public final class ReversalAttacks implements Scenarios {
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;
  private static final long OTHER_ACQUIRER = 654_321;

  @Override
  public List<Attack> all() {
    return Stream.concat(strangers().stream(), tooMuch().stream()).toList();
  }

  private static List<Attack> strangers() {
    return List.of(
        new Attack(
            11,
            "reversing another acquirer's original",
            "names a stranger's purchase by DE 90, by DE 37 + 41, and by DE 38",
            "undo a purchase that was never his",
            "partner and acquirer are compared before any reference is",
            ReversalAttacks::anotherAcquirer,
            List.of(
                Mutant.harmful("senders are not compared", Edit.in(Identity.class, "isBySender").returns(true)))),
        new Attack(
            11,
            "reversing another partner's original",
            "does the same over another partner's link, in the name of the same acquirer",
            "undo a purchase that was never his",
            "partner and acquirer are compared before any reference is",
            ReversalAttacks::anotherPartner,
            List.of(
                Mutant.harmful("senders are not compared", Edit.in(Identity.class, "isBySender").returns(true)),
                Mutant.harmful(
                    "partners are not compared",
                    Edit.in(Identity.class, "isBySender").readGives("partnerId", TestPolicy.PARTNER)))),
        new Attack(
            11,
            "reversing another card's original",
            "names another card's purchase with the DE 2 of his own, which has a hold open, too",
            "free money that a merchant has been promised",
            "only the card's own originals are looked through",
            ReversalAttacks::anotherCard,
            List.of(
                Mutant.harmful(
                    "all cards share one list", Edit.in(CardTable.class, "newestOriginal()").returns(1)))));
  }

  private static List<Attack> tooMuch() {
    Mutant notWritten =
        Mutant.harmful("what is left is not written down", Edit.in(OriginalTable.class, "amounts").doesNothing());
    Edit raises = Edit.in(Reduction.class, "decide").guardOffAfter("leftMinor");
    Edit givesLessThanNothing = Edit.in(Reduction.class, "decide").guardOpenAfter("approvedMinor");
    return List.of(
        new Attack(
            12,
            "reversing more than the original",
            "reverses in full, for more than the purchase, and again when nothing is left",
            "get more back than was taken, at the cost of the card's other holds",
            "what an original has left is kept with it, and nothing beyond it goes back",
            ReversalAttacks::moreThanTheOriginal,
            List.of(notWritten)),
        new Attack(
            12,
            "raising a hold by its reversal",
            "lets DE 95 name more than is left of the hold",
            "take money without asking the purses",
            "a reversal never leaves more than there is; the ledger moves no amount below 0",
            ReversalAttacks::raisingByReversal,
            List.of(
                Mutant.stopped("what remains may grow", raises, givesLessThanNothing),
                Mutant.harmful(
                    "nor does the ledger ask",
                    raises,
                    givesLessThanNothing,
                    Edit.in(Ledger.class, "move").guardOffBefore("a posting of ")))),
        new Attack(
            13,
            "partial reversals in a loop",
            "repeats a partial reversal under new keys",
            "get the same part back each time",
            "DE 95 says what remains, so the same reversal a second time finds it so",
            ReversalAttacks::inALoop,
            List.of(
                notWritten,
                Mutant.harmful(
                    "the hold is not reduced", Edit.in(Reduction.class, "apply").callRemoved("amounts")))),
        new Attack(
            13,
            "partial reversals of one increment in a loop",
            "takes half of an increment off its hold again and again, under new keys",
            "free money that the merchant has been promised",
            "an increment keeps what is left of it, beside its hold",
            ReversalAttacks::incrementInALoop,
            List.of(
                Mutant.harmful(
                    "the increment is not reduced", Edit.in(Booking.class, "giveBack").callRemoved("amounts")))));
  }

  private static void anotherAcquirer() {
    Victim anna = new Victim();
    TestRequest purchase = anna.hold(500_00);
    String authCode = anna.send(purchase).authCode();

    TestRequest byOriginalData = anna.reversal(purchase, 0);
    byOriginalData.acquirer = OTHER_ACQUIRER;
    TestRequest byReference = byOriginalData.copy();
    byReference.key = anna.fixture.newKey();
    byReference.originalData = false;
    TestRequest byAuthCode = byReference.copy();
    byAuthCode.key = anna.fixture.newKey();
    byAuthCode.rrn = "";
    byAuthCode.authCode = authCode;
    anna.send(byOriginalData);
    anna.send(byReference);
    anna.send(byAuthCode);

    anna.assertPurses(CASH - 500_00, HJARTAN, "after a stranger's reversals");
  }

  private static void anotherPartner() {
    Victim anna = new Victim();
    TestRequest purchase = anna.hold(500_00);
    anna.send(purchase);

    TestRequest reversal = anna.reversal(purchase, 0);
    reversal.partner = TestPolicy.STRICT_PARTNER;
    anna.send(reversal);

    anna.assertPurses(CASH - 500_00, HJARTAN, "after a stranger's reversal");
  }

  private static void anotherCard() {
    Victim anna = new Victim();
    int thief = 8;
    anna.fixture.card(thief);
    TestRequest own = anna.hold(2_000_00);
    own.card = thief;
    anna.send(own);
    TestRequest purchase = anna.hold(500_00);
    anna.send(purchase);

    TestRequest reversal = anna.reversal(purchase, 0);
    reversal.card = thief;
    anna.send(reversal);

    anna.assertPurses(CASH - 500_00, HJARTAN, "after a reversal with another card");
    anna.assertPurses(anna.fixture, thief, CASH - 2_000_00, HJARTAN, "of the other card");
  }

  private static void moreThanTheOriginal() {
    Victim anna = new Victim();
    anna.send(anna.hold(2_000_00));
    TestRequest hold = anna.hold(500_00);
    anna.send(hold);

    TestRequest forMore = anna.reversal(hold, 0);
    forMore.amount = 2_000_00;
    anna.send(forMore);
    anna.send(anna.reversal(hold, 0));
    anna.send(anna.reversal(hold, -1));

    anna.assertPurses(CASH - 2_000_00, HJARTAN, "after three reversals of one hold");
  }

  private static void raisingByReversal() {
    Victim anna = new Victim();
    TestRequest hold = anna.hold(500_00);
    anna.send(hold);
    anna.send(anna.reversal(hold, 100_00));

    anna.send(anna.reversal(hold, 300_00));
    anna.send(anna.reversal(hold, 999_999_999_999L));

    anna.assertPurses(CASH - 100_00, HJARTAN, "after reversals that leave more than there was");
  }

  private static void inALoop() {
    Victim anna = new Victim();
    anna.send(anna.hold(2_000_00));
    TestRequest hold = anna.hold(500_00);
    anna.send(hold);

    for (int i = 0; i < 5; i++) {
      anna.send(anna.reversal(hold, 400_00));
    }

    anna.assertPurses(CASH - 2_400_00, HJARTAN, "after five partial reversals");
  }

  private static void incrementInALoop() {
    Victim anna = new Victim();
    TestRequest hold = anna.hold(500_00);
    String authCode = anna.send(hold).authCode();
    TestRequest increment = anna.hold(100_00);
    increment.rrn = hold.rrn;
    increment.authCode = authCode;
    assertEquals(Effect.RAISE, anna.send(increment).effect());

    for (int i = 0; i < 4; i++) {
      anna.send(anna.reversal(increment, 50_00));
    }

    anna.assertPurses(CASH - 550_00, HJARTAN, "after four partial reversals");
  }
}
