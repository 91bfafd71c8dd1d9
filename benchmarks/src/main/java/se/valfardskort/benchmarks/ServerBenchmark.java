package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** A benchmark of an authorizer in a process of its own: how it is started, and the folder that it leaves. */
abstract class ServerBenchmark {
  @Option(names = "--durability", defaultValue = "fsync", description = "fsync or os (${DEFAULT-VALUE}).")
  String durability = "";

  @Option(names = "--port-offset", defaultValue = "2000", description = "For the authorizer (${DEFAULT-VALUE}).")
  int portOffset;

  /** The installation that is measured. */
  Path home = Path.of(System.getProperty("valfardskort.home", ".")).toAbsolutePath();

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
