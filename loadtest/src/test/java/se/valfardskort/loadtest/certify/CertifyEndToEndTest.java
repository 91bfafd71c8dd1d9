package se.valfardskort.loadtest.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.loadtest.certify.WrongHost.Fault;
import se.valfardskort.loadtest.certify.WrongHost.Parts;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.TestServer;

/**
 * The shipped scripts against the real server, and against hosts that are wrong in one thing each: every one of those
 * must fail, and at the exchange that is about this thing.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertifyEndToEndTest {
  private static final int CARDS = 10_000;
  private static final int BINARY_PORT = 8583;
  private static final int PATIENCE_MS = 10_000;
  /** For hosts that never answer what must be answered. */
  private static final int SHORT_PATIENCE_MS = 400;

  private final AtomicLong seeds = new AtomicLong(Instant.now().getEpochSecond());
  private final Path scripts = TestIssuer.home().resolve("config").resolve("certify");
  private final Partner binary = Partner.read(scripts.resolve("iso87-binary"));

  private TestServer server;
  private int offset;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    offset = TestServer.freePortOffset();
    server = TestServer.start(TestIssuer.home().resolve("config").resolve("demo"), folder.resolve("data"), offset,
        CARDS);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii", "iso93-binary"})
  void shouldPassEveryShippedExchange(String name) {
    Partner partner = Partner.read(scripts.resolve(name));

    List<Outcome> outcomes = play(partner, partner.port() + offset, "", PATIENCE_MS);

    assertEquals(List.of(), failures(outcomes));
    assertTrue(outcomes.size() >= 120, "exchanges: " + outcomes.size());
  }

  @Test
  void shouldPassTwiceAgainstTheSameServer() {
    assertEquals(List.of(), failures(play(binary, binary.port() + offset, "Purchases", PATIENCE_MS)));
    assertEquals(List.of(), failures(play(binary, binary.port() + offset, "Purchases", PATIENCE_MS)));
  }

  @Test
  void shouldPassAHostThatOnlyPassesOn() throws Exception {
    assertEquals(Set.of(), failing("Reversals", (request, right) -> WrongHost.framed(right.ask(request))));
  }

  @Test
  void shouldFailAWrongMessageType() throws Exception {
    assertNamed("125.00 kr of food, dual message", "smoke", answers(this::isPurchase, (request, answer) ->
        answer.mti = 210));
  }

  @Test
  void shouldFailALostRetrievalReference() throws Exception {
    assertNamed("125.00 kr of food, dual message", "smoke", answers(this::isPurchase, (request, answer) ->
        answer.fields.remove(37)));
  }

  @Test
  void shouldFailAWrongResponseCode() throws Exception {
    assertNamed("A merchant in Norway", "liftable", answers(this::isPurchase, (request, answer) ->
        answer.fields.replace(39, "05", "57")));
  }

  @Test
  void shouldFailAReasonTextThatReveals() throws Exception {
    assertNamed("A university (MCC 8220)", "liftable", answers(this::isPurchase, (request, answer) ->
        answer.fields.replace(44, "WELFARE")));
  }

  @Test
  void shouldFailADoubledHold() throws Exception {
    List<Outcome> outcomes = wrong("smoke", PATIENCE_MS, (request, right) -> {
      byte[] answer = right.ask(request);
      Parts parts = Parts.of(binary.dialect(), request);
      if (parts.mti == 100 && isPurchase(parts)) {
        parts.fields.put(11, otherStan(parts.field(11)));
        right.ask(parts.bytes(binary.dialect()));
      }
      return WrongHost.framed(answer);
    });

    Outcome held = named(outcomes, "125.00 kr of food, dual message");
    assertFalse(held.passed());
    assertTrue(held.problems().toString().contains("CASH was 7,000.00 and must be 6,875.00 after it, but is 6,750.00"),
        held.problems()::toString);
  }

  @Test
  void shouldFailAReversalThatIsAnsweredAndForgotten() throws Exception {
    Fault forgets = requests(parts -> parts.mti == 400, parts -> {
      parts.fields.remove(38);
      parts.fields.put(37, "NOTHING");
      parts.fields.put(90, "0100" + otherStan(parts.field(11)) + "0101000000" + "0".repeat(22));
    }, 37, 38, 90);

    Set<String> failing = failing("Reversals", forgets);

    assertTrue(failing.contains("Reversed"), failing::toString);
    assertTrue(failing.contains("Its purchase comes late"), failing::toString);
  }

  @Test
  void shouldFailPursesThatAreMixedUp() throws Exception {
    assertNamed("450.00 kr at the childcare co-op", "purses", answers(this::isPurchase, (request, answer) ->
        answer.fields.computeIfPresent(54, (de, text) -> text.substring(0, 7) + text.substring(27, 40)
            + text.substring(20, 27) + text.substring(7, 20) + text.substring(40))));
  }

  @Test
  void shouldFailATrackInTheAnswer() throws Exception {
    assertNamed("Track 2 in place of the card number, and never in the answer", "echo",
        answers(this::isPurchase, (request, answer) -> {
          if (request.fields.containsKey(35)) {
            answer.fields.put(35, request.field(35));
          }
        }));
  }

  @Test
  void shouldFailAMintedRetrievalReference() throws Exception {
    assertNamed("Without DE 37 no DE 37 comes back", "echo", answers(this::isPurchase, (request, answer) ->
        answer.fields.putIfAbsent(37, "632600000001")));
  }

  @Test
  void shouldFailARepeatThatIsAnsweredOtherwise() throws Exception {
    assertNamed("0101 with the same content", "repeats", answers(parts -> parts.mti == 101, (request, answer) ->
        answer.fields.replace(38, "ZZZZZZ")));
  }

  @Test
  void shouldFailARepeatThatIsDecidedAnew() throws Exception {
    assertNamed("0101 with the same content", "repeats", requests(parts -> parts.mti == 101, parts ->
        parts.fields.put(11, otherStan(parts.field(11))), 11));
  }

  @Test
  void shouldFailOriginalDataThatComeBackOtherwise() throws Exception {
    assertNamed("Reversed", "full", answers(parts -> parts.mti == 400, (request, answer) ->
        answer.fields.computeIfPresent(90, (de, text) -> "0".repeat(42))));
  }

  @Test
  void shouldFailALengthThatCountsItself() throws Exception {
    List<Outcome> outcomes = wrong("session", SHORT_PATIENCE_MS, (request, right) -> {
      byte[] framed = WrongHost.framed(right.ask(request));
      framed[1] = (byte) (framed[1] + 2);
      return framed;
    });

    Outcome echo = named(outcomes, "Echo");
    assertFalse(echo.passed());
    assertTrue(echo.problems().toString().contains("bytes that its length header announced"),
        echo.problems()::toString);
  }

  @Test
  void shouldFailBalancesOfBeforeTheDecision() throws Exception {
    assertNamed("125.00 kr of food, dual message", "smoke", answers(this::isPurchase, (request, answer) ->
        answer.fields.computeIfPresent(54, (de, text) -> text.substring(0, 8)
            + Values.twelve(Long.parseLong(text.substring(8, 20)) + Long.parseLong(request.field(4)))
            + text.substring(20))));
  }

  @Test
  void shouldFailAPartialApprovalThatRepeatsWhatWasAskedFor() throws Exception {
    assertNamed("100.00 kr too much, and the terminal can", "partial", answers(this::isPurchase, (request, answer) -> {
      if (answer.field(39).equals("10")) {
        answer.fields.put(4, request.field(4));
      }
    }));
  }

  @Test
  void shouldFailACompletionThatIsAnsweredAndForgotten() throws Exception {
    assertNamed("Completed for 450.00 kr", "completions", requests(parts -> parts.mti == 220, parts -> {
      parts.fields.put(39, "05");
      parts.fields.remove(38);
      parts.fields.put(37, "NOTHING");
      parts.fields.remove(90);
    }, 37, 38, 90));
  }

  @Test
  void shouldFailARefundThatIsPaidTwice() throws Exception {
    assertNamed("Repeated, 0201", "refunds", requests(parts -> parts.mti == 201, parts ->
        parts.fields.put(11, otherStan(parts.field(11))), 11));
  }

  @Test
  void shouldFailTotalsThatAreAlwaysInBalance() throws Exception {
    assertNamed("Debits of 150.01 kr", "totals", answers(parts -> parts.mti == 500, (request, answer) -> {
      answer.fields.replace(39, "00");
      answer.fields.replace(66, "1");
      answer.fields.remove(60);
    }));
  }

  @Test
  void shouldFailAnAnswerToAnAnswer() throws Exception {
    assertNamed("An answer that nothing asked for", "ignored", (request, right) -> {
      Parts parts = Parts.of(binary.dialect(), request);
      if (parts.mti < 0 || parts.mti / 10 % 10 == 1 || !parts.fields.containsKey(11)) {
        return parts.mti == 110 ? WrongHost.framed(request) : new byte[0];
      }
      return WrongHost.framed(right.ask(request));
    });
  }

  @Test
  void shouldFailALinkThatOutlivesBrokenFraming() throws Exception {
    List<Outcome> outcomes = wrong("framing", SHORT_PATIENCE_MS, (request, right) ->
        request.length < 20 ? new byte[0] : WrongHost.framed(right.ask(request)));

    assertFalse(named(outcomes, "A length of 0").passed());
  }

  @Test
  void shouldFailTransportAddressesThatStayAsTheyCame() throws Exception {
    Partner later = Partner.read(scripts.resolve("iso93-binary"));
    try (WrongHost wrong = WrongHost.before(later.port() + offset, (request, right) -> {
      byte[] answer = right.ask(request);
      System.arraycopy(request, 0, answer, 0, 5);
      return WrongHost.framed(answer);
    })) {
      Outcome first = named(play(later, wrong.port(), "session", PATIENCE_MS), "Sign-on");

      assertFalse(first.passed());
      assertTrue(first.problems().getFirst().contains("in TPDU"), first.problems()::toString);
    }
  }

  /** What must be altered in an answer. */
  private interface Change {
    void apply(Parts request, Parts answer);
  }

  private interface Which {
    boolean test(Parts request);
  }

  private interface RequestChange {
    void apply(Parts request);
  }

  private boolean isPurchase(Parts request) {
    return (request.mti == 100 || request.mti == 200) && !request.field(3).startsWith("3");
  }

  private static String otherStan(String stan) {
    return stan.substring(1) + (stan.charAt(0) == '7' ? '8' : '7');
  }

  /** Alters the answers to some requests. */
  private Fault answers(Which which, Change change) {
    return (request, right) -> {
      byte[] answer = right.ask(request);
      Parts asked = Parts.of(binary.dialect(), request);
      if (!which.test(asked)) {
        return WrongHost.framed(answer);
      }
      Parts parts = Parts.of(binary.dialect(), answer);
      change.apply(asked, parts);
      return WrongHost.framed(parts.bytes(binary.dialect()));
    };
  }

  /** Alters some requests, and in their answers sets some fields to what was asked. */
  private Fault requests(Which which, RequestChange change, int... restored) {
    return (request, right) -> {
      Parts asked = Parts.of(binary.dialect(), request);
      if (!which.test(asked)) {
        return WrongHost.framed(right.ask(request));
      }
      Parts altered = Parts.of(binary.dialect(), request);
      change.apply(altered);
      Parts answer = Parts.of(binary.dialect(), right.ask(altered.bytes(binary.dialect())));
      for (int de : restored) {
        answer.fields.remove(de);
        if (asked.fields.containsKey(de)) {
          answer.fields.put(de, asked.field(de));
        }
      }
      return WrongHost.framed(answer.bytes(binary.dialect()));
    };
  }

  private void assertNamed(String title, String tag, Fault fault) throws IOException {
    Set<String> failing = failing(tag, fault);
    assertTrue(failing.contains(title), () -> "'" + title + "' must fail; failing are " + failing);
  }

  private Set<String> failing(String tag, Fault fault) throws IOException {
    Set<String> titles = new TreeSet<>();
    for (Outcome outcome : wrong(tag, PATIENCE_MS, fault)) {
      if (!outcome.passed()) {
        titles.add(outcome.exchange().title());
      }
    }
    return titles;
  }

  private List<Outcome> wrong(String tag, int patienceMs, Fault fault) throws IOException {
    try (WrongHost wrong = WrongHost.before(BINARY_PORT + offset, fault)) {
      return play(binary, wrong.port(), tag, patienceMs);
    }
  }

  private List<Outcome> play(Partner partner, int port, String tag, int patienceMs) {
    List<Outcome> outcomes = new ArrayList<>();
    CertifyCommand.Addresses addresses = link -> new CertifyCommand.Address("127.0.0.1",
        link.name().equals(partner.name()) ? port : link.port() + offset);
    try (Player player = new Player(partner, addresses, patienceMs, new RunSeed(seeds.getAndIncrement()))) {
      player.play(tag, outcomes::add);
    }
    assertFalse(outcomes.isEmpty(), tag);
    return outcomes;
  }

  private static Outcome named(List<Outcome> outcomes, String title) {
    return outcomes.stream().filter(outcome -> outcome.exchange().title().equals(title)).findFirst().orElseThrow();
  }

  private static List<String> failures(List<Outcome> outcomes) {
    Set<String> places = new HashSet<>();
    List<String> failures = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (!outcome.passed() && places.add(outcome.exchange().place())) {
        failures.add(outcome.exchange().place() + " " + outcome.exchange().title() + "\n"
            + String.join("\n", outcome.problems()) + "\n");
      }
    }
    return failures;
  }
}
