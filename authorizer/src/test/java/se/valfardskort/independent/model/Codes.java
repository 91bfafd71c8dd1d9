package se.valfardskort.independent.model;

import java.util.Map;
import se.valfardskort.independent.WireMessage;

/** DE 39 as each edition writes it, typed in from the table of wire.md section 2; the model speaks 1987. */
final class Codes {
  private static final Map<String, String> OF_1993 =
      Map.ofEntries(
          Map.entry("00", "000"), Map.entry("10", "002"), Map.entry("03", "109"), Map.entry("05", "100"),
          Map.entry("12", "902"), Map.entry("13", "110"), Map.entry("14", "111"), Map.entry("25", "914"),
          Map.entry("30", "904"), Map.entry("31", "905"), Map.entry("39", "114"), Map.entry("41", "208"),
          Map.entry("43", "209"), Map.entry("51", "116"), Map.entry("53", "114"), Map.entry("54", "101"),
          Map.entry("55", "117"), Map.entry("57", "119"), Map.entry("58", "120"), Map.entry("61", "121"),
          Map.entry("62", "104"), Map.entry("63", "916"), Map.entry("65", "123"), Map.entry("75", "106"),
          Map.entry("82", "122"), Map.entry("91", "907"), Map.entry("94", "913"), Map.entry("95", "501"),
          Map.entry("96", "909"));

  private Codes() {}

  static String onTheWire(WireMessage request, String code) {
    if (request.mti.charAt(0) != '1') {
      return code;
    }
    char messageClass = request.mti.charAt(1);
    boolean ofItsOwn = messageClass == '4' || messageClass == '5' || messageClass == '8';
    if (ofItsOwn && code.equals("00")) {
      return messageClass + "00";
    }
    String action = OF_1993.get(code);
    if (action == null) {
      throw new AssertionError("no action code for " + code);
    }
    return action;
  }

  /** Too late or too much at once: nothing was booked and nothing is remembered. */
  static boolean isTryAgain(WireMessage answer) {
    return "91".equals(answer.get(39)) || "907".equals(answer.get(39));
  }
}
