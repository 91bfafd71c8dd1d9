package se.valfardskort.loadtest.client;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the installation lies. Stateless. */
public final class Home {
  /** The system property that the launcher sets. */
  public static final String PROPERTY = "valfardskort.home";

  private Home() {}

  /**
   * The folder that holds {@code run} and {@code config}.
   *
   * @throws UserError where the property names no such folder
   */
  public static Path path() {
    Path home = Path.of(System.getProperty(PROPERTY, ".")).toAbsolutePath().normalize();
    if (!Files.isDirectory(home.resolve("config"))) {
      throw new UserError(UserError.USAGE, home + " holds no config folder; start through the script ./run, or say -D"
          + PROPERTY + "=<the folder of run>");
    }
    return home;
  }
}
