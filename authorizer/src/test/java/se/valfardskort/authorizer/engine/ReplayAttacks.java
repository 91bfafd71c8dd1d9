package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** A request that was good once is sent again, and a reversal before what it reverses. */
public final class ReplayAttacks implements Scenarios {
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;

  private static final Mutant NOT_ENTERED =
      Mutant.harmful("originals are not entered", Edit.in(RequestMemory.class, "rememberOriginal").doesNothing());

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            1,
            "exact replay",
            "sends an approved purchase again, at once, later, and after a restart",
            "make the holder pay twice",
            "the request memory is asked before anything is decided; a posting keeps its own key and answer",
            ReplayAttacks::exactReplay,
            List.of(
                Mutant.harmful("nobody asks the memory", Edit.in(Engine.class, "remembers").returns(false)),
                NOT_ENTERED)),
        new Attack(
            1,
            "exact replay of a reversal",
            "sends a reversal of part of a hold again",
            "give the money back twice",
            "the request memory knows answers that made no original, too",
            ReplayAttacks::replayOfAReversal,
            List.of(
                Mutant.harmful(
                    "answers are not entered", Edit.in(Engine.class, "applyCardRequest").callRemoved("remember")))),
        new Attack(
            2,
            "same key with another amount",
            "changes the amount of an approved purchase and keeps its key",
            "get an approval for an amount that nobody decided",
            "the fingerprint of what was decided is compared: 94",
            ReplayAttacks::otherAmount,
            List.of(
                Mutant.harmful(
                    "fingerprints are not compared", Edit.in(Engine.class, "remembers").guardOffBefore("KEY_REUSED")),
                Mutant.harmful(
                    "fingerprints are not kept",
                    Edit.in(OriginalTable.class, "fingerprint").returns(2L)))),
        new Attack(
            3,
            "replay after the key expired",
            "sends a purchase again when its posting has been forgotten",
            "make the holder pay twice",
            "what is forgotten raises a low-water time, and a request that is older is refused",
            ReplayAttacks::afterTheKeyExpired,
            List.of(
                Mutant.harmful(
                    "age is not asked for", Edit.in(AuthorizationHandler.class, "isOlderThanMemory").returns(false)),
                Mutant.harmful(
                    "forgetting leaves no mark", Edit.in(RequestMemory.class, "raiseLowWater").doesNothing()))),
        new Attack(
            3,
            "replay after the key was pushed out",
            "fills the request memory with declines, then sends a purchase again",
            "make the holder pay twice",
            "keys of holds and postings live with the money, not in the memory of fixed size",
            ReplayAttacks::afterAFlood,
            List.of(NOT_ENTERED)),
        new Attack(
            17,
            "reversal before its original",
            "lets the reversal overtake the purchase, and is told that all is reversed",
            "take money by the purchase that arrives afterwards",
            "a reversal that finds nothing leaves a tombstone, which declines the original",
            ReplayAttacks::reversalFirst,
            List.of(
                Mutant.harmful(
                    "tombstones are not looked for",
                    Edit.in(AuthorizationHandler.class, "isReversedAlready").returns(false)),
                Mutant.harmful(
                    "no tombstone is raised", Edit.in(ReversalHandler.class, "decide").writeRemoved("effect")))));
  }

  private static void exactReplay() {
    Victim anna = new Victim();
    TestRequest purchase = anna.purchase(500_00);
    Answer first = anna.send(purchase);
    assertNull(first.reason());

    Answer atOnce = anna.send(purchase);
    anna.send(anna.purchase(100_00));
    Answer later = anna.send(purchase);

    anna.assertPurses(CASH - 600_00, HJARTAN, "after the replays");
    assertEquals(first, atOnce);
    assertEquals(first, later);
    EngineFixture restarted = anna.restarted();
    assertEquals(first, restarted.send(purchase));
    anna.assertPurses(restarted, Victim.ANNA, CASH - 600_00, HJARTAN, "after a replay behind a restart");
  }

  private static void replayOfAReversal() {
    Victim anna = new Victim();
    TestRequest hold = anna.hold(500_00);
    anna.send(hold);
    TestRequest reversal = anna.reversal(hold, 400_00);
    Answer first = anna.send(reversal);

    Answer again = anna.send(reversal);

    anna.assertPurses(CASH - 400_00, HJARTAN, "after both");
    assertTrue(again.remembered(), "the replay was decided anew");
    assertEquals(first, again);
  }

  private static void otherAmount() {
    Victim anna = new Victim();
    TestRequest purchase = anna.purchase(1_00);
    assertNull(anna.send(purchase).reason());
    TestRequest changed = purchase.copy();
    changed.amount = 5_000_00;
    changed.fingerprint = 2;

    Answer answer = anna.send(changed);

    assertEquals(DeclineReason.KEY_REUSED, answer.reason());
    assertEquals("94", answer.responseCode());
    anna.assertPurses(CASH - 1_00, HJARTAN, "after the changed copy");
  }

  private static void afterTheKeyExpired() {
    Victim anna = new Victim();
    TestRequest purchase = anna.purchase(500_00);
    anna.send(purchase);
    anna.passDays(31);

    Answer again = anna.send(purchase);

    anna.assertPurses(CASH - 500_00, HJARTAN, "after the replay");
    assertEquals(DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW, again.reason());
  }

  private static void afterAFlood() {
    Victim anna = new Victim();
    TestRequest purchase = anna.purchase(500_00);
    Answer first = anna.send(purchase);
    for (int i = 0; i < 150; i++) {
      TestRequest casino = anna.purchase(1_00);
      casino.mcc = 7995;
      casino.transmissionTime = Victim.SENT + 1;
      assertNotNull(anna.send(casino).reason());
    }

    Answer again = anna.send(purchase);

    anna.assertPurses(CASH - 500_00, HJARTAN, "after the replay");
    assertEquals(first, again);
  }

  private static void reversalFirst() {
    Victim anna = new Victim();
    TestRequest purchase = anna.purchase(500_00);
    Answer reversed = anna.send(anna.reversal(purchase, 0));

    Answer late = anna.send(purchase);

    assertEquals("00", reversed.responseCode());
    anna.assertPurses(CASH, HJARTAN, "after the late original");
    assertEquals(DeclineReason.REVERSED_BEFORE_ARRIVAL, late.reason());
    assertEquals("94", late.responseCode());
  }
}
