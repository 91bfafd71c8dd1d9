package se.valfardskort.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against a server of the test's own, over real sockets. */
@Timeout(60)
class IsoClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant NOW = Instant.parse("2026-11-22T23:30:15Z");

  @Test
  void shouldMatchAnswersToManyRequestsInFlight() throws Exception {
    int count = 500;
    CountDownLatch allArrived = new CountDownLatch(count);
    try (TestIssuer issuer = TestIssuer.answering(request -> approved(request, Long.parseLong(request.field(4))));
        IsoClient client = IsoClient.connect(issuer.endpoint(), PATIENCE)) {

      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      for (int stan = 1; stan <= count; stan++) {
        CompletableFuture<Answer> answer = client.send(purchase(stan, stan * 7L));
        answers.add(answer);
        var _ = answer.thenRun(allArrived::countDown);
      }

      assertTrue(allArrived.await(20, TimeUnit.SECONDS), "every request must be answered");
      for (int stan = 1; stan <= count; stan++) {
        Answer answer = answers.get(stan - 1).get();
        assertEquals(110, answer.mti());
        assertEquals(stan, Integer.parseInt(answer.field(11)));
        assertEquals(new Purses(stan * 7L, 0), answer.purses(), "the answer of STAN " + stan);
      }
      assertEquals(0, client.unaskedAnswers());
    }
  }

  @Test
  void shouldFailTheRequestThatIsNotAnsweredAndNoOther() throws Exception {
    try (TestIssuer issuer = TestIssuer.answering(
            request -> request.field(11).equals("000002") ? null : approved(request, 100));
        IsoClient client = IsoClient.connect(issuer.endpoint(), Duration.ofMillis(300))) {

      CompletableFuture<Answer> silent = client.send(purchase(2, 100));
      Answer answered = client.send(purchase(3, 100)).get();

      assertEquals("00", answered.responseCode());
      ExecutionException failure = assertThrows(ExecutionException.class, silent::get);
      assertInstanceOf(TimeoutException.class, failure.getCause());
      UserError shown = assertThrows(UserError.class, () -> client.ask(purchase(2, 100)));
      assertEquals(UserError.NO_ANSWER, shown.exitCode());
      assertTrue(shown.getMessage().contains(issuer.endpoint().address()), shown.getMessage());
    }
  }

  @Test
  void shouldDropAnAnswerThatNothingAskedFor() throws Exception {
    AtomicInteger answers = new AtomicInteger();
    try (TestIssuer issuer = TestIssuer.answering(request -> {
          SortedMap<Integer, String> answer = approved(request, 100);
          if (answers.incrementAndGet() == 1) {
            answer.put(11, "777777");
          }
          return answer;
        });
        IsoClient client = IsoClient.connect(issuer.endpoint(), PATIENCE)) {

      CompletableFuture<Answer> misdirected = client.send(purchase(1, 100));
      Answer second = client.send(purchase(2, 100)).get();

      assertEquals("00", second.responseCode());
      assertEquals(1, client.unaskedAnswers());
      assertTrue(!misdirected.isDone(), "an answer with another STAN is not this request's");
    }
  }

  @Test
  void shouldFailWhatIsInFlightWhenTheServerGoes() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (TestIssuer issuer = TestIssuer.answering(request -> {
          arrived.countDown();
          return null;
        });
        IsoClient client = IsoClient.connect(issuer.endpoint(), PATIENCE)) {
      CompletableFuture<Answer> inFlight = client.send(purchase(1, 100));
      assertTrue(arrived.await(20, TimeUnit.SECONDS));

      issuer.drop();

      ExecutionException failure = assertThrows(ExecutionException.class, inFlight::get);
      assertEquals(UserError.UNAVAILABLE, assertInstanceOf(UserError.class, failure.getCause()).exitCode());
      UserError later = assertThrows(UserError.class, () -> client.ask(purchase(2, 100)));
      assertEquals(UserError.UNAVAILABLE, later.exitCode());
    }
  }

  @Test
  void shouldRefuseASecondRequestOfTheSameKeyWhileTheFirstIsInFlight() throws Exception {
    try (TestIssuer issuer = TestIssuer.answering(request -> null);
        IsoClient client = IsoClient.connect(issuer.endpoint(), PATIENCE)) {
      CompletableFuture<Answer> first = client.send(purchase(1, 100));

      ExecutionException failure = assertThrows(ExecutionException.class, client.send(purchase(1, 100))::get);

      assertInstanceOf(IllegalArgumentException.class, failure.getCause());
      assertTrue(!first.isDone());
    }
  }

  @Test
  void shouldSayWhereNobodyListens() throws Exception {
    Endpoint nobody;
    try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = Endpoint.of(TestIssuer.home(), "127.0.0.1", reserved.getLocalPort(), "binary", "");
    }

    UserError failure = assertThrows(UserError.class, () -> IsoClient.connect(nobody, PATIENCE));

    assertEquals(UserError.UNAVAILABLE, failure.exitCode());
    assertTrue(failure.getMessage().contains(nobody.address()), failure.getMessage());
    assertTrue(failure.getMessage().contains("./run start --demo"), failure.getMessage());
  }

  @Test
  void shouldSendTheSameBytesAgain() throws Exception {
    List<String> seen = new ArrayList<>();
    try (TestIssuer issuer = TestIssuer.answering(request -> {
          synchronized (seen) {
            seen.add(request.mti() + " " + request.fields());
          }
          return approved(request, 100);
        });
        IsoClient client = IsoClient.connect(issuer.endpoint(), PATIENCE)) {
      Request request = purchase(9, 12_345);

      Answer first = client.ask(request);
      Answer again = client.send(client.encode(request)).get();

      assertEquals(2, seen.size());
      assertEquals(seen.get(0), seen.get(1));
      assertEquals(first.field(54), again.field(54));
    }
  }

  @Test
  void shouldFillInWhatEveryMessageCarries() {
    Request request = purchase(42, 34_750);

    assertEquals("9752000000000076", request.field(2));
    assertEquals("000000034750", request.field(4));
    assertEquals("1122233015", request.field(7), "UTC");
    assertEquals("000042", request.field(11));
    assertEquals("003015", request.field(12), "Stockholm is an hour ahead in November");
    assertEquals("1123", request.field(13), "and it is the next day there");
    assertEquals("632700000042", request.field(37), "year 6, day 327, hour 00, STAN");
    assertEquals("DEMO MERCHANT          BOTKYRKA       SE", request.field(43));
    assertEquals(40, request.field(43).length());
    assertEquals(110, request.answerMti());
    assertEquals(410, RequestBuilder.of(401).build(1, NOW).answerMti(), "the repeat digit is cleared");
  }

  @Test
  void shouldSendShopNamesWithoutRingsAndDots() {
    assertEquals("Angstroms kafe         VASTRA FROLUN  NO",
        RequestBuilder.placeOf("Ångströms kafé", "VÄSTRA FRÖLUNDA", "NO"));
  }

  @Test
  void shouldNameTheOriginalInAReversal() {
    Request original = purchase(42, 34_750);

    Request reversal = RequestBuilder.of(400).original(original).build(43, NOW);

    assertEquals("0100" + "000042" + "1122233015" + "00000123456" + "00000000000", reversal.field(90));
    assertEquals(original.field(37), reversal.field(37));
    assertNotEquals(original.field(11), reversal.field(11));
  }

  private static Request purchase(int stan, long amountMinor) {
    return RequestBuilder.of(100).pan(CardNumber.panOf("000000007")).mcc("5411").amountMinor(amountMinor)
        .build(stan, NOW);
  }

  private static SortedMap<Integer, String> approved(Request request, long cashMinor) {
    return TestIssuer.answer(request, "00", new Purses(cashMinor, 0));
  }
}
