package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import se.valfardskort.authorizer.engine.Bank;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.ForgetfulJournal;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * An authorizer in this process, from the sockets of two links of one partner to the engine, with a journal that keeps
 * nothing; and terminals that speak to it.
 */
final class WireVictim implements AutoCloseable {
  private static final int PARTNER = 7;

  private final Bank bank = new Bank(PARTNER);
  private final long[] nowMs = {bank.timeMs()};
  private final Clock clock = new Clock() {
    @Override
    public long epochMs() {
      return nowMs[0];
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }
  };
  private final Pipeline pipeline;
  private final GatewayServer server;
  final Client binary;
  final Client ascii;
  private int stan;

  /** @param asciiAcquirers DE 32 that the second link may use; none: those of the first */
  WireVictim(int cards, int windowHours, Long... asciiAcquirers) throws IOException {
    for (int card = 0; card < cards; card++) {
      bank.open(token(card));
    }
    pipeline =
        new Pipeline(
            PipelineSettings.defaults().withRingSize(64).withTick(0, 1),
            bank.core(),
            new ForgetfulJournal(),
            clock,
            Position.START,
            cause -> { },
            new Deaf());
    pipeline.start();
    Links second = Links.ascii().windowHours(windowHours);
    server =
        GatewayServer.start(
            List.of(
                Links.binary().windowHours(windowHours).settings(),
                (asciiAcquirers.length == 0 ? second : second.acquirers(asciiAcquirers)).settings()),
            new RingPort(pipeline.ring()),
            clock,
            Links.KEY,
            2);
    binary = new Client(true, server.links().get(0).address());
    ascii = new Client(false, server.links().get(1).address());
  }

  /** 975200, nine digits, Luhn digit. */
  static String pan(int card) {
    String body = "975200%09d".formatted(card);
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = (body.charAt(body.length() - 1 - i) - '0') * (i % 2 == 0 ? 2 : 1);
      sum += digit / 10 + digit % 10;
    }
    return body + (10 - sum % 10) % 10;
  }

  private static byte[] token(int card) {
    byte[] digits = pan(card).getBytes(StandardCharsets.US_ASCII);
    byte[] token = new byte[PanTokenizer.TOKEN_LENGTH];
    new PanTokenizer(Links.KEY).tokenize(digits, 0, digits.length, token, 0);
    return token;
  }

  /** A purchase for food as both links would carry it, sent a second before it arrives. */
  Wire purchase(boolean packed, String mti, int card, long amount) {
    stan++;
    return Links.purchase(packed)
        .copy(mti)
        .with(2, pan(card))
        .with(4, "%012d".formatted(amount))
        .with(7, "1122115959")
        .with(11, "%06d".formatted(stan))
        .with(12, "125959")
        .with(13, "1122")
        .with(37, "%012d".formatted(stan));
  }

  /** The same message in the other dialect. */
  static Wire otherDialect(Wire message, boolean packed) {
    Wire other = Wire.message(packed, message.mti());
    message.fields().forEach(other::with);
    return other;
  }

  /** Hours pass on the clock of links and pipeline. */
  void passHours(int hours) {
    nowMs[0] += hours * 3_600_000L;
  }

  /** Stops everything, then looks into the purses. */
  void assertPurses(int card, long cash, long hjartan, String when) throws IOException {
    close();
    assertEquals(cash, bank.cash(token(card)), "CASH " + when);
    assertEquals(hjartan, bank.hjartan(token(card)), "HJARTAN " + when);
  }

  @Override
  public void close() throws IOException {
    binary.close();
    ascii.close();
    server.close();
    pipeline.close();
  }

  /** The pipeline's ring. */
  private record RingPort(CommandRing ring) implements CommandPort {
    @Override
    public long tryClaim(boolean reservedRoom) {
      return ring.tryClaim(reservedRoom ? Priority.REVERSAL : Priority.AUTHORIZATION);
    }

    @Override
    public Slot slot(long place) {
      return ring.slot(place);
    }

    @Override
    public void publish(long place) {
      ring.publish(place);
    }
  }

  /** Hears no alarm: what an attacker gets shows in the answers and the purses. */
  private static final class Deaf implements AlarmListener {
    @Override
    public void poisoned(long sequence, Throwable cause) {}

    @Override
    public void replyFailed(Throwable cause) {}
  }
}
