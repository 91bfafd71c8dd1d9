package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.Bank;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Attacks over the wire: frames through real sockets, the gateway and the pipeline. */
public final class LinkAttacks implements Scenarios {
  private static final String ENGINE = "se.valfardskort.authorizer.engine.";
  private static final String PIPELINE = "se.valfardskort.authorizer.pipeline.";
  private static final int ANNA = 0;

  @Override
  public List<Attack> all() {
    return Stream.of(oldNews(), currencies(), races()).flatMap(List::stream).toList();
  }

  /** What was sent before, as it was or changed. */
  private static List<Attack> oldNews() {
    return List.of(
        new Attack(
            2,
            "same key with another amount, on the wire",
            "changes DE 4 of an approved purchase and keeps DE 11, 12, 13, 32, 41",
            "get an approval for an amount that nobody decided",
            "DE 4 is part of the fingerprint",
            LinkAttacks::otherAmount,
            List.of(noFingerprint())),
        new Attack(
            3,
            "replay outside the DE 7 window",
            "sends a request of three days ago, when nobody remembers it",
            "have it decided again",
            "requests whose DE 7 is more than 24 hours away are refused before they are queued",
            LinkAttacks::oldRequest,
            List.of(
                Mutant.harmful("the window is not asked", Edit.in(Reception.class, "isOutsideWindow").returns(false)),
                Mutant.harmful("the window is endless", Edit.in(TransmissionWindow.class, "contains").returns(true)))),
        new Attack(
            5,
            "purchase turned into a credit by DE 3",
            "changes DE 3 of an approved purchase from 00 to 20 and keeps its key",
            "get an approved answer to a credit",
            "DE 3 is part of the fingerprint",
            LinkAttacks::purchaseToCredit,
            List.of(noFingerprint())),
        new Attack(
            11,
            "reversing in another acquirer's name",
            "reverses a stranger's purchase over his own link, with the stranger's DE 32",
            "undo a purchase that was never his",
            "a link may speak for the acquirers of its settings only: 31",
            LinkAttacks::inAnothersName,
            List.of(
                Mutant.harmful(
                    "every acquirer is allowed", Edit.in(RequestTranslator.class, "isAllowed").returns(true)))));
  }

  /** Euros and yen for kronor. */
  private static List<Attack> currencies() {
    return List.of(
        new Attack(
            6,
            "foreign amount without a conversion",
            "buys for 10,000 in a currency other than the krona, without DE 6 and 51",
            "pay euros, yen or dinars with as many ore",
            "one currency a purse: what is not kronor, or said in kronor, is refused",
            LinkAttacks::unconverted,
            List.of(
                Mutant.harmful(
                    "the currency is not asked for",
                    new Edit.Place(ENGINE + "AuthorizationHandler", "decide").guardOffBefore("CURRENCY_NOT_HANDLED")),
                Mutant.harmful(
                    "every currency is read as kronor", Edit.in(FieldRules.class, "currency").returns(752L)))),
        new Attack(
            6,
            "conversion into another currency than the krona",
            "gives DE 6 in euros",
            "pay euros with as many ore",
            "DE 6 counts only where DE 51 says 752",
            LinkAttacks::convertedElsewhere,
            List.of(
                Mutant.harmful(
                    "the currency is not asked for",
                    new Edit.Place(ENGINE + "AuthorizationHandler", "decide")
                        .guardOffBefore("CURRENCY_NOT_HANDLED")))),
        new Attack(
            6,
            "partial reversal in the merchant's currency",
            "reverses half of a purchase of 100.00 euros, DE 95 in euros",
            "get back more kronor than the half",
            "DE 95 is scaled by DE 6 and DE 4 of the original",
            LinkAttacks::foreignReversal,
            List.of(
                Mutant.harmful(
                    "euros are taken for kronor",
                    new Edit.Place(ENGINE + "ReversalHandler", "remainsMinor").callGivesArgument("halfUp", 1)))));
  }

  /** Two links at once. */
  private static List<Attack> races() {
    return List.of(
        new Attack(
            18,
            "one request over two links at once",
            "sends the same purchase over both links of a partner in the same instant",
            "make the holder pay twice",
            "one writer: whichever comes first is decided and remembered before the other is looked at",
            LinkAttacks::oneRequestTwoLinks,
            List.of(
                Mutant.harmful(
                    "nobody asks the memory", new Edit.Place(ENGINE + "Engine", "remembers").returns(false)))),
        new Attack(
            18,
            "the last money over two links at once",
            "buys for 6,000 kr of 7,000 kr over both links in the same instant",
            "have both approved",
            "one writer, one order: a decision is applied before the next is made",
            LinkAttacks::lastMoneyTwoLinks,
            List.of(
                Mutant.harmful(
                    "decisions are not applied in their turn",
                    new Edit.Place(PIPELINE + "CoreStage", "decide").callRemoved("apply")))));
  }

  private static Mutant noFingerprint() {
    return Mutant.harmful("the fingerprint is always the same", Edit.in(RequestKey.class, "fingerprint").returns(0L));
  }

