package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The shipped demonstration's configuration with more money in its pool, and without followers of the authorizer's. */
final class RichDemonstration {
  private RichDemonstration() {}

  /** @param months of 7,000 kr and 3,000 Hjartan that there is money for, the one that cards begin with among them */
  static Path copyInto(Path home, Path folder, int months) throws IOException {
    Path copy = folder.resolve("config");
    Path shipped = home.resolve("config").toRealPath();
    try (Stream<Path> all = Files.walk(shipped)) {
      for (Path path : all.toList()) {
        Files.copy(path, copy.resolve(shipped.relativize(path).toString()));
      }
    }
    Path demo = copy.resolve("demo");
    replace(demo.resolve("authorizer.yaml"), List.of("every-commands: \\d+"), List.of("every-commands: 0"));
    replace(
        demo.resolve("cards.yaml"),
        List.of("pool-per-card: [0-9.]+ kr", "backing-per-card: [0-9.]+ kr"),
        List.of(
            String.format(Locale.ROOT, "pool-per-card: %d.00 kr", 7_000 * months),
            String.format(Locale.ROOT, "backing-per-card: %d.00 kr", 3_000 * months)));
    return demo;
  }

  private static void replace(Path file, List<String> patterns, List<String> texts) throws IOException {
    String text = Files.readString(file);
    for (int i = 0; i < patterns.size(); i++) {
      String before = text;
      text = before.replaceFirst(patterns.get(i), texts.get(i));
      if (text.equals(before) && !before.contains(texts.get(i))) {
        throw new IOException(file + " has nothing like " + patterns.get(i) + " to replace");
      }
    }
    Files.writeString(file, text);
  }
}
