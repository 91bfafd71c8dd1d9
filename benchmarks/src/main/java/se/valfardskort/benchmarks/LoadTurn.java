package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One run of the load generator, a process of its own, and the figures that it wrote. Immutable. */
final class LoadTurn {
  private final Map<?, ?> figures;

  private LoadTurn(Map<?, ?> figures) {
    this.figures = figures;
  }

  /**
   * Runs {@code ./run loadtest} to its end.
   *
   * @param json file for its figures, which does not exist yet
   * @param more further words of its command line
   */
  static LoadTurn run(Path home, Path json, List<String> more) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(home.resolve("run").toString(), "loadtest"));
    words.addAll(more);
    words.addAll(List.of("--json", json.toString()));
    Process generator =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      generator.waitFor();
    } finally {
      generator.destroyForcibly();
    }
    if (!Files.exists(json)) {
      throw new IOException("the generator ended with " + generator.exitValue() + " and wrote no figures");
    }
    // JSON is YAML.
    return new LoadTurn(
        (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(json)));
  }

  /** Whether every message was sent and answered. */
  boolean isComplete() {
    return Boolean.TRUE.equals(figures.get("complete"));
  }

  /** Whether the generator kept its schedule. */
  boolean isValid() {
    return Boolean.TRUE.equals(figures.get("valid"));
  }

  /** A percentile of the latency, or {@code max}, in microseconds. */
  long latencyMicros(String percentile) {
    return micros("latencyMicros", percentile);
  }

  /** The same of how much later than due the generator itself sent, which is part of the latency. */
  long lagMicros(String percentile) {
    return micros("lagMicros", percentile);
  }

  private long micros(String what, String percentile) {
    Map<?, ?> distribution = (Map<?, ?>) figures.get(what);
    if (distribution == null || !(distribution.get(percentile) instanceof Number value)) {
      throw new IllegalStateException("the generator's figures have no " + percentile + " in " + what);
    }
    return value.longValue();
  }
}
