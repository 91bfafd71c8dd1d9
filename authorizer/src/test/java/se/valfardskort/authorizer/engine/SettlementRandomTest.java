package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * Seeded runs of purchases, completions, advices, refunds, reversals whole and in part, and cut-overs, of four
 * acquirers over some twenty-five days. What each would add up is what the engine has for it: on every day, since its
 * cut-over, and in all.
 *
 * <p>The sums know nothing of decisions and effects. What a message posted is read off the books: as much as all purses
 * of the cardholders, what is held and what waits included, are short of afterwards. Which total it belongs to follows
 * from what was sent: a purchase, a refund, a reversal, or an advice that replaces a posting that is still there.
 */
final class SettlementRandomTest {
  private static final int STEPS = 7_000;
  private static final int CARDS = 10;
  private static final long[] ACQUIRERS = {TestPolicy.ACQUIRER, 654_321L};
  private static final int[] PARTNERS = {TestPolicy.PARTNER, TestPolicy.STRICT_PARTNER};
  private static final int[] PURSES = {
    AccountTable.CASH_AVAILABLE, AccountTable.CASH_HELD, AccountTable.HJARTAN_AVAILABLE, AccountTable.HJARTAN_HELD,
    AccountTable.REFUNDS_WAITING
  };
  /** A hold that is over is remembered for seven days. */
  private static final long REMEMBERED_MS = 6 * EngineFixture.DAY_MS;
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  /** Number and amount of postings of four kinds, and the number of authorizations. */
  private static final class Sums {
    final long[] debits = new long[2];
    final long[] debitReversals = new long[2];
    final long[] credits = new long[2];
    final long[] creditReversals = new long[2];
    long authorizations;

    static void add(long[] kind, long amount) {
      kind[0]++;
      kind[1] += amount;
    }

    long net() {
      return debits[1] - debitReversals[1] - credits[1] + creditReversals[1];
    }

    TestSettlement in(TestSettlement request) {
      request.totals(debits[0], debits[1], debitReversals[0], debitReversals[1], authorizations);
      request.credits = credits[0];
      request.creditsMinor = credits[1];
      request.creditReversals = creditReversals[0];
      request.creditReversalsMinor = creditReversals[1];
      request.net = net();
      return request;
    }
  }

  /** What one acquirer of one partner knows. */
  private static final class Book {
    final int partner;
    final long acquirer;
    final Map<LocalDate, Sums> days = new HashMap<>();
    Sums open = new Sums();
    @Nullable LocalDate current;

    Book(int partner, long acquirer) {
      this.partner = partner;
      this.acquirer = acquirer;
    }
  }

  /** A store whose purses can be looked at. */
  private static final class OpenStore implements EngineStore {
    private final ArrayStore store = new ArrayStore();
    private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
    private @Nullable Rows cards;

    @Override
    public Directory directory(String name, int keyLength, int capacity) {
      return store.directory(name, keyLength, capacity);
    }

    @Override
    public Rows rows(String name, int rowLength, int capacity) {
      Rows rows = store.rows(name, rowLength, capacity);
      cards = name.equals("cards") ? rows : cards;
      return rows;
    }

    @Override
    public void close() {
      store.close();
    }

    /** All that belongs to cardholders. */
    long purses() {
      Rows all = cards;
      if (all == null) {
        throw new IllegalStateException("the engine has asked for no accounts");
      }
      long sum = 0;
      for (int account = 0; account < CARDS; account++) {
        all.wrap(row, account);
        for (int purse : PURSES) {
          sum += row.getLong(purse);
        }
      }
      return sum;
    }
  }

  private final OpenStore store = new OpenStore();
  private final EngineFixture fixture = EngineFixture.configured(EngineCapacity.small(), store);
  private final List<Book> books = new ArrayList<>();
  private final List<TestRequest> sent = new ArrayList<>();
  private final Map<Long, Long> sentAt = new HashMap<>();
  /** By key of the message that made it: what a posting of a purchase comes to now. */
  private final Map<Long, Long> posted = new HashMap<>();
  /** Postings that were refunded wholly and then taken back: what an advice may do with them is tested elsewhere. */
  private final Set<Long> paidBack = new HashSet<>();
  private final Map<String, Integer> seen = new TreeMap<>();
  private Random random = new Random(0);
  private String where = "";
  private long owed;

  @ParameterizedTest
  @ValueSource(longs = {17_520_500L, 17_520_501L, 17_520_502L, 17_520_503L})
  void shouldHaveTheTotalsThatEachAcquirerAddsUpItself(long seed) {
    random = new Random(seed);
    for (int partner : PARTNERS) {
      for (long acquirer : ACQUIRERS) {
        books.add(new Book(partner, acquirer));
      }
    }
    for (int card = 0; card < CARDS; card++) {
      fixture.card(card);
      fixture.load(card, 0, 1_000_000_00L, 10_000_00L);
    }
    long before = store.purses();
    for (int step = 0; step < STEPS; step++) {
      where = "seed " + seed + ", step " + step;
      fixture.timeMs += random.nextInt(600_000);
      act();
      if (step % 1_000 == 0) {
        fixture.engine.checkInvariants();
      }
    }

    long net = 0;
    for (Book book : books) {
      net += checkBook(book);
    }
    assertEquals(before - store.purses(), owed, where);
    assertEquals(owed, net, where);
    fixture.engine.checkInvariants();
    System.out.println("seed " + seed + ": " + seen);
    for (String kind : List.of("debit", "debitReversal", "credit", "creditReversal", "replaced", "undone", "nothing")) {
      assertTrue(seen.getOrDefault(kind, 0) >= 10, where + ": too few of " + kind + " in " + seen);
    }
  }

