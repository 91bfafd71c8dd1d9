package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static se.valfardskort.authorizer.domain.DeclineReason.ABROAD;
import static se.valfardskort.authorizer.domain.DeclineReason.ABROAD_JOURNEY;
import static se.valfardskort.authorizer.domain.DeclineReason.ACQUIRER_NOT_ALLOWED;
import static se.valfardskort.authorizer.domain.DeclineReason.AMOUNT_TOO_LARGE;
import static se.valfardskort.authorizer.domain.DeclineReason.AMOUNT_ZERO;
import static se.valfardskort.authorizer.domain.DeclineReason.APPROVAL_DEBT;
import static se.valfardskort.authorizer.domain.DeclineReason.APPROVAL_EDUCATION;
import static se.valfardskort.authorizer.domain.DeclineReason.APPROVAL_MOVING;
import static se.valfardskort.authorizer.domain.DeclineReason.APPROVAL_UNLISTED;
import static se.valfardskort.authorizer.domain.DeclineReason.APPROVAL_WORK_TOOLS;
import static se.valfardskort.authorizer.domain.DeclineReason.BLOCKED_ALCOHOL_TOBACCO;
import static se.valfardskort.authorizer.domain.DeclineReason.BLOCKED_GAMBLING;
import static se.valfardskort.authorizer.domain.DeclineReason.BLOCKED_LUXURY;
import static se.valfardskort.authorizer.domain.DeclineReason.BLOCKED_SERVICES;
import static se.valfardskort.authorizer.domain.DeclineReason.BLOCKED_TRAVEL_RETAIL;
import static se.valfardskort.authorizer.domain.DeclineReason.BLOCKED_UNLISTED;
import static se.valfardskort.authorizer.domain.DeclineReason.CAPACITY;
import static se.valfardskort.authorizer.domain.DeclineReason.CARD_CLOSED;
import static se.valfardskort.authorizer.domain.DeclineReason.CARD_EXPIRED;
import static se.valfardskort.authorizer.domain.DeclineReason.CARD_FROZEN;
import static se.valfardskort.authorizer.domain.DeclineReason.CARD_LOST;
import static se.valfardskort.authorizer.domain.DeclineReason.CARD_STOLEN;
import static se.valfardskort.authorizer.domain.DeclineReason.CARD_UNKNOWN;
import static se.valfardskort.authorizer.domain.DeclineReason.CASHBACK;
import static se.valfardskort.authorizer.domain.DeclineReason.CASH_WITHDRAWAL;
import static se.valfardskort.authorizer.domain.DeclineReason.CATEGORY_CAP;
import static se.valfardskort.authorizer.domain.DeclineReason.CATEGORY_DAY_AMOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.CATEGORY_DAY_COUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.CATEGORY_MONTH_AMOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.CATEGORY_MONTH_COUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.CATEGORY_PURCHASE_LIMIT;
import static se.valfardskort.authorizer.domain.DeclineReason.COMPLETION_ABOVE_TOLERANCE;
import static se.valfardskort.authorizer.domain.DeclineReason.CONTACTLESS_AMOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.CONTACTLESS_COUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.CRYPTOGRAM_FAILED;
import static se.valfardskort.authorizer.domain.DeclineReason.CURRENCY_NOT_HANDLED;
import static se.valfardskort.authorizer.domain.DeclineReason.CVV_FAILED;
import static se.valfardskort.authorizer.domain.DeclineReason.DAY_AMOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.DAY_COUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.DEADLINE_PASSED;
import static se.valfardskort.authorizer.domain.DeclineReason.EARMARK_USES;
import static se.valfardskort.authorizer.domain.DeclineReason.EARMARK_WEEK;
import static se.valfardskort.authorizer.domain.DeclineReason.EXPIRY_CONFLICT;
import static se.valfardskort.authorizer.domain.DeclineReason.EXPIRY_MISMATCH;
import static se.valfardskort.authorizer.domain.DeclineReason.FORMAT_ERROR;
import static se.valfardskort.authorizer.domain.DeclineReason.FUNCTION_UNKNOWN;
import static se.valfardskort.authorizer.domain.DeclineReason.HJARTAN_NOT_ACCREDITED;
import static se.valfardskort.authorizer.domain.DeclineReason.HJARTAN_OTHER_BAZ;
import static se.valfardskort.authorizer.domain.DeclineReason.HJARTAN_OWN_HOUSEHOLD;
import static se.valfardskort.authorizer.domain.DeclineReason.HJARTAN_PROVIDER_SUSPENDED;
import static se.valfardskort.authorizer.domain.DeclineReason.INSUFFICIENT_CASH;
import static se.valfardskort.authorizer.domain.DeclineReason.INSUFFICIENT_FUNDS;
import static se.valfardskort.authorizer.domain.DeclineReason.INSUFFICIENT_HJARTAN;
import static se.valfardskort.authorizer.domain.DeclineReason.KEY_REUSED;
import static se.valfardskort.authorizer.domain.DeclineReason.LUXURY_AMOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.MAC_FAILED;
import static se.valfardskort.authorizer.domain.DeclineReason.MERCHANT_DENIED;
import static se.valfardskort.authorizer.domain.DeclineReason.MONTH_AMOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.MONTH_COUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.NOT_SIGNED_ON;
import static se.valfardskort.authorizer.domain.DeclineReason.NO_CREDIT_ACCOUNT;
import static se.valfardskort.authorizer.domain.DeclineReason.OPEN_HOLDS;
import static se.valfardskort.authorizer.domain.DeclineReason.ORIGINAL_NOT_FOUND;
import static se.valfardskort.authorizer.domain.DeclineReason.ORIGINAL_REVERSED;
import static se.valfardskort.authorizer.domain.DeclineReason.OUT_OF_BALANCE;
import static se.valfardskort.authorizer.domain.DeclineReason.OVERLOADED;
import static se.valfardskort.authorizer.domain.DeclineReason.PAN_CHECK_DIGIT;
import static se.valfardskort.authorizer.domain.DeclineReason.PIN_NOT_VERIFIABLE;
import static se.valfardskort.authorizer.domain.DeclineReason.PIN_TRIES_USED_UP;
import static se.valfardskort.authorizer.domain.DeclineReason.PIN_WRONG;
import static se.valfardskort.authorizer.domain.DeclineReason.PROVIDER_CEILING;
import static se.valfardskort.authorizer.domain.DeclineReason.PURCHASE_LIMIT;
import static se.valfardskort.authorizer.domain.DeclineReason.QUASI_CASH;
import static se.valfardskort.authorizer.domain.DeclineReason.REVERSED_BEFORE_ARRIVAL;
import static se.valfardskort.authorizer.domain.DeclineReason.SAVINGS_NOT_OPEN;
import static se.valfardskort.authorizer.domain.DeclineReason.SYSTEM_MALFUNCTION;
import static se.valfardskort.authorizer.domain.DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * Every decline reason that a partner can meet, met: a started authorizer, real sockets, and the reason that DE 60 of
 * the answer names. A row says what is sent; what no row reaches is named at the end, with why.
 */
