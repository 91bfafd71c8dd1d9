package se.valfardskort.authorizer.app;

import static se.valfardskort.authorizer.app.PilotMonth.expect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.PilotScript.Row;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/** The story's terminals: real ISO 8583 messages over a real link, and what each of them must be answered. */
final class PilotTill implements AutoCloseable {
  private static final DateTimeFormatter DE_7 = DateTimeFormatter.ofPattern("MMddHHmmss", Locale.ROOT);
  private static final DateTimeFormatter DE_12 = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
  private static final DateTimeFormatter DE_13 = DateTimeFormatter.ofPattern("MMdd", Locale.ROOT);
  private static final String KRONOR = "752";
  private static final String MARKS = "977";
  private static final int BALANCE = 20;
  private static final int UNDER_WAY = 200;
  private static final long LARGEST_SMALL_MINOR = 95_00;
  private static final long LEAST_SMALL_MINOR = 5_00;
  private static final List<String> SMALL_SHOPS = List.of("5411", "5912", "4111", "5814", "5931");

  private final PilotPlace place;
  private final PilotTown town;
  private final PilotBooks books;
  private final Map<String, Named> named = new HashMap<>();
  private @Nullable WireLink link;
  private int stan;

  /** A purchase that the story speaks of again. */
  private record Named(long card, long amountMinor, WireMessage request, WireMessage answer) {}

  PilotTill(PilotPlace place, PilotTown town, PilotBooks books) {
    this.place = place;
    this.town = town;
    this.books = books;
  }

  /** Connects to the authorizer that runs now. */
  void open() throws IOException {
    close();
    link = new WireLink(Layout.BINARY, Shop.portOf(place.readyLine(), "iso87-binary"));
  }

  @Override
  public void close() throws IOException {
    WireLink old = link;
    link = null;
    if (old != null) {
      old.close();
    }
  }

  private WireLink link() {
    WireLink open = link;
    if (open == null) {
      throw new IllegalStateException("the till is closed");
    }
    return open;
  }

  private WireMessage message(String mti, long card, long amountMinor, String mcc, String shop) {
    stan++;
    Instant now = Instant.ofEpochMilli(place.clock().epochMs());
    LocalDateTime local = place.now();
    String number = String.format(Locale.ROOT, "%06d", stan);
    return new WireMessage(mti)
        .set(2, CardPlan.pan("975200", card))
        .set(3, "000000")
        .set(4, Long.toString(amountMinor))
        .set(7, DE_7.format(now.atOffset(ZoneOffset.UTC)))
        .set(11, number)
        .set(12, DE_12.format(local))
        .set(13, DE_13.format(local))
        .set(14, "3012")
        .set(18, mcc)
        .set(22, "051")
        .set(25, "00")
        .set(32, "123456")
        .set(37, "632600" + number)
        .set(41, "TERM0001")
        .set(42, shop)
        .set(43, Shop.location("SE"))
        .set(49, KRONOR);
  }

