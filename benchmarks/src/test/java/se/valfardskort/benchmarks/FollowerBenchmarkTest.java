package se.valfardskort.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@link FollowerBenchmark} with real processes and the smallest figures that fill more than one journal file. */
@Timeout(300)
final class FollowerBenchmarkTest {
  private static final String PHASE = "\"p50\":\\d+,\"p99\":\\d+,\"p99.9\":(?<p999%s>\\d+),\"max\":\\d+,"
      + "\"senderLagP99.9\":\\d+,\"snapshots\":(?<snapshots%s>\\d+),\"followerShare\":(?<share%s>[0-9.E-]+),"
      + "\"complete\":true,\"valid\":(true|false)";
  private static final Pattern PAIR = Pattern.compile("\\{\"without\":\\{" + PHASE.replace("%s", "Without")
      + "},\"with\":\\{" + PHASE.replace("%s", "With") + "},\"ratio\":(?<ratio>[0-9.E-]+)}");

  @TempDir private Path folder = Path.of(".");

  @Test
  void shouldMeasureWithAndWithoutAFollowerAtWork() throws IOException {
    FollowerBenchmark benchmark = new FollowerBenchmark();
    benchmark.home = TestInstallation.in(folder);
    Path json = folder.resolve("figures.json");

    new CommandLine(benchmark).execute(
        "--cards", "400", "--rate", "200", "--pairs", "1", "--seconds", "1", "--connections", "1",
        "--port-offset", Integer.toString(TestInstallation.freePortOffset()), "--json", json.toString());

    // On a busy machine the generator may have fallen behind: whether it did is no part of this.
    String figures = Files.readString(json);
    assertTrue(figures.startsWith("{\"cards\":400,\"rate\":200,\"connections\":1,\"seconds\":1,"), figures);
    Matcher pair = PAIR.matcher(figures);
    assertTrue(pair.find(), figures);
    assertEquals("0", pair.group("snapshotsWithout"), figures);
    assertEquals(0, Double.parseDouble(pair.group("shareWithout")), figures);
    assertTrue(Double.parseDouble(pair.group("shareWith")) > 0.5, figures);
    double ratio = Double.parseDouble(pair.group("p999With")) / Double.parseDouble(pair.group("p999Without"));
    assertEquals(ratio, Double.parseDouble(pair.group("ratio")), 1e-6, figures);
    assertTrue(figures.contains("\"medianRatio\":" + pair.group("ratio")), figures);
    assertFalse(pair.find(), figures);
  }

  @Test
  void shouldRefuseFiguresThatCannotBe() {
    assertEquals(
        CommandLine.ExitCode.USAGE, new CommandLine(new FollowerBenchmark()).execute("--cards", "1"));
  }
}
