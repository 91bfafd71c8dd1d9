package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Amounts that no purchase has. */
public final class AmountAttacks implements Scenarios {
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;

  private static final Edit NO_MISSING_AMOUNT = Edit.in(AuthorizationHandler.class, "missingField").returns(0);
  private static final Edit NO_LARGEST_AMOUNT =
      Edit.in(AuthorizationHandler.class, "decide").guardOffBefore("AMOUNT_TOO_LARGE");
  private static final Edit NO_FUNDS_CHECK =
      Edit.in(PurseRules.class, "payByPurseOrder").guardOffBefore("INSUFFICIENT_FUNDS");
  private static final Edit ANY_BALANCE = Edit.in(Ledger.class, "add").guardOffBefore("ledger account ");

  @Override
  public List<Attack> all() {
    Edit anyPart = Edit.in(OriginalTable.class, "amounts").guardOffBefore("an original's parts came to ");
    Edit anyPosting = Edit.in(Ledger.class, "move").guardOffBefore("a posting of ");
    return List.of(
        new Attack(
            4,
            "negative amount",
            "buys for less than nothing",
            "add money to the card",
            "an amount below 0 is a format error; the ledger moves no amount below 0 and lets no balance get the"
                + " wrong sign",
            AmountAttacks::negative,
            List.of(
                Mutant.stopped("the amount's sign is not asked for", NO_MISSING_AMOUNT),
                Mutant.stopped("nor is that of a posting", NO_MISSING_AMOUNT, anyPosting),
                Mutant.stopped("nor that of a balance", NO_MISSING_AMOUNT, anyPosting, ANY_BALANCE),
                Mutant.harmful(
                    "nor that of what is kept of it", NO_MISSING_AMOUNT, anyPosting, ANY_BALANCE, anyPart))),
        new Attack(
            4,
            "overflow",
            "buys for amounts that overflow what they are added to",
            "get an approval beyond what the purses have",
            "a largest amount, then comparisons that never add; no balance may get the wrong sign",
            AmountAttacks::overflow,
            List.of(
                Mutant.stopped(
                    "neither a largest amount is asked for nor funds", NO_LARGEST_AMOUNT, NO_FUNDS_CHECK),
                Mutant.harmful(
                    "nor the sign of a balance",
                    NO_LARGEST_AMOUNT,
                    NO_FUNDS_CHECK,
                    ANY_BALANCE,
                    Edit.in(Ledger.class, "move").guardOffBefore(" cannot pay ")))));
  }

  private static void negative() {
    Victim anna = new Victim();
    TestRequest purchase = anna.purchase(1_00);

    Answer answer = anna.sendWithAmount(purchase, -5_000_00);

    anna.assertPurses(CASH, HJARTAN, "after a purchase for less than nothing");
    assertEquals(DeclineReason.FORMAT_ERROR, answer.reason());
    assertEquals(4, answer.faultDe());
  }

  private static void overflow() {
    for (long amount : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - CASH, 999_999_999_999L, 10_000_000_001L}) {
      Victim anna = new Victim();
      TestRequest fuel = anna.purchase(1_00);
      fuel.mcc = 5541;
      anna.send(fuel);
      TestRequest purchase = anna.purchase(1_00);
      purchase.mcc = 5541;

      Answer answer = anna.sendWithAmount(purchase, amount);

      anna.assertPurses(CASH - 1_00, HJARTAN, "after a purchase for " + amount);
      assertEquals(DeclineReason.AMOUNT_TOO_LARGE, answer.reason());
    }
  }
}
