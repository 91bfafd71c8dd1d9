package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** A card in use that is frozen in a race with its authorizations: in the journal before the freeze, and after. */
public final class FreezeAttacks implements Scenarios {
  private static final int OPENED_FROZEN = 8;

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            19,
            "freeze racing an authorization",
            "sends requests of every kind around the command that freezes the card, or opens a frozen one",
            "have one approved behind that command",
            "the status is part of the one order of commands, and the first thing that is asked of a card",
            FreezeAttacks::racing,
            List.of(
                Mutant.harmful(
                    "nobody asks whether it is frozen",
                    Edit.in(CardRules.class, "decideCard").guardOffBefore("CARD_FROZEN")),
                Mutant.harmful(
                    "the freeze is not written down",
                    Edit.in(CardStatusHandler.class, "apply").callRemoved("changeStatus")),
                Mutant.harmful(
                    "the status of a new card is not written down",
                    Edit.in(OperatorHandler.class, "apply(CardOpenDecoder)").callGives("status", CardStatus.ACTIVE)))));
  }

  private static void racing() {
    Victim anna = new Victim();
    int account = anna.send(anna.purchase(1_00)).accountId();
    anna.send(anna.hold(2_00));

    anna.fixture.change(Victim.ANNA, CardStatus.FROZEN);
    anna.fixture.open(OPENED_FROZEN, account, TestPolicy.FITTJA, CardStatus.FROZEN, EngineFixture.EXPIRY, 3);
    TestRequest preauthorization = anna.hold(100_00);
    preauthorization.conditionCode = 6;
    List<Answer> behind =
        List.of(
            anna.send(anna.hold(100_00)),
            anna.send(anna.purchase(100_00)),
            anna.send(preauthorization),
            anna.send(ofTheOtherCard(anna.hold(100_00))),
            anna.send(ofTheOtherCard(anna.purchase(100_00))));

    anna.assertPurses(EngineFixture.CASH - 3_00, EngineFixture.HJARTAN, "after requests of frozen cards");
    for (Answer answer : behind) {
      assertEquals(DeclineReason.CARD_FROZEN, answer.reason());
    }
  }

  private static TestRequest ofTheOtherCard(TestRequest request) {
    request.card = OPENED_FROZEN;
    return request;
  }
}