class ReasonsTest {
  private static final int LEAST = 40;
  private static final String FORCED_HJARTAN = "009800";

  /** How an installation differs from the shipped one. */
  private enum World {
    /** With limits, and a link on which partners must sign on. */
    LIMITED,
    /** What is in no category takes an approval; who reverses what we never saw wants to know. */
    APPROVING,
    /** What is in no category is denied; DE 7 must be of our time. */
    DENYING
  }

  /** What is sent; the last answer is the one that counts. */
  private interface Script {
    WireMessage run(Till till) throws Exception;
  }

  /** @param story what the row is about */
  private record Row(World world, DeclineReason reason, String story, Script script) {}

  private final List<Row> rows = new ArrayList<>();
  private final Path folder;
  private final Set<DeclineReason> reached = EnumSet.noneOf(DeclineReason.class);
  private final List<String> wrong = new ArrayList<>();

  ReasonsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private void row(DeclineReason reason, String story, Script script) {
    rows.add(new Row(World.LIMITED, reason, story, script));
  }

  private void row(World world, DeclineReason reason, String story, Script script) {
    rows.add(new Row(world, reason, story, script));
  }

  private void messages() {
    row(FORMAT_ERROR, "no MCC", t -> t.ask(t.food().without(18)));
    row(NOT_SIGNED_ON, "a link that wants a sign-on", Till::askWithoutSigningOn);
    row(ACQUIRER_NOT_ALLOWED, "somebody else's acquirer id", t -> t.ask(t.food().set(32, "777777")));
    row(KEY_REUSED, "the same STAN with another amount", t -> {
      WireMessage first = t.food();
      t.ask(first);
      return t.ask(first.copyAs("0100").set(4, "12300"));
    });
    row(ORIGINAL_REVERSED, "a repeat of what was reversed", t -> {
      WireMessage first = t.food();
      t.ask(first);
      t.ask(Shop.about(first, "0400"));
      return t.ask(first.copyAs("0101"));
    });
    row(REVERSED_BEFORE_ARRIVAL, "the reversal came first", t -> {
      WireMessage late = t.food();
      t.ask(Shop.about(late, "0400"));
      return t.ask(late);
    });
    row(FUNCTION_UNKNOWN, "a payment from account to account", t -> t.ask(t.food().set(3, "500000")));
    row(CURRENCY_NOT_HANDLED, "euros without their kronor", t -> t.ask(t.food().set(49, "978")));
    row(AMOUNT_ZERO, "nothing to pay", t -> t.ask(t.food().set(4, "0")));
    row(AMOUNT_TOO_LARGE, "a hundred million kronor", t -> t.ask(t.food().set(4, "10000000001")));
    row(World.DENYING, TRANSMISSION_TIME_OUTSIDE_WINDOW, "sent in June",
        t -> t.ask(t.food().set(7, "0622040000")));
    row(World.APPROVING, ORIGINAL_NOT_FOUND, "a reversal of what was never seen",
        t -> t.ask(Shop.about(t.food(), "0400")));
    row(OUT_OF_BALANCE, "another day's totals", t -> t.ask(
        new WireMessage("0500").set(7, "1102090000").set(11, "000077").set(32, "654321").set(76, "17").set(88, "1")));
  }

