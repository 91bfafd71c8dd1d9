package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.YearMonth;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** The engine against {@link NaiveModel}: the same purchases, the same answers, the same purses. */
final class NaiveModelTest {
  private static final int PURCHASES = 30_000;
  private static final int CARDS = 60;
  private static final String[] MERCHANTS = {
    "ICA000000000001", "BARNKOOP0000001", "KONSTRUM0000001", "TAKET0000000001", "EGENFIRMA000001", "WITHDRAWN000001",
    "SUSPENDED000001", "ANNANBAZ0000001", "CYKEL0000000001", "KIOSKEN00000001", "LYXMODE00000001", "KIOSK2"
  };
  private static final String[] PURSES = {"00", "00", "00", "20", "96", "98", "10", "30"};

  private final long seed = 4_711L;
  private final Random random = new Random(seed);
  private final NaiveModel model = new NaiveModel();
  private final EngineFixture fixture = EngineFixture.configured();
  private final Map<DeclineReason, Integer> seen = new EnumMap<>(DeclineReason.class);
  private int approved;

  @Test
  void shouldDecideAsTheRulesWrittenASecondTime() {
    for (int card = 0; card < CARDS; card++) {
      open(card);
    }
    for (int purchase = 0; purchase < PURCHASES; purchase++) {
      fixture.timeMs += random.nextInt(400_000);
      if (random.nextInt(20) == 0) {
        load(random.nextInt(CARDS));
      }
      TestRequest request = purchase();
      DeclineReason expected = model.decide(request, fixture.timeMs);

      Answer answer = fixture.send(request);

      String where = "seed " + seed + " purchase " + purchase + " at " + request.merchant + " " + request.mcc;
      assertEquals(expected, answer.reason(), where);
      assertEquals(model.fromHjartan, answer.hjartan(), where);
      assertEquals(model.fromCash, answer.cash(), where);
      NaiveCard card = model.cards.get(request.card);
      if (card != null) {
        assertEquals(card.account.cash(), answer.cashAvailable(), where);
        assertEquals(card.account.hjartan(), answer.hjartanAvailable(), where);
      }
      if (expected == null) {
        approved++;
      } else {
        seen.merge(expected, 1, Integer::sum);
      }
    }
    fixture.engine.checkInvariants();
    assertTrue(approved > PURCHASES / 10, "seed " + seed + ": " + approved);
    assertTrue(seen.size() >= 35, "seed " + seed + ": " + seen);
  }

  private void open(int number) {
    NaiveCard card = model.open(number, -1, number % 10 == 9 ? TestPolicy.ANNAN : TestPolicy.FITTJA);
    card.status = number % 15 == 13 ? CardStatus.FROZEN : number % 15 == 14 ? CardStatus.LOST : CardStatus.ACTIVE;
    int expiry = number % 12 == 11 ? 2612 : EngineFixture.EXPIRY;
    card.lastMonth = YearMonth.of(2000 + expiry / 100, expiry % 100);
    fixture.open(number, -1, card.account.baz, card.status, expiry, card.pinTries);
    load(number);
  }

  private void load(int number) {
    long cash = random.nextLong(800_000);
    long hjartan = 1 + random.nextLong(100_000);
    fixture.load(number, 0, cash, hjartan);
    NaiveCard card = model.cards.get(number);
    if (card != null) {
      card.account.load(0, cash, hjartan);
    }
  }

  private TestRequest purchase() {
    TestRequest request = fixture.request(random.nextInt(CARDS + 1));
    request.merchant = MERCHANTS[random.nextInt(MERCHANTS.length)];
    request.mcc = random.nextInt(5) == 0 ? 5541 : mcc();
    int type = random.nextInt(40) == 0 ? 1 : random.nextInt(10) == 0 ? 9 : 0;
    request.cashback = type == 9 && random.nextInt(4) == 0 ? 1_00 : 0;
    request.processingCode = type * 10_000L + Long.parseLong(PURSES[random.nextInt(PURSES.length)]) * 100;
    request.messageClass = random.nextInt(4) == 0 ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    request.amount = switch (random.nextInt(30)) {
      case 0 -> 0;
      case 1 -> 10_000_000_001L;
      case 2 -> random.nextLong(2_000_000);
      case 3 -> 300_001;
      default -> 1 + random.nextLong(50_000);
    };
    request.contactless = random.nextInt(3) == 0;
    request.checkDigitOk = random.nextInt(60) != 0;
    request.cvv = random.nextInt(60) == 0 ? Check.FAILED : Check.PASSED;
    request.pin = switch (random.nextInt(12)) {
      case 0, 1 -> Check.PASSED;
      case 2 -> random.nextInt(3) == 0 ? Check.FAILED : Check.PASSED;
      case 3 -> random.nextInt(4) == 0 ? Check.NO_KEY : Check.NOT_PRESENTED;
      default -> Check.NOT_PRESENTED;
    };
    request.country = random.nextInt(25) == 0 ? 578 : 752;
    return request;
  }

  /** Any MCC of the table, now and then one that it does not list. */
  private int mcc() {
    TestPolicy.Line line = TestPolicy.LINES.get(random.nextInt(TestPolicy.LINES.size()));
    String[] mccs = line.mccs().replace("!", "").split("[ -]", -1);
    return random.nextInt(30) == 0 ? 1520 : Integer.parseInt(mccs[random.nextInt(mccs.length)]);
  }
}
