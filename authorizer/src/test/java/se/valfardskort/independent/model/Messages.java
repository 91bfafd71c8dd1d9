package se.valfardskort.independent.model;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import se.valfardskort.independent.WireMessage;

/** Makes up requests that refer to nothing, each with a STAN and a second of its own. */
final class Messages {
  /** Merchant, acquirer, MCCs. */
  private record Shop(String merchant, String acquirer, List<String> mccs, int weight) {}

  private static final List<Shop> SHOPS =
      List.of(
          new Shop("MATAFFAREN00001", Programme.ACQUIRER, List.of("5411", "5499"), 14),
          new Shop("MATAFFAREN00002", Programme.SECOND_ACQUIRER, List.of("5411"), 5),
          new Shop("BARNKOOP0000001", Programme.ACQUIRER, List.of("8351", "5921"), 12),
          new Shop("BARNKOOP0000001", Programme.SECOND_ACQUIRER, List.of("8351"), 2),
          new Shop("ODLING000000001", Programme.ACQUIRER, List.of("5411"), 6),
          new Shop("KONSTRUM0000001", Programme.ACQUIRER, List.of("5971"), 3),
          new Shop("CYKEL0000000001", Programme.ACQUIRER, List.of("7622"), 3),
          new Shop("MACKEN000000001", Programme.ACQUIRER, List.of("5541", "5542", "7523"), 7),
          new Shop("KROGEN000000001", Programme.SECOND_ACQUIRER, List.of("5812", "5814"), 6),
          new Shop("KLADER000000001", Programme.ACQUIRER, List.of("5651", "5691"), 3),
          new Shop("SUSPENDED000001", Programme.ACQUIRER, List.of("8351"), 2),
          new Shop("ANNANBAZ0000001", Programme.ACQUIRER, List.of("8351", "5411"), 3),
          new Shop("EGENFIRMA000001", Programme.ACQUIRER, List.of("7251"), 2),
          new Shop("KIOSKEN00000001", Programme.ACQUIRER, List.of("5993"), 2),
          new Shop("KIOSKEN00000001", Programme.SECOND_ACQUIRER, List.of("5993"), 1),
          new Shop("LYXMODE00000001", Programme.ACQUIRER, List.of("5691"), 1),
          new Shop(
              "BLANDAT00000001",
              Programme.ACQUIRER,
              List.of("5921", "7995", "5944", "5309", "5967", "6011", "8299", "5732", "4214", "6012", "4511", "3000",
                  "3351", "9999", "6513"),
              5));

  private static final List<String> ENTRY_MODES = List.of("051", "051", "051", "021", "071", "072", "812");

  private final Random random;
  private final boolean blips;
  private final boolean hoards;
  private int stan;

  /** MMDD, set by whoever asks for messages. */
  String day = "";

  /** The same, of a day near it. */
  String settlementDay = "";

  /**
   * @param blips nearly every purchase is small and contactless
   * @param hoards nearly every purchase is a tiny hold
   */
  Messages(Random random, boolean blips, boolean hoards) {
    this.random = random;
    this.blips = blips;
    this.hoards = hoards;
  }

  long amount(Book book) {
    if (hoards) {
      return 1L + random.nextInt(900);
    }
    int dice = random.nextInt(20);
    if (dice < 10) {
      return 100L + random.nextInt(9_900);
    }
    if (dice < 16) {
      return 10_000L + random.nextInt(50_000);
    }
    if (dice < 18) {
      return 60_000L + random.nextInt(250_000);
    }
    long all = book.spendableCash() + (random.nextBoolean() ? Math.max(0, book.hjartan()) : 0);
    return Math.max(1, all + random.nextInt(3) - 1);
  }

  static String twelve(long amount) {
    return String.format(Locale.ROOT, "%012d", amount);
  }

  /** STAN, local and transmission time. */
  WireMessage stamp(WireMessage message) {
    stan++;
    if (random.nextInt(20) == 0) {
      message.set(15, random.nextInt(10) == 0 ? "0230" : settlementDay);
    }
    String time = String.format(Locale.ROOT, "%02d%02d%02d", stan / 3600 % 24, stan / 60 % 60, stan % 60);
    return message
        .set(7, day + time)
        .set(11, String.format(Locale.ROOT, "%06d", stan))
        .set(12, time)
        .set(13, day);
  }

  String freshReference() {
    return String.format(Locale.ROOT, "6326%08d", stan);
  }

  /** A DE 38 as another issuer of authorizations would write it. */
  String foreignCode() {
    return String.format(Locale.ROOT, "SI%04d", stan % 10_000);
  }

  WireMessage plain(String mti, String processing, long amount) {
    return stamp(new WireMessage(mti))
        .set(2, Command.PAN)
        .set(3, processing)
        .set(4, twelve(amount))
        .set(14, "3012")
        .set(18, "5411")
        .set(22, "051")
        .set(25, "00")
        .set(32, Programme.ACQUIRER)
        .set(37, freshReference())
        .set(41, "TERM000" + random.nextInt(3))
        .set(42, "MATAFFAREN00001")
        .set(43, place("SE"))
        .set(49, "752");
  }

  private static String place(String country) {
    return String.format(Locale.ROOT, "%-25s%-13s%s", "BUTIKEN", "FITTJA", country);
  }

