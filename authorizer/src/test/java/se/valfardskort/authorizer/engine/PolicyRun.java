package se.valfardskort.authorizer.engine;

import java.util.List;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;

/** What the real engine decided under a policy, as it would be journaled, for tests outside of its package. */
public final class PolicyRun {
  /** Room for what a test plays. */
  public static final EngineCapacity CAPACITY = new EngineCapacity(60, 60, 6_000, 10_000, 100, 8, 1 << 16);

  private static final int SWEDEN = 752;

  private final EngineFixture fixture = new EngineFixture(CAPACITY);
  private long moves;
  private long grants;

  /** A purchase, and what it was answered. */
  public static final class Purchase {
    private final TestRequest request;
    private final Answer answer;
    private final long sequence;

    private Purchase(TestRequest request, Answer answer, long sequence) {
      this.request = request;
      this.answer = answer;
      this.sequence = sequence;
    }

    /** Its place in the journal. */
    public long sequence() {
      return sequence;
    }

    /** Whether all or a part was approved. */
    public boolean approved() {
      return answer.reason() == null;
    }

    /** Hjartan that paid. */
    public long hjartan() {
      return answer.hjartan();
    }

    /** The decline reason's name, or {@code approved}. */
    public String outcome() {
      DeclineReason reason = answer.reason();
      return reason == null ? "approved" : reason.name();
    }
  }

  /** With a configuration active, and the pools and the treasury funded. */
  public PolicyRun(Configuration configuration) {
    this(configuration, 1_000_000_00);
  }

  /** As above, with so much in each pool. */
  public PolicyRun(Configuration configuration, long poolMinor) {
    activate(configuration);
    configuration.programmes().forEach(programme -> fixture.fundPool(programme.id(), poolMinor));
    fixture.fundTreasury(1_000_000_00);
  }

  /** The demonstration's rules, for two programmes. */
  public static Configuration configuration() {
    return TestPolicy.configuration();
  }

  /** An acquirer that may use the partner. */
  public static long acquirer() {
    return TestPolicy.ACQUIRER;
  }

  /** A fresh engine that decides as the recorded one did. */
  public static Engine engine() {
    return new Engine(new ArrayStore(), CAPACITY);
  }

  /** Makes another configuration the law. */
  public void activate(Configuration configuration) {
    if (fixture.activate(configuration).refusal() != null) {
      throw new IllegalArgumentException(fixture.engine.configurationFault());
    }
  }

  /** Sends a configuration and does not activate it. */
  public void announce(Configuration configuration) {
    byte[] bytes = ConfigurationCodec.encode(configuration);
    for (int index = 0; index < Commands.configurationChunks(bytes.length); index++) {
      fixture.chunk(bytes, index);
    }
  }

