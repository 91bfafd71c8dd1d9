package se.valfardskort.iso8583;

import java.nio.file.Files;
import java.nio.file.Path;

/** The shipped dialect files, and the small ones of the tests, wherever the tests run. */
final class Dialects {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  private Dialects() {}

  static Path file(String name) {
    Path shipped = ROOT.resolve("config/dialects/" + name + ".xml");
    return Files.exists(shipped) ? shipped : resource("dialects/" + name + ".xml");
  }

  static Path resource(String name) {
    return ROOT.resolve("iso8583/src/test/resources/" + name);
  }

  static Dialect load(String name) {
    return Dialect.load(file(name));
  }
}