  private void cards() {
    row(PAN_CHECK_DIGIT, "a slip of the finger", t -> {
      String pan = CardPlan.pan("975200", t.card);
      return t.ask(t.food().set(2, pan.substring(0, 15) + (pan.charAt(15) == '0' ? '1' : '0')));
    });
    row(CARD_UNKNOWN, "a card of nobody", t -> t.of(123_456_789).buys("5411", 10_00));
    row(CARD_FROZEN, "the frozen card", t -> t.of(900_000_001).buys("5411", 10_00));
    row(CARD_CLOSED, "closed by a caseworker", t -> {
      t.change("{\"act\":\"close\",\"reason\":\"programme-left\"}");
      return t.buys("5411", 10_00);
    });
    row(CARD_LOST, "the lost card", t -> t.of(900_000_004).buys("5411", 10_00));
    row(CARD_STOLEN, "the stolen card", t -> t.of(900_000_005).buys("5411", 10_00));
    row(CARD_EXPIRED, "the expired card", t -> t.of(900_000_002).ask(t.food().set(14, "2401")));
    row(EXPIRY_CONFLICT, "DE 14 and the track differ",
        t -> t.ask(t.food().set(35, CardPlan.pan("975200", t.card) + "D3011201")));
    row(EXPIRY_MISMATCH, "another card's expiry", t -> t.ask(t.food().set(14, "2911")));
    row(PIN_TRIES_USED_UP, "the card with no tries left",
        t -> t.of(900_000_006).ask(t.food().set(52, "0011223344556677")));
    row(PIN_NOT_VERIFIABLE, "a PIN, and no key for it", t -> t.ask(t.food().set(52, "0011223344556677")));
  }

