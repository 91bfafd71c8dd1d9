package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/** A shop's terminal on a real link: says whatever a test wants said. */
final class Shop implements AutoCloseable {
  static final String GROCER = "BUTIK0000000001";

  private static final AtomicInteger STAN = new AtomicInteger(500_000);

  private final WireLink link;

  /** @param readyLine of a running authorizer */
  Shop(String readyLine) throws IOException {
    link = new WireLink(Layout.BINARY, portOf(readyLine, "iso87-binary"));
  }

  static int portOf(String readyLine, String link) {
    return Integer.parseInt(readyLine.replaceAll(".* " + link + "=[^:]+:(\\d+) .*", "$1"));
  }

  WireMessage ask(WireMessage message) throws IOException {
    return link.exchange(message);
  }

  private static String nextStan() {
    return String.format(Locale.ROOT, "%06d", STAN.incrementAndGet());
  }

  /** An 0100 at the grocer's. */
  static WireMessage purchase(long card, String mcc, long amountMinor) {
    String stan = nextStan();
    return new WireMessage("0100")
        .set(2, CardPlan.pan("975200", card))
        .set(3, "000000")
        .set(4, Long.toString(amountMinor))
        .set(7, "1122040000")
        .set(11, stan)
        .set(12, "050000")
        .set(13, "1122")
        .set(14, "3012")
        .set(18, mcc)
        .set(22, "051")
        .set(25, "00")
        .set(32, "123456")
        .set(37, "632600" + stan)
        .set(41, "TERM0001")
        .set(42, GROCER)
        .set(43, location("SE"))
        .set(49, "752");
  }

  static String location(String country) {
    return String.format(Locale.ROOT, "%-25s%-13s%s", "BUTIKEN", "FITTJA", country);
  }

  /** A message of another kind about an earlier one, which it names by DE 90. */
  static WireMessage about(WireMessage original, String mti) {
    String acquirer = String.format(Locale.ROOT, "%011d", Long.parseLong(original.require(32)));
    return original.copyAs(mti)
        .set(90, original.mti + original.require(11) + original.require(7) + acquirer + "0".repeat(11))
        .set(11, nextStan());
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
