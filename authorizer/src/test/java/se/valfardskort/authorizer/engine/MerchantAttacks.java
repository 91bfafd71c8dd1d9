package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Shops that say that they are something else. */
public final class MerchantAttacks implements Scenarios {
  private static final String WINE_BAR = "VINBAREN0000001";
  private static final String KIOSK = "KIOSKEN00000001";
  private static final String DENIED = "LYXMODE00000001";
  private static final String PROVIDER = "BARNKOOP0000001";
  private static final int FOOD = 5411;
  private static final int FASHION = 5691;
  private static final int TOBACCO = 5993;

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            7,
            "MCC spoofing",
            "sends the code of a grocery from a wine bar, and from a shop on the deny list",
            "be paid for what the policy blocks",
            "what the policy says of a merchant, and its accreditation, win over DE 18",
            MerchantAttacks::spoofing,
            List.of(
                Mutant.harmful(
                    "the MCC decides", Edit.in(ProgrammeRules.class, "categoryOfMerchant").returns(-1)),
                Mutant.harmful("nobody is denied", Edit.in(ProgrammeRules.class, "denies").returns(false)))),
        new Attack(
            7,
            "MCC changed by a known merchant",
            "sends another MCC from a merchant that the policy names, and goes back to the old one",
            "have nobody see it",
            "a merchant's row remembers the MCC that it sent last, and each change is flagged",
            MerchantAttacks::changing,
            List.of(
                Mutant.harmful("nobody compares them", Edit.in(Place.class, "noteMcc").doesNothing()),
                Mutant.harmful(
                    "what was sent is not kept", Edit.in(MerchantTable.class, "sentMcc(int)").doesNothing()))));
  }

  private static Answer buyAt(Victim anna, String merchant, int mcc) {
    TestRequest purchase = anna.purchase(100_00);
    purchase.merchant = merchant;
    purchase.mcc = mcc;
    return anna.send(purchase);
  }

  private static void spoofing() {
    Victim anna = new Victim();
    MerchantRule wineBar =
        new MerchantRule(TestPolicy.ACQUIRER, WINE_BAR, false, TestPolicy.indexOf("alcohol-tobacco"));
    assertNull(anna.fixture.activate(TestPolicy.withMerchant(wineBar)).refusal());

    Answer wine = buyAt(anna, WINE_BAR, FOOD);
    Answer luxury = buyAt(anna, DENIED, FOOD);
    Answer tobacco = buyAt(anna, "ELSEWHERE000001", TOBACCO);

    anna.assertPurses(EngineFixture.CASH, EngineFixture.HJARTAN, "after all three");
    assertEquals(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, wine.reason());
    assertEquals(DeclineReason.MERCHANT_DENIED, luxury.reason());
    assertEquals(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, tobacco.reason());
  }

  private static void changing() {
    Victim anna = new Victim();

    Answer first = buyAt(anna, KIOSK, TOBACCO);
    Answer same = buyAt(anna, KIOSK, TOBACCO);
    Answer changed = buyAt(anna, KIOSK, FOOD);
    Answer back = buyAt(anna, KIOSK, TOBACCO);
    buyAt(anna, DENIED, FASHION);
    Answer declined = buyAt(anna, DENIED, FOOD);
    TestRequest hold = anna.hold(50_00);
    hold.merchant = PROVIDER;
    anna.send(hold);
    TestRequest advice = anna.adviceOfItsOwn(50_00);
    advice.merchant = PROVIDER;
    advice.mcc = FASHION;
    Answer advised = anna.send(advice);
    // Nothing is kept of a shop that nothing names.
    buyAt(anna, "ICA000000000001", FOOD);
    Answer unknown = buyAt(anna, "ICA000000000001", FASHION);

    for (Answer quiet : List.of(first, same, unknown)) {
      assertFalse(quiet.flags().contains("newMcc"), quiet::flags);
    }
    for (Answer told : List.of(changed, back, declined, advised)) {
      Victim.assertFlag("newMcc", told);
    }
    assertEquals(DeclineReason.MERCHANT_DENIED, declined.reason());
  }
}
