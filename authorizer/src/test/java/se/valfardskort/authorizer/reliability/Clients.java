package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage.Layout;

/** All tellers of a trial, on threads of their own while there is load. Owned by one thread. */
final class Clients {
  /** So that a card's whole life is in memory once more for few cards at a time. */
  private static final int CARDS_IN_AN_AUDIT = 100;

  private final List<Teller> tellers = new ArrayList<>();
  private final List<Thread> working = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();
  private final Counts counts;
  private final LongSupplier scale;
  private @Nullable Caseworker caseworker;

  /**
   * @param number spread over the three dialects
   * @param scale of {@link Exchange#answeredAt}
   */
  Clients(int number, long seed, Counts counts, LongSupplier scale) {
    this.counts = counts;
    this.scale = scale;
    AtomicInteger fresh = new AtomicInteger(Installation.firstCard());
    Layout[] layouts = Layout.values();
    for (int i = 0; i < number; i++) {
      Random random = new Random(seed * 31 + i);
      tellers.add(new Teller(layouts[i % layouts.length], random, fresh::getAndIncrement, counts, scale));
    }
  }

  /** Somebody at the admin port joins them. */
  void join(Caseworker one) {
    caseworker = one;
  }

  /** They work until the host has ended, or is closing. */
  void begin(Host host) {
    for (Teller teller : tellers) {
      working.add(Thread.ofPlatform().start(() -> {
        try {
          teller.work(host);
        } catch (RuntimeException | Error thrown) {
          defect.compareAndSet(null, thrown);
        }
      }));
    }
    Caseworker one = caseworker;
    if (one != null) {
      working.add(Thread.ofPlatform().start(() -> work(one, host, defect)));
    }
  }

  private static void work(Caseworker one, Host host, AtomicReference<@Nullable Throwable> defect) {
    try {
      one.work(host);
    } catch (RuntimeException | Error thrown) {
      defect.compareAndSet(null, thrown);
    }
  }

  /** Waits for them. */
  void join() throws InterruptedException {
    for (Thread thread : working) {
      thread.join();
    }
    working.clear();
    Throwable thrown = defect.get();
    if (thrown != null) {
      throw new IllegalStateException("a client is at fault", thrown);
    }
  }

  List<Teller> tellers() {
    return tellers;
  }

  /**
   * Every answer that they have about a card, what is in doubt, and its purses.
   *
   * @param all cards that were ever used; else those since the last audit
   */
  void audit(Host host, String when, boolean all) throws IOException {
    Caseworker one = caseworker;
    if (one != null) {
      one.audit(host, when, all);
    }
    for (Teller teller : tellers) {
      List<Audit.Claim> claims =
          teller.cards.stream().filter(card -> card.wasUsed() || all).map(Audit.Claim::of).toList();
      try (WireLink link = host.link(teller.layout)) {
        for (int from = 0; from < claims.size(); from += CARDS_IN_AN_AUDIT) {
          List<Audit.Claim> some = claims.subList(from, Math.min(claims.size(), from + CARDS_IN_AN_AUDIT));
          Map<Exchange, byte[]> settled = new Audit(link, teller.layout, counts, when).check(some);
          settled.forEach((exchange, body) -> {
            exchange.answeredAt = scale.getAsLong();
            exchange.card.answered(exchange, body);
          });
        }
      }
    }
  }
}
