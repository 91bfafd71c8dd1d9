package se.valfardskort.authorizer.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.valfardskort.authorizer.mutation.MutantRun;

/** Negative controls: with any of these faults in the compiled code, a world breaks a promise. */
@Timeout(600)
final class PlantedTest {
  private static final List<Future<@Nullable Throwable>> RUNS = new ArrayList<>();
  private static @Nullable ExecutorService threads;

  @BeforeAll
  static void searchForAll() {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()));
    threads = pool;
    for (int i = 0; i < Planted.ALL.size(); i++) {
      int index = i;
      RUNS.add(pool.submit(() -> MutantRun.run(List.of(Planted.ALL.get(index).edit()), Promises.class, index)));
    }
  }

  @AfterAll
  static void end() {
    if (threads != null) {
      threads.shutdownNow();
    }
    RUNS.clear();
  }

  static IntStream planted() {
    return IntStream.range(0, Planted.ALL.size());
  }

  @ParameterizedTest
  @MethodSource("planted")
  void shouldBeFound(int index) throws Exception {
    Throwable found = RUNS.get(index).get();

    assertInstanceOf(AssertionError.class, found, Planted.ALL.get(index) + " is not found");
  }

  @Test
  void shouldBeWrittenUpRowByRow() throws IOException {
    Path page = Path.of(System.getProperty("project.root"), "docs", "internals", "reliability.md");
    List<String> rows =
        Files.readAllLines(page).stream().filter(line -> line.matches("\\| (engine|orders|unwinding|matching|journal|"
            + "recovery|snapshot|archive|pipeline|gateway) \\|.*")).toList();

    assertEquals(
        String.join("\n", Planted.ALL.stream().map(Planted::row).toList()),
        String.join("\n", rows),
        "the rows of " + page + " differ from the tests; these are the rows that belong there");
  }
}
