package se.valfardskort.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link BenchmarkRunner} from its arguments to its file, with the shortest run that there is. */
final class BenchmarkRunnerTest {
  private final Path root = Path.of(System.getProperty("project.root", ".."));

  @TempDir private Path folder = Path.of(".");

  @Test
  void shouldRunTheChosenBenchmarkAndWriteItsFigures() throws IOException {
    Path json = folder.resolve("new/figures.json");

    int exit =
        BenchmarkRunner.run(
            new String[] {
              "StoreBenchmark.getHit", "-p", "store=PROBING", "-p", "entries=100", "-f", "1", "-wi", "1", "-w", "10ms",
              "-i", "1", "-r", "10ms", "-rff", json.toString()
            },
            root);

    assertEquals(0, exit);
    String figures = Files.readString(json);
    assertTrue(figures.contains("\"se.valfardskort.benchmarks.StoreBenchmark.getHit\""), figures);
    assertTrue(figures.contains(CpuTimeProfiler.RESULT), figures);
    assertTrue(figures.contains("--enable-native-access=ALL-UNNAMED"), figures);
  }

  @Test
  void shouldRefuseArgumentsThatAreNotJmhs() {
    assertEquals(2, BenchmarkRunner.run(new String[] {"--no-such-option"}, root));
  }

  @Test
  void shouldFailWhenNothingMatches() {
    assertEquals(1, BenchmarkRunner.run(new String[] {"NoSuchBenchmark"}, root));
  }
}
