package se.valfardskort.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@link RecoveryBenchmark} with few cards, and its command line. */
@Timeout(300)
final class RecoveryBenchmarkTest {
  private static final int USAGE = 64;
  private static final List<String> MEASURED = List.of(
      "madeMs", "firstMapMs", "loadCardsMs", "replayMs", "replayedPerSecond", "checkReplayedMs", "indexReplayedMs",
      "snapshotMs", "snapshotBytes", "originals", "loadAllMs", "checkLoadedMs", "indexLoadedMs", "startAfterCrashMs",
      "stopAfterCrashMs", "startAfterStopMs", "stopAfterStopMs");

  @TempDir private Path folder = Path.of(".");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) throws IOException {
    RecoveryBenchmark benchmark = new RecoveryBenchmark();
    benchmark.home = TestInstallation.in(folder);
    return new CommandLine(benchmark)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void shouldMeasureAStartAndLeaveNothing() throws IOException {
    Path place = Files.createDirectory(folder.resolve("place"));
    Path json = folder.resolve("figures.json");

    int code = run("--cards", "400", "--commands", "2000", "--folder", place.toString(), "--json", json.toString(),
        "--port-offset", Integer.toString(TestInstallation.freePortOffset()));

    assertEquals(0, code, err.toString());
    String figures = Files.readString(json);
    assertTrue(figures.startsWith("{\"cards\":400,\"commands\":2000,"), figures);
    MEASURED.forEach(name -> assertTrue(figures.matches("(?s).*\"" + name + "\":\\d+[,}].*"), name + ": " + figures));
    try (Stream<Path> left = Files.list(place)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldHelp() throws IOException {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("--folder=DIR"), out.toString());
  }

  @Test
  void shouldRefuseACommandLineThatItDoesNotUnderstand() throws IOException {
    assertEquals(USAGE, run("somewhere", "1000", "1000"));
    assertTrue(err.toString().contains("Unmatched argument"), err.toString());
  }

  @Test
  void shouldRefuseFewerCardsThanTheSpecialOnes() throws IOException {
    assertEquals(USAGE, run("--cards", "1"));
    assertTrue(err.toString().contains("give --cards from "), err.toString());
  }

  @Test
  void shouldRefuseAFolderThatIsNotThere() throws IOException {
    assertEquals(USAGE, run("--folder", folder.resolve("nowhere").toString()));
    assertTrue(err.toString().contains("name one that is there with --folder"), err.toString());
  }
}