  private void policy() {
    row(CASH_WITHDRAWAL, "an ATM", t -> t.ask(t.at("6011", 100_00).set(3, "010000")));
    row(CASHBACK, "groceries, and cash with them",
        t -> t.ask(t.food().set(3, "090000").set(54, "0040752D000000005000")));
    row(QUASI_CASH, "travellers' cheques", t -> t.buys("6051", 10_00));
    row(MERCHANT_DENIED, "designer wear", t -> t.ask(t.at("5691", 10_00).set(42, "LYXMODE00000001")));
    row(BLOCKED_ALCOHOL_TOBACCO, "wine", t -> t.buys("5921", 10_00));
    row(BLOCKED_GAMBLING, "a bet", t -> t.buys("7995", 10_00));
    row(BLOCKED_LUXURY, "a watch", t -> t.buys("5944", 10_00));
    row(BLOCKED_SERVICES, "an escort", t -> t.buys("7273", 10_00));
    row(BLOCKED_TRAVEL_RETAIL, "duty-free", t -> t.buys("5309", 10_00));
    row(World.DENYING, BLOCKED_UNLISTED, "in no category, where that is denied", t -> t.buys("1234", 10_00));
    row(ABROAD, "groceries in Norway", t -> t.ask(t.food().set(43, Shop.location("NO"))));
    row(ABROAD_JOURNEY, "a travel agency at home", t -> t.buys("4722", 10_00));
    row(APPROVAL_EDUCATION, "a driving school", t -> t.buys("8249", 10_00));
    row(APPROVAL_WORK_TOOLS, "a computer", t -> t.buys("5734", 10_00));
    row(APPROVAL_MOVING, "a removal firm", t -> t.buys("4214", 10_00));
    row(APPROVAL_DEBT, "a loan", t -> t.buys("6012", 10_00));
    row(World.APPROVING, APPROVAL_UNLISTED, "in no category, where that takes an approval", t -> t.buys("1234", 10_00));
    row(LUXURY_AMOUNT, "a banquet", t -> t.buys("5812", 500_01));
    row(CATEGORY_CAP, "the second tank of the month", t -> {
      t.buys("5541", 1_400_00);
      return t.buys("5541", 100_01);
    });
  }

  private void limits() {
    row(PURCHASE_LIMIT, "one large purchase", t -> t.buys("5411", 6_000_01));
    row(CATEGORY_PURCHASE_LIMIT, "one large second-hand purchase", t -> t.buys("5931", 100_01));
    row(DAY_AMOUNT, "two large ones a day", t -> {
      t.buys("5411", 6_000_00);
      return t.buys("5411", 500_01);
    });
    row(CATEGORY_DAY_AMOUNT, "two second-hand ones a day", t -> {
      t.buys("5931", 100_00);
      return t.buys("5931", 50_01);
    });
    row(DAY_COUNT, "the ninth of a day", t -> t.pays(8, "5411").buys("5411", 1_00));
    row(CATEGORY_DAY_COUNT, "the third second-hand one of a day", t -> t.pays(2, "5931").buys("5931", 1_00));
    row(MONTH_AMOUNT, "large ones on two days", t -> {
      t.buys("5411", 6_000_00);
      t.nextDay();
      return t.buys("5411", 800_01);
    });
    row(CATEGORY_MONTH_AMOUNT, "second-hand ones on two days", t -> {
      t.buys("5931", 100_00);
      t.nextDay();
      return t.buys("5931", 80_01);
    });
    row(MONTH_COUNT, "the thirteenth of a month", t -> {
      t.pays(8, "5411");
      t.nextDay();
      return t.pays(4, "5411").buys("5411", 1_00);
    });
    row(CATEGORY_MONTH_COUNT, "the fourth second-hand one of a month", t -> {
      t.pays(2, "5931");
      t.nextDay();
      return t.pays(1, "5931").buys("5931", 1_00);
    });
    row(CONTACTLESS_AMOUNT, "too much for a tap", t -> t.ask(t.at("5411", 400_01).set(22, "071")));
    row(CONTACTLESS_COUNT, "the sixth tap in a row", t -> {
      for (int i = 0; i < 5; i++) {
        t.ask(t.at("5411", 1_00).set(22, "071"));
      }
      return t.ask(t.at("5411", 1_00).set(22, "071"));
    });
    row(OPEN_HOLDS, "the eighth reservation", t -> {
      for (int i = 0; i < 7; i++) {
        t.buys("5411", 1_00);
      }
      return t.buys("5411", 1_00);
    });
    row(COMPLETION_ABOVE_TOLERANCE, "more than was reserved", t -> {
      WireMessage hold = t.food();
      t.ask(hold);
      return t.ask(Shop.about(hold, "0200").set(4, "10001"));
    });
  }