  private void act() {
    int action = random.nextInt(1_000);
    if (action < 5) {
      cutOver();
    } else if (action < 10) {
      // Holds expire: nothing is posted by that.
      long purses = store.purses();
      fixture.tick(100);
      assertEquals(purses, store.purses(), where);
    } else if (action < 450 || sent.isEmpty()) {
      buy();
    } else if (action < 600) {
      speakOf(sent.get(random.nextInt(sent.size())));
    } else if (action < 730) {
      refund();
    } else if (action < 950) {
      reverse();
    } else {
      repeat(sent.get(random.nextInt(sent.size())));
    }
  }

  private void repeat(TestRequest again) {
    if (sentAt.getOrDefault(again.key, 0L) < fixture.timeMs - REMEMBERED_MS) {
      return;
    }
    long purses = store.purses();
    Answer answer = fixture.send(again);
    assertEquals(purses, store.purses(), where);
    checkSinceCutOver(bookOf(again), "after a repeat of " + again.messageClass + ": " + answer);
  }

  private Book bookOf(TestRequest request) {
    return books.stream()
        .filter(book -> book.partner == request.partner && book.acquirer == request.acquirer)
        .findFirst()
        .orElseThrow();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(Instant.ofEpochMilli(fixture.timeMs), STOCKHOLM);
  }

  private static int monthDay(LocalDate date) {
    return date.getMonthValue() * 100 + date.getDayOfMonth();
  }

  /** Now and then, a day around today. */
  private LocalDate dayFor(TestRequest request) {
    if (random.nextInt(3) == 0) {
      LocalDate date = today().plusDays(random.nextInt(5) - 2);
      request.settlementDate = monthDay(date);
      return date;
    }
    request.settlementDate = new TestRequest().settlementDate;
    Book book = bookOf(request);
    return book.current == null ? today() : book.current;
  }

  private TestRequest request() {
    TestRequest request = fixture.request(random.nextInt(CARDS));
    Book book = books.get(random.nextInt(books.size()));
    request.partner = book.partner;
    request.acquirer = book.acquirer;
    request.originalAcquirer = book.acquirer;
    request.merchant = random.nextInt(3) == 0 ? "BARNKOOP0000001" : "ICA000000000001";
    request.amount = 1L + random.nextInt(100_00);
    return request;
  }

  private void buy() {
    TestRequest request = request();
    request.messageClass = random.nextBoolean() ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    request.mcc = random.nextInt(10) == 0 ? 7995 : 5411;
    request.amount = random.nextInt(20) == 0 ? 90_000_000_00L : request.amount;
    request.partialPossible = random.nextInt(4) == 0;
    request.advice = random.nextInt(12) == 0;
    count(request, null);
    sent.add(request);
  }

  /** A completion or an advice about an earlier purchase: for less, as much, or more. */
  private void speakOf(TestRequest original) {
    if (original.messageClass == MessageClass.REVERSAL || original.processingCode != 0
        || paidBack.contains(original.key)) {
      return;
    }
    long amount = switch (random.nextInt(4)) {
      case 0 -> original.amount;
      case 1 -> 0;
      default -> 1 + random.nextLong(Math.min(original.amount, 100_00) * 3 / 2 + 1);
    };
    TestRequest later = random.nextInt(4) == 0
        ? original.advice(fixture.newKey(), amount) : original.completion(fixture.newKey(), amount);
    later.advice = later.messageClass == MessageClass.AUTHORIZATION || random.nextInt(3) != 0;
    later.declinedElsewhere = later.advice && random.nextInt(6) == 0;
    later.partialPossible = false;
    count(later, original);
    sent.add(later);
  }

  /** Of an earlier purchase, or of none that is named. */
  private void refund() {
    TestRequest original = sent.get(random.nextInt(sent.size()));
    TestRequest refund;
    if (original.messageClass == MessageClass.FINANCIAL && original.processingCode == 0 && random.nextInt(3) != 0) {
      refund = original.refund(fixture.newKey(), 1 + random.nextLong(Math.min(original.amount, 100_00) * 5 / 4 + 1));
    } else {
      refund = request();
      refund.messageClass = MessageClass.FINANCIAL;
      refund.processingCode = 200_000;
    }
    refund.declinedElsewhere = false;
    refund.partialPossible = false;
    refund.advice = random.nextBoolean();
    count(refund, null);
    sent.add(refund);
  }

