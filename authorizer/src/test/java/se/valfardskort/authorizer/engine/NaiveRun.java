package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/** One seeded run of the engine beside {@link NaiveModel}, with everything that a card meets; compared at each step. */
final class NaiveRun {
  private static final int CARDS = 14;
  private static final EngineCapacity CAPACITY = new EngineCapacity(40, 800, 20_000, 40_000, 80, 8, 1 << 18);
  private static final int[] MCCS = {
    5411, 5411, 5411, 5541, 5541, 5812, 5812, 5691, 8299, 8299, 8299, 5045, 4214, 6012, 4511, 3010, 7995, 6011, 1520
  };
  private static final String[] MERCHANTS = {
    "ICA000000000001", "ICA000000000001", "ICA000000000001", "BUTIK2", "BARNKOOP0000001", "TAKET0000000001",
    "CYKEL0000000001", "KIOSKEN00000001", "LYXMODE00000001", "ANNANBAZ0000001", NaivePolicies.SCHOOL
  };
  private static final List<List<Integer>> COUNTRIES =
      List.of(
          List.of(), List.of(), List.of(752, 578), List.of(578), List.of(246, 578), List.of(ApprovalTerms.ANY_COUNTRY));

  private final Map<String, Integer> seen = new TreeMap<>();
  private final NaiveClock clock;
  private final long seed;
  private final SplittableRandom random;
  private final NaiveModel model = new NaiveModel();
  private final NaiveLedger ledger = new NaiveLedger(model);
  private final EngineFixture fixture = EngineFixture.configured(CAPACITY);
  private final Map<NaivePurchase, String> authCodes = new HashMap<>();
  private final List<ApprovalTerms> granted = new ArrayList<>();
  private int step;
  private int period;
  private long lastMove = 1;

  NaiveRun(long seed) {
    this.seed = seed;
    random = new SplittableRandom(seed);
    clock = new NaiveClock(random);
  }

  void play(int steps) {
    activate();
    for (int card = 0; card < CARDS; card++) {
      open(card);
    }
    for (step = 0; step < steps; step++) {
      fixture.timeMs = clock.after(fixture.timeMs);
      long held = held();
      fixture.tick(1_000_000);
      ledger.expire(fixture.timeMs);
      path("expired", held() < held);
      loadMonthly();
      act();
      if (step % 100 == 0) {
        checkViews();
        fixture.engine.checkInvariants();
      }
    }
    checkViews();
    fixture.engine.checkInvariants();
  }

  /** How often each reason was given, each refusal, each path taken, each edge of the calendar met. */
  Map<String, Integer> seen() {
    Map<String, Integer> all = new TreeMap<>(seen);
    all.putAll(clock.edges);
    return all;
  }

  private String where() {
    return "seed " + seed + " step " + step + " at " + fixture.timeMs;
  }

  private void path(String name, boolean taken) {
    if (taken) {
      seen.merge(name, 1, Integer::sum);
    }
  }

  private long held() {
    return model.accounts.stream().mapToLong(NaiveAccount::openHolds).sum();
  }

  private void activate() {
    Configuration drawn = NaivePolicies.random(random);
    assertEquals(null, fixture.activate(drawn).refusal(), where());
    model.activate(drawn);
  }

  private void open(int number) {
    int account = number % 3 == 2 ? model.accounts.size() - 1 : -1;
    NaiveCard card = model.open(number, account, TestPolicy.FITTJA);
    int expiry = number % 7 == 6 ? 2704 : EngineFixture.EXPIRY;
    card.lastMonth = YearMonth.of(2000 + expiry / 100, expiry % 100);
    Answer answer = fixture.open(number, account, TestPolicy.FITTJA, CardStatus.ACTIVE, expiry, 3);
    assertEquals(card.account.number, answer.accountId(), where());
  }

