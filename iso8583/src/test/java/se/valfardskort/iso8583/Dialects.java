package se.valfardskort.iso8583;

import java.nio.file.Path;

/** The shipped dialect files, wherever the tests run. */
final class Dialects {
  private Dialects() {}

  static Path file(String name) {
    return Path.of(System.getProperty("project.root"), "config", "dialects", name + ".xml");
  }

  static Dialect load(String name) {
    return Dialect.load(file(name));
  }
}
