package se.valfardskort.independent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Copies of the demo's configuration; one of them for a server that is told the time: ticks come fast and do all at
 * once, and two of its links ask for a sign-on.
 */
public final class ConfigurationCopy {
  /** Of the links in ASCII and of 1993. */
  private static final Pattern SIGN_ON =
      Pattern.compile("(framing: (?:ascii4|binary2\\+tpdu)[^\n]*\n *sign-on: )not-required");

  private ConfigurationCopy() {}

  /** As it ships. */
  public static void shippedInto(Path target) throws IOException {
    Path shipped = Path.of(System.getProperty("project.root"), "config");
    for (String part : List.of("demo", "dialects", "tables")) {
      try (Stream<Path> files = Files.walk(shipped.resolve(part))) {
        files.filter(Files::isRegularFile).forEach(file -> copy(file, target.resolve(shipped.relativize(file))));
      }
    }
  }

  static void into(Path target) throws IOException {
    shippedInto(target);
    replace(
        target.resolve("demo/authorizer.yaml"),
        "durability: fsync", "durability: os",
        "tick-ms: 1000", "tick-ms: 10",
        "expiries-per-tick: 256", "expiries-per-tick: 100000",
        "warm-up-ms: 1500", "warm-up-ms: 0",
        "port: 8580", "port: 0");
    Path partners = target.resolve("demo/partners.yaml");
    String required = SIGN_ON.matcher(Files.readString(partners)).replaceAll("$1required");
    Files.writeString(partners, required);
  }

  private static void copy(Path file, Path to) {
    try {
      Files.createDirectories(to.getParent());
      Files.copy(file, to);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Texts that must be there, and what takes their places. */
  public static void replace(Path file, String... fromTo) throws IOException {
    String text = Files.readString(file);
    for (int i = 0; i < fromTo.length; i += 2) {
      if (!text.contains(fromTo[i])) {
        throw new AssertionError(file + " does not hold: " + fromTo[i]);
      }
      text = text.replace(fromTo[i], fromTo[i + 1]);
    }
    Files.writeString(file, text);
  }
}
