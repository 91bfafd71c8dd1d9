package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Money that comes back although it never went, or comes back twice. */
public final class RefundAttacks implements Scenarios {
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;
  private static final String PROVIDER = "BARNKOOP0000001";

  @Override
  public List<Attack> all() {
    Mutant notKept =
        Mutant.harmful("what was refunded is not kept", Edit.in(OriginalTable.class, "refunded").doesNothing());
    Edit anyState = Edit.in(RefundHandler.class, "decide").callGives("state", OriginalState.POSTED);
    Edit partsStay = Edit.in(Reduction.class, "apply").callRemoved("amounts");
    return List.of(
        new Attack(
            5,
            "purchase turned into a credit under a new key",
            "sends a 0200 with DE 3 = 20 where nothing was ever bought",
            "put money on the card",
            "a refund goes only where a purchase came from; the rest waits for a caseworker",
            RefundAttacks::creditOutOfNothing,
            List.of(
                Mutant.harmful(
                    "CASH takes what is asked for",
                    Edit.in(RefundHandler.class, "share").readGives("cashMinor", 500_00L)))),
        new Attack(
            5,
            "credit by an adjustment",
            "gives back an earlier purchase by a 0220 with DE 3 = 22",
            "turn his own goods into money",
            "adjustments are an unknown function but for the partners that may send them",
            RefundAttacks::creditAdjustment,
            List.of(
                Mutant.harmful(
                    "every partner may", Edit.in(PartnerRules.class, "bookAdjustments").returns(true)))),
        toAnotherPurseAttack(),
        ofAnEarmarkAttack(),
        new Attack(
            9,
            "linked refunds adding up to more than the purchase",
            "refunds a purchase of 500 kr three times by 300 kr",
            "get more back than was paid",
            "a posting keeps how much of each purse's part was refunded",
            RefundAttacks::linkedRefunds,
            List.of(notKept)),
        new Attack(
            9,
            "unlinked refunds adding up to more than the purchases",
            "refunds without naming a purchase, three times by 300 kr, at a merchant that was paid 500 kr",
            "get more back than was paid",
            "an unlinked refund counts against the merchant's postings, each with what was refunded of it",
            RefundAttacks::unlinkedRefunds,
            List.of(notKept)),
        new Attack(
            10,
            "refund of a reversed purchase",
            "reverses a purchase, then refunds it",
            "get it back twice",
            "a reversed posting has nothing left, and its state says so",
            RefundAttacks::refundAfterReversal,
            List.of(Mutant.harmful("neither its state nor its parts say so", anyState, partsStay))),
        new Attack(
            10,
            "reversal of a refunded purchase",
            "refunds a purchase, then reverses it",
            "get it back twice",
            "a reversal gives back only what was not refunded",
            RefundAttacks::reversalAfterRefund,
            List.of(notKept)));
  }

  private static void creditOutOfNothing() {
    Victim anna = new Victim();
    anna.send(anna.purchase(1_000_00));
    TestRequest refund = anna.purchase(500_00);
    refund.processingCode = 200_000;
    refund.merchant = "COOP00000000001";

    Answer answer = anna.send(refund);

    assertEquals("00", answer.responseCode());
    anna.assertPurses(CASH - 1_000_00, HJARTAN, "after a refund of nothing");
    Victim.assertFlag("refundWaiting", answer);
  }

  private static void creditAdjustment() {
    Victim anna = new Victim();
    anna.send(anna.purchase(500_00));
    TestRequest adjustment = anna.purchase(500_00);
    adjustment.advice = true;
    adjustment.processingCode = 220_000;

    Answer answer = anna.send(adjustment);

    anna.assertPurses(CASH - 500_00, HJARTAN, "after the adjustment");
    assertEquals(DeclineReason.FUNCTION_UNKNOWN, answer.reason());
  }

  /** 3,500 kr: 3,000 Hjartan and 500 kr. */
  private static TestRequest split(Victim anna) {
    TestRequest purchase = anna.purchase(3_500_00);
    purchase.merchant = PROVIDER;
    return purchase;
  }

  private static Attack toAnotherPurseAttack() {
    Edit noHjartan = Edit.in(RefundHandler.class, "share").readGives("hjartanMinor", 0L);
    Edit cash = Edit.in(RefundHandler.class, "share").readGives("cashMinor", 100_00L);
    return new Attack(
        8,
        "refund to another purse",
        "pays a provider in Hjartan, and lets it refund that, linked and unlinked, with a DE 3 that names CASH",
        "turn Hjartan into kronor",
        "a refund goes to the purses that paid, narrowest money first, whatever DE 3 asks for",
        RefundAttacks::toAnotherPurse,
        List.of(
            Mutant.stopped("CASH takes what Hjartan paid", noHjartan, cash),
            Mutant.harmful(
                "nor is that written to the posting", noHjartan, cash,
                Edit.in(OriginalTable.class, "refunded").doesNothing())));
  }

