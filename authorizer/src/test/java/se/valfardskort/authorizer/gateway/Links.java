package se.valfardskort.authorizer.gateway;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.gateway.LinkSettings.Balances;
import se.valfardskort.iso8583.Dialect;

/** Link settings for tests: the demo links of wire.md, each value open to change. */
final class Links {
  static final byte[] KEY = new byte[32];

  static {
    for (int i = 0; i < KEY.length; i++) {
      KEY[i] = (byte) (7 * i + 1);
    }
  }

  private final boolean packed;
  private final boolean of1993;
  private boolean signOn;
  private List<Long> acquirers = List.of(123456L, 654321L);
  private Balances balances = Balances.ALWAYS;
  private PartialApproval partialApproval = PartialApproval.USUAL;
  private String framing;
  private int windowHours;
  private int connections = 64;
  private int inFlight = 256;
  private int perSecond;
  private int frameDeadlineMs = 10_000;
  private int idleMs;
  private int writeBuffer = 1 << 20;
  private int unreadable = 100;
  private LinkUpkeep upkeep = LinkUpkeep.LISTENING;
  private int port;

  private Links(boolean packed, boolean of1993) {
    this.packed = packed;
    this.of1993 = of1993;
    framing = of1993 ? "binary2+tpdu" : packed ? "binary2" : "ascii4";
  }

  static Links binary() {
    return new Links(true, false);
  }

  static Links ascii() {
    return new Links(false, false);
  }

  static Links of(boolean packed) {
    return new Links(packed, false);
  }

  static Links of1993() {
    return new Links(true, true);
  }

  static Dialect dialectOf1993() {
    return Dialect.load(file("iso93-binary.xml"));
  }

  static Dialect dialect(boolean packed) {
    return Dialect.load(file(packed));
  }

  private static Path file(boolean packed) {
    return file(packed ? "iso87-binary.xml" : "iso87-ascii.xml");
  }

  private static Path file(String name) {
    return Path.of(System.getProperty("project.root"), "config", "dialects", name);
  }

  /** A partner's words for what the gateway answers by itself; 96 (909) for all other reasons. */
  static ResponseCodes codes(boolean of1993) {
    Map<Approval, String> approvals = new EnumMap<>(Approval.class);
    for (Approval approval : Approval.values()) {
      approvals.put(approval, !of1993 ? "00" : switch (approval) {
        case IN_PART -> "002";
        case REVERSED -> "400";
        case RECONCILED -> "500";
        case NETWORK -> "800";
        case APPROVED, VERIFIED -> "000";
      });
    }
    Map<Integer, String> declines = new HashMap<>();
    for (DeclineReason reason : DeclineReason.values()) {
      declines.put(reason.code, switch (reason) {
        case FORMAT_ERROR -> of1993 ? "904" : "30";
        case NOT_SIGNED_ON, OVERLOADED, DEADLINE_PASSED -> of1993 ? "907" : "91";
        case ACQUIRER_NOT_ALLOWED -> of1993 ? "905" : "31";
        case FUNCTION_UNKNOWN, TRANSMISSION_TIME_OUTSIDE_WINDOW -> of1993 ? "902" : "12";
        default -> of1993 ? "909" : "96";
      });
    }
    return new ResponseCodes(approvals, declines);
  }

  Links signOn() {
    signOn = true;
    return this;
  }

  Links acquirers(Long... ids) {
    acquirers = List.of(ids);
    return this;
  }

  Links balances(Balances when) {
    balances = when;
    return this;
  }

  Links partialApproval(PartialApproval where) {
    partialApproval = where;
    return this;
  }

  Links framing(String spec) {
    framing = spec;
    return this;
  }

  Links windowHours(int hours) {
    windowHours = hours;
    return this;
  }

  Links connections(int most) {
    connections = most;
    return this;
  }

  Links inFlight(int most) {
    inFlight = most;
    return this;
  }

  Links perSecond(int most) {
    perSecond = most;
    return this;
  }

  Links frameDeadlineMs(int ms) {
    frameDeadlineMs = ms;
    return this;
  }

  Links idleMs(int ms) {
    idleMs = ms;
    return this;
  }

  Links writeBuffer(int bytes) {
    writeBuffer = bytes;
    return this;
  }

  Links unreadable(int inARow) {
    unreadable = inARow;
    return this;
  }

  /** Dials this port, with short waits. */
  Links dials(int where) {
    port = where;
    upkeep = new LinkUpkeep(true, 5_000, 1, 20, 0, 10_000);
    return this;
  }

  Links answerWithinMs(int ms) {
    upkeep = new LinkUpkeep(upkeep.dials(), 5_000, 1, 20, upkeep.echoEveryMs(), ms);
    return this;
  }

  Links echoEveryMs(int ms) {
    upkeep = new LinkUpkeep(upkeep.dials(), 5_000, 1, 20, ms, upkeep.answerWithinMs());
    return this;
  }

  LinkSettings settings() {
    String name = of1993 ? "partner-1993" : packed ? "partner-binary" : "partner-ascii";
    Path dialect = of1993 ? file("iso93-binary.xml") : file(packed);
    return new LinkSettings(7, name, "127.0.0.1", port, dialect, framing, signOn, acquirers, 752, balances,
        partialApproval, true,
        codes(of1993), windowHours, 1_000, 4_096, connections, inFlight, perSecond,
        frameDeadlineMs, idleMs, writeBuffer, unreadable, upkeep);
  }

  /** A purchase that nothing is wrong with. */
  static Wire purchase(boolean packed) {
    return Wire.message(packed, "0100")
        .with(2, "9752000000000001")
        .with(3, "000000")
        .with(4, "000000012345")
        .with(7, "1122093000")
        .with(11, "000123")
        .with(12, "103000")
        .with(13, "1122")
        .with(14, "3012")
        .with(18, "5411")
        .with(22, "051")
        .with(25, "00")
        .with(32, "123456")
        .with(37, "632612000123")
        .with(41, "TERM0001")
        .with(42, "ICAKVANTUM00001")
        .with(43, "ICA KVANTUM              BOTKYRKA     SE")
        .with(49, "752");
  }

  static Wire reversal(boolean packed) {
    return Links.purchase(packed).copy("0400").with(11, "000124")
        .with(90, "0100" + "000123" + "1122093000" + "00000123456" + "00000000000");
  }

  /** A reconciliation that says all there is to say. */
  static Wire reconciliation(boolean packed) {
    return Wire.message(packed, "0500")
        .with(7, "1123093000")
        .with(11, "000321")
        .with(15, "1122")
        .with(32, "123456")
        .with(50, "752")
        .with(74, "0000000001")
        .with(75, "0000000002")
        .with(76, "0000000003")
        .with(77, "0000000004")
        .with(81, "0000000005")
        .with(86, "0000000000000086")
        .with(87, "0000000000000087")
        .with(88, "0000000000000088")
        .with(89, "0000000000000089")
        .with(97, "D0000000000018050")
        .with(99, "99000000001");
  }

  static Wire network(boolean packed, String function) {
    return Wire.message(packed, "0800").with(7, "1122093000").with(11, "000001").with(70, function);
  }
}