  /** One line of a table of purchases: sends it, compares the answer, books what the story says; gives the answer. */
  String buy(Row row) {
    try {
      return tryToBuy(row);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private String tryToBuy(Row row) throws IOException {
    final long card = town.card(row.get("who"));
    final long amountMinor = PilotScript.minor(row.get("kronor"));
    List<String> how = List.of(row.get("how").split(" ", -1));
    WireMessage request =
        message(how.contains("hold") ? "0100" : "0200", card, amountMinor, row.get("mcc"), row.get("shop"));
    if (how.getFirst().matches("\\d{6}")) {
      request.set(3, how.getFirst());
    }
    if (how.contains("in")) {
      request.set(43, Shop.location(how.get(how.indexOf("in") + 1)));
    }
    if (how.contains("BAM")) {
      request.set(4, Long.toString(PilotScript.minor(how.get(how.indexOf("BAM") + 1)))).set(49, MARKS);
      request.set(6, Long.toString(amountMinor)).set(51, KRONOR);
    }
    if (how.contains("back")) {
      long backMinor = PilotScript.minor(how.get(how.indexOf("back") + 1));
      request.set(54, String.format(Locale.ROOT, "0040%sD%012d", KRONOR, backMinor));
    }
    WireMessage answer = link().exchange(request);
    String reason = answer.has(60) ? " " + answer.require(60).substring(0, 4) : "";
    String answered = answer.require(39).equals("00") ? "00" : answer.require(39) + reason;
    expect(answered.equals(row.get("answer")), "it was answered " + answered + ", not as in " + row);
    if (!row.get("paid by").equals("-")) {
      List<String> paid = List.of(row.get("paid by").split(" ", -1));
      expect(PilotScript.minor(paid.get(1)) == amountMinor, "another amount is paid than asked for: " + row);
      books.pay(card, paid.get(0), amountMinor);
    }
    compareBalances(card, answer, row.toString());
    for (String word : how) {
      if (word.startsWith("#")) {
        named.put(word.substring(1), new Named(card, amountMinor, request, answer));
      }
    }
    return answered;
  }

  /** What the terminal is told of the purses (DE 54) is what the story's sums say. */
  private void compareBalances(long card, WireMessage answer, String what) {
    Map<String, Long> told = new HashMap<>();
    String balances = answer.require(54);
    for (int at = 0; at + BALANCE <= balances.length(); at += BALANCE) {
      long minor = Long.parseLong(balances.substring(at + 8, at + BALANCE));
      told.put(balances.substring(at, at + 2), balances.charAt(at + 7) == 'D' ? -minor : minor);
    }
    PilotBooks.Purses purses = books.of(card);
    boolean same =
        told.getOrDefault("96", 0L) == purses.cash && told.getOrDefault("98", 0L) == purses.hjartan
            && told.getOrDefault("97", 0L) == purses.earmark;
    expect(
        same,
        "the terminal is told " + told + ", the story's sums are 96=" + purses.cash + " 98=" + purses.hjartan + " 97="
            + purses.earmark + ", after " + what);
  }

  private Named named(String name) {
    Named purchase = named.get(name);
    if (purchase == null) {
      throw new IllegalArgumentException("no purchase is called '" + name + "'");
    }
    return purchase;
  }

  void complete(String name, long amountMinor) throws IOException {
    Named hold = named(name);
    WireMessage advice = Shop.about(hold.request(), "0220").set(4, Long.toString(amountMinor));
    String answered = link().exchange(advice).require(39);
    expect(answered.equals("00"), "the completion of " + name + " was answered " + answered);
    books.complete(hold.card(), hold.amountMinor(), amountMinor);
  }

  void refund(String name, long amountMinor, String purse) throws IOException {
    Named purchase = named(name);
    WireMessage refund =
        Shop.about(purchase.request(), "0200").set(3, "200000").set(4, Long.toString(amountMinor));
    WireMessage answer = link().exchange(refund);
    expect(answer.require(39).equals("00"), "the refund of " + name + " was answered " + answer.require(39));
    books.pay(purchase.card(), purse, -amountMinor);
    compareBalances(purchase.card(), answer, "the refund of " + name);
  }

  /** Sends it again as it was; the answer must be the same in every field, and nothing is paid. */
  String repeat(String name) throws IOException {
    Named purchase = named(name);
    WireMessage answer = link().exchange(purchase.request());
    expect(
        answer.fields().equals(purchase.answer().fields()),
        "the repeat of " + name + " was answered " + answer + ", the first " + purchase.answer());
    return name + " " + answer.require(38);
  }

  /** Small purchases by dice, one card after another, all of them paid from CASH; many are under way at a time. */
  void crowd(List<String> programmes, int purchases, long seed) throws IOException {
    List<Long> cards = town.ordinaryOf(programmes);
    SplittableRandom dice = new SplittableRandom(seed);
    List<WireMessage> sent = new ArrayList<>();
    for (int i = 0; i < purchases; i++) {
      long card = cards.get(i % cards.size());
      long amountMinor = dice.nextLong(LEAST_SMALL_MINOR, LARGEST_SMALL_MINOR);
      WireMessage request =
          message("0200", card, amountMinor, SMALL_SHOPS.get(dice.nextInt(SMALL_SHOPS.size())), "SMABUTIK0000001");
      link().sendBody(request.encode(Layout.BINARY));
      books.pay(card, "cash", amountMinor);
      sent.add(request);
      if (sent.size() == UNDER_WAY) {
        receive(sent);
      }
    }
    receive(sent);
  }

  private void receive(List<WireMessage> sent) throws IOException {
    for (int i = 0; i < sent.size(); i++) {
      WireMessage answer = WireMessage.decode(Layout.BINARY, link().receiveBody());
      expect(answer.require(39).equals("00"), "a small purchase was answered " + answer);
    }
    sent.clear();
  }
}