  private void purses() {
    row(World.APPROVING, EARMARK_USES, "a visit more than was prescribed", t -> t.of(900_000_010).visitsTheGarden(2));
    row(World.DENYING, EARMARK_WEEK, "a visit more than the week has", t -> t.of(900_000_010).visitsTheGarden(2));
    row(HJARTAN_NOT_ACCREDITED, "Hjärtan at the grocer's", t -> t.ask(t.food().set(3, FORCED_HJARTAN)));
    row(HJARTAN_PROVIDER_SUSPENDED, "Hjärtan at a suspended provider", t -> t.hjartan("SUSPENDED000001", 10_00));
    row(HJARTAN_OTHER_BAZ, "Hjärtan in another neighbourhood", t -> t.hjartan("ANNANBAZ0000001", 10_00));
    row(HJARTAN_OWN_HOUSEHOLD, "Hjärtan at one's own firm", t -> t.of(42).hjartan("EGENFIRMA000001", 10_00));
    row(PROVIDER_CEILING, "more than the garden may take", t -> t.hjartan("ODLING000000001", 150_00));
    row(SAVINGS_NOT_OPEN, "from the savings", t -> t.ask(t.food().set(3, "001000")));
    row(NO_CREDIT_ACCOUNT, "on credit", t -> t.ask(t.food().set(3, "003000")));
    row(INSUFFICIENT_FUNDS, "the empty card", t -> t.of(900_000_003).buys("5411", 10_00));
    row(INSUFFICIENT_CASH, "kronor of the empty card", t -> t.of(900_000_003).ask(t.food().set(3, "009600")));
    row(INSUFFICIENT_HJARTAN, "more Hjärtan than there are", t -> t.hjartan("BARNKOOP0000001", 3_000_01));
  }

  private static Map<DeclineReason, String> unreached() {
    Map<DeclineReason, String> unreached = new EnumMap<>(DeclineReason.class);
    unreached.put(MAC_FAILED, "no link has MAC keys yet");
    unreached.put(CVV_FAILED, "no key for CVV yet: what cannot be checked proves nothing, and fails nothing");
    unreached.put(CRYPTOGRAM_FAILED, "no key for chip cryptograms yet");
    unreached.put(PIN_WRONG, "no PIN key yet: a PIN is answered PIN_NOT_VERIFIABLE");
    unreached.put(OVERLOADED, "needs a full ring: OverloadTest fills one over TCP");
    unreached.put(DEADLINE_PASSED, "needs a core that stands still: OverloadTest has one over TCP");
    unreached.put(SYSTEM_MALFUNCTION, "needs a defect or a partner that is on a link and not configured");
    unreached.put(CAPACITY, "needs a table that is full: the engine's tests fill each");
    return unreached;
  }

  @Test
  void shouldMeetEachReasonThatAPartnerCanMeet() throws Exception {
    messages();
    cards();
    policy();
    limits();
    purses();

    for (World world : World.values()) {
      play(world);
    }

    assertEquals(List.of(), wrong);
    assertTrue(reached.size() >= LEAST, reached.size() + " reasons");
    Set<DeclineReason> neither = EnumSet.allOf(DeclineReason.class);
    neither.removeAll(reached);
    assertEquals(neither, unreached().keySet(), "each reason is reached by a row, or has a word on why it is not");
  }

  private void play(World world) throws Exception {
    ConfigFixture config = configOf(world);
    List<Throwable> halts = new CopyOnWriteArrayList<>();
    CivilClock clock = new CivilClock();
    Path data = folder.resolve("data-" + world);
    PrintStream log = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    AuthorizerApp app =
        AuthorizerApp.start(
            new StartOptions(config.demo(), data, true, 200, null, 0), log, halts::add, FolderDisk::new, clock);
    try {
      AdminAsker asker = new AdminAsker(AdminAsker.portOf(app.readyLine()), data, config);
      int card = 100;
      for (Row row : rows) {
        if (row.world() == world) {
          try (Till till = new Till(app.readyLine(), asker, clock, card++)) {
            check(row, row.script().run(till));
          }
        }
      }
    } finally {
      assertEquals(List.of(), app.stop());
      assertEquals(List.of(), halts);
    }
  }

  private void check(Row row, WireMessage answer) {
    String expected = "R" + row.reason().code;
    if (expected.equals(answer.get(60))) {
      reached.add(row.reason());
    } else {
      wrong.add(row.reason() + " (" + expected + "), " + row.story() + ": DE 39 = " + answer.get(39) + ", DE 60 = "
          + answer.get(60));
    }
  }

