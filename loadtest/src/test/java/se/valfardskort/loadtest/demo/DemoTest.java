package se.valfardskort.loadtest.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.loadtest.client.Purses;
import se.valfardskort.loadtest.client.Request;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.UserError;

/** The demo's script, literals, table and comparison, against a small issuer of the test's own. */
@Timeout(60)
class DemoTest {
  private static final String SCRIPT = """
      people:
        - { card: "000000001", holder: Amina, about: ordinary card }
        - { card: "123456789", holder: nobody, about: no such card }
      purchases:
        - { id: food, card: "000000001", shop: Mathallen, what: groceries,
            merchant: MATHALL00000001, mcc: "5411", amount: "100.00" }
        - { id: again, repeats: food, what: the same again }
        - { id: wine, card: "000000001", shop: Vinboden, what: wine,
            merchant: VINBODEN0000001, mcc: "5921", amount: "50.00" }
        - { id: back, reverses: food, what: taken back }
        - { id: look, card: "000000001", shop: Mathallen, what: balance, inquiry: "yes",
            merchant: MATHALL00000001, mcc: "5411", amount: "0" }
        - { id: unknown, card: "123456789", shop: Mathallen, what: groceries,
            merchant: MATHALL00000001, mcc: "5411", amount: "50.00" }
      """;
  private static final String LITERALS = """
      food: { code: "00", reason: 0, cash: "900.00", hjartan: "5.00" }
      again: { code: "00", reason: 0, cash: "900.00", hjartan: "5.00" }
      wine: { code: "03", reason: 230, cash: "900.00", hjartan: "5.00" }
      back: { code: "00", reason: 0, cash: "1000.00", hjartan: "5.00" }
      look: { code: "00", reason: 0, cash: "1000.00", hjartan: "5.00" }
      unknown: { code: "14", reason: 171 }
      """;

  @TempDir
  Path folder;