  /** At another shop. */
  WireMessage elsewhere(WireMessage message) {
    int dice = random.nextInt(SHOPS.stream().mapToInt(Shop::weight).sum());
    for (Shop shop : SHOPS) {
      dice -= shop.weight();
      if (dice < 0) {
        return message
            .set(42, shop.merchant())
            .set(32, shop.acquirer())
            .set(18, shop.mccs().get(random.nextInt(shop.mccs().size())));
      }
    }
    throw new AssertionError("the dice fell off the table");
  }

  private boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  WireMessage purchase(Book book) {
    WireMessage message = elsewhere(plain(random.nextBoolean() ? "0100" : "0200", "000000", amount(book)));
    message.set(22, ENTRY_MODES.get(random.nextInt(ENTRY_MODES.size())));
    message.set(14, book.card.expiry());
    if (blips && !oneIn(12)) {
      message.set(22, "071").set(4, twelve(100 + random.nextInt(9_900)));
    } else if (hoards && !oneIn(12)) {
      message = message.copyAs("0100").set(22, "051").set(42, "MATAFFAREN00001").set(18, "5411");
    }
    if (message.mti.equals("0100") && oneIn(8)) {
      message.set(25, "06");
    }
    if (oneIn(5)) {
      String[] accounts = {"9600", "9600", "9800", "9800", "1000", "2000", "3000"};
      message.set(3, "00" + accounts[random.nextInt(accounts.length)]);
    }
    if (oneIn(25)) {
      message.set(43, place(random.nextBoolean() ? "NO" : "DE"));
    } else if (oneIn(12)) {
      message.without(43).set(19, oneIn(3) ? "578" : "752");
    } else if (oneIn(20)) {
      message.set(19, "578");
    }
    if (oneIn(30)) {
      message.set(3, "010000");
    } else if (oneIn(25)) {
      message.set(3, "090000");
      if (random.nextBoolean()) {
        message.set(54, Book.entry("0040", "752", Math.min(1_000, Long.parseLong(message.require(4)))));
      }
    }
    rareFaults(message);
    return message;
  }

  private void rareFaults(WireMessage message) {
    if (oneIn(15)) {
      message.without(14);
    } else if (oneIn(50)) {
      message.set(14, "2911");
    }
    if (oneIn(60)) {
      message.set(52, "0123456789abcdef");
    }
    if (oneIn(60)) {
      message.set(4, twelve(0)).without(54);
    }
  }

  /** In euro, at 11.31 kronor. */
  WireMessage foreign(WireMessage message) {
    long kronor = Long.parseLong(message.require(4));
    message.set(49, "978").without(54);
    if (oneIn(12)) {
      return oneIn(2) ? message : message.set(6, twelve(kronor)).set(51, "978");
    }
    return message.set(4, twelve(euro(kronor))).set(6, twelve(kronor)).set(51, "752");
  }

  private static long euro(long kronor) {
    return kronor == 0 ? 0 : Math.max(1, kronor * 100 / 1131);
  }

  /** The amount of a message about a row, in the row's currency. */
  void amountOf(WireMessage message, Row row, long kronor) {
    if (row.request.isForeign()) {
      message.set(4, twelve(euro(kronor))).set(6, twelve(kronor)).set(49, "978").set(51, "752");
    } else {
      message.set(4, twelve(kronor));
    }
  }

  WireMessage partialCapable(Book book) {
    WireMessage message = purchase(book);
    if (random.nextBoolean()) {
      long all = book.spendableCash() + Math.max(0, book.hjartan());
      message.set(4, twelve(all / (1 + random.nextInt(3)) + random.nextInt(20_000) + 1)).without(54);
    }
    if (oneIn(8)) {
      foreign(message);
    }
    return message.set(60, "0000000001");
  }

  WireMessage inquiry() {
    WireMessage message = plain(oneIn(4) ? "0200" : "0100", oneIn(2) ? "310000" : "300000", 0);
    if (oneIn(4)) {
      return message;
    }
    return message.without(4).without(18).without(49);
  }

  WireMessage verification() {
    WireMessage message = plain(oneIn(6) ? "0200" : "0100", "000000", 0).set(25, "51");
    return message.mti.equals("0100") && oneIn(2) ? message.without(18) : message;
  }

  WireMessage incomplete(Book book) {
    WireMessage message = plain(random.nextBoolean() ? "0100" : "0200", "000000", amount(book));
    return switch (random.nextInt(4)) {
      case 0 -> message.without(4);
      case 1 -> message.without(49);
      case 2 -> message.without(18);
      default -> message.set(18, "0000");
    };
  }

  WireMessage odd(Book book) {
    WireMessage message = plain(random.nextBoolean() ? "0100" : "0200", "000000", amount(book));
    return switch (random.nextInt(4)) {
      case 0 -> message.set(2, Command.WRONG_PAN);
      case 1 -> message.set(32, "777777");
      case 2 -> message.copyAs(random.nextBoolean() ? "0300" : "0600");
      default -> message.set(3, (oneIn(2) ? "02" : "17") + "0000");
    };
  }

  void replacement(WireMessage reversal, long remains) {
    reversal.set(95, twelve(remains) + twelve(0) + "C00000000C00000000");
  }
}
