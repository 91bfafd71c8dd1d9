package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A month's load worked out from a list: its sums by hand, and every kind of mistake with its line. */
class LoadCommandTest {
  private static final Path HOME = Path.of(System.getProperty("project.root", ".."));
  private static final Path SHIPPED = HOME.resolve("config/demo");
  private static final String HEAD = "card,adults,children,rent,special-needs,earned,month,ring,supplements\n";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int preview(String... more) {
    String[] arguments = new String[more.length + 4];
    System.arraycopy(new String[] {"load", "preview", "--config", SHIPPED.toString()}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }

  private Path list(String text) throws IOException {
    return Files.writeString(folder.resolve("list.csv"), text);
  }

  /**
   * By hand: base, rent, needs, then the uplift. 1: 8,695.65; 1,304.35. 2: 14,895.65 + 7,450; 3,351.85, and the ring.
   * 3: 22,695.65 + 9,000 + 400; 4,814.35. 4: 8,695.65 + 5,200; 2,084.35, less 3,000. 5: 11,795.65 + 6,100 + 850;
   * 2,811.85, less 7,000, mentoring and the ring. 6: 8,695.65 + 4,900; 2,039.35, and two supplements. Hjartan: 3,000,
   * 7,859.25, 11,073, 3,894, 4,967.25, 5,890.50.
   */
  @Test
  void shouldAddTheExampleUp() {
    assertEquals(ExitCode.OK, preview(SHIPPED.resolve("loads/example.csv").toString()));

    assertSum("base", "75,473.90");
    assertSum("rent", "32,650.00");
    assertSum("special needs", "1,250.00");
    assertSum("uplift", "16,406.10");
    assertSum("taper", "-10,000.00");
    assertSum("supplement mentoring", "1,500.00");
    assertSum("supplement skills", "1,000.00");
    assertSum("supplement tech-development", "3,000.00");
    assertSum("ring", "1,000.00");
    assertSum("in all", "122,280.00");
    assertSum("of this kronor, from the pool", "85,596.00");
    assertSum("of this Hjartan, from the treasury", "36,684.00");
  }

  private void assertSum(String what, String amount) {
    assertTrue(
        out.toString().lines().anyMatch(line -> line.strip().replaceAll(" {2,}", " ").equals(what + " " + amount)),
        () -> what + " " + amount + " expected in\n" + out);
  }

  @Test
  void shouldShowAStatementOfEachCardAndJson() throws IOException {
    Path list = list(HEAD + "000000001,1,0,0.00,0.00,0.00,1,no,\n");

    assertEquals(ExitCode.OK, preview(list.toString(), "--statements"));
    assertTrue(out.toString().startsWith("card 000000001"), out.toString());
    assertSum("load", "10,000.00");
    out.getBuffer().setLength(0);

    assertEquals(ExitCode.OK, preview(list.toString(), "--json"));
    assertEquals(
        "{\"programme\":\"botkyrka\",\"cards\":1,\"cashMinor\":700000,\"hjartanMinor\":300000,"
            + "\"componentsMinor\":{\"base\":869565,\"uplift\":130435},\"statements\":[{\"card\":\"000000001\","
            + "\"cashMinor\":700000,\"hjartanMinor\":300000,"
            + "\"componentsMinor\":{\"base\":869565,\"uplift\":130435}}]}",
        out.toString().strip());
  }

  /** The line, and what is said of it. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "00000001,1,0,0.00,0.00,0.00,1,no, | \"00000001\" is no card",
      "000000001,one,0,0.00,0.00,0.00,1,no, | \"one\" is no number of adults",
      "000000001,1,-1,0.00,0.00,0.00,1,no, | \"-1\" is no number of children",
      "000000001,1,0,7450,0.00,0.00,1,no, | \"7450\" is no amount for rent",
      "000000001,1,0,0.00,1e3,0.00,1,no, | \"1e3\" is no amount for special-needs",
      "000000001,1,0,0.00,0.00,=1+1,1,no, | \"=1+1\" is no amount for earned",
      "000000001,1,0,0.00,0.00,0.00,0,no, | month is 0; give 1 to 1200",
      "000000001,0,0,0.00,0.00,0.00,1,no, | adults is 0; give 1 to 20",
      "000000001,1,0,0.00,0.00,0.00,1,maybe, | \"maybe\" says nothing of a ring",
      "000000001,1,0,0.00,0.00,0.00,1,no,mentoring | \"mentoring\" is no supplement",
      "000000001,1,0,0.00,0.00,0.00,1,no,art:1.00 | the programme has no supplement 'art'",
      "000000001,1,0,0.00,0.00,0.00,1,no,skills:1.00 | supplement skills is 100; give 100000 to 200000",
      "000000001,1,0,0.00,0.00,0.00,1,no,skills:1000.00 skills:1000.00 | or one for the second time",
      "000000001,1,0,0.00,0.00,0.00,1,no | it has 8 fields",
      "000000001,1,0,0.00,0.00,0.00,1,no,,x | it has 10 fields",
      "000000009,1,0,0.00,0.00,0.00,1,no, | card \"000000009\" is in line 2 already",
  })
  void shouldNameTheLineOfAMistake(String line, String said) throws IOException {
    Path list = list(HEAD + "000000009,1,0,0.00,0.00,0.00,1,no,\n" + line + "\n");

    assertEquals(ExitCode.DATA_ERROR, preview(list.toString()));

    assertTrue(err.toString().startsWith(list + ":3: "), err.toString());
    assertTrue(err.toString().contains(said), err.toString());
    assertEquals("", out.toString(), "nothing of a bad list is shown");
  }

  @Test
  void shouldSayWhatIsWrongWithTheListAsAWhole() throws IOException {
    assertEquals(ExitCode.DATA_ERROR, preview(list("card,adults\n1,1\n").toString()));
    assertTrue(err.toString().contains(":1: the first line is not that of a load list; write card,"), err.toString());
    assertEquals(ExitCode.DATA_ERROR, preview(list(HEAD).toString()));
    assertTrue(err.toString().contains("there is no card in it"), err.toString());
    assertEquals(ExitCode.NO_INPUT, preview(folder.resolve("nowhere.csv").toString()));
    assertTrue(err.toString().contains("there is no list"), err.toString());
    assertEquals(ExitCode.USAGE, preview(list(HEAD).toString(), "--programme", "dorotea"));
    assertTrue(err.toString().contains("programme 'dorotea' has no figures; give --programme, one of [botkyrka]"));
  }

  /** What a Swedish spreadsheet writes, with its mark in front. */
  @Test
  void shouldReadSemicolonsAndAByteOrderMark() throws IOException {
    Path list = list("\uFEFF" + (HEAD + "000000001,1,0,0.00,0.00,0.00,1,no,\n").replace(',', ';'));

    assertEquals(ExitCode.OK, preview(list.toString()), err::toString);

    assertSum("in all", "10,000.00");
  }
}
