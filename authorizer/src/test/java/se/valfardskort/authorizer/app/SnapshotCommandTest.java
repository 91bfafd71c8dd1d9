package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/** Snapshots as an operator meets them: at a clean stop, beside a running authorizer, and when something is wrong. */
@Timeout(300)
final class SnapshotCommandTest {
  /** So many cards fill more than one journal file of 1 MiB. */
  private static final int CARDS = 4_000;

  private final Path folder;
  private final Path data;
  private final ConfigFixture config;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final PrintStream realErr = System.err;
  private final AtomicLong differences = new AtomicLong();

  SnapshotCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    data = folder.resolve("data");
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 5000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
    config.replace("demo/authorizer.yaml", "tick-ms: 1000", "tick-ms: 3600000");
  }

  @AfterEach
  void restoreErr() {
    System.setErr(realErr);
  }

  private AuthorizerApp start(PrintStream log) throws Exception {
    return AuthorizerApp.start(new StartOptions(config.demo(), data, true, CARDS, null, 0), log, cause -> { });
  }

  private AuthorizerApp start() throws Exception {
    return start(new PrintStream(logged, true, StandardCharsets.UTF_8));
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  private SnapshotFolder snapshots() throws IOException {
    return new SnapshotFolder(new FolderDisk(data.resolve("snapshots")));
  }

  private int follow() {
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    return Main.execute("snapshot", "--config", config.demo().toString(), "--data", data.toString());
  }

  @Test
  void shouldStartFromTheSnapshotOfACleanStop() throws Exception {
    AuthorizerApp first = start();
    String ready = first.readyLine();
    assertEquals(List.of(), first.stop());
    assertTrue(log().contains("wrote the snapshot of sequence "), log());
    long snapshot = snapshots().newest();

    AuthorizerApp second = start();
    second.stop();

    assertTrue(log().contains("loaded the snapshot of sequence " + snapshot + " (" + (CARDS + 12) + " cards)"), log());
    assertTrue(ready.endsWith("cards=" + (CARDS + 12) + " sequence=" + snapshot), ready);
    assertTrue(second.readyLine().endsWith("sequence=" + snapshot), second.readyLine());
  }

  @Test
  void shouldSetADamagedSnapshotAsideAndWriteAnother() throws Exception {
    start().stop();
    long snapshot = snapshots().newest();
    Path file = Path.of(snapshots().describe(snapshot));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 20] ^= 1;
    Files.write(file, bytes);

    AuthorizerApp second = start();
    second.stop();

    assertTrue(log().contains("a snapshot is not used: " + file), log());
    assertTrue(log().contains("no snapshot can be used; the whole journal is replayed"), log());
    assertTrue(log().contains("set aside as " + file + ".damaged"), log());
    assertTrue(second.readyLine().endsWith("sequence=" + snapshot), second.readyLine());
    assertEquals(List.of(snapshot), snapshots().sequences());
  }

  @Test
  void shouldStartWhereADamagedSnapshotCannotBeSetAside() throws Exception {
    start().stop();
    long snapshot = snapshots().newest();
    Path file = Path.of(snapshots().describe(snapshot));
    Files.write(file, new byte[100]);
    Files.createDirectories(Path.of(file + ".damaged").resolve("in the way"));

    AuthorizerApp second = start();
    second.stop();

    assertTrue(log().contains("the damaged snapshot " + file + " could not be set aside ("), log());
    assertTrue(second.readyLine().endsWith("sequence=" + snapshot), second.readyLine());
  }

  @Test
  void shouldStopCleanlyWhereNoSnapshotCanBeWritten() throws Exception {
    AuthorizerApp app = start();
    try (AutoCloseable _ = new FolderDisk(data.resolve("snapshots")).lock("lock")) {
      assertEquals(List.of(), app.stop());
    }

    assertTrue(log().contains("no snapshot was written at this stop"), log());
    start().stop();
    assertTrue(snapshots().newest() > 0, log());
  }

  @Test
  void shouldWriteASnapshotOfWhatIsClosedBesideTheRunningAuthorizer() throws Exception {
    AuthorizerApp app = start();
    try {
      assertEquals(ExitCode.OK, follow(), this::log);
      long closed = snapshots().newest();
      assertTrue(closed > CARDS && closed < 2 * CARDS + 30, "closed " + closed);
      assertEquals(ExitCode.OK, follow(), this::log);
      assertEquals(List.of(closed), snapshots().sequences(), "nothing new was closed");
    } finally {
      app.stop();
    }
    assertEquals(2, snapshots().sequences().size());
  }

  @Test
  void shouldAlarmAndWriteNothingWhereReplayDecidesOtherwise() throws Exception {
    config.replace("demo/authorizer.yaml", "at-stop-within-ms: 60000", "at-stop-within-ms: 0");
    start().stop();
    assertEquals(0, snapshots().newest());
    changeADecision();

    int code = follow();

    assertEquals(ExitCode.DATA_ERROR, code, this::log);
    assertTrue(log().contains("replay differs at sequence 20"), log());
    assertEquals(0, snapshots().newest());
  }

  /** Changes a digest in the record of sequence 20, with a CRC that is right again. */
  private void changeADecision() throws IOException {
    Path segment;
    try (Stream<Path> files = Files.list(data.resolve("journal"))) {
      segment = files.filter(file -> file.toString().endsWith(".log")).min(Path::compareTo).orElseThrow();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
    int at = 64;
    while (bytes.getLong(at + 8) != 20) {
      at += bytes.getInt(at + 4);
    }
    int length = bytes.getInt(at + 4);
    int decision = at + 48 + (bytes.getShort(at + 40) & 0xFFFF);
    bytes.put(decision + 8 + 72, (byte) (bytes.get(decision + 8 + 72) ^ 1));
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(at).limit(at + 44));
    crc.update(bytes.duplicate().position(at + 48).limit(at + length));
    bytes.putInt(at + 44, (int) crc.getValue());
    Files.write(segment, bytes.array());
  }

  @Test
  void shouldSayThatThereIsNoJournal() {
    assertEquals(ExitCode.NO_INPUT, follow());
    assertTrue(log().contains("there is no journal in " + folder.resolve("data")), log());
  }

  @Test
  void shouldHaveAChildWriteSnapshotsBesideIt() throws Exception {
    config.replace("demo/authorizer.yaml", "every-commands: 5000000", "every-commands: 2000");
    CountDownLatch done = new CountDownLatch(1);
    AuthorizerApp app = start(waitingFor("follower: wrote the snapshot of sequence ", done));
    try {
      done.await();
      assertTrue(snapshots().newest() >= 2_000, log());
    } finally {
      app.stop();
    }
  }

  @Test
  void shouldWriteNoSnapshotAtTheStopAfterTheFollowersAlarm() throws Exception {
    config.replace("demo/authorizer.yaml", "every-commands: 5000000", "every-commands: 2000");
    CountDownLatch done = new CountDownLatch(1);
    AuthorizerApp app = start(waitingFor("ALARM: the follower does not come to what the journal says", done));
    try {
      // The keeper looks for the first time a second after the start.
      changeADecision();
      done.await();
    } finally {
      app.stop();
    }

    assertTrue(log().contains("no snapshot at this stop: the follower came to something else than this process; the"
        + " next start replays the journal"), log());
    assertEquals(List.of(), snapshots().sequences());
  }

  @Test
  void shouldEndItsChildWhenItStops() throws Exception {
    SnapshotKeeper keeper = keeper(List.of("sh", "-c", "echo begun >" + folder.resolve("begun") + "; exec sleep 1000"));
    keeper.start();
    while (!Files.exists(folder.resolve("begun"))) {
      Thread.onSpinWait();
    }

    keeper.close();

    assertFalse(log().contains("follower"), log());
  }

  @Test
  void shouldAlarmWhenTheChildFindsADifference() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (SnapshotKeeper keeper =
        keeper(List.of("sh", "-c", "echo differs at 7; exit 65"), waitingFor("ALARM", done))) {
      keeper.start();
      done.await();
    }

    assertTrue(log().contains("ALARM: the follower does not come to what the journal says"), log());
    assertTrue(log().contains("differs at 7"), log());
    assertEquals(1, differences.get());
  }

  @Test
  void shouldTryAgainWhenTheNextSegmentIsClosed() throws Exception {
    CountDownLatch done = new CountDownLatch(2);
    AtomicLong closed = new AtomicLong(100);
    PrintStream log = waitingFor("tried again when the next journal file is closed", done, () -> closed.addAndGet(100));
    try (SnapshotKeeper keeper =
        new SnapshotKeeper(100, snapshots(), closed::get,
            List.of("sh", "-c", "echo no room; exit 74"), log, () -> { })) {
      keeper.start();
      done.await();
    }

    assertTrue(log().contains("the follower ended with 74 and wrote no snapshot (no room)"), log());
  }

  private SnapshotKeeper keeper(List<String> command) throws IOException {
    return keeper(command, new PrintStream(logged, true, StandardCharsets.UTF_8));
  }

  private SnapshotKeeper keeper(List<String> command, PrintStream log) throws IOException {
    return new SnapshotKeeper(100, snapshots(), () -> 100, command, log, differences::incrementAndGet);
  }

  private PrintStream waitingFor(String text, CountDownLatch done) {
    return waitingFor(text, done, () -> { });
  }

  /** A log that counts down whenever a line with {@code text} is complete. */
  private PrintStream waitingFor(String text, CountDownLatch done, Runnable also) {
    OutputStream lines = new OutputStream() {
      private final ByteArrayOutputStream line = new ByteArrayOutputStream();

      @Override
      public synchronized void write(int octet) {
        logged.write(octet);
        line.write(octet);
        if (octet == '\n') {
          if (line.toString(StandardCharsets.UTF_8).contains(text)) {
            also.run();
            done.countDown();
          }
          line.reset();
        }
      }
    };
    return new PrintStream(lines, true, StandardCharsets.UTF_8);
  }
}