  @Test
  void shouldEndWithZeroWhenEverythingIsAsTheLiteralsSay() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    int exit = check(LITERALS, printed);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertEquals(0, exit, text);
    assertTrue(text.contains("paid with 100.00 CASH"), text);
    assertTrue(text.contains("1,000.00 > 900.00"), text);
    assertTrue(text.contains("the same answer again, nothing is taken"), text);
    assertTrue(text.contains("alcohol and tobacco are blocked"), text);
    assertTrue(text.contains("given back: 100.00 CASH"), text);
    assertTrue(text.contains("All 6 answers and purses"), text);
  }

  @Test
  void shouldEndWithOneForAnySingleWrongLiteral() throws Exception {
    Map<String, String> alterations = Map.of(
        "food: { code: \"00\"", "food: { code: \"10\"",
        "wine: { code: \"03\", reason: 230", "wine: { code: \"03\", reason: 231",
        "back: { code: \"00\", reason: 0, cash: \"1000.00\"", "back: { code: \"00\", reason: 0, cash: \"1000.01\"",
        "look: { code: \"00\", reason: 0, cash: \"1000.00\", hjartan: \"5.00\"",
        "look: { code: \"00\", reason: 0, cash: \"1000.00\", hjartan: \"4.99\"",
        "unknown: { code: \"14\", reason: 171", "unknown: { code: \"14\", reason: 171, cash: \"1\", hjartan: \"1\"");
    for (Map.Entry<String, String> alteration : alterations.entrySet()) {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      String altered = LITERALS.replace(alteration.getKey(), alteration.getValue());
      assertFalse(altered.equals(LITERALS), alteration.getKey());

      int exit = check(altered, printed);

      String text = printed.toString(StandardCharsets.UTF_8);
      assertEquals(UserError.MISMATCH, exit, text);
      assertTrue(text.contains("1 of 6 rows"), text);
      assertTrue(text.contains("expected") && text.contains("received"), text);
    }
  }

  @Test
  void shouldEndWithOneWhenARepeatTakesMoneyTwice() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    int exit = check(LITERALS, printed, new SmallIssuer(true));

    String text = printed.toString(StandardCharsets.UTF_8);
    assertEquals(UserError.MISMATCH, exit, text);
    assertTrue(text.contains("byte for byte"), text);
  }

  @Test
  void shouldEndWithOneWhenTheServerDoesNotEndCleanly() throws Exception {
    Path script = Files.writeString(folder.resolve("demo.yaml"), SCRIPT);
    Path literals = Files.writeString(folder.resolve("expected.yaml"), LITERALS);
    Comparer comparer = new Comparer(Expected.read(literals, DemoScript.read(script).purchases()));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    int exit = new DemoCommand().verdict(comparer, 143, new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertEquals(UserError.MISMATCH, exit);
    assertTrue(printed.toString(StandardCharsets.UTF_8).contains("exit code 143"), printed::toString);
  }

  @Test
  void shouldReadTheShippedScriptAndItsLiterals() {
    Path demo = TestIssuer.home().resolve("config").resolve("demo");

    DemoScript script = DemoScript.read(demo.resolve("demo.yaml"));
    Map<String, Expected> literals = Expected.read(demo.resolve("expected.yaml"), script.purchases());

    assertEquals(script.purchases().size(), literals.size());
    assertTrue(script.purchases().size() >= 25, "rows: " + script.purchases().size());
    for (DemoScript.Purchase purchase : script.purchases()) {
      assertEquals(15, purchase.merchant().length(), purchase.place() + ": " + purchase.merchant());
      assertTrue(purchase.shop().length() <= 22, purchase.place() + ": the shop's name does not fit DE 43");
    }
  }

  @Test
  void shouldNameFileAndLineOfEveryMistake() throws Exception {
    // Each row: the mistake, the line it is on, a word that the complaint must hold.
    String[][] mistakes = {
        {"card: \"000000001\", holder", "card: \"00000001\", holder", "2", "9 digits"},
        {"holder: Amina, about: ordinary card }", "holder: Amina }", "2", "'about' is missing"},
        {"id: food, card: \"000000001\"", "id: food, card: \"000000009\"", "5", "is nobody's"},
        {"mcc: \"5411\", amount: \"100.00\"", "mcc: \"541\", amount: \"100.00\"", "6", "4 digits"},
        {"amount: \"100.00\"", "amount: \"1OO\"", "6", "not an amount in kronor"},
        {"repeats: food", "repeats: feast", "7", "no earlier row"},
        {"id: wine", "id: food", "8", "twice"},
        {"what: wine,", "what: wine, colour: red,", "8", "unknown name 'colour'"},
        {"reverses: food", "reverses: [food]", "10", "must be one value"},
        {"inquiry: \"yes\"", "inquiry: \"ja\"", "11", "neither yes nor no"},
        {"  - { id: again", "  - { id: again]", "7", "not YAML"},
    };
    for (String[] mistake : mistakes) {
      String altered = SCRIPT.replaceFirst(java.util.regex.Pattern.quote(mistake[0]),
          java.util.regex.Matcher.quoteReplacement(mistake[1]));
      assertFalse(altered.equals(SCRIPT), mistake[0]);
      Path file = Files.writeString(folder.resolve("mistake.yaml"), altered);

      UserError failure = assertThrows(UserError.class, () -> DemoScript.read(file), mistake[1]);

      assertEquals(UserError.BAD_DATA, failure.exitCode());
      assertTrue(failure.getMessage().startsWith(file + ":" + mistake[2] + ": "),
          mistake[1] + " -> " + failure.getMessage());
      assertTrue(failure.getMessage().contains(mistake[3]), mistake[1] + " -> " + failure.getMessage());
    }
  }

  @Test
  void shouldDemandLiteralsForEveryRowAndNoOthers() throws Exception {
    DemoScript script = DemoScript.read(Files.writeString(folder.resolve("demo.yaml"), SCRIPT));
    Path fewer = Files.writeString(folder.resolve("fewer.yaml"), LITERALS.replaceFirst("wine: .*\n", ""));
    Path more = Files.writeString(folder.resolve("more.yaml"), LITERALS + "beer: { code: \"03\", reason: 230 }\n");

    UserError missing = assertThrows(UserError.class, () -> Expected.read(fewer, script.purchases()));
    UserError left = assertThrows(UserError.class, () -> Expected.read(more, script.purchases()));

    assertTrue(missing.getMessage().contains("'wine'"), missing.getMessage());
    assertTrue(left.getMessage().startsWith(more + ":7: "), left.getMessage());
  }

  private int check(String literals, ByteArrayOutputStream printed) throws IOException {
    return check(literals, printed, new SmallIssuer(false));
  }

  private int check(String literals, ByteArrayOutputStream printed, SmallIssuer rules) throws IOException {
    DemoScript script = DemoScript.read(Files.writeString(folder.resolve("demo.yaml"), SCRIPT));
    Path file = Files.writeString(folder.resolve("expected.yaml"), literals);
    Comparer comparer = new Comparer(Expected.read(file, script.purchases()));
    DemoCommand command = new DemoCommand();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try (TestIssuer issuer = TestIssuer.answering(rules::reply)) {
      command.play(script, comparer, issuer.endpoint(), issuer.endpoint(), out);
    }
    return command.verdict(comparer, 0, out);
  }

  /** One purse that matters, and a memory of what was answered. */
  private static final class SmallIssuer {
    private final Map<String, SortedMap<Integer, String>> remembered = new ConcurrentHashMap<>();
    private final boolean forgetful;
    private long cashMinor = 100_000;
    private int answers;

    SmallIssuer(boolean forgetful) {
      this.forgetful = forgetful;
    }

    synchronized SortedMap<Integer, String> reply(Request request) {
      if (!request.field(2).startsWith("975200000000001")) {
        return coded(TestIssuer.answer(request, "14", null), "R171");
      }
      if (request.field(3).equals("310000")) {
        return coded(TestIssuer.answer(request, "00", purses()), "R0");
      }
      if (request.mti() == 400) {
        cashMinor += Long.parseLong(request.field(4));
        return TestIssuer.answer(request, "00", null);
      }
      if (request.field(18).equals("5921")) {
        return coded(TestIssuer.answer(request, "03", purses()), "R230");
      }
      SortedMap<Integer, String> known = remembered.get(request.field(11));
      if (known != null && !forgetful) {
        return known;
      }
      cashMinor -= Long.parseLong(request.field(4));
      SortedMap<Integer, String> answer = coded(TestIssuer.answer(request, "00", purses()), "R000");
      remembered.put(request.field(11), answer);
      return answer;
    }

    private Purses purses() {
      return new Purses(cashMinor, 500);
    }

    private SortedMap<Integer, String> coded(SortedMap<Integer, String> answer, String reason) {
      answers++;
      SortedMap<Integer, String> coded = new TreeMap<>(answer);
      coded.put(60, reason);
      if (answer.containsKey(38)) {
        coded.put(38, String.valueOf(100_000 + answers));
      }
      return coded;
    }
  }
}
