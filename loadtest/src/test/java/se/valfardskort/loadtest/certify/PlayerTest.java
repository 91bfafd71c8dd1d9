package se.valfardskort.loadtest.certify;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import se.valfardskort.loadtest.certify.EchoHost.Manner;
import se.valfardskort.loadtest.client.UserError;

/** What a host may do to a connection, and what the judgement and the reports make of it. */
@Timeout(60)
class PlayerTest {
  private static final int PATIENCE_MS = 5_000;

  /** Three echo tests in a row. */
  private static final String ECHOES = """
      topic: Echoes
      usual:
        7: "{time7}"
        11: "{stan}"
      groups:
        - group: In a row
          tags: row
          cards: { card: 000000000 }
          exchanges:
      """ + echo("one") + echo("two") + echo("three");

  @TempDir
  Path folder;

  private static String echo(String title) {
    return """
                - title: %s
                  rule: wire.md 2
                  request: { mti: 0800, 70: 301 }
                  answer: |
                    mti  0810
                    bits 8220000002000000 0400000000000000
                    7    {time7|bcd}
                    11   {stan|bcd}
                    39   "00"
                    70   0301
        """.formatted(title);
  }

  private static String expecting(String what) {
    return ECHOES.substring(0, ECHOES.indexOf("        - title: one")) + """
                - title: one
                  rule: wire.md 2
                  request: { mti: 0800, 70: 301 }
                  expect: %s
        """.formatted(what);
  }

  @Test
  void shouldTakeAResetForClosed() throws Exception {
    assertEquals(List.of("one passed"), play(expecting("closed"), (number, request, link) -> link.reset()));
    assertEquals(List.of("one passed"), play(expecting("closed"), (number, request, link) -> link.socket().close()));
    assertEquals(List.of("one failed"), play(expecting("closed"), (number, request, link) -> link.answer(request)));
  }

  @Test
  void shouldNotTakeAnEndForSilence() throws Exception {
    // The echo test that shows the silence is the second request.
    assertEquals(List.of("one passed"), play(expecting("silence"), onlyTo(2, link -> { })));
    assertEquals(List.of("one failed"), play(expecting("silence"), onlyTo(2, link -> link.socket().close())));
    assertEquals(List.of("one failed"), play(expecting("silence"), onlyTo(2, EchoHost.Link::reset)));
  }

  @Test
  void shouldBlameTheExchangeThatGotAnAnswerTooMany() throws Exception {
    Manner twice = (number, request, link) -> {
      link.answer(request);
      if (number == 1) {
        link.answer(request);
      }
    };

    List<Outcome> outcomes = outcomes(ECHOES, twice);

    assertEquals("one passed, one failed, two passed, three passed", inOrder(outcomes));
    assertTrue(outcomes.get(1).problems().getFirst().contains("a further answer came after it"),
        outcomes.get(1).problems()::toString);
  }

  @Test
  void shouldBlameItToo() throws Exception {
    // The answer too many comes when the next request has been sent, in front of that one's own answer.
    AtomicReference<byte @Nullable []> earlier = new AtomicReference<>();
    Manner late = (number, request, link) -> {
      byte[] before = earlier.getAndSet(request);
      if (number == 2 && before != null) {
        link.answer(before);
      }
      link.answer(request);
    };

    assertEquals("one passed, one failed, two passed, three passed", inOrder(outcomes(ECHOES, late)));
  }

  @Test
  void shouldBlameTheLastToo() throws Exception {
    Manner twice = (number, request, link) -> {
      link.answer(request);
      if (number == 3) {
        link.answer(request);
      }
    };

    assertEquals("one passed, two passed, three passed, three failed", inOrder(outcomes(ECHOES, twice)));
  }

  @Test
  void shouldGoOnAfterAWrongAnswerOnANewConnection() throws Exception {
    List<Outcome> outcomes = outcomes(ECHOES, (number, request, link) -> {
      link.answer(request, number == 1 ? "91" : "00");
      if (number == 1) {
        link.answer(request, "05");
      }
    });

    assertEquals("one failed, two passed, three passed", inOrder(outcomes));
  }

