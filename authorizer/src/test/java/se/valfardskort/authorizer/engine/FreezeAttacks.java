package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/**
 * A frozen card in a race with its authorizations. No command freezes a card that is in use: a card is frozen from when
 * it is opened. What can be raced is that: requests in the journal before the card's opening, and after.
 */
public final class FreezeAttacks implements Scenarios {
  private static final int FROZEN = 8;

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            19,
            "freeze racing an authorization",
            "sends requests of every kind around the command that makes a card of the account a frozen one",
            "have one approved behind that command",
            "the status is part of the one order of commands, and the first thing that is asked of a card",
            FreezeAttacks::racing,
            List.of(
                Mutant.harmful(
                    "nobody asks whether it is frozen",
                    Edit.in(CardRules.class, "decideCard").guardOffBefore("CARD_FROZEN")),
                Mutant.harmful(
                    "the status is not written down",
                    Edit.in(OperatorHandler.class, "apply(CardOpenDecoder)").callGives("status", CardStatus.ACTIVE)))));
  }

  private static void racing() {
    Victim anna = new Victim();
    int account = anna.send(anna.purchase(1_00)).accountId();

    assertEquals(DeclineReason.CARD_UNKNOWN, anna.send(onFrozen(anna.purchase(100_00))).reason());
    anna.fixture.open(FROZEN, account, TestPolicy.FITTJA, CardStatus.FROZEN, EngineFixture.EXPIRY, 3);
    Answer hold = anna.send(onFrozen(anna.hold(100_00)));
    Answer purchase = anna.send(onFrozen(anna.purchase(100_00)));
    TestRequest preauthorization = onFrozen(anna.hold(100_00));
    preauthorization.conditionCode = 6;
    Answer preauthorized = anna.send(preauthorization);

    anna.assertPurses(EngineFixture.CASH - 1_00, EngineFixture.HJARTAN, "after requests of the frozen card");
    assertEquals(DeclineReason.CARD_FROZEN, hold.reason());
    assertEquals(DeclineReason.CARD_FROZEN, purchase.reason());
    assertEquals(DeclineReason.CARD_FROZEN, preauthorized.reason());
  }

  private static TestRequest onFrozen(TestRequest request) {
    request.card = FROZEN;
    return request;
  }
}
