package se.valfardskort.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import se.valfardskort.loadtest.client.Home;
import se.valfardskort.loadtest.client.Purses;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.UserError;

/** The command line: what it prints and how it ends. */
@Timeout(60)
class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream systemOut = System.out;
  private final PrintStream systemErr = System.err;
  private final Optional<String> home = Optional.ofNullable(System.getProperty(Home.PROPERTY));

  @BeforeEach
  void listen() {
    System.setProperty(Home.PROPERTY, TestIssuer.home().toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(systemOut);
    System.setErr(systemErr);
    home.ifPresentOrElse(value -> System.setProperty(Home.PROPERTY, value), () -> System.clearProperty(Home.PROPERTY));
  }

  @Test
  void shouldShowBothMessagesMaskedAndSayWhatTheyMean() throws Exception {
    try (TestIssuer issuer = TestIssuer.answering(request -> {
      var answer = TestIssuer.answer(request, "58", new Purses(123_450, -100));
      answer.put(60, "R280");
      return answer;
    })) {
      int exit = Main.run("send", "--port", String.valueOf(issuer.endpoint().port()), "--card", "000000007",
          "--amount", "25.50", "--processing-code", "009800");

      assertEquals(0, exit, err::toString);
      String text = out.toString(StandardCharsets.UTF_8);
      assertTrue(text.contains("0100  authorization request") && text.contains("0110  authorization answer"), text);
      assertTrue(text.contains("975200******0076") && !text.contains("9752000000000076"), text);
      assertTrue(text.contains("Answer: 58  Hjärtan cannot be used here"), text);
      assertTrue(text.contains("Reason: R280  Hjärtan are not accepted by this shop"), text);
      assertTrue(text.contains("CASH 1,234.50  HJARTAN -1.00 kr"), text);
    }
  }

  @Test
  void shouldWriteJsonForPrograms() throws Exception {
    try (TestIssuer issuer = TestIssuer.answering(request -> TestIssuer.answer(request, "00", new Purses(5, 6)))) {
      int exit = Main.run("send", "--port", String.valueOf(issuer.endpoint().port()), "--card", "000000007",
          "--amount", "1", "--json");

      assertEquals(0, exit, err::toString);
      String text = out.toString(StandardCharsets.UTF_8);
      assertTrue(text.startsWith("{\"mti\":\"0110\",\"responseCode\":\"00\""), text);
      assertTrue(text.contains("\"cashMinor\":5,\"hjartanMinor\":6"), text);
      assertEquals(1, text.lines().count(), text);
    }
  }

  @Test
  void shouldSayWhatWhereAndHowToMendWhenNobodyListens() throws Exception {
    int port;
    try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = reserved.getLocalPort();
    }

    int exit = Main.run("send", "--port", String.valueOf(port), "--card", "000000007", "--amount", "1");

    assertEquals(UserError.UNAVAILABLE, exit);
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("127.0.0.1:" + port) && text.contains("./run start --demo"), text);
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  void shouldEndWithTheUsageCodeForEveryWrongCommandLine() {
    String[][] wrong = {
        {"send", "--amount", "1"},
        {"send", "--card", "42", "--amount", "1"},
        {"send", "--card", "000000007", "--pan", "9752000000000076", "--amount", "1"},
        {"send", "--card", "000000007"},
        {"send", "--card", "000000007", "--amount", "1,000.00"},
        {"send", "--card", "000000007", "--amount", "1", "--mti", "100"},
        {"send", "--card", "000000007", "--amount", "1", "--framing", "binary9"},
        {"send", "--card", "000000007", "--amount", "1", "--port", "99999"},
        {"send", "--card", "000000007", "--amount", "1", "--port", "-1"},
        {"loadtest", "--rate", "10", "--seconds", "1", "--port", "65536"},
        {"loadtest", "--rate", "0"},
        {"loadtest", "--rate", "many"},
        {"demo", "--cards", "5"},
        {"demo", "--chek"},
        {"sned"},
    };
    for (String[] line : wrong) {
      err.reset();

      assertEquals(UserError.USAGE, Main.run(line), String.join(" ", line));
      assertTrue(err.size() > 0, String.join(" ", line) + " says nothing");
    }
  }

  @Test
  void shouldNameTheDialectFileThatIsMissing() {
    int exit = Main.run("send", "--card", "000000007", "--amount", "1", "--dialect", "missing.xml");

    assertEquals(UserError.NO_INPUT, exit);
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("missing.xml"), err::toString);
  }

  @Test
  void shouldHelpWithExamples() {
    for (String command : new String[] {"send", "demo", "loadtest"}) {
      out.reset();

      assertEquals(0, Main.run(command, "--help"));
      assertTrue(out.toString(StandardCharsets.UTF_8).contains("Examples:"), command);
    }
  }
}