  /** The monthly run, and now and then once more: exactly once a month, whatever is retried. */
  private void loadMonthly() {
    int now = NaiveModel.dayOf(fixture.timeMs).getYear() % 100 * 100
        + NaiveModel.dayOf(fixture.timeMs).getMonthValue();
    if (now == period && random.nextInt(500) != 0) {
      return;
    }
    period = now;
    for (int number = 0; number < CARDS; number++) {
      load(number, period);
    }
  }

  private void load(int number, int inPeriod) {
    NaiveCard card = model.card(number);
    // Some have little, so that purses run dry.
    long cash = random.nextLong(number % 4 == 1 ? 300_00 : 4_000_00) + 1;
    long hjartan = random.nextLong(1_500_00);
    boolean loads = card.account.load(inPeriod, cash, hjartan);
    Answer answer = fixture.load(number, inPeriod, cash, hjartan);
    CommandRefusal expected = loads ? null : CommandRefusal.PERIOD_ALREADY_LOADED;
    assertEquals(expected, answer.refusal(), where());
    noteRefusal(answer.refusal());
  }

  private void act() {
    switch (random.nextInt(40)) {
      case 0, 1, 2 -> reverse();
      case 3, 4, 5 -> completeByAdvice();
      case 6 -> completeByRequest();
      case 7, 8, 9 -> raise();
      case 10, 11 -> refund();
      case 12, 13 -> grant();
      case 14 -> revoke();
      case 15, 16 -> change();
      case 17, 18, 19 -> move();
      case 20 -> load(random.nextInt(CARDS), 0);
      default -> {
        if (random.nextInt(1_000) == 0) {
          activate();
        }
        buy();
      }
    }
  }

  /** After each message about a card, its purses. */
  private void compare(NaiveCard card, Answer answer) {
    assertEquals(card.account.cash(), answer.cashAvailable(), where());
    assertEquals(card.account.hjartan(), answer.hjartanAvailable(), where());
    assertEquals(card.account.savings(), answer.savingsAvailable(), where());
  }

  private void compare(TestRequest request, @Nullable DeclineReason expected, Answer answer) {
    String about = where() + " MCC " + request.mcc + " at " + request.merchant + " for " + request.amount;
    assertEquals(expected, answer.reason(), about);
    NaiveCard card = model.cards.get(request.card);
    if (card != null) {
      compare(card, answer);
    }
    if (expected != null) {
      seen.merge(expected.name(), 1, Integer::sum);
    }
  }

  private void buy() {
    TestRequest request = fixture.request(random.nextInt(30) == 0 ? CARDS : random.nextInt(CARDS));
    request.rrn = "%012d".formatted(request.key);
    request.mcc = MCCS[random.nextInt(MCCS.length)];
    request.merchant = MERCHANTS[random.nextInt(MERCHANTS.length)];
    request.acquirer = random.nextInt(12) == 0 ? 654_321L : TestPolicy.ACQUIRER;
    request.country = random.nextInt(6) == 0 ? (random.nextBoolean() ? 578 : 246) : 752;
    request.amount = 1 + random.nextLong(random.nextInt(3) == 0 ? 90_000 : 20_000);
    request.messageClass = random.nextInt(3) == 0 ? MessageClass.FINANCIAL : MessageClass.AUTHORIZATION;
    request.conditionCode = random.nextInt(12) == 0 ? 6 : 0;
    request.contactless = random.nextInt(3) == 0;
    request.pin = random.nextInt(8) == 0 ? Check.PASSED : Check.NOT_PRESENTED;
    request.processingCode = switch (random.nextInt(30)) {
      case 0, 1 -> 96_00;
      case 2, 3 -> 98_00;
      case 4 -> 10_00;
      default -> 0;
    };
    DeclineReason expected = model.decide(request, fixture.timeMs);

    Answer answer = fixture.send(request);

    compare(request, expected, answer);
    assertEquals(model.fromHjartan, answer.hjartan(), where());
    assertEquals(model.fromCash, answer.cash(), where());
    assertEquals(expected == null && model.lifted != null, answer.flags().contains("byApproval"), where());
    path("bought by an approval", expected == null && model.lifted != null);
    path("abroad by an approval", expected == null && request.country != 752);
    path("paid by both purses", model.fromHjartan > 0 && model.fromCash > 0);
    if (model.made != null) {
      authCodes.put(model.made, answer.authCode());
    }
  }

