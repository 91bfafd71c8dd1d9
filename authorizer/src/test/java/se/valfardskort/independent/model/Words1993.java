package se.valfardskort.independent.model;

import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import se.valfardskort.independent.WireMessage;

/**
 * Says in the words of 1993 what was thought of in those of 1987 (wire.md section 2), now in one, now in another of the
 * ways that the edition leaves open.
 */
public final class Words1993 {
  private static final int[] OTHERWISE = {12, 13, 15, 18, 22, 25, 39, 43, 70, 90, 95};
  private static final Map<String, String> COUNTRIES = Map.of("SE", "SWE", "NO", "NOR", "DE", "DEU");
  private static final Map<String, String> ACTIONS = Map.of("00", "000", "08", "001", "05", "100", "51", "116");

  private final Random random;

  public Words1993(Random random) {
    this.random = random;
  }

  /**
   * The same, in those words.
   *
   * @param yearOf two digits, of a day MMDD
   */
  public WireMessage of(WireMessage plain, Kind kind, UnaryOperator<String> yearOf) {
    WireMessage message = plain.copyAs("1" + plain.mti.substring(1));
    for (int field : OTHERWISE) {
      message.without(field);
    }
    message.set(12, yearOf.apply(plain.require(13)) + plain.require(13) + plain.require(12));
    String settlementDay = plain.get(15);
    if (settlementDay != null) {
      message.set(15, yearOf.apply(plain.require(13)) + settlementDay);
    }
    String category = plain.get(18);
    if (category != null) {
      message.set(random.nextInt(10) == 0 ? 18 : 26, category);
    }
    String entryMode = plain.get(22);
    if (entryMode != null) {
      message.set(22, "510101" + mode(entryMode) + "11344");
    }
    String place = plain.get(43);
    if (place != null) {
      String country = place.substring(38);
      String address = "BUTIKEN\\\\FITTJA\\14542        " + COUNTRIES.getOrDefault(country, country);
      message.set(43, random.nextInt(4) == 0 ? place : address);
    }
    String action = plain.get(39);
    if (action != null) {
      message.set(39, ACTIONS.getOrDefault(action, "100"));
    }
    function(plain, message, kind);
    original(plain, message, yearOf);
    return message;
  }

  private static char mode(String entryMode) {
    return switch (entryMode) {
      case "071" -> 'M';
      case "072" -> 'A';
      case "051" -> '5';
      default -> '2';
    };
  }

  private void function(WireMessage plain, WireMessage message, Kind kind) {
    String condition = plain.get(25) == null ? "00" : plain.require(25);
    String replacement = plain.get(95);
    boolean first = random.nextBoolean();
    if (replacement != null) {
      message.set(24, "401").set(30, plain.require(4) + "0".repeat(12)).set(4, replacement.substring(0, 12));
    } else if (plain.mti.charAt(1) == '4') {
      if (first) {
        message.set(24, "400");
      }
    } else if (kind == Kind.INCREMENT || kind == Kind.STRAY_INCREMENT) {
      message.set(24, first ? "106" : "107");
    } else if (condition.equals("06")) {
      message.set(24, first ? "101" : "103");
    } else if (condition.equals("51")) {
      message.set(24, "108");
    } else if (kind == Kind.COMPLETION || kind == Kind.COMPLETING_REQUEST) {
      message.set(24, first ? "201" : "202");
    } else if (first) {
      message.set(24, plain.mti.charAt(1) == '2' ? "200" : "100");
    }
    if (random.nextInt(4) == 0) {
      // The reason of the message: whatever it says, it is no condition.
      message.set(25, random.nextBoolean() ? "1506" : "0051");
    }
  }

  private void original(WireMessage plain, WireMessage message, UnaryOperator<String> yearOf) {
    String original = plain.get(90);
    if (original == null) {
      return;
    }
    String sent = original.substring(10, 20);
    boolean timeless = Long.parseLong(sent) == 0;
    String time = timeless ? "0".repeat(12) : yearOf.apply(sent.substring(0, 4)) + sent;
    long acquirer = Long.parseLong(original.substring(20, 31));
    String by = String.valueOf(acquirer);
    if (acquirer == 0) {
      by = random.nextBoolean() ? "" : "00";
    } else {
      by = "0" + by.length() + by;
    }
    message.set(56, "1" + original.substring(1, 10) + time + by);
  }
}
