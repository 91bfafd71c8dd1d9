package se.valfardskort.independent.model;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * Sends what belongs to no card, while no card's message is under way: reconciliations, cut-overs, and network
 * management. One thread at a time.
 */
final class Clerk implements AutoCloseable {
  static final int FIRST_STAN = 500_000;

  private static final int MOST_TRIES = 100;
  private static final Layout[] LINKS = Layout.values();
  private static final DateTimeFormatter MONTH_DAY = DateTimeFormatter.ofPattern("MMdd", Locale.ROOT);

  /** What was answered, to be asked again. */
  private record Done(Layout link, WireMessage request, Expected expected) {}

  private final Host host;
  private final Laws laws;
  private final Settlement settlement;
  private final Random random;
  private final ReasonBook reasons;
  private final HostLinks links;
  private final List<String> transcript = new ArrayList<>();
  private @Nullable Done last;
  private boolean wrong;
  private int stan;

  /** @param firstStan above those of all cards, and of other clerks of the same day */
  Clerk(Host host, Laws laws, Settlement settlement, long seed, ReasonBook reasons, int firstStan) {
    this.laws = laws;
    stan = firstStan;
    this.host = host;
    links = new HostLinks(host);
    this.settlement = settlement;
    this.reasons = reasons;
    random = new Random(seed);
  }

  boolean hasFailed() {
    return wrong;
  }

  /** Its latest messages, in words. */
  String transcript() {
    return String.join("\n", transcript.subList(Math.max(0, transcript.size() - 60), transcript.size()));
  }

  /** All totals start anew. */
  void begin() {
    cutOver(Layout.BINARY, null, null);
    cutOver(Layout.BINARY_1993, null, null);
  }

  /** A few messages. Returns how many. */
  int turn(String pan) {
    int messages = 1 + random.nextInt(4);
    for (int i = 0; i < messages && !wrong; i++) {
      Layout link = LINKS[random.nextInt(LINKS.length)];
      switch (random.nextInt(12)) {
        case 0 -> {
          String acquirer = random.nextInt(3) == 0 ? null : anyAcquirer();
          cutOver(link, acquirer, random.nextInt(3) == 0 ? anyDay() : null);
        }
        case 1 -> again();
        case 2 -> otherContent();
        case 3, 4 -> network(link);
        case 5 -> signOffAndOn(link, pan);
        default -> reconcile(link, anyAcquirer(), random.nextInt(3) == 0 ? anyDay() : null);
      }
    }
    return messages;
  }

  /** Every acquirer's totals since the last cut-over. */
  void reconcileAll() {
    for (String acquirer : Settlement.ACQUIRERS) {
      Layout of1987 = random.nextBoolean() ? Layout.BINARY : Layout.ASCII;
      exchange(of1987, reconciliation(of1987, acquirer, null), null, 0);
      exchange(Layout.BINARY_1993, reconciliation(Layout.BINARY_1993, acquirer, null), null, 0);
    }
  }

  private String anyAcquirer() {
    return Settlement.ACQUIRERS.get(random.nextInt(Settlement.ACQUIRERS.size()));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(Instant.ofEpochMilli(host.timeMs()), ZoneOffset.UTC);
  }

  private LocalDate anyDay() {
    return today().plusDays(random.nextInt(5) - 2);
  }

  private static boolean is1993(Layout link) {
    return link == Layout.BINARY_1993;
  }

  private WireMessage message(Layout link, String mti) {
    stan++;
    String time = String.format(Locale.ROOT, "%02d%02d%02d", stan / 3600 % 12, stan / 60 % 60, stan % 60);
    String day = MONTH_DAY.format(today());
    WireMessage message =
        new WireMessage((is1993(link) ? "1" : "0") + mti).set(7, day + time).set(11, Integer.toString(stan));
    return is1993(link) ? message.set(12, today().getYear() % 100 + day + time) : message.set(12, time).set(13, day);
  }

  private static void day(WireMessage message, Layout link, @Nullable LocalDate day) {
    if (day != null) {
      message.set(15, (is1993(link) ? String.valueOf(day.getYear() % 100) : "") + MONTH_DAY.format(day));
    }
  }

  private WireMessage reconciliation(Layout link, String acquirer, @Nullable LocalDate day) {
    WireMessage message = message(link, random.nextBoolean() ? "500" : "520").set(32, acquirer);
    day(message, link, day);
    settlement.totals(is1993(link), acquirer, day).forEach(message::set);
    return message;
  }

  /** Some of the totals, now and then a wrong one among them, or none at all. */
  private void reconcile(Layout link, String acquirer, @Nullable LocalDate day) {
    WireMessage message = reconciliation(link, acquirer, day);
    List<Integer> totals = new ArrayList<>(settlement.totals(is1993(link), acquirer, day).keySet());
    Reason reason = null;
    int dice = random.nextInt(10);
    if (dice == 0) {
      totals.forEach(message::without);
      reason = Reason.FORMAT;
    } else if (dice < 5) {
      int kept = totals.get(random.nextInt(totals.size()));
      totals.remove(Integer.valueOf(kept));
      totals.stream().filter(_ -> random.nextBoolean()).forEach(message::without);
      if (dice < 3) {
        falsify(message, kept);
        reason = Reason.OUT_OF_BALANCE;
      }
    }
    if (random.nextInt(3) == 0) {
      message.set(99, "99000000001");
    }
    exchange(link, message, reason, reason == Reason.FORMAT ? Settlement.NET : 0);
  }

