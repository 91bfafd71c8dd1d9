package se.valfardskort.authorizer.app;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/**
 * The card that a command is about. Its number is turned into its panToken here, in this process, and goes nowhere.
 */
final class CardOption {
  private static final int BIN_DIGITS = 6;
  private static final int LAST_DIGITS = 4;

  @Option(
      names = "--pan",
      paramLabel = "-",
      description = "the card's number, asked for on the terminal or read from standard input: --pan -  (never as a "
          + "word of the command line, which every user of the machine can read)")
  private @Nullable String pan;

  @Option(
      names = "--number",
      paramLabel = "N",
      description = "with --demo: the demonstration's card of this number of at most nine digits")
  private @Nullable String number;

  /**
   * A card as it may be spoken of. Immutable.
   *
   * @param panToken in hexadecimal digits
   * @param masked its BIN and its last four digits
   */
  record Card(String panToken, String masked) {}

  Card read(boolean demo, ConfigurationFolder.Loaded loaded) throws IOException, StartFailure {
    byte[] digits = number == null ? asked() : ofDemonstration(number, demo, loaded.cards());
    if (!isCardNumber(digits)) {
      Arrays.fill(digits, (byte) 0);
      throw usage("this is no card number: 12 to 19 digits, of which the last is right; read it again");
    }
    String text = new String(digits, StandardCharsets.US_ASCII);
    String hidden = "*".repeat(text.length() - BIN_DIGITS - LAST_DIGITS);
    String masked = text.substring(0, BIN_DIGITS) + hidden + text.substring(text.length() - LAST_DIGITS);
    byte[] token = new CardTokens(loaded.settings().panTokenKey()).token(digits);
    return new Card(HexFormat.of().formatHex(token), masked);
  }

  private byte[] ofDemonstration(String nine, boolean demo, @Nullable CardPlan plan) throws StartFailure {
    if (!demo || plan == null || pan != null || !nine.matches("[0-9]{1,9}")) {
      throw usage("--number takes at most nine digits, is for --demo, and stands instead of --pan");
    }
    return CardPlan.pan(plan.bin(), Long.parseLong(nine)).getBytes(StandardCharsets.US_ASCII);
  }

  // Of the JVM's interface, null is still a possible answer.
  @SuppressWarnings("SystemConsoleNull")
  private byte[] asked() throws IOException, StartFailure {
    if (!"-".equals(pan)) {
      throw usage("name the card with '--pan -' and give its number when asked, or on standard input"
          + (pan == null ? "" : "; a number on the command line can be read by every user of this machine"));
    }
    Console console = System.console();
    if (console != null && console.isTerminal()) {
      char[] typed = console.readPassword("card number: ");
      return typed == null ? new byte[0] : new String(typed).replace(" ", "").getBytes(StandardCharsets.ISO_8859_1);
    }
    String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1)).readLine();
    return line == null ? new byte[0] : line.replace(" ", "").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static StartFailure usage(String message) {
    return new StartFailure(ExitCode.USAGE, message);
  }

  /** Whether it is 12 to 19 digits, of which the last is right. */
  static boolean isCardNumber(String digits) {
    return isCardNumber(digits.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean isCardNumber(byte[] digits) {
    boolean sound = digits.length >= 12 && digits.length <= 19;
    int sum = 0;
    for (int i = 0; i < digits.length; i++) {
      int digit = digits[digits.length - 1 - i] - '0';
      sound &= digit >= 0 && digit <= 9;
      int weighted = i % 2 == 1 ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sound && sum % 10 == 0;
  }
}
