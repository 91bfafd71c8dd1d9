package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.FaultyDisk;
import se.valfardskort.authorizer.storage.FolderDisk;

/** The whole authorizer on free ports and a folder of its own: what an operator does, and what must survive it. */
class AuthorizerAppTest {
  private static final String POLICY = "demo/programmes/botkyrka.yaml";
  private static final String KEY = "demo/pan-token.key";

  private final Terminal terminal = new Terminal();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final List<AuthorizerApp> running = new ArrayList<>();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();

  private final Path folder;
  private final ConfigFixture config;

  AuthorizerAppTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 2000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
  }

  @AfterEach
  void shouldHaveHaltedNowhereAndStopEverything() {
    for (AuthorizerApp app : running) {
      app.stop();
    }
    assertEquals(List.of(), halts);
  }

  @Test
  void shouldSayReadyAndAnswerPurchases() throws Exception {
    AuthorizerApp app = start(30);

    byte[] food = buy(app, 7, 12_500, "5411", "BUTIK0000000001", 1);
    byte[] gambling = buy(app, 7, 5_000, "7995", "SPELBUTIK000001", 2);
    byte[] childcare = buy(app, 7, 310_000, "8351", "BARNKOOP0000001", 3);

    assertTrue(
        app.readyLine().matches(
            "ready iso87-binary=127\\.0\\.0\\.1:\\d+ iso87-ascii=127\\.0\\.0\\.1:\\d+ "
                + "iso93-binary=127\\.0\\.0\\.1:\\d+ admin=127\\.0\\.0\\.1:\\d+ "
                + "durability=fsync pipeline=(fused|staged) cards=42 sequence=\\d+"),
        app.readyLine());
    assertEquals("00", terminal.text(food, 39));
    assertEquals("9602752C0000006875009802752C000000300000", terminal.text(food, 54));
    assertEquals("03", terminal.text(gambling, 39));
    assertEquals("R231", terminal.text(gambling, 60));
    assertEquals("00", terminal.text(childcare, 39));
    assertEquals("9602752C0000006775009802752C000000000000", terminal.text(childcare, 54));
  }

  @Test
  void shouldBeReadyBeforeALinkThatItDialsIsConnected() throws Exception {
    int gone;
    try (ServerSocket closing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = closing.getLocalPort();
    }
    config.replace("demo/partners.yaml", "listen: 127.0.0.1:0\n        dialect: ../dialects/iso87-ascii.xml",
        "dial: 127.0.0.1:" + gone + "\n        redial-after-ms: 20\n        redial-after-at-most-ms: 50\n"
            + "        echo-every-ms: 60000\n        dialect: ../dialects/iso87-ascii.xml");
    config.replace("demo/partners.yaml",
        "length of the body\n        sign-on: not-required\n      - name: iso87-ascii",
        "length of the body\n        sign-on: not-required\n      - name: acme");
    String text = Files.readString(config.file("demo/partners.yaml"));
    String signOn = "        sign-on: not-required\n";
    int dialled = text.indexOf(signOn, text.indexOf("- name: acme"));
    Files.writeString(
        config.file("demo/partners.yaml"), text.substring(0, dialled) + text.substring(dialled + signOn.length()));

    AuthorizerApp app = start(1);

    assertTrue(app.readyLine().contains(" acme=dial 127.0.0.1:" + gone + " (connecting) "), app.readyLine());
    assertEquals("00", terminal.text(buy(app, 0, 100, "5411", "BUTIK0000000001", 95), 39));
    try (ServerSocket network = new ServerSocket(gone, 1, InetAddress.getLoopbackAddress());
        Socket link = network.accept()) {
      byte[] head = link.getInputStream().readNBytes(8);
      assertEquals("00550800", new String(head, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void shouldOpenTheSpecialCardsAsTheirStoriesSay() throws Exception {
    AuthorizerApp app = start(1);

    List<String> answers = new ArrayList<>();
    for (long number = 900_000_001; number <= 900_000_012; number++) {
      answers.add(terminal.text(buy(app, number, 10_100, "5411", "BUTIK0000000001", (int) (number % 1000)), 39));
    }

    assertEquals(List.of("62", "54", "51", "41", "43", "00", "00", "00", "00", "00", "51", "00"), answers);
  }

  @Test
  void shouldGiveTheSameBytesAfterARestartAndBookNothingTwice() throws Exception {
    AuthorizerApp first = start(5);
    byte[] before = buy(first, 3, 20_000, "5411", "BUTIK0000000001", 11);
    stop(first);

    AuthorizerApp second = start(5);
    byte[] after = buy(second, 3, 20_000, "5411", "BUTIK0000000001", 11);
    byte[] next = buy(second, 3, 100, "5411", "BUTIK0000000001", 12);

    assertArrayEquals(before, after);
    assertEquals("9602752C0000006799009802752C000000300000", terminal.text(next, 54));
    assertTrue(sequenceOf(second) >= sequenceOf(first), first.readyLine() + " then " + second.readyLine());
  }

  @Test
  void shouldKeepPortsClosedOnceStopped() throws Exception {
    AuthorizerApp app = start(1);
    int port = binaryPort(app);

    stop(app);

    assertThrows(ConnectException.class, () -> Terminal.exchange(port, new byte[] {0, 0}));
  }

  @Test
  void shouldRefuseASecondInstanceOnTheSameData() throws Exception {
    AuthorizerApp app = start(1);

    StartFailure refused = assertThrows(StartFailure.class, () -> start(1));

    assertEquals(ExitCode.LOCKED, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).contains("another instance uses this data folder"));
    assertEquals("00", terminal.text(buy(app, 0, 100, "5411", "BUTIK0000000001", 21), 39));
  }

  @Test
  void shouldMakeAChangedPolicyTheLawFromTheNextStart() throws Exception {
    AuthorizerApp first = start(1);
    byte[] allowed = buy(first, 0, 30_000, "5812", "KROGEN000000001", 31);
    stop(first);
    config.replace(POLICY, "one-purchase-at-most: 500.00 kr", "one-purchase-at-most: 200.00 kr");

    AuthorizerApp second = start(1);
    byte[] declined = buy(second, 0, 30_000, "5812", "KROGEN000000001", 32);
    byte[] remembered = buy(second, 0, 30_000, "5812", "KROGEN000000001", 31);
    stop(second);
    AuthorizerApp third = start(1);

    assertEquals("00", terminal.text(allowed, 39));
    assertEquals("61", terminal.text(declined, 39));
    assertArrayEquals(allowed, remembered);
    assertEquals(2, log().lines().filter(line -> line.startsWith("activated the configuration")).count(), log());
    assertArrayEquals(declined, buy(third, 0, 30_000, "5812", "KROGEN000000001", 32));
  }

  @Test
  void shouldOpenMissingCardsAndKeepThoseThatExist() throws Exception {
    stop(start(3));
    AuthorizerApp more = start(5);
    String moreReady = more.readyLine();
    byte[] newest = buy(more, 4, 100, "5411", "BUTIK0000000001", 41);
    byte[] unknown = buy(more, 5, 100, "5411", "BUTIK0000000001", 42);
    stop(more);

    AuthorizerApp fewer = start(2);

    assertTrue(moreReady.contains(" cards=17 "), moreReady);
    assertEquals("9602752C0000006999009802752C000000300000", terminal.text(newest, 54));
    assertEquals("14", terminal.text(unknown, 39));
    assertTrue(fewer.readyLine().contains(" cards=17 "), fewer.readyLine());
    assertTrue(log().contains("opened 2 cards beside the 15 that the journal holds"), log());
    assertTrue(log().contains("the journal holds 17 cards, more than the 14 asked for; they stay"), log());
    assertEquals("00", terminal.text(buy(fewer, 4, 100, "5411", "BUTIK0000000001", 43), 39));
  }

  @Test
  void shouldRefuseMoreCardsThanThereIsRoomFor() {
    StartFailure refused = assertThrows(StartFailure.class, () -> start(1_950));

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).startsWith("1962 cards do not fit"), refused.getMessage());
  }

  @Test
  void shouldTakeMoreRoomButNeverAnotherRequestMemory() throws Exception {
    stop(start(1));
    config.replace("demo/authorizer.yaml", "originals: ", "originals: 1");
    stop(start(1));
    config.replace("demo/authorizer.yaml", "requests: ", "requests: 2");

    StartFailure refused = assertThrows(StartFailure.class, () -> start(1));

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).contains("set requests back to"), refused.getMessage());
  }

  @Test
  void shouldRefuseAnotherTokenKeyAndTouchNothing() throws Exception {
    stop(start(3));
    byte[] segment = Files.readAllBytes(firstSegment());
    byte[] anchor = Files.readAllBytes(folder.resolve("data/journal/anchor"));
    config.replace(KEY, "key 64656d6f", "key 74656d6f");

    StartFailure refused = assertThrows(StartFailure.class, () -> start(3));

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("the key in " + config.file(KEY) + " is not the one that"), message);
    assertTrue(message.contains(folder.resolve("data") + " was begun with"), message);
    assertTrue(message.contains("put that key back"), message);
    assertArrayEquals(segment, Files.readAllBytes(firstSegment()));
    assertArrayEquals(anchor, Files.readAllBytes(folder.resolve("data/journal/anchor")));
    config.replace(KEY, "key 74656d6f", "key 64656d6f");
    AuthorizerApp mended = start(3);
    assertTrue(mended.readyLine().contains(" cards=15 "), mended.readyLine());
    assertEquals("00", terminal.text(buy(mended, 2, 100, "5411", "BUTIK0000000001", 91), 39));
  }

  @Test
  void shouldKeepItsDataForItsOwnerAlone() throws Exception {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));

    stop(start(1));

    try (Stream<Path> paths = Files.walk(folder.resolve("data"))) {
      for (Path path : paths.toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
            path.toString());
      }
    }
  }

  @Test
  void shouldNameFileAndLineOfABrokenConfigurationAndTouchNoData() throws Exception {
    int line = config.replace(POLICY, "mccs: [5931]", "mccs: [5931, 5411]");

    ConfigurationException refused = assertThrows(ConfigurationException.class, () -> start(1));

    assertTrue(
        String.valueOf(refused.getMessage()).startsWith(config.file(POLICY) + ":" + line + ": MCC 5411"),
        refused.getMessage());
    assertTrue(Files.notExists(folder.resolve("data")));
  }

  @Test
  void shouldRefuseThePublicKeyOutsideTheDemonstration() {
    StartOptions options = new StartOptions(config.demo(), folder.resolve("data"), false, null, null, 0);

    StartFailure refused = assertThrows(StartFailure.class, () -> start(options));

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).contains("public demo key"), refused.getMessage());
  }

  @Test
  void shouldSayWhichPortIsTakenAndLetGoOfTheData() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      config.replace("demo/partners.yaml", "127.0.0.1:0", "127.0.0.1:" + other.getLocalPort());

      StartFailure refused = assertThrows(StartFailure.class, () -> start(1));

      assertEquals(ExitCode.UNAVAILABLE, refused.exitCode());
      assertTrue(String.valueOf(refused.getMessage()).contains("127.0.0.1:" + other.getLocalPort()));
    }
    start(1);
  }

  @Test
  void shouldRefuseADamagedJournalAndSayWhere() throws Exception {
    AuthorizerApp app = start(40);
    buy(app, 0, 100, "5411", "BUTIK0000000001", 51);
    stop(app);
    Path segment = firstSegment();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);

    StartFailure refused = assertThrows(StartFailure.class, () -> start(40));

    assertEquals(ExitCode.DATA_ERROR, refused.exitCode());
    assertTrue(
        String.valueOf(refused.getMessage()).contains(String.valueOf(segment.getFileName())), refused.getMessage());
  }

  @Test
  void shouldSayWhatIsWrongWithAConfigurationThatCannotFollow() throws Exception {
    stop(start(1));
    config.replace("demo/providers.yaml", "baz: [baz-fittja, baz-annan]", "baz: [baz-annan, baz-fittja]");

    StartFailure refused = assertThrows(StartFailure.class, () -> start(1));

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).contains("a BAZ was renamed, moved or removed"));
  }

  @Test
  void shouldLetNoAnswerLeaveWhileTheSyncHangs() throws Exception {
    AtomicReference<FaultyDisk> disk = new AtomicReference<>();
    AuthorizerApp app = start(options(1), spoiled(disk));
    FaultyDisk faulty = Objects.requireNonNull(disk.get());
    byte[] frame = Terminal.purchase(0, 100, "5411", "BUTIK0000000001", 71);

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), binaryPort(app))) {
      faulty.hangSyncs();
      socket.getOutputStream().write(frame);
      faulty.awaitHangingSync();
      // Whatever syncs here, the purchase's own has not been: a tick may hang first.
      int early = socket.getInputStream().available();
      faulty.release();

      assertEquals(0, early);
      assertEquals("00", terminal.text(Terminal.readBody(socket), 39));
    }
  }

  @Test
  void shouldDropTheLinksAndHaltWhenTheDiskFails() throws Exception {
    AtomicReference<FaultyDisk> disk = new AtomicReference<>();
    AuthorizerApp app = start(options(1), spoiled(disk));
    int port = binaryPort(app);
    Objects.requireNonNull(disk.get()).failSyncs();

    assertThrows(
        IOException.class,
        () -> Terminal.exchange(port, Terminal.purchase(0, 100, "5411", "BUTIK0000000001", 81)));

    app.stop();
    running.remove(app);
    assertEquals(1, halts.size());
    String last = String.valueOf(halts.removeFirst().getMessage());
    assertTrue(last.contains("the journal cannot be written: " + folder.resolve("data/journal").toRealPath()), last);
    assertTrue(last.contains("mend the disk, then restart to recover"), last);
  }

  @Test
  void shouldNeverWriteACardNumberToDisk() throws Exception {
    AuthorizerApp app = start(3);
    buy(app, 2, 100, "5411", "BUTIK0000000001", 61);
    stop(app);

    String pan = CardPlan.pan("975200", 2);
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String latin = Files.readString(file, StandardCharsets.ISO_8859_1);
        String packed = new String(HexFormat.of().parseHex(pan), StandardCharsets.ISO_8859_1);
        assertTrue(!latin.contains(pan) && !latin.contains(packed), file.toString());
      }
    }
    assertTrue(!log().contains(pan), log());
  }

  @Test
  void shouldNotTakeADiskThatFailsForAnotherInstance() {
    StartFailure refused = assertThrows(StartFailure.class, () -> start(options(1), path -> {
      FaultyDisk disk = new FaultyDisk(new FolderDisk(path));
      disk.failLocks();
      return disk;
    }));

    String message = String.valueOf(refused.getMessage());
    assertEquals(ExitCode.IO_ERROR, refused.exitCode(), message);
    assertTrue(message.contains("the data folder " + folder.resolve("data")), message);
    assertTrue(message.endsWith("; mend the disk, then start again"), message);
  }

  private StartOptions options(int cards) {
    return new StartOptions(config.demo(), folder.resolve("data"), true, cards, null, 0);
  }

  private static AuthorizerApp.Disks spoiled(AtomicReference<FaultyDisk> disk) {
    return path -> {
      // The journal's folder is the first to be asked for; snapshots have another.
      FaultyDisk faulty = new FaultyDisk(new FolderDisk(path));
      disk.compareAndSet(null, faulty);
      return faulty;
    };
  }

  private AuthorizerApp start(int cards) throws ConfigurationException, StartFailure {
    return start(options(cards));
  }

  private AuthorizerApp start(StartOptions options) throws ConfigurationException, StartFailure {
    return start(options, FolderDisk::new);
  }

  private AuthorizerApp start(StartOptions options, AuthorizerApp.Disks disks)
      throws ConfigurationException, StartFailure {
    PrintStream log = new PrintStream(logged, true, StandardCharsets.UTF_8);
    AuthorizerApp app = AuthorizerApp.start(options, log, halts::add, disks, new SystemClock());
    running.add(app);
    return app;
  }

  private void stop(AuthorizerApp app) {
    running.remove(app);
    assertEquals(List.of(), app.stop());
  }

  private static int binaryPort(AuthorizerApp app) {
    return Integer.parseInt(app.readyLine().replaceAll(".* iso87-binary=[^:]+:(\\d+) .*", "$1"));
  }

  private static long sequenceOf(AuthorizerApp app) {
    return Long.parseLong(app.readyLine().replaceAll(".* sequence=(\\d+)$", "$1"));
  }

  private static byte[] buy(AuthorizerApp app, long card, long amountMinor, String mcc, String merchant, int stan)
      throws IOException {
    return Terminal.exchange(binaryPort(app), Terminal.purchase(card, amountMinor, mcc, merchant, stan));
  }

  private Path firstSegment() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/journal"))) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().findFirst().orElseThrow();
    }
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }
}
