package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * A seeded run of purchases, reversals and cut-overs of four acquirers over forty days: what each would add up from the
 * answers it got is what the engine has for it, on every day, since its cut-over, and in the ledger.
 */
final class SettlementRandomTest {
  private static final int STEPS = 12_000;
  private static final int CARDS = 10;
  private static final long[] ACQUIRERS = {TestPolicy.ACQUIRER, 654_321L};
  private static final int[] PARTNERS = {TestPolicy.PARTNER, TestPolicy.STRICT_PARTNER};
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  /** Debits, their amount, reversals, their amount, authorizations. */
  private static final class Sums {
    final long[] values = new long[5];

    void debit(long amount) {
      values[0]++;
      values[1] += amount;
    }

    void reversal(long amount) {
      values[2]++;
      values[3] += amount;
    }

    TestSettlement in(TestSettlement request) {
      return request.totals(values[0], values[1], values[2], values[3], values[4]);
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

  private final long seed = 17_520_500L;
  private final Random random = new Random(seed);
  private final EngineFixture fixture = EngineFixture.configured();
  private final List<Book> books = new ArrayList<>();
  private final List<TestRequest> sent = new ArrayList<>();
  private long owed;

  @Test
  void shouldHaveTheTotalsThatEachAcquirerAddsUpItself() {
    for (int partner : PARTNERS) {
      for (long acquirer : ACQUIRERS) {
        books.add(new Book(partner, acquirer));
      }
    }
    for (int card = 0; card < CARDS; card++) {
      fixture.card(card);
      fixture.load(card, 0, 1_000_000_00L, 10_000_00L);
    }
    for (int step = 0; step < STEPS; step++) {
      fixture.timeMs += random.nextInt(600_000);
      int action = random.nextInt(1_000);
      if (action < 3) {
        cutOver();
      } else if (action < 700 || sent.isEmpty()) {
        buy();
      } else if (action < 950) {
        reverse();
      } else {
        repeat();
      }
      if (step % 1_000 == 0) {
        fixture.engine.checkInvariants();
      }
    }

    long net = 0;
    for (Book book : books) {
      net += checkBook(book);
    }
    assertEquals(owed, net, "seed " + seed);
    fixture.engine.checkInvariants();
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
    Book book = bookOf(request);
    return book.current == null ? today() : book.current;
  }

  private void buy() {
    TestRequest request = fixture.request(random.nextInt(CARDS));
    Book book = books.get(random.nextInt(books.size()));
    request.partner = book.partner;
    request.acquirer = book.acquirer;
    request.messageClass = random.nextInt(4) == 0 ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    request.merchant = random.nextInt(3) == 0 ? "BARNKOOP0000001" : "ICA000000000001";
    request.mcc = random.nextInt(10) == 0 ? 7995 : 5411;
    request.amount = random.nextInt(20) == 0 ? 90_000_000_00L : 1 + random.nextInt(100_00);
    count(request, request.amount);
    sent.add(request);
  }

  private void reverse() {
    TestRequest original = sent.get(random.nextInt(sent.size()));
    if (original.messageClass == MessageClass.REVERSAL) {
      return;
    }
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.settlementDate = new TestRequest().settlementDate;
    reversal.replacement = random.nextBoolean() ? -1 : random.nextLong(original.amount);
    count(reversal, 0);
    sent.add(reversal);
  }

  private void repeat() {
    fixture.send(sent.get(random.nextInt(sent.size())));
  }

  private void count(TestRequest request, long amount) {
    Book book = bookOf(request);
    LocalDate day = dayFor(request);
    Answer answer = fixture.send(request);
    for (Sums sums : List.of(book.open, book.days.computeIfAbsent(day, key -> new Sums()))) {
      if (answer.effect() == Effect.POST) {
        sums.debit(amount);
      } else if (answer.effect() == Effect.UNPOST) {
        sums.reversal(answer.approved());
      }
      if (request.messageClass == MessageClass.AUTHORIZATION) {
        sums.values[4]++;
      }
    }
    if (answer.effect() == Effect.POST) {
      owed += amount;
    } else if (answer.effect() == Effect.UNPOST) {
      owed -= answer.approved();
    }
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
    assertNull(fixture.send(request).reason(), "seed " + seed);
    for (Book closed : books) {
      if (closed.partner == book.partner && (all || closed.acquirer == book.acquirer)) {
        closed.open = new Sums();
        closed.current = day;
      }
    }
  }

  /** Gives the sum of the days' nets. */
  private long checkBook(Book book) {
    TestSettlement sinceCutOver = book.open.in(fixture.settlement().of(book.acquirer));
    sinceCutOver.partner = book.partner;
    assertNull(fixture.send(sinceCutOver).reason(), "seed " + seed);
    long net = 0;
    for (Map.Entry<LocalDate, Sums> day : book.days.entrySet()) {
      TestSettlement request =
          day.getValue().in(fixture.settlement().of(book.acquirer).on(monthDay(day.getKey())));
      request.partner = book.partner;
      Answer answer = fixture.send(request);
      assertNull(answer.reason(), "seed " + seed + " " + day.getKey() + " " + answer);
      net += answer.approved();
    }
    return net;
  }
}