  private static Attack ofAnEarmarkAttack() {
    Edit noEarmark = Edit.in(RefundHandler.class, "share").readGives("earmarkMinor", 0L);
    Edit cash = Edit.in(RefundHandler.class, "share").readGives("cashMinor", 100_00L);
    return new Attack(
        8,
        "refund of an earmark's purchase",
        "buys food with a grant, and lets the shop refund it, linked and unlinked, with a DE 3 that names CASH",
        "turn a grant for food into kronor for anything",
        "what an earmark paid is refunded to it, or to the pool where it has ended",
        RefundAttacks::ofAnEarmark,
        List.of(
            Mutant.stopped("CASH takes what the earmark paid", noEarmark, cash),
            Mutant.harmful(
                "nor is that written to the posting", noEarmark, cash,
                Edit.in(OriginalTable.class, "refunded").doesNothing())));
  }

  private static void ofAnEarmark() {
    Victim anna = new Victim();
    long now = anna.fixture.timeMs;
    EarmarkTerms food =
        new EarmarkTerms(
            1, EarmarkKind.FOOD, now, now + EngineFixture.DAY_MS, 200_00, 0, 0, List.of(),
            List.of(Covered.category("food")), "caseworker-1");
    assertNull(anna.fixture.earmark(Victim.ANNA, food).refusal());
    TestRequest paid = anna.purchase(100_00);
    assertEquals(100_00, anna.send(paid).earmark());
    assertEquals(100_00, anna.send(anna.purchase(100_00)).earmark());
    TestRequest linked = anna.refund(paid, 100_00);
    linked.processingCode = 200_096;
    TestRequest unlinked = anna.purchase(100_00);
    unlinked.processingCode = 209_600;

    assertEquals("00", anna.send(linked).responseCode());
    Answer last = anna.send(unlinked);

    assertEquals("00", last.responseCode());
    anna.assertPurses(CASH, HJARTAN, "after both refunds");
    assertEquals(200_00, last.earmarkAvailable());
  }

  private static void toAnotherPurse() {
    Victim anna = new Victim();
    anna.send(split(anna));
    anna.send(anna.reversal(split(anna), 0));
    anna.assertPurses(CASH - 500_00, 0, "after the purchase");
    anna.fixture.load(Victim.ANNA, 0, 0, 200_00);
    TestRequest paid = anna.purchase(100_00);
    paid.merchant = PROVIDER;
    anna.send(paid);
    anna.assertPurses(CASH - 500_00, 100_00, "after a purchase in Hjartan alone");
    TestRequest linked = anna.refund(paid, 100_00);
    linked.processingCode = 200_096;
    TestRequest unlinked = anna.purchase(100_00);
    unlinked.merchant = PROVIDER;
    unlinked.processingCode = 209_600;

    assertEquals("00", anna.send(linked).responseCode());
    assertEquals("00", anna.send(unlinked).responseCode());

    anna.assertPurses(CASH - 500_00, 300_00, "after both refunds");
  }

  private static void linkedRefunds() {
    Victim anna = new Victim();
    anna.send(anna.purchase(2_000_00));
    TestRequest paid = anna.purchase(500_00);
    anna.send(paid);
    TestRequest withHjartan = split(anna);
    anna.send(withHjartan);
    TestRequest others = split(anna);
    others.card = 8;
    anna.fixture.card(8);
    anna.send(others);

    for (int i = 0; i < 3; i++) {
      assertEquals("00", anna.send(anna.refund(paid, 300_00)).responseCode());
      assertEquals("00", anna.send(anna.refund(withHjartan, 2_000_00)).responseCode());
    }

    anna.assertPurses(CASH - 2_000_00, HJARTAN, "after three refunds of each");
  }

  private static void unlinkedRefunds() {
    Victim anna = new Victim();
    TestRequest elsewhere = anna.purchase(2_000_00);
    elsewhere.merchant = "COOP00000000001";
    anna.send(elsewhere);
    anna.send(anna.purchase(400_00));
    anna.send(anna.purchase(100_00));

    for (int i = 0; i < 3; i++) {
      TestRequest refund = anna.purchase(300_00);
      refund.processingCode = 200_000;
      assertEquals("00", anna.send(refund).responseCode());
    }

    anna.assertPurses(CASH - 2_000_00, HJARTAN, "after three refunds");
  }

  private static void refundAfterReversal() {
    Victim anna = new Victim();
    anna.send(anna.purchase(2_000_00));
    TestRequest purchase = anna.purchase(500_00);
    purchase.merchant = "COOP00000000001";
    anna.send(purchase);
    anna.send(anna.reversal(purchase, 0));

    Answer linked = anna.send(anna.refund(purchase, 500_00));
    TestRequest unlinked = anna.purchase(500_00);
    unlinked.merchant = "COOP00000000001";
    unlinked.processingCode = 200_000;
    anna.send(unlinked);

    assertEquals("00", linked.responseCode());
    anna.assertPurses(CASH - 2_000_00, HJARTAN, "after reversal and refunds");
    Victim.assertFlag("refundWaiting", linked);
  }

  private static void reversalAfterRefund() {
    Victim anna = new Victim();
    anna.send(anna.purchase(2_000_00));
    TestRequest purchase = anna.purchase(500_00);
    anna.send(purchase);
    anna.send(anna.refund(purchase, 400_00));

    anna.send(anna.reversal(purchase, 0));

    anna.assertPurses(CASH - 2_000_00, HJARTAN, "after refund and reversal");
  }
}