  @Test
  void shouldMeasureOnlyWhatWasAnswered() throws Exception {
    List<Outcome> outcomes = outcomes(ECHOES, (number, request, link) -> {
      if (number == 2) {
        link.socket().close();
      } else {
        link.answer(request);
      }
    });

    assertEquals("one passed, two failed, three passed", inOrder(outcomes));
    assertEquals(0, outcomes.get(1).micros());
    assertTrue(outcomes.get(0).micros() > 0 && outcomes.get(0).micros() < 60_000_000, "micros of a minute at most");
  }

  @Test
  void shouldReportWhatWasPlayedBeforeTheHostWentAway() throws Exception {
    AtomicReference<@Nullable EchoHost> self = new AtomicReference<>();
    CertifyCommand command = new CertifyCommand();
    command.report = folder.resolve("report");
    UserError failure;
    try (EchoHost host = new EchoHost((number, request, link) -> {
      EchoHost all = self.get();
      if (number == 2 && all != null) {
        all.close();
        link.socket().close();
      } else {
        link.answer(request);
      }
    })) {
      self.set(host);
      failure = assertThrows(UserError.class, () -> command.run(List.of(partner(ECHOES)),
          link -> new CertifyCommand.Address("127.0.0.1", host.port())));
    }

    assertEquals(UserError.UNAVAILABLE, failure.exitCode());
    Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(folder.resolve("report").resolve(ReportFiles.JUNIT).toFile());
    assertEquals(3, xml.getElementsByTagName("testcase").getLength(), "one, two, and that the run is not complete");
    assertEquals(1, xml.getElementsByTagName("failure").getLength());
    assertEquals(1, xml.getElementsByTagName("error").getLength());
    String page = Files.readString(folder.resolve("report").resolve(ReportFiles.PAGE));
    assertTrue(page.contains("Incomplete:") && page.contains("nobody answers at"), page);
  }

  @Test
  void shouldReportOnceWhenASignalEndsTheRun() throws Exception {
    List<Outcome> outcomes = outcomes(ECHOES, (number, request, link) -> link.answer(request));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    RunReport report = new RunReport("seed 1", folder.resolve("report"), false,
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    report.add(outcomes.get(0));
    report.add(outcomes.get(1));
    report.add(outcomes.get(1).withProblems(List.of("spoilt")));

    report.cutShort("it was interrupted");
    report.add(outcomes.get(2));
    report.cutShort("and again");

    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("INCOMPLETE: the run was cut short after 2 exchanges, of which 1 failed: it was"), text);
    assertFalse(text.contains("and again") || text.contains("three"), text);
    assertTrue(Files.readString(folder.resolve("report").resolve(ReportFiles.PAGE)).contains("it was interrupted"));
  }

  private interface Deed {
    void on(EchoHost.Link link) throws IOException;
  }

  /** Answers one request alone, and does something more right after. */
  private static Manner onlyTo(int which, Deed then) {
    return (number, request, link) -> {
      if (number == which) {
        link.answer(request);
        then.on(link);
      }
    };
  }

  private List<String> play(String script, Manner manner) throws Exception {
    return outcomes(script, manner).stream().map(PlayerTest::inWords).toList();
  }

  private static String inOrder(List<Outcome> outcomes) {
    return String.join(", ", outcomes.stream().map(PlayerTest::inWords).toList());
  }

  private static String inWords(Outcome outcome) {
    return outcome.exchange().title() + (outcome.passed() ? " passed" : " failed");
  }

  private List<Outcome> outcomes(String script, Manner manner) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    try (EchoHost host = new EchoHost(manner);
        Player player = new Player(partner(script), link -> new CertifyCommand.Address("127.0.0.1", host.port()),
            PATIENCE_MS, new RunSeed(1_800_000_000))) {
      player.play("", outcomes::add);
    }
    return outcomes;
  }

  private Partner partner(String script) throws IOException {
    return TestScripts.partner(folder, script);
  }
}