  /** Opens a card in the first programme. */
  public void card(int card, long cash, long hjartan) {
    fixture.open(card, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    load(card, cash, hjartan);
  }

  /** Opens a card without money in a programme; returns the number of its account, -1 where it was refused. */
  public int open(int card, int programme, int baz) {
    Answer opened = fixture.open(card, -1, programme, baz, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    return opened.refusal() == null ? opened.accountId() : -1;
  }

  /** Adds a card to an account; returns why it was refused, empty: it was not. */
  public String add(int card, int account, int programme, int baz) {
    return said(fixture.open(card, account, programme, baz, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3));
  }

  /** Loads a card; returns why it was refused, empty: it was not. */
  public String tryLoad(int card, long cash, long hjartan) {
    return said(fixture.load(card, 0, cash, hjartan));
  }

  private static String said(Answer answer) {
    return answer.refusal() == null ? "" : answer.refusal().name();
  }

  /** Loads a card outside of the monthly run. */
  public void load(int card, long cash, long hjartan) {
    fixture.load(card, 0, cash, hjartan);
  }

  /** Time goes by. */
  public void later(long ms) {
    fixture.timeMs += ms;
  }

  /** Milliseconds since the epoch. */
  public long timeMs() {
    return fixture.timeMs;
  }

  /** Buys for kronor and Hjartan, in Sweden by a 0100 (a hold) or a 0200. */
  public Purchase buy(int card, int mcc, String merchant, long amount, boolean hold) {
    return buy(card, mcc, merchant, SWEDEN, amount, hold, false);
  }

  /** As above, somewhere, with a terminal that may take an approval in part. */
  public Purchase buy(
      int card, int mcc, String merchant, int country, long amount, boolean hold, boolean partialPossible) {
    TestRequest request = fixture.request(card);
    request.mcc = mcc;
    request.merchant = merchant;
    request.country = country;
    request.amount = amount;
    request.messageClass = hold ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    request.partialPossible = partialPossible;
    request.rrn = "%012d".formatted(request.stan);
    return send(request);
  }

  private Purchase send(TestRequest request) {
    Answer answer = fixture.send(request);
    return new Purchase(request, answer, sequence());
  }

  /** A 0220 that names the purchase by DE 90. */
  public Purchase complete(Purchase purchase, long amount) {
    return send(purchase.request.completion(fixture.newKey(), amount));
  }

  /** A 0220 that names the purchase by nothing but the DE 38 that it was told. */
  public Purchase completeByCode(Purchase purchase, long amount) {
    TestRequest completion = purchase.request.copy();
    completion.key = fixture.newKey();
    completion.stan = (int) (completion.key % 1_000_000);
    completion.messageClass = MessageClass.FINANCIAL;
    completion.advice = true;
    completion.amount = amount;
    completion.rrn = "";
    completion.terminal = "";
    completion.authCode = purchase.answer.authCode();
    return send(completion);
  }

  /** A 0100 that raises the hold that the purchase placed. */
  public Purchase raise(Purchase purchase, long amount) {
    TestRequest increment = purchase.request.copy();
    increment.key = fixture.newKey();
    increment.stan = (int) (increment.key % 1_000_000);
    increment.amount = amount;
    increment.authCode = purchase.answer.authCode();
    return send(increment);
  }

  /** A full 0400. */
  public Purchase reverse(Purchase purchase) {
    return send(purchase.request.reversal(fixture.newKey()));
  }

  /** A refund that names the purchase. */
  public Purchase refund(Purchase purchase, long amount) {
    return send(purchase.request.refund(fixture.newKey(), amount));
  }

  /** A caseworker approves, in a category or anywhere (empty), at home or in any country; returns the number. */
  public long grant(int card, String category, boolean abroad, long amount, int uses, long forMs) {
    grants++;
    return fixture.grant(card, new ApprovalTerms(
            grants, false, false, ApprovalReason.OTHER, fixture.timeMs, fixture.timeMs + forMs,
            amount == 0 ? Category.NO_LIMIT : amount, uses,
            abroad ? List.of(ApprovalTerms.ANY_COUNTRY) : List.of(),
            category.isEmpty() ? List.of() : List.of(Covered.category(category)), "caseworker-1"))
        .originalId();
  }

  /** Revokes it. */
  public boolean revoke(int card, long number) {
    return fixture.revoke(card, number).refusal() == null;
  }

  /** Freezes, or lifts the freeze. */
  public void freeze(int card, boolean frozen) {
    fixture.change(card, frozen ? CardStatus.FROZEN : CardStatus.ACTIVE);
  }

  /** Moves to SAVINGS or back. */
  public void move(int card, boolean toSavings, long amount) {
    moves++;
    fixture.move(card, toSavings ? PurseMoveDirection.TO_SAVINGS : PurseMoveDirection.TO_CASH, amount, moves);
  }

  /** The journaled clock. */
  public void tick() {
    fixture.tick(50);
  }

  /** A reconciliation. */
  public void reconcile() {
    fixture.send(fixture.settlement());
  }

  /** Sequence of the last command. */
  public long sequence() {
    return fixture.journal.size();
  }

  /** All commands with time and decision. */
  public List<RecordedRun.Entry> entries() {
    return fixture.journal.stream().map(RecordedRun.Entry::new).toList();
  }

  /** Hash of the engine's whole state. */
  public long stateHash() {
    return fixture.engine.stateHash();
  }
}