  /** One of the newest, on any card. */
  private @Nullable NaivePurchase recent(Predicate<NaivePurchase> wanted) {
    NaiveAccount account = model.accounts.get(random.nextInt(model.accounts.size()));
    long since = NaiveModel.dayOf(fixture.timeMs).toEpochDay() - 20;
    List<NaivePurchase> fitting =
        account.recent(60, wanted.and(each -> each.day.toEpochDay() > since && !each.completedLate));
    return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
  }

  private void reverse() {
    NaivePurchase purchase = recent(each -> each.total() > 0 && each.isOne());
    if (purchase == null) {
      return;
    }
    TestRequest reversal = purchase.request.reversal(fixture.newKey());
    long remains = random.nextBoolean() ? 0 : 1 + random.nextLong(purchase.total());
    reversal.replacement = remains;
    path("approval given back", purchase.drawn > 0);
    path("use given back", purchase.use && remains == 0);
    path("reversed after a refund", purchase.refundedCash + purchase.refundedHjartan > 0);
    ledger.reverse(purchase, remains);
    compare(reversal, null, fixture.send(reversal));
  }

  private void completeByAdvice() {
    NaivePurchase hold =
        recent(
            each -> each.state == NaivePurchase.State.HELD
                || (each.state == NaivePurchase.State.EXPIRED && NaiveLedger.isRemembered(each, fixture.timeMs)));
    if (hold == null) {
      return;
    }
    long most = Math.max(1, hold.total() > 0 ? hold.total() * 3 / 2 : 300_00);
    TestRequest completion =
        hold.request.completion(fixture.newKey(), random.nextInt(15) == 0 ? 0 : 1 + random.nextLong(most));
    path("completed late", hold.state == NaivePurchase.State.EXPIRED);
    path("completed late on an approval", hold.state == NaivePurchase.State.EXPIRED && hold.approval != null);
    path("completed for more than approved", hold.approval != null && completion.amount > hold.total());
    path("completed for less", completion.amount < hold.total());
    ledger.completeByAdvice(hold, completion, fixture.timeMs);
    compare(completion, null, fixture.send(completion));
  }

  private void completeByRequest() {
    NaivePurchase hold = recent(each -> each.state == NaivePurchase.State.HELD);
    if (hold == null) {
      return;
    }
    TestRequest completion = later(hold, 1 + random.nextLong(hold.total() * 5 / 4 + 1));
    completion.messageClass = MessageClass.FINANCIAL;
    TestRequest named = hold.request.completion(completion.key, completion.amount);
    named.advice = false;
    named.contactless = false;
    named.pin = Check.NOT_PRESENTED;
    DeclineReason expected = ledger.completeByRequest(hold, named, fixture.timeMs);
    path("completed by a request", expected == null);
    compare(named, expected, fixture.send(named));
  }

  private void raise() {
    NaivePurchase hold = recent(each -> each.state == NaivePurchase.State.HELD);
    if (hold == null) {
      return;
    }
    TestRequest increment = later(hold, 1 + random.nextLong(400_00));
    increment.authCode = authCodes.getOrDefault(hold, "");
    increment.increment = random.nextBoolean();
    boolean drew = hold.approval != null;
    DeclineReason expected = model.decide(increment, hold, fixture.timeMs);
    path("raised", expected == null);
    path("raised on its approval", expected == null && drew && model.lifted != null);
    path("raised into an approval", expected == null && !drew && model.lifted != null);
    Answer answer = fixture.send(increment);
    compare(increment, expected, answer);
    assertEquals(model.fromHjartan, answer.hjartan(), where());
    assertEquals(model.fromCash, answer.cash(), where());
  }

