package se.valfardskort.authorizer.engine;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.BonusRule;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.GrantKind;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.engine.sbe.BarReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Vote;

/** Holders of one BAZ with the founding documents' figures for grants and bonus, and short words for what they do. */
final class Neighbourhood {
  static final int ANNA = 7;
  static final int BERIT = 8;
  static final int CECILIA = 9;
  static final int DAGNY = 10;

  /** Lives in the other BAZ. */
  static final int ELSEWHERE = 11;

  static final long HOUR_MS = 3_600_000L;
  static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  final EngineFixture fixture;
  private long lastKey = 100;

  Neighbourhood() {
    this(from("2026-01-01T00:00:00Z"));
  }

  private static EngineFixture from(String time) {
    EngineFixture fixture = new EngineFixture();
    fixture.timeMs = Instant.parse(time).toEpochMilli();
    fixture.activate(with(founding()));
    fixture.fundPool(TestPolicy.PROGRAMME, 1_000_000_000_00L);
    fixture.fundTreasury(1_000_000_000_00L);
    return fixture;
  }

  Neighbourhood(EngineFixture fixture) {
    this.fixture = fixture;
    fixture.activate(with(founding()));
    for (int card : List.of(ANNA, BERIT, CECILIA, DAGNY)) {
      fixture.open(card, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, 9912, 3);
    }
    fixture.open(ELSEWHERE, -1, TestPolicy.ANNAN, CardStatus.ACTIVE, 9912, 3);
  }

  /** What the founding documents say, written here once more. */
  static HolderOffers founding() {
    int none = (int) Category.NO_LIMIT;
    return new HolderOffers(
        new GrantRules(
            List.of(
                new GrantKind(1, 2_000_00, none, 60, List.of("food"), List.of()),
                new GrantKind(2, 5_000_00, none, 90, List.of(), List.of(5722, 5732, 7622, 7623, 7629)),
                new GrantKind(3, 10_000_00, none, 180, List.of(), List.of(7261)),
                new GrantKind(4, 8_000_00, 1, 90, List.of(), List.of(7011, 7012)),
                new GrantKind(5, 10_000_00, none, 60, List.of("food", "clothes"), List.of())),
            2,
            24,
            3,
            12,
            5 * 12,
            2 * 12,
            5),
        new BonusRule(5_000_00, 12));
  }

  /** The test policy with these offers in its first programme, and with Stockholm's time for many years. */
  static Configuration with(HolderOffers offers) {
    Configuration as = TestPolicy.configuration();
    return new Configuration(
        List.of(as.programmes().get(0).withOffers(offers), as.programmes().get(1)),
        as.bazNames(),
        as.providers(),
        as.partners(),
        stockholm());
  }

  private static CivilTime stockholm() {
    long[] transitions = new long[80];
    int[] offsets = new int[81];
    offsets[0] = 3600;
    Instant at = LocalDate.of(2020, 1, 1).atStartOfDay(STOCKHOLM).toInstant();
    for (int index = 0; index < transitions.length; index++) {
      at = STOCKHOLM.getRules().nextTransition(at).getInstant();
      transitions[index] = at.getEpochSecond();
      offsets[index + 1] = STOCKHOLM.getRules().getOffset(at).getTotalSeconds();
    }
    return new CivilTime(transitions, offsets);
  }

  void clock(String localTime) {
    fixture.timeMs = LocalDateTime.parse(localTime).atZone(STOCKHOLM).toInstant().toEpochMilli();
  }

  private static UnsafeBuffer token(int card) {
    return new UnsafeBuffer(EngineFixture.token(card));
  }

  Answer request(int card, EarmarkKind kind, long amount) {
    return request(card, kind, amount, ++lastKey);
  }

  Answer request(int card, EarmarkKind kind, long amount, long key) {
    return fixture.order(
        command -> HolderOrders.grantRequest(command, 0, token(card), 0, key, kind, amount, "caseworker-1"));
  }

  Answer vote(int card, long number, Vote vote) {
    return vote(card, number, vote, true);
  }

  Answer vote(int card, long number, Vote vote, boolean declared) {
    return fixture.order(
        command -> HolderOrders.grantVote(command, 0, token(card), 0, number, vote, declared, "caseworker-1"));
  }

  Answer withdraw(int card, long number) {
    return fixture.order(command -> HolderOrders.grantWithdraw(command, 0, token(card), 0, number, "caseworker-1"));
  }

  Answer bar(int card, BarReason reason, String day) {
    int epochDay = (int) LocalDate.parse(day).toEpochDay();
    return fixture.order(
        command -> HolderOrders.grantBar(command, 0, token(card), 0, reason, epochDay, "caseworker-1"));
  }

  Answer liftBar(int card, BarReason reason) {
    return fixture.order(command -> HolderOrders.grantBarLift(command, 0, token(card), 0, reason, "caseworker-1"));
  }

  Answer bonus(int card, int year, long amount) {
    return fixture.order(
        command -> HolderOrders.bonusPayout(command, 0, token(card), 0, year, amount, "caseworker-1"));
  }

  /** Asks, and has two neighbours say yes; returns the request's number. */
  int grant(int card, EarmarkKind kind, long amount) {
    Answer asked = request(card, kind, amount);
    if (asked.refusal() != null) {
      throw new AssertionError(asked.refusal());
    }
    for (int neighbour : List.of(BERIT, CECILIA)) {
      Answer yes = vote(neighbour, asked.originalId(), Vote.YES);
      if (yes.refusal() != null) {
        throw new AssertionError(yes.refusal());
      }
    }
    return asked.originalId();
  }

  CardView card(int card) {
    CardView view = fixture.engine.card(token(card), 0);
    if (view == null) {
      throw new AssertionError("no card " + card);
    }
    return view;
  }

  /** State of a request of the card's account. */
  String state(int card, int number) {
    return card(card).offers().requests().stream()
        .filter(request -> request.number() == number)
        .map(OffersView.Grant::state)
        .findFirst()
        .orElse("forgotten");
  }

  long pool() {
    return fixture.engine.books().getOrDefault("POOL", 0L);
  }
}
