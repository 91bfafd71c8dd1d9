package se.valfardskort.loadtest.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.UserError;

/** Scripts, judgement and reports against a small issuer of the test's own. */
@Timeout(60)
class CertifyCommandTest {
  private static final String SCRIPT = """
      topic: Echoes
      usual:
        7: "{time7}"
        11: "{stan}"
      groups:
        - group: One after the other
          tags: smoke
          exchanges:
            - id: first
              title: An echo test
              rule: wire.md 2
              request: { mti: 0800, 70: 301 }
              answer: |
                mti  0810
                bits 8220000002000000 0400000000000000
                7    {time7|bcd}
                11   {stan|bcd}
                39   "00"
                70   0301
            - title: <the same> & again
              rule: wire.md 2
              like: first
              answer: |
                mti  0810
                bits 8220000002000000 0400000000000000
                7    {first.time7|bcd}
                11   {first.stan|bcd}
                39   "00"
                70   0301
      """;

  @TempDir
  Path folder;

  @Test
  void shouldPassAHostThatAnswersAsTheScriptDemands() throws Exception {
    List<Outcome> outcomes = play(SCRIPT, "00");

    assertTrue(outcomes.stream().allMatch(Outcome::passed), () -> outcomes.get(0).problems().toString());
    assertEquals(2, outcomes.size());
  }

  @Test
  void shouldShowExpectedAndReceivedSideBySide() throws Exception {
    Outcome failed = play(SCRIPT, "91").getFirst();

    String problems = String.join("\n", failed.problems());
    assertTrue(problems.contains("first differing byte: 26, in DE 39; expected 30 bytes, received 30"), problems);
    assertTrue(problems.contains("[30] 30 ") && problems.contains("[39] 31 "), problems);
    assertTrue(problems.lines().anyMatch(line -> line.matches(">\\s+39\\s+00\\s+91")), problems);
  }

  @Test
  void shouldReportInATableInXmlAndOnAPage() throws Exception {
    List<Outcome> outcomes = play(SCRIPT, "91");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Tally.print(outcomes, new PrintStream(printed, true, StandardCharsets.UTF_8));
    ReportFiles.write(folder.resolve("report"), "seed 1", outcomes, "");

    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("FAILED  iso87-binary / Echoes / One after the other / An echo test"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches("iso87-binary\\s+Echoes\\s+2\\s+0\\s+2")), text);
    Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(folder.resolve("report").resolve(ReportFiles.JUNIT).toFile());
    assertEquals(2, xml.getElementsByTagName("testcase").getLength());
    assertEquals(2, xml.getElementsByTagName("failure").getLength());
    String page = Files.readString(folder.resolve("report").resolve(ReportFiles.PAGE));
    assertTrue(page.contains("&lt;the same&gt; &amp; again") && !page.contains("<the same>"), page);
    assertFalse(page.contains("http://") || page.contains("https://") || page.contains("src="), "it is one file");
    assertTrue(Tally.json(outcomes.getFirst()).contains("\"passed\":false"));
  }

  @Test
  void shouldMaskCardNumbersEverywhere() throws Exception {
    String script = SCRIPT.replace("request: { mti: 0800, 70: 301 }",
        "request: { mti: 0800, 2: \"{card}\", 35: \"{card}=3012\", 70: 301 }");
    List<Outcome> outcomes = play(script, "91");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Tally.print(outcomes, new PrintStream(printed, true, StandardCharsets.UTF_8));

    String all = printed.toString(StandardCharsets.UTF_8) + ReportFiles.page("", outcomes, "")
        + ReportFiles.junit("", outcomes, "") + Tally.json(outcomes.getFirst());
    assertTrue(all.contains("975200******"), all);
    assertFalse(Pattern.compile("975200[0-9 ]{10}").matcher(all).find(), all);
  }

  @Test
  void shouldNameFileAndLineOfEveryMistake() throws Exception {
    // Each row: what stands there, the mistake in its place, its line, a word of the complaint.
    String[][] mistakes = {
        {"topic: Echoes", "topics: Echoes", "1", "unknown name 'topics'"},
        {"11: \"{stan}\"", "eleven: \"{stan}\"", "4", "no data element"},
        {"id: first", "id: First!", "9", "no name"},
        {"mti: 0800", "mti: 800", "12", "4 digits"},
        {"like: first", "like: second", "22", "no exchange before"},
        {"  39   \"00\"", "  39   00 0", "13", "hex digits"},
        {"rule: wire.md 2", "ruler: wire.md 2", "11", "unknown name 'ruler'"},
    };
    for (String[] mistake : mistakes) {
      Path file = Files.writeString(folder.resolve("mistake.yaml"),
          SCRIPT.replaceFirst(Pattern.quote(mistake[0]),
              Matcher.quoteReplacement(mistake[1])));

      UserError failure = assertThrows(UserError.class, () -> ScriptReader.read(file), mistake[1]);

      assertEquals(UserError.BAD_DATA, failure.exitCode());
      assertTrue(failure.getMessage().startsWith(file + ":" + mistake[2] + ": "), failure.getMessage());
      assertTrue(failure.getMessage().contains(mistake[3]), failure.getMessage());
    }
  }

  @Test
  void shouldSayWhenNobodyAnswers() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    CertifyCommand command = new CertifyCommand();
    Partner partner = partner(SCRIPT);

    UserError failure = assertThrows(UserError.class, () ->
        command.run(List.of(partner), each -> new CertifyCommand.Address("127.0.0.1", free)));

    assertEquals(UserError.UNAVAILABLE, failure.exitCode());
  }

  @Test
  void shouldGiveEveryRunNumbersOfItsOwn() {
    Values first = new Values();
    Values second = new Values();
    RunSeed one = new RunSeed(1_800_000_000);
    RunSeed next = new RunSeed(1_800_000_001);
    one.stamp(first);
    next.stamp(second);

    assertFalse(first.textOf("stan").equals(second.textOf("stan")));
    assertFalse(one.nextCard().equals(next.nextCard()));
    assertFalse(one.nextCard().equals(one.nextCard()));
    Values again = new Values();
    new RunSeed(1_800_000_000).stamp(again);
    assertEquals(first.textOf("stan") + first.textOf("rrn") + first.textOf("time7"),
        again.textOf("stan") + again.textOf("rrn") + again.textOf("time7"), "the same seed gives the same numbers");
    assertEquals("0115080000", first.textOf("time7"), "1,800,000,000 s is 15 January 2027, 08:00 UTC");
    assertEquals("270115090000", first.textOf("moment"), "an hour later in Stockholm");
    assertEquals("0115", first.textOf("date13"));
    assertEquals("090000", first.textOf("time12"));
  }

  private Partner partner(String script) throws Exception {
    return TestScripts.partner(folder, script);
  }

  private static Player player(Partner partner, int port) {
    return new Player(partner, link -> new CertifyCommand.Address("127.0.0.1", port), 5_000,
        new RunSeed(1_800_000_000));
  }

  private List<Outcome> play(String script, String code) throws Exception {
    Partner partner = partner(script);
    List<Outcome> outcomes = new ArrayList<>();
    try (TestIssuer issuer = TestIssuer.answering(request -> {
      SortedMap<Integer, String> answer = new TreeMap<>();
      for (int de : new int[] {2, 7, 11, 70}) {
        if (!request.field(de).isEmpty()) {
          answer.put(de, request.field(de));
        }
      }
      answer.put(39, code);
      return answer;
    }); Player player = player(partner, issuer.endpoint().port())) {
      player.play("", outcomes::add);
    }
    return outcomes;
  }
}