  /** The hold's own request under a new key, without its PIN. */
  private TestRequest later(NaivePurchase hold, long amount) {
    TestRequest later = hold.request.copy();
    later.key = fixture.newKey();
    later.stan = (int) (later.key % 1_000_000);
    later.amount = amount;
    later.contactless = false;
    later.pin = Check.NOT_PRESENTED;
    return later;
  }

  private void refund() {
    NaivePurchase posting = recent(each -> each.state == NaivePurchase.State.POSTED && each.total() > 0);
    if (posting == null) {
      return;
    }
    TestRequest refund = posting.request.refund(fixture.newKey(), 1 + random.nextLong(posting.total() * 6 / 5));
    refund.contactless = false;
    refund.pin = Check.NOT_PRESENTED;
    path("refunded on a frozen card", posting.card.status == CardStatus.FROZEN);
    path("refunded in Hjartan", posting.hjartan > posting.refundedHjartan);
    NaiveLedger.refund(posting, refund.amount);
    compare(refund, null, fixture.send(refund));
  }

  private void grant() {
    int card = random.nextInt(60) == 0 ? CARDS : random.nextInt(CARDS);
    NaiveCard holder = model.cards.get(card);
    if (holder != null && holder.account.approvals.size() >= AllowanceTable.MOST_OF_AN_ACCOUNT) {
      return;
    }
    // A grant is tried again as long as what it granted is kept for certain.
    boolean again = !granted.isEmpty() && random.nextInt(8) == 0 && granted.getLast().validUntilMs() > fixture.timeMs;
    ApprovalTerms terms = again ? granted.getLast() : terms();
    Set<CommandRefusal> expected = ledger.grant(card, terms, fixture.timeMs);
    if (expected.isEmpty()) {
      granted.add(terms);
    }
    compare(expected, fixture.grant(card, terms));
  }

  private ApprovalTerms terms() {
    long from = fixture.timeMs + (random.nextInt(3) == 0 ? random.nextLong(EngineFixture.DAY_MS) : -1_000);
    long until = from + random.nextLong(40 * EngineFixture.DAY_MS) - (random.nextInt(20) == 0 ? 60_000_000L : 0);
    List<Covered> scope = new ArrayList<>();
    for (int entries = random.nextInt(4); entries > 0; entries--) {
      scope.add(covered());
    }
    return new ApprovalTerms(
        1_000_000 + fixture.newKey(), random.nextBoolean(), random.nextInt(40) == 0, ApprovalReason.STUDIES, from,
        until, random.nextInt(3) == 0 ? Category.NO_LIMIT : random.nextLong(3_000_00), random.nextInt(4),
        COUNTRIES.get(random.nextInt(COUNTRIES.size())), scope, "caseworker-1");
  }

