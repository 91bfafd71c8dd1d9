package se.valfardskort.authorizer.app;

import java.nio.file.Path;
import java.util.Map;

/** Where things lie when the command line does not say (XDG base directories). */
final class Folders {
  private static final String NAME = "valfardskort";

  private final Map<String, String> environment;
  private final Path userHome;
  private final Path installation;

  /** Takes the environment as arguments, so that a test can have its own. */
  Folders(Map<String, String> environment, Path userHome, Path installation) {
    this.environment = environment;
    this.userHome = userHome;
    this.installation = installation;
  }

  /** Those of this process; the launcher says where the installation is. */
  static Folders ofThisProcess() {
    return new Folders(
        System.getenv(),
        Path.of(System.getProperty("user.home", ".")),
        Path.of(System.getProperty("valfardskort.home", ".")));
  }

  /** The configuration folder. */
  Path config(boolean demo) {
    return demo ? installation.resolve("config").resolve("demo") : base("XDG_CONFIG_HOME", ".config").resolve(NAME);
  }

  /** The data folder; the demonstration has its own. */
  Path data(boolean demo) {
    return base("XDG_DATA_HOME", ".local/share").resolve(NAME).resolve(demo ? "demo" : "default");
  }

  /** A relative path in the variable is ignored, as the XDG specification demands. */
  private Path base(String variable, String otherwise) {
    String value = environment.getOrDefault(variable, "");
    Path path = Path.of(value);
    return value.isEmpty() || !path.isAbsolute() ? userHome.resolve(otherwise) : path;
  }
}
