package se.valfardskort.loadtest.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.loadtest.client.Purses;
import se.valfardskort.loadtest.client.Request;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.UserError;

/** The generator and its ledger against a server of the test's own. */
@Timeout(120)
class LoadRunTest {
  private static final Purses PLENTY = new Purses(1_000_000, 1_000_000);

  @TempDir
  Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @Test
  void shouldShowEveryMessageThatAStalledServerMadeWait() throws Exception {
    // Only the generator's schedule can show this: a client that waits for answers would send one message in the
    // second of the stall, and report one slow answer of thousands.
    AtomicInteger arrived = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    try (TestIssuer issuer = TestIssuer.answering(request -> {
      if (arrived.incrementAndGet() == 1000) {
        never.await(1, TimeUnit.SECONDS);
      }
      return TestIssuer.answer(request, "00", PLENTY);
    })) {
      LoadSettings settings = new LoadSettings(issuer.endpoint(), 1000, 0, 4, 1, 100, 1, false, 10_000, 10_000, null);

      LoadReport report = run(settings);

      assertTrue(report.isComplete(), printed::toString);
      assertEquals(4000, report.latency().getTotalCount());
      assertTrue(report.latency().getValueAtPercentile(99.9) >= 900_000_000L,
          "p99.9 " + report.latency().getValueAtPercentile(99.9) + " ns\n" + printed);
      // A second's worth of messages waited half a second on average: one in eight waited at least that long.
      assertTrue(report.latency().getValueAtPercentile(90) >= 300_000_000L,
          "p90 " + report.latency().getValueAtPercentile(90) + " ns\n" + printed);
    }
  }