  private void reverse() {
    TestRequest original = sent.get(random.nextInt(sent.size()));
    // What an advice changed without a posting of its own is reversed by naming what it changed.
    boolean changedAnother = original.originalData && original.processingCode == 0 && !posted.containsKey(original.key);
    if (original.messageClass == MessageClass.REVERSAL || changedAnother) {
      return;
    }
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.declinedElsewhere = false;
    reversal.advice = random.nextBoolean();
    reversal.replacement = random.nextBoolean() ? -1 : random.nextLong(original.amount + 1);
    count(reversal, original);
    sent.add(reversal);
  }

  /** Sends, and adds up what an acquirer would. */
  private void count(TestRequest request, @Nullable TestRequest original) {
    Book book = bookOf(request);
    LocalDate day = dayFor(request);
    long before = store.purses();
    sentAt.put(request.key, fixture.timeMs);
    Answer answer = fixture.send(request);
    long moved = before - store.purses();
    owed += moved;
    String what = where + " " + answer;

    long old = original == null ? 0 : posted.getOrDefault(original.key, 0L);
    boolean reversal = request.messageClass == MessageClass.REVERSAL;
    boolean refund = request.processingCode == 200_000;
    // A 0200 is a purchase, whatever it names; an advice speaks of what it names, and may say that nothing came of it.
    boolean speaks = !reversal && !refund && request.advice && old > 0 && moved != 0;
    boolean undoes = speaks && isTakenBack(request);
    boolean replaces = speaks && !undoes;
    for (Sums sums : List.of(book.open, book.days.computeIfAbsent(day, key -> new Sums()))) {
      sums.authorizations += request.messageClass == MessageClass.AUTHORIZATION ? 1 : 0;
      if (replaces) {
        Sums.add(sums.debitReversals, old);
        Sums.add(sums.debits, old + moved);
      } else if (moved != 0) {
        Sums.add(totalOf(sums, reversal || undoes, moved), Math.abs(moved));
      }
    }
    if (moved == 0) {
      see("nothing");
    } else if (speaks) {
      see(undoes ? "undone" : "replaced");
    } else {
      assertTrue(reversal || refund == moved < 0, what);
      see(reversal ? (moved < 0 ? "debitReversal" : "creditReversal") : refund ? "credit" : "debit");
    }
    if (original != null && isTakenBack(request)) {
      // What was refunded stays refunded; nothing is left to speak of.
      if (posted.remove(original.key) != null && moved == 0) {
        paidBack.add(original.key);
      }
    } else if (original != null && (replaces || (reversal && !refund))) {
      posted.computeIfPresent(original.key, (key, amount) -> amount + moved);
    } else if (!reversal && !refund && moved != 0) {
      posted.put(request.key, moved);
    }
    checkSinceCutOver(book, "after " + request.messageClass + (request.advice ? " advice" : "") + " of "
        + request.amount + " that moved " + moved + ", of " + old + ": " + answer);
  }

  /** Nothing came of what it names. */
  private static boolean isTakenBack(TestRequest request) {
    return request.messageClass == MessageClass.REVERSAL ? request.replacement <= 0
        : request.advice && (request.declinedElsewhere || request.amount == 0);
  }

  private static long[] totalOf(Sums sums, boolean reversal, long moved) {
    if (reversal) {
      return moved < 0 ? sums.debitReversals : sums.creditReversals;
    }
    return moved < 0 ? sums.credits : sums.debits;
  }

  private void see(String kind) {
    seen.merge(kind, 1, Integer::sum);
  }

  private void cutOver() {
    Book book = books.get(random.nextInt(books.size()));
    boolean all = random.nextInt(4) == 0;
    LocalDate day = random.nextInt(4) == 0 ? null : today().plusDays(random.nextInt(2));
    TestSettlement request = fixture.settlement().cutOver();
    request.partner = book.partner;
    if (all) {
      request.ofAll();
    } else {
      request.of(book.acquirer);
    }
    if (day != null) {
      request.on(monthDay(day));
    }
    assertNull(fixture.send(request).reason(), where);
    for (Book closed : books) {
      if (closed.partner == book.partner && (all || closed.acquirer == book.acquirer)) {
        closed.open = new Sums();
        closed.current = day;
      }
    }
  }

  private void checkSinceCutOver(Book book, String when) {
    TestSettlement request = book.open.in(fixture.settlement().of(book.acquirer));
    request.partner = book.partner;
    Answer answer = fixture.send(request);
    assertNull(answer.reason(), where + " " + when);
    assertEquals(book.open.net(), answer.approved(), where + " " + when);
  }

  /** Gives the sum of the days' nets. */
  private long checkBook(Book book) {
    checkSinceCutOver(book, "at the end");
    long net = 0;
    for (Map.Entry<LocalDate, Sums> day : book.days.entrySet()) {
      TestSettlement request =
          day.getValue().in(fixture.settlement().of(book.acquirer).on(monthDay(day.getKey())));
      request.partner = book.partner;
      Answer answer = fixture.send(request);
      assertNull(answer.reason(), where + " " + day.getKey() + " " + answer);
      net += answer.approved();
    }
    return net;
  }
}