  private static void falsify(WireMessage message, int total) {
    String value = message.require(total);
    int last = value.charAt(value.length() - 1) - '0';
    message.set(total, value.substring(0, value.length() - 1) + (last + 1) % 10);
  }

  private void exchange(Layout link, WireMessage message, @Nullable Reason reason, int faultyField) {
    Map<Integer, String> answered = new HashMap<>();
    if (reason != Reason.FORMAT) {
      LocalDate day = Settlement.dayOf(message.has(15) ? message.require(15) : "", today());
      answered.put(50, "752");
      answered.put(Settlement.NET,
          settlement.totals(is1993(link), message.require(32), day).getOrDefault(Settlement.NET, ""));
      if (!is1993(link)) {
        answered.put(66, reason == null ? "1" : "2");
      }
    }
    exchange(link, message, new Expected(code(reason), reason, false, null, answered, faultyField), true);
  }

  private static String code(@Nullable Reason reason) {
    return reason == null ? "00" : reason.code;
  }

  private void cutOver(Layout link, @Nullable String acquirer, @Nullable LocalDate day) {
    WireMessage message = function(link, "201", "821");
    if (acquirer != null) {
      message.set(32, acquirer);
    }
    day(message, link, day);
    settlement.cutOver(is1993(link), acquirer, day);
    exchange(link, message, expected(null), true);
  }

  private WireMessage function(Layout link, String of1987, String of1993) {
    WireMessage message = message(link, is1993(link) ? "804" : "800");
    return is1993(link) ? message.set(24, of1993) : message.set(70, of1987);
  }

  private static Expected expected(@Nullable Reason reason) {
    return new Expected(code(reason), reason, false, null, Map.of(), 0);
  }

  /** The same bytes get the same answer; what it says may have changed since, but not what was answered. */
  private void again() {
    Done done = last;
    if (done != null) {
      String mti = done.request.mti.substring(0, 3) + ((done.request.mti.charAt(3) - '0') | 1);
      exchange(done.link, done.request.copyAs(mti), done.expected, false);
    }
  }

  private void otherContent() {
    Done done = last;
    if (done != null) {
      WireMessage other = done.request.copyAs(done.request.mti);
      other.set(81, other.has(81) ? Settlement.digits(10, Long.parseLong(other.require(81)) + 1) : "0000000007");
      exchange(done.link, other, expected(Reason.SAME_KEY_OTHER_CONTENT), false);
    }
  }

  private void network(Layout link) {
    switch (random.nextInt(6)) {
      case 0 -> exchange(link, function(link, "301", "831"), expected(null), false);
      case 1 -> exchange(link, function(link, "001", "801"), expected(null), false);
      case 2 -> exchange(link, function(link, random.nextBoolean() ? "101" : "161", "811"), expected(null), false);
      case 3 -> exchange(link, function(link, "101", "811").set(48, "KEY"), expected(Reason.FUNCTION), false);
      case 4 -> exchange(link, function(link, "777", "899"), expected(Reason.FUNCTION), false);
      default -> {
        int field = is1993(link) ? 24 : 70;
        Expected missing = new Expected("30", Reason.FORMAT, false, null, Map.of(), field);
        exchange(link, function(link, "301", "831").without(field), missing, false);
      }
    }
  }

  /** Who has signed off from a link that asks for it is answered 91, whatever he sends, and nothing is booked. */
  private void signOffAndOn(Layout link, String pan) {
    exchange(link, function(link, "002", "802"), expected(null), false);
    if (Host.asksForSignOn(link)) {
      WireMessage purchase =
          message(link, "200")
              .set(2, pan)
              .set(3, "000000")
              .set(4, "000000000700")
              .set(is1993(link) ? 26 : 18, "5411")
              .set(32, Programme.ACQUIRER)
              .set(41, "TERM0009")
              .set(42, "MATAFFAREN00001")
              .set(49, "752");
      Expected refused = expected(Reason.NOT_SIGNED_ON);
      // A connection that breaks meanwhile has been signed on again.
      if (!isAnswered(link, purchase, refused) || !isAnswered(link, function(link, "201", "821"), refused)) {
        return;
      }
      Expected echo = laws.signedOffMayAskForEchoes() ? expected(null) : refused;
      exchange(link, function(link, "301", "831"), echo, false);
      exchange(link, function(link, "001", "801"), expected(null), false);
    } else {
      // There is nothing to sign off from: all goes on.
      reconcile(link, Programme.ACQUIRER, null);
    }
  }

  private void exchange(Layout link, WireMessage request, Expected expected, boolean canBeAskedAgain) {
    for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
      if (isAnswered(link, request, expected)) {
        if (canBeAskedAgain) {
          last = new Done(link, request, expected);
        }
        return;
      }
    }
    throw new AssertionError("no answer in " + MOST_TRIES + " tries to " + request.without(2));
  }

  /** False where the connection broke, or the server asks to try again. */
  private boolean isAnswered(Layout link, WireMessage request, Expected expected) {
    WireMessage answer;
    try {
      answer = links.of(link).exchange(request);
    } catch (IOException broken) {
      close();
      return false;
    }
    if (Codes.isTryAgain(answer) && !expected.code().equals(Reason.NOT_SIGNED_ON.code)) {
      return false;
    }
    List<String> differences = expected.differences(request, answer, reasons);
    transcript.add("on " + link + " sent " + request.copyAs(request.mti).without(2));
    transcript.add("   received " + answer.copyAs(answer.mti).without(2));
    differences.forEach(difference -> transcript.add("   *** " + difference));
    wrong |= !differences.isEmpty();
    return true;
  }

  @Override
  public void close() {
    links.close();
  }
}
