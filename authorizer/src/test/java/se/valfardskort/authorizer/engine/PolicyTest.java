package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;

/** The category table of domain.md section 3, MCC by MCC, and the merchants that have a rule of their own. */
final class PolicyTest {
  private static final int ANNA = 7;
  private static final int IN_DOROTEA = 8;

  private final EngineFixture fixture = EngineFixture.configured();

  @BeforeEach
  void open() {
    fixture.card(ANNA);
    fixture.open(
        IN_DOROTEA, -1, TestPolicy.OTHER_PROGRAMME, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.load(IN_DOROTEA, 0, EngineFixture.CASH, 0);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private @Nullable DeclineReason buy(int mcc, String merchant, int country) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.merchant = merchant;
    request.country = country;
    request.amount = 1_00;
    Answer answer = fixture.send(request);
    if (answer.reason() == null) {
      fixture.send(request.reversal(fixture.newKey()));
    }
    return answer.reason();
  }

  @Test
  void shouldDecideEveryMccOfTheTableByItsGroup() {
    for (TestPolicy.Line line : TestPolicy.LINES) {
      for (String token : line.mccs().split(" ", -1)) {
        boolean journey = token.endsWith("!");
        String[] ends = token.replace("!", "").split("-", -1);
        for (String mcc : ends) {
          DeclineReason expected = journey ? DeclineReason.ABROAD_JOURNEY : line.reason();
          assertEquals(expected, buy(Integer.parseInt(mcc), "BUTIK", 752), line.name() + " " + mcc);
        }
      }
    }
  }

  @Test
  void shouldCountEveryMerchantAbroadAsAbroadUnlessItIsBlocked() {
    for (TestPolicy.Line line : TestPolicy.LINES) {
      int mcc = Integer.parseInt(line.mccs().substring(0, 4));
      boolean blocked = line.group() == CategoryGroup.BLOCKED || line.group() == CategoryGroup.CASH;

      assertEquals(blocked ? line.reason() : DeclineReason.ABROAD, buy(mcc, "BUTIK", 578), line.name());
    }
  }

  @Test
  void shouldFollowTheProgrammeWhereNoCategoryListsTheMcc() {
    TestRequest request = fixture.request(IN_DOROTEA);
    request.mcc = 1520;

    assertNull(buy(1520, "BUTIK", 752));
    assertEquals(DeclineReason.BLOCKED_UNLISTED, fixture.send(request).reason());
  }

  @Test
  void shouldLetAMerchantRuleWinOverTheMcc() {
    assertNull(buy(5993, "KIOSKEN00000001", 752));
    assertEquals(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, buy(5993, "KIOSKEN00000002", 752));
    assertEquals(DeclineReason.MERCHANT_DENIED, buy(5691, "LYXMODE00000001", 752));
  }

  @Test
  void shouldKnowAMerchantByItsAcquirerToo() {
    TestRequest request = fixture.request(ANNA);
    request.mcc = 5993;
    request.merchant = "KIOSKEN00000001";
    request.acquirer = 654_321;

    assertEquals(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, fixture.send(request).reason());
  }

  @Test
  void shouldTakeAnAccreditedProvidersCategoryFromItsAccreditation() {
    assertNull(buy(5971, "KONSTRUM0000001", 752));
    assertEquals(DeclineReason.BLOCKED_LUXURY, buy(5971, "SUSPENDED000001", 752));
    assertEquals(DeclineReason.BLOCKED_LUXURY, buy(5971, "WITHDRAWN000001", 752));
    assertNull(buy(5971, "ANNANBAZ0000001", 752));
  }

  @Test
  void shouldIgnoreTrailingSpacesOfTheMerchantId() {
    assertNull(buy(5993, "KIOSK2", 752));
    assertNull(buy(5993, "KIOSK2         ", 752));
    assertEquals(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, buy(5993, " KIOSK2", 752));
  }
}
