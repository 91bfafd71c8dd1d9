package se.valfardskort.authorizer.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.Bank;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.ForgetfulJournal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSearch;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.pipeline.SystemClock;

/** Attacks on the admin command port, through real sockets, the port and the pipeline. */
public final class AdminAttacks implements Scenarios {
  private static final String CLOSE = "{\"act\":\"close\",\"reason\":\"other\"}";

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            28,
            "admin port without its key",
            "sends a command from another user's program on the same machine, with no key, with a wrong one, and with a"
                + " good one beside a wrong one",
            "close a stranger's card",
            "deny by default: one key, compared in constant time, from a file that its owner alone can read",
            AdminAttacks::withoutKey,
            List.of(
                Mutant.harmful("nobody asks for the key", Edit.in(Guard.class, "hasKey").returns(true)),
                Mutant.harmful("every key is the key", Edit.in(AdminKey.class, "is").returns(true)))),
        new Attack(
            28,
            "admin port under another name",
            "points a name of his own at 127.0.0.1 (DNS rebinding), and has a program that holds the key ask it",
            "have commands given by one who meant somebody else",
            "the Host header must name 127.0.0.1, localhost or ::1 with this port",
            AdminAttacks::underAnotherName,
            List.of(Mutant.harmful("the name is not asked", Edit.in(Guard.class, "isOurHost").returns(true)))),
        new Attack(
            28,
            "admin port from a web page",
            "lets a browser on the machine send a command from a page of his own",
            "close a card with the hands of a caseworker",
            "a request that bears an Origin is refused, whichever it is",
            AdminAttacks::fromAPage,
            List.of(Mutant.harmful("pages may ask", Edit.in(Guard.class, "comesFromAPage").returns(false)))));
  }

  private static void withoutKey() throws Exception {
    try (Port port = new Port()) {
      String host = "Host: 127.0.0.1:" + port.number();
      port.post(host);
      port.post(host, "Authorization: Bearer " + "0".repeat(64));
      port.post(host, "Authorization: Bearer ");
      port.post(host, "Authorization: Bearer " + "0".repeat(64), "Authorization: " + port.key.authorization());

      port.assertCardIsOpen();
    }
  }

  private static void underAnotherName() throws Exception {
    try (Port port = new Port()) {
      for (String name : List.of("evil.example:" + port.number(), "evil.example", "127.0.0.1.evil.example")) {
        port.post("Host: " + name, "Authorization: " + port.key.authorization());
      }

      port.assertCardIsOpen();
    }
  }

  private static void fromAPage() throws Exception {
    try (Port port = new Port()) {
      for (String origin : List.of("null", "https://evil.example", "http://127.0.0.1:" + port.number())) {
        port.post(
            "Host: 127.0.0.1:" + port.number(), "Authorization: " + port.key.authorization(), "Origin: " + origin);
      }

      port.assertCardIsOpen();
    }
  }

  private static final Configuration NO_POLICY =
      new Configuration(List.of(), List.of(), List.of(), List.of(), new CivilTime(new long[0], new int[] {3600}));

  /** Keeps nothing, so nothing is found. */
  private static final class NoJournal implements JournalSearch {
    private static final Result NOTHING = new Result(List.of(), 1, true);

    @Override
    public Result ofCard(DirectBuffer token, int offset, int most, Predicate<JournalRecord> wanted) {
      return NOTHING;
    }

    @Override
    public Result ofRrn(String rrn, int most) {
      return NOTHING;
    }

    @Override
    public Result ofSequence(long sequence) {
      return NOTHING;
    }
  }

  /** A port with one card behind it, and a journal that keeps nothing. */
  private static final class Port implements AutoCloseable {
    private static final byte[] TOKEN = HexFormat.of().parseHex("ab".repeat(32));

    private final Bank bank = new Bank(7);
    private final Path folder = Files.createTempDirectory("admin-attack-");
    private final Pipeline pipeline;
    private final AdminServer server;
    final AdminKey key;
    private boolean stopped;

    Port() throws Exception {
      bank.open(TOKEN);
      key = AdminKey.open(folder);
      pipeline =
          new Pipeline(
              PipelineSettings.defaults().withRingSize(64).withTick(0, 1),
              bank.core(),
              new ForgetfulJournal(),
              new SystemClock(),
              Position.START,
              cause -> { },
              new Deaf());
      pipeline.start();
      server =
          AdminServer.start(
              0,
              key,
              pipeline.ring(),
              new SystemClock(),
              pipeline::haltCause,
              new NoCountries(),
              new Evidence(new NoJournal(), NO_POLICY, Skips.NOTHING),
              new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    private void stop() {
      if (!stopped) {
        stopped = true;
        server.close();
        pipeline.close();
      }
    }

    int number() {
      return server.port();
    }

    /** Tries to close the card; waits for the answer, whatever it is. */
    void post(String... headers) throws IOException {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), number())) {
        socket.setSoTimeout(20_000);
        String request =
            "POST /v1/cards/" + HexFormat.of().formatHex(TOKEN) + "/status HTTP/1.1\r\n" + String.join("\r\n", headers)
                + "\r\nContent-Type: application/json\r\nContent-Length: " + CLOSE.length()
                + "\r\nConnection: close\r\n\r\n" + CLOSE;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertNotEquals(0, socket.getInputStream().readAllBytes().length, "an answer");
      }
    }

    /** Closes the port and the pipeline first: until then the engine is the pipeline's. */
    void assertCardIsOpen() {
      stop();
      assertEquals(
          CardStatus.ACTIVE,
          Objects.requireNonNull(bank.core().card(new UnsafeBuffer(TOKEN), 0)).status());
    }

    @Override
    public void close() throws IOException {
      stop();
      Files.deleteIfExists(folder.resolve(AdminKey.FILE));
      Files.deleteIfExists(folder);
    }
  }

  /** Names numbers. */
  private static final class NoCountries implements CountryWords {
    @Override
    public int number(String letters) {
      return 0;
    }

    @Override
    public String letters(int number) {
      return Integer.toString(number);
    }
  }

  /** Hears nothing. */
  private static final class Deaf implements AlarmListener {
    @Override
    public void poisoned(long sequence, Throwable cause) {
      // Would show as a card that is closed or not.
    }

    @Override
    public void replyFailed(Throwable cause) {
      // As above.
    }
  }
}