  private static void otherAmount() throws Exception {
    try (WireVictim victim = new WireVictim(1, 0)) {
      Wire purchase = victim.purchase(true, "0200", ANNA, 1_00);
      assertEquals("00", victim.binary.ask(purchase).get(39));

      Wire answer = victim.binary.ask(purchase.copy("0200").with(4, "000000500000"));

      assertEquals("94", answer.get(39));
      victim.assertPurses(ANNA, Bank.CASH - 1_00, Bank.HJARTAN, "after the changed copy");
    }
  }

  private static void oldRequest() throws Exception {
    try (WireVictim victim = new WireVictim(1, 24)) {
      Wire purchase = victim.purchase(true, "0200", ANNA, 500_00);
      victim.passHours(72);

      Wire answer = victim.binary.ask(purchase);

      assertEquals("12", answer.get(39));
      victim.assertPurses(ANNA, Bank.CASH, Bank.HJARTAN, "after an old request");
    }
  }

  private static void purchaseToCredit() throws Exception {
    try (WireVictim victim = new WireVictim(1, 0)) {
      Wire purchase = victim.purchase(true, "0200", ANNA, 500_00);
      assertEquals("00", victim.binary.ask(purchase).get(39));

      Wire answer = victim.binary.ask(purchase.copy("0200").with(3, "200000"));

      assertEquals("94", answer.get(39));
      assertNull(answer.get(38));
      victim.assertPurses(ANNA, Bank.CASH - 500_00, Bank.HJARTAN, "after the swap");
    }
  }

  private static void inAnothersName() throws Exception {
    try (WireVictim victim = new WireVictim(1, 0, 654_321L)) {
      Wire purchase = victim.purchase(true, "0200", ANNA, 500_00);
      assertEquals("00", victim.binary.ask(purchase).get(39));

      Wire answer = victim.ascii.ask(WireVictim.otherDialect(reversal(purchase, null), false));

      assertEquals("31", answer.get(39));
      victim.assertPurses(ANNA, Bank.CASH - 500_00, Bank.HJARTAN, "after a stranger's reversal");
    }
  }

  private static Wire reversal(Wire purchase, @Nullable String replacement) {
    return purchase.copy("0400").with(11, "900000").with(95, replacement)
        .with(90, "0200" + purchase.get(11) + purchase.get(7) + "00000123456" + "00000000000");
  }

  private static void unconverted() throws Exception {
    try (WireVictim victim = new WireVictim(1, 0)) {
      for (String currency : List.of("978", "392", "048")) {
        Wire answer = victim.binary.ask(victim.purchase(true, "0200", ANNA, 10_000).with(49, currency));

        assertNotEquals("00", answer.get(39), "a purchase in " + currency);
      }
      victim.assertPurses(ANNA, Bank.CASH, Bank.HJARTAN, "after purchases in three currencies");
    }
  }

  private static void convertedElsewhere() throws Exception {
    try (WireVictim victim = new WireVictim(1, 0)) {
      Wire purchase =
          victim.purchase(true, "0200", ANNA, 10_000).with(49, "392").with(6, "000000006000").with(51, "978");

      victim.binary.ask(purchase);

      victim.assertPurses(ANNA, Bank.CASH, Bank.HJARTAN, "after a purchase converted into euros");
    }
  }

  private static void foreignReversal() throws Exception {
    try (WireVictim victim = new WireVictim(1, 0)) {
      Wire purchase =
          victim.purchase(true, "0200", ANNA, 100_00).with(49, "978").with(6, "000000115000").with(51, "752");
      assertEquals("00", victim.binary.ask(purchase).get(39));

      assertEquals("00", victim.binary.ask(reversal(purchase, "000000005000" + "0".repeat(30))).get(39));

      victim.assertPurses(ANNA, Bank.CASH - 575_00, Bank.HJARTAN, "after half was reversed");
    }
  }

  private static void oneRequestTwoLinks() throws Exception {
    int rounds = 30;
    try (WireVictim victim = new WireVictim(1, 0)) {
      for (int round = 0; round < rounds; round++) {
        Wire purchase = victim.purchase(true, "0200", ANNA, 10_00);
        victim.binary.send(purchase);
        victim.ascii.send(WireVictim.otherDialect(purchase, false));
        Wire first = victim.binary.receive();
        Wire second = victim.ascii.receive();

        assertEquals("00", first.get(39));
        assertEquals(new TreeMap<>(first.fields()), new TreeMap<>(second.fields()), "the two answers");
      }
      victim.assertPurses(ANNA, Bank.CASH - rounds * 10_00L, Bank.HJARTAN, "after " + rounds + " purchases");
    }
  }

  private static void lastMoneyTwoLinks() throws Exception {
    int cards = 15;
    try (WireVictim victim = new WireVictim(cards, 0)) {
      for (int card = 0; card < cards; card++) {
        victim.binary.send(victim.purchase(true, "0200", card, 6_000_00));
        victim.ascii.send(victim.purchase(false, "0200", card, 6_000_00));
        String first = String.valueOf(victim.binary.receive().get(39));
        String second = String.valueOf(victim.ascii.receive().get(39));

        assertEquals(1, ("00".equals(first) ? 1 : 0) + ("00".equals(second) ? 1 : 0),
            "approvals of " + first + " and " + second);
      }
      victim.assertPurses(ANNA, Bank.CASH - 6_000_00, Bank.HJARTAN, "after the race");
    }
  }
}
