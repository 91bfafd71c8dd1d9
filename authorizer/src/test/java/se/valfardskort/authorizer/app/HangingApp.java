package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.gateway.LinkCounters;
import se.valfardskort.authorizer.storage.FaultyDisk;
import se.valfardskort.authorizer.storage.FolderDisk;

/**
 * The whole authorizer with 100 cards, behind a disk that can be made to hang, by a clock that can be put forward. No
 * tick takes a place of the ring, and the deadline is a minute.
 */
final class HangingApp implements AutoCloseable {
  final MovableClock clock = new MovableClock();
  private final Terminal terminal = new Terminal();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final AtomicReference<FaultyDisk> disk = new AtomicReference<>();
  private final AuthorizerApp app;

  HangingApp(Path folder, int ringSlots, int inFlight) throws Exception {
    ConfigFixture config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 2000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
    config.replace("demo/authorizer.yaml", "ring-slots: 8192", "ring-slots: " + ringSlots);
    config.replace("demo/authorizer.yaml", "tick-ms: 1000", "tick-ms: 3600000");
    config.replace("demo/partners.yaml", "deadline-ms: 1000", "deadline-ms: 60000");
    config.replace("demo/partners.yaml", "in-flight-per-connection: 512", "in-flight-per-connection: " + inFlight);
    app = AuthorizerApp.start(
        new StartOptions(config.demo(), folder.resolve("data"), true, 100, null, 0),
        new PrintStream(logged, true, StandardCharsets.UTF_8),
        halts::add,
        path -> {
          // The journal's folder is the first to be asked for; snapshots have another.
          FaultyDisk faulty = new FaultyDisk(new FolderDisk(path));
          disk.compareAndSet(null, faulty);
          return faulty;
        },
        clock);
  }

  FaultyDisk disk() {
    return Objects.requireNonNull(disk.get());
  }

  /** Of the link that {@link #line} uses. */
  LinkCounters counters() {
    return app.boundLinks().getFirst().counters();
  }

  Line line() throws IOException {
    return new Line(app.boundLinks().getFirst().address().getPort());
  }

  String text(byte[] answer, int de) {
    return terminal.text(answer, de);
  }

  String code(byte[] answer) {
    return text(answer, 39);
  }

  Set<String> codes(List<byte[]> answers) {
    Set<String> codes = new TreeSet<>();
    answers.forEach(answer -> codes.add(code(answer)));
    return codes;
  }

  String mti(byte[] answer) {
    return HexFormat.of().formatHex(answer, 0, 2);
  }

  /** What is left in CASH, in ore. */
  long cash(byte[] answer) {
    return Long.parseLong(text(answer, 54).substring(8, 20));
  }

  /** Waits for a condition, at most half a minute. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        Assertions.fail("half a minute passed without: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    disk().release();
    assertEquals(List.of(), app.stop());
    assertEquals(List.of(), halts);
  }
}
