package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.PipelineSettings.Wiring;
import se.valfardskort.authorizer.pipeline.SystemClock;

/** Made-up messages before the ports open: answered by the real code, and gone without a trace. */
class WarmUpTest {
  private static final List<String> OURS = List.of("gateway", "pipeline", "core", "journal", "reply", "tick");

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final PrintStream log = new PrintStream(logged, true, StandardCharsets.UTF_8);

  @ParameterizedTest
  @EnumSource(Wiring.class)
  void shouldAnswerOnTheShippedConfigurationAndLeaveNothingBehind(Wiring wiring, @TempDir Path folder)
      throws Exception {
    ConfigFixture config = ConfigFixture.copyInto(folder);
    config.replace("demo/authorizer.yaml", "warm-up-ms: 1500", "warm-up-ms: 60000");
    ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(config.demo(), 0);
    Set<Long> threads = ourThreads();
    Set<String> ports = listening();

    WarmUp.Report report = warmUp(loaded, wiring);

    assertTrue(report.messages() >= WarmUp.MOST_MESSAGES, report + " " + log());
    assertTrue(report.approved() > report.messages() / 2, report.toString());
    assertTrue(report.approved() < report.messages(), report + ": declines are part of the mix");
    assertTrue(log().matches("warmed up with " + report.messages() + " messages in \\d+\\.\\d s\n"), log());
    assertEquals(Set.of(), added(threads, ourThreads()));
    assertEquals(Set.of(), added(ports, listening()));
  }

  @Test
  void shouldSpeak1993OnItsLink(@TempDir Path folder) throws Exception {
    ConfigFixture config = ConfigFixture.copyInto(folder);
    config.replace("demo/authorizer.yaml", "warm-up-ms: 1500", "warm-up-ms: 60000");
    ConfigurationFolder.Loaded all = ConfigurationFolder.read(config.demo(), 0);
    ConfigurationFolder.Loaded later =
        new ConfigurationFolder.Loaded(
            all.settings(), all.configuration(), all.links().subList(2, 3), all.cards(), all.loads(),
            all.policies(), all.prescriptions());

    WarmUp.Report report = warmUp(later, Wiring.FUSED);

    assertEquals("iso93-binary", later.links().getFirst().name());
    assertTrue(report.messages() > 0, report + " " + log());
    assertTrue(report.approved() > report.messages() / 2, report.toString());
    assertTrue(report.approved() < report.messages(), report + ": declines are part of the mix");
  }

  @Test
  void shouldDoNothingWhereItIsTurnedOff(@TempDir Path folder) throws Exception {
    ConfigFixture config = ConfigFixture.copyInto(folder).withoutWarmUp();

    WarmUp.Report report = warmUp(ConfigurationFolder.read(config.demo(), 0), Wiring.FUSED);

    assertEquals(new WarmUp.Report(0, 0), report);
    assertEquals("", log());
  }

  @Test
  void shouldSayWhyItFailedAndGoOn(@TempDir Path folder) throws Exception {
    ConfigFixture config = ConfigFixture.copyInto(folder);
    ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(config.demo(), 0);
    Files.delete(config.file("dialects/iso87-ascii.xml"));

    WarmUp.Report report = warmUp(loaded, Wiring.FUSED);

    assertEquals(new WarmUp.Report(0, 0), report);
    assertTrue(log().contains("the warm-up failed"), log());
    assertTrue(log().contains("iso87-ascii.xml"), log());
    assertTrue(log().contains("the start goes on"), log());
  }

  @Test
  void shouldLeaveTheRealJournalAsItWouldBeWithoutIt(@TempDir Path folder) throws Exception {
    ConfigFixture config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "tick-ms: 1000", "tick-ms: 3600000");
    String warm = tailOfReadyLine(config, folder.resolve("warm"));
    config.withoutWarmUp();
    String cold = tailOfReadyLine(config, folder.resolve("cold"));

    assertEquals(cold, warm);
    assertTrue(log().contains("warmed up with "), log());
  }

  private WarmUp.Report warmUp(ConfigurationFolder.Loaded loaded, Wiring wiring) {
    PipelineSettings settings = PipelineSettings.defaults().withWiring(wiring);
    return new WarmUp(loaded, settings, new SystemClock(), log).run();
  }

  /** From the durability to the journal's sequence. */
  private String tailOfReadyLine(ConfigFixture config, Path data) throws Exception {
    List<Throwable> halts = new CopyOnWriteArrayList<>();
    AuthorizerApp app =
        AuthorizerApp.start(new StartOptions(config.demo(), data, true, 5, null, 0), log, halts::add);
    String line = app.readyLine();
    assertEquals(List.of(), app.stop());
    assertEquals(List.of(), halts);
    return line.substring(line.indexOf(" durability="));
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  /** What another test of this process may still be ending is none of the warm-up's. */
  private static <T> Set<T> added(Set<T> before, Set<T> after) {
    Set<T> added = new TreeSet<>(after);
    added.removeAll(before);
    return added;
  }

  private static Set<Long> ourThreads() {
    Set<Long> ids = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (OURS.stream().anyMatch(thread.getName()::startsWith)) {
        ids.add(thread.threadId());
      }
    }
    return ids;
  }

  /** Inodes of the sockets of this process that listen, as the kernel knows them. */
  private static Set<String> listening() throws IOException {
    Set<String> own = new TreeSet<>();
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)) {
          own.add(Files.readSymbolicLink(file).toString());
        }
      }
    }
    Set<String> listening = new TreeSet<>();
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      Path file = Path.of(table);
      if (Files.isReadable(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] columns = line.trim().split("\\s+", -1);
          if (columns[3].equals("0A") && own.contains("socket:[" + columns[9] + "]")) {
            listening.add(columns[9]);
          }
        }
      }
    }
    return listening;
  }
}