  private ConfigFixture configOf(World world) throws IOException {
    ConfigFixture config = ConfigFixture.copyInto(folder.resolve("config-" + world)).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 2000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
    String programme = "demo/programmes/botkyrka.yaml";
    switch (world) {
      case LIMITED -> {
        config.replace("demo/partners.yaml", "framing: ascii4                # four ASCII digits, length of the body\n"
            + "        sign-on: not-required", "framing: ascii4\n        sign-on: required");
        config.replace(programme, "a-purchase: none ", "a-purchase: 6000.00 kr ");
        config.replace(programme, "a-day: none ", "a-day: 6500.00 kr ");
        config.replace(programme, "purchases-a-day: none ", "purchases-a-day: 8 ");
        config.replace(programme, "a-month: none ", "a-month: 6800.00 kr ");
        config.replace(programme, "purchases-a-month: none ", "purchases-a-month: 12 ");
        config.replace(programme, "open-holds-per-account: 100 ", "open-holds-per-account: 7 ");
        config.replace(programme, "mccs: [5931]", """
            mccs: [5931]
                limits:
                  a-purchase: 100.00 kr
                  a-day: 150.00 kr
                  purchases-a-day: 2
                  a-month: 180.00 kr
                  purchases-a-month: 3
            """);
        config.replace("demo/providers.yaml", "category: food\n    a-month-at-most: none",
            "category: food\n    a-month-at-most: 100.00 kr");
      }
      case APPROVING -> {
        config.replace(programme, "everything-else: allowed ", "everything-else: approval ");
        config.replace("demo/partners.yaml", "unknown-original: accept ", "unknown-original: decline ");
        config.replace("demo/cards.yaml", "uses: 16", "uses: 1");
      }
      case DENYING -> {
        config.replace(programme, "everything-else: allowed ", "everything-else: deny ");
        config.replace("demo/partners.yaml", "transmission-window-hours: 0 ", "transmission-window-hours: 24 ");
        config.replace("demo/cards.yaml", "uses: 16\n        uses-a-week: none", "uses: 16\n        uses-a-week: 1");
      }
    }
    return config;
  }

  /** One card's shopping; each row has a card of its own. */
  private static final class Till implements AutoCloseable {
    private final Shop shop;
    private final String readyLine;
    private final AdminAsker asker;
    private final CivilClock clock;
    private long card;

    Till(String readyLine, AdminAsker asker, CivilClock clock, long card) throws IOException {
      this.shop = new Shop(readyLine);
      this.readyLine = readyLine;
      this.asker = asker;
      this.clock = clock;
      this.card = card;
    }

    Till of(long number) {
      card = number;
      return this;
    }

    WireMessage at(String mcc, long amountMinor) {
      return Shop.purchase(card, mcc, amountMinor).set(7, clock.transmissionTime());
    }

    WireMessage food() {
      return at("5411", 100_00);
    }

    WireMessage ask(WireMessage message) throws IOException {
      return shop.ask(message);
    }

    WireMessage buys(String mcc, long amountMinor) throws IOException {
      return ask(at(mcc, amountMinor));
    }

    /** So many purchases of a krona, posted at once. */
    Till pays(int times, String mcc) throws IOException {
      for (int i = 0; i < times; i++) {
        assertEquals("00", ask(at(mcc, 1_00).copyAs("0200")).get(39));
      }
      return this;
    }

    WireMessage hjartan(String merchant, long amountMinor) throws IOException {
      return ask(at("8351", amountMinor).set(42, merchant).set(3, FORCED_HJARTAN));
    }

    /** For nothing; the last answer. */
    WireMessage visitsTheGarden(int times) throws IOException {
      for (int i = 1; i < times; i++) {
        assertEquals("00", ask(at("5411", 0).set(42, "ODLING000000001")).get(39));
      }
      return ask(at("5411", 0).set(42, "ODLING000000001"));
    }

    void nextDay() {
      clock.pass(TimeUnit.DAYS.toMillis(1));
    }

    void change(String body) throws Exception {
      assertEquals(200, asker.post(asker.card(card) + "/status", body).status());
    }

    WireMessage askWithoutSigningOn() throws IOException {
      try (WireLink link = new WireLink(Layout.ASCII, Shop.portOf(readyLine, "iso87-ascii"))) {
        return link.exchange(food());
      }
    }

    @Override
    public void close() throws IOException {
      shop.close();
    }
  }
}
