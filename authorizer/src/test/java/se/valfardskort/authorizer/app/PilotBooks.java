package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The story's own bookkeeping: plain sums of what the story says was paid, by pool, card and purse. It knows none of
 * the authorizer's rules and reads none of its state, so that the two can be compared.
 */
final class PilotBooks {
  /** What one card has, in minor units. */
  static final class Purses {
    long cash;
    long held;
    long hjartan;
    long earmark;
  }

  private final Map<String, Long> pools = new TreeMap<>();
  private final Map<Long, Purses> cards = new TreeMap<>();
  private long paidIn;
  private long backing;
  private long issued;
  private long spent;
  private long earnedByProviders;

  void payIn(String programme, long poolMinor, long backingMinor) {
    pools.merge(programme, poolMinor, Long::sum);
    paidIn += poolMinor + backingMinor;
    backing += backingMinor;
  }

  Purses of(long card) {
    return cards.computeIfAbsent(card, _ -> new Purses());
  }

  void load(String programme, long card, long cashMinor, long hjartanMinor) {
    pools.merge(programme, -cashMinor, Long::sum);
    issued += hjartanMinor;
    of(card).cash += cashMinor;
    of(card).hjartan += hjartanMinor;
  }

  /** Of {@code cash}, {@code hjartan} or {@code earmark}; {@code held}: reserved on CASH. */
  void pay(long card, String purse, long amountMinor) {
    switch (purse) {
      case "cash" -> of(card).cash -= amountMinor;
      case "earmark" -> of(card).earmark -= amountMinor;
      case "hjartan" -> {
        of(card).hjartan -= amountMinor;
        earnedByProviders += amountMinor;
        return;
      }
      case "held" -> {
        of(card).cash -= amountMinor;
        of(card).held += amountMinor;
        return;
      }
      default -> throw new IllegalArgumentException("no purse: " + purse);
    }
    spent += amountMinor;
  }

  /** A hold ends in a purchase of {@code amountMinor}. */
  void complete(long card, long heldMinor, long amountMinor) {
    of(card).held -= heldMinor;
    of(card).cash += heldMinor - amountMinor;
    spent += amountMinor;
  }

  void grant(String programme, long card, long amountMinor) {
    pools.merge(programme, -amountMinor, Long::sum);
    of(card).earmark += amountMinor;
  }

  long pool(String programme) {
    return pools.getOrDefault(programme, 0L);
  }

  /** Balances by the names that {@code ./run journal replay} has for them. */
  Map<String, Long> ledger() {
    Map<String, Long> ledger = new TreeMap<>();
    ledger.put("BANK", -paidIn);
    ledger.put("POOL", pools.values().stream().mapToLong(Long::longValue).sum());
    ledger.put("TREASURY_BACKING", backing);
    ledger.put("CASH_AVAILABLE", cards.values().stream().mapToLong(card -> card.cash).sum());
    ledger.put("CASH_HELD", cards.values().stream().mapToLong(card -> card.held).sum());
    ledger.put("EARMARK_AVAILABLE", cards.values().stream().mapToLong(card -> card.earmark).sum());
    ledger.put("SETTLEMENT_DUE", spent);
    ledger.put("HJARTAN_ISSUED", -issued);
    ledger.put("HJARTAN_AVAILABLE", cards.values().stream().mapToLong(card -> card.hjartan).sum());
    ledger.put("PROVIDER_HJARTAN", earnedByProviders);
    return ledger;
  }

  /** Where the authorizer's books differ from these, an account each; what these do not know must be 0 there. */
  List<String> differences(Map<?, ?> theirs) {
    Map<String, Long> ours = ledger();
    TreeSet<String> names = new TreeSet<>(ours.keySet());
    theirs.keySet().forEach(name -> names.add(String.valueOf(name)));
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      long our = ours.getOrDefault(name, 0L);
      if (!Long.valueOf(our).equals(theirs.get(name))) {
        differences.add(name + " is " + theirs.get(name) + ", the story's own sum " + our);
      }
    }
    return differences;
  }
}