  private Covered covered() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> Covered.category("education");
      case 3, 4 -> Covered.category("fuel");
      case 5, 6 -> Covered.category("restaurants");
      case 7 -> Covered.category(random.nextInt(5) == 0 ? "nowhere" : "travel");
      case 8, 9 -> Covered.mcc(MCCS[random.nextInt(MCCS.length)]);
      default -> Covered.merchant(TestPolicy.ACQUIRER, MERCHANTS[random.nextInt(MERCHANTS.length)]);
    };
  }

  private void revoke() {
    int card = random.nextInt(CARDS);
    List<NaiveApproval> approvals = model.card(card).account.approvals;
    // One that ended long ago may have been forgotten, and is not found then: only ones that are kept for certain.
    long number = approvals.isEmpty() || random.nextInt(6) == 0 ? 1_000_000 : approvals.getLast().number;
    NaiveApproval approval = model.card(card).account.approval(number);
    if (approval != null && approval.terms.validUntilMs() <= fixture.timeMs) {
      return;
    }
    CommandRefusal expected = ledger.revoke(card, number, fixture.timeMs);
    Answer answer = fixture.revoke(card, number);
    compare(expected == null ? Set.of() : Set.of(expected), answer);
    path("revoked", expected == null);
  }

  private void change() {
    int card = random.nextInt(CARDS);
    CardStatus now = model.card(card).status;
    boolean ends = random.nextInt(150) == 0;
    CardStatus status =
        ends ? CardStatus.CLOSED : now == CardStatus.FROZEN && random.nextInt(3) != 0 ? CardStatus.ACTIVE
            : random.nextInt(9) == 0 ? CardStatus.FROZEN : CardStatus.ACTIVE;
    int today = (int) NaiveModel.dayOf(fixture.timeMs).toEpochDay();
    boolean wrong = random.nextInt(12) == 0;
    int reviewDay = (status == CardStatus.FROZEN) == wrong ? Commands.NO_REVIEW
        : today + (wrong ? 0 : random.nextInt(370));
    Set<CommandRefusal> expected = ledger.change(card, status, reviewDay, fixture.timeMs);
    compare(expected, fixture.change(card, status, StatusReason.OTHER, "caseworker-7", reviewDay));
    path(status == CardStatus.FROZEN ? "frozen" : "unfrozen", expected.isEmpty());
  }

  private void move() {
    int card = random.nextInt(CARDS);
    long amount = 1 + random.nextLong(700_00);
    boolean back = random.nextInt(3) == 0;
    lastMove += random.nextInt(10) == 0 ? 0 : 1;
    Set<CommandRefusal> expected = ledger.move(card, lastMove, back ? -amount : amount, fixture.timeMs);
    PurseMoveDirection direction = back ? PurseMoveDirection.TO_CASH : PurseMoveDirection.TO_SAVINGS;
    Answer answer = fixture.move(card, direction, amount, lastMove);
    compare(expected, answer);
    path(back ? "moved back" : "saved", expected.isEmpty());
    if (expected.isEmpty()) {
      compare(model.card(card), answer);
    }
  }

  private void compare(Set<CommandRefusal> expected, Answer answer) {
    CommandRefusal refusal = answer.refusal();
    assertTrue(
        refusal == null ? expected.isEmpty() : expected.contains(refusal),
        () -> where() + ": " + refusal + " where the model says " + expected);
    noteRefusal(refusal);
  }

  private void noteRefusal(@Nullable CommandRefusal refusal) {
    if (refusal != null) {
      seen.merge(refusal.name(), 1, Integer::sum);
    }
  }

  /** Of every card: its status, its purses, and what is left of each approval. */
  private void checkViews() {
    for (int number = 0; number < CARDS; number++) {
      NaiveCard card = model.card(number);
      CardView view = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(number)), 0);
      if (view == null) {
        throw new AssertionError(where() + ": card " + number + " is gone");
      }
      assertEquals(card.status, view.status(), where());
      assertEquals(card.reviewDay, view.reviewDay(), where());
      assertEquals(card.account.openHolds(), view.openHolds(), where());
      assertEquals(card.account.cash(), view.cashAvailableMinor(), where());
      for (CardView.Allowance allowance : view.allowances()) {
        NaiveApproval approval = card.account.approval(allowance.number());
        if (approval == null) {
          throw new AssertionError(where() + ": nobody granted approval " + allowance.number());
        }
        assertEquals(approval.left(), allowance.leftMinor(), where() + " approval " + allowance);
        assertEquals(approval.usesTaken(), allowance.usesTaken(), where() + " approval " + allowance);
        assertEquals(approval.revoked, allowance.revoked(), where());
      }
      long live = card.account.approvals.stream().filter(each -> each.isLive(fixture.timeMs)).count();
      assertTrue(live <= view.allowances().size(), where());
    }
  }
}
