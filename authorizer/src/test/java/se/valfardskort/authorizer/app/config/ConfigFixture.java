package se.valfardskort.authorizer.app.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the shipped configuration that a test may spoil. */
public final class ConfigFixture {
  private final Path root;

  private ConfigFixture(Path root) {
    this.root = root;
  }

  /** The repository's own folder. */
  public static Path shipped() {
    return Path.of(System.getProperty("project.root")).resolve("config");
  }

  /** Copies {@code config} into {@code target}. */
  public static ConfigFixture copyInto(Path target) throws IOException {
    Path from = shipped();
    try (Stream<Path> files = Files.walk(from)) {
      files.filter(Files::isRegularFile).forEach(file -> {
        Path copy = target.resolve(from.relativize(file).toString());
        try {
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    return new ConfigFixture(target);
  }

  /** The folder that {@code --config} would name. */
  public Path demo() {
    return root.resolve("demo");
  }

  /** A file of the copy, for example {@code demo/cards.yaml}. */
  public Path file(String name) {
    return root.resolve(name);
  }

  /**
   * Replaces the first occurrence of {@code from}, which must be there.
   *
   * @return the line of the file in which it stood
   */
  public int replace(String name, String from, String to) throws IOException {
    String text = Files.readString(file(name));
    int at = text.indexOf(from);
    if (at < 0) {
      throw new IllegalArgumentException(name + " does not hold: " + from);
    }
    Files.writeString(file(name), text.substring(0, at) + to + text.substring(at + from.length()));
    return (int) text.substring(0, at).lines().count() + (text.startsWith("\n", at - 1) ? 1 : 0);
  }

  /** Starts cold, which is soonest. */
  public ConfigFixture withoutWarmUp() throws IOException {
    replace("demo/authorizer.yaml", "warm-up-ms: 1500", "warm-up-ms: 0");
    return this;
  }

  /** Makes every configured port a free one. */
  public ConfigFixture withFreePorts() throws IOException {
    for (String port : List.of("127.0.0.1:8583", "127.0.0.1:8584", "127.0.0.1:8593")) {
      replace("demo/partners.yaml", port, "127.0.0.1:0");
    }
    replace("demo/authorizer.yaml", "port: 8580", "port: 0");
    return this;
  }
}