  @Test
  void shouldMeasureAgainstABareEcho() throws Exception {
    try (TestIssuer issuer = TestIssuer.echoing()) {
      LoadSettings settings = new LoadSettings(issuer.endpoint(), 2000, 1, 1, 3, 100, 1, true, 10_000, 10_000, null);

      int exit = new LoadtestCommand().run(settings, out);

      assertEquals(0, exit, printed::toString);
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("sent 4000, answered 4000, unanswered 0"),
          printed::toString);
    }
  }

  @Test
  void shouldFailWhenAnswersAreMissing() throws Exception {
    AtomicInteger arrived = new AtomicInteger();
    try (TestIssuer issuer = TestIssuer.answering(request ->
        arrived.incrementAndGet() == 7 ? null : TestIssuer.answer(request, "00", PLENTY))) {
      LoadSettings settings = new LoadSettings(issuer.endpoint(), 500, 0, 1, 1, 100, 1, false, 200, 10_000, null);

      int exit = new LoadtestCommand().run(settings, out);

      assertEquals(UserError.MISMATCH, exit);
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("unanswered 1"), printed::toString);
    }
  }

  @Test
  void shouldSayWhatManyUnknownCardsMean() throws Exception {
    try (TestIssuer issuer = TestIssuer.answering(request -> TestIssuer.answer(request, "14", PLENTY))) {
      LoadSettings settings = new LoadSettings(issuer.endpoint(), 500, 0, 1, 1, 100, 1, false, 10_000, 10_000, null);

      new LoadtestCommand().run(settings, out);

      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("give --cards as many"), printed::toString);
    }
  }

  @Test
  void shouldEndEarlyWhenTheServerDies() throws Exception {
    AtomicInteger arrived = new AtomicInteger();
    TestIssuer[] self = new TestIssuer[1];
    try (TestIssuer issuer = TestIssuer.answering(request -> {
      if (arrived.incrementAndGet() == 100) {
        self[0].drop();
      }
      return TestIssuer.answer(request, "00", PLENTY);
    })) {
      self[0] = issuer;
      LoadSettings settings = new LoadSettings(issuer.endpoint(), 1000, 0, 60, 2, 100, 1, false, 10_000, 10_000, null);

      int exit = new LoadtestCommand().run(settings, out);

      assertEquals(UserError.MISMATCH, exit);
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("connections lost 2"), printed::toString);
    }
  }

  @Test
  void shouldVerifyItsLedgerAgainstAServerThatRemembers() throws Exception {
    Path book = folder.resolve("book.txt");
    Remembering memory = new Remembering();
    try (TestIssuer issuer = TestIssuer.answering(memory::reply)) {
      assertEquals(0, new LoadtestCommand().run(ledgered(issuer, book), out), printed::toString);
      List<String> lines = Files.readAllLines(book);
      assertFalse(lines.stream().anyMatch(line -> line.contains("975200")), "no PAN in a ledger");

      int exit = new LedgerVerifier(issuer.endpoint()).verify(book, out);

      assertEquals(0, exit, printed::toString);
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("different 0, unanswered 0"), printed::toString);
      assertTrue(memory.remembered.size() > 500, "answers remembered: " + memory.remembered.size());
    }
  }

  @Test
  void shouldFailToVerifyWhenTheServerForgotOneApproval() throws Exception {
    Path book = folder.resolve("book.txt");
    Remembering memory = new Remembering();
    try (TestIssuer issuer = TestIssuer.answering(memory::reply)) {
      assertEquals(0, new LoadtestCommand().run(ledgered(issuer, book), out), printed::toString);
      String forgotten = memory.remembered.keySet().stream().filter(key -> key.startsWith("200")).findFirst()
          .orElseThrow();
      memory.remembered.remove(forgotten);

      int exit = new LedgerVerifier(issuer.endpoint()).verify(book, out);

      assertEquals(UserError.MISMATCH, exit);
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("different 1,"), printed::toString);
    }
  }

  @Test
  void shouldNameTheLineOfALedgerThatWasChanged() throws Exception {
    Path book = folder.resolve("book.txt");
    Files.writeString(book, "R ABCDE\nQ 0 0 5 1795390215 7 55 0\nA 1 00 000005 0123456789abcdef\n");

    UserError failure = assertThrows(UserError.class, () -> LedgerBook.read(book));

    assertEquals(UserError.BAD_DATA, failure.exitCode());
    assertTrue(failure.getMessage().startsWith(book + ":3: "), failure.getMessage());
  }

  private LoadReport run(LoadSettings settings) throws InterruptedException {
    try (LoadRun run = new LoadRun(settings)) {
      run.start();
      assertTrue(run.done.await(60, TimeUnit.SECONDS), "the run must end");
      LoadReport report = new LoadReport(settings, run);
      report.print(out);
      return report;
    }
  }

  private static LoadSettings ledgered(TestIssuer issuer, Path book) {
    return new LoadSettings(issuer.endpoint(), 1000, 0, 1, 2, 100, 1, false, 10_000, 10_000, book);
  }

  /** Answers a key the same way every time, and 94 where it was reversed since. */
  private static final class Remembering {
    final Map<String, SortedMap<Integer, String>> remembered = new ConcurrentHashMap<>();
    private final Map<String, Boolean> reversed = new ConcurrentHashMap<>();
    private final AtomicInteger codes = new AtomicInteger();

    @Nullable SortedMap<Integer, String> reply(Request request) {
      String key = request.mti() + "/" + request.field(11) + "/" + request.field(41);
      if (request.mti() == 400) {
        // A reversal may come by another connection, so the original is found by its STAN.
        reversed.put(request.field(90).substring(4, 10), true);
      } else if (request.mti() == 100 && reversed.containsKey(request.field(11))) {
        return TestIssuer.answer(request, "94", PLENTY);
      }
      return remembered.computeIfAbsent(key, first -> {
        SortedMap<Integer, String> answer = TestIssuer.answer(request, "00", PLENTY);
        answer.put(38, String.valueOf(100_000 + codes.incrementAndGet()));
        return answer;
      });
    }
  }
}
