package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where things lie when nobody says. */
class FoldersTest {
  private static final Path HOME = Path.of("/home/ops");
  private static final Path INSTALLATION = Path.of("/opt/valfardskort");

  @Test
  void shouldFollowTheBaseDirectories() {
    Folders folders =
        new Folders(Map.of("XDG_DATA_HOME", "/var/data", "XDG_CONFIG_HOME", "/etc/xdg"), HOME, INSTALLATION);

    assertEquals(Path.of("/var/data/valfardskort/demo"), folders.data(true));
    assertEquals(Path.of("/var/data/valfardskort/default"), folders.data(false));
    assertEquals(Path.of("/opt/valfardskort/config/demo"), folders.config(true));
    assertEquals(Path.of("/etc/xdg/valfardskort"), folders.config(false));
  }

  @Test
  void shouldFallBackWhereTheVariablesAreUnsetEmptyOrRelative() {
    Folders folders = new Folders(Map.of("XDG_DATA_HOME", "", "XDG_CONFIG_HOME", "relative"), HOME, INSTALLATION);

    assertEquals(Path.of("/home/ops/.local/share/valfardskort/demo"), folders.data(true));
    assertEquals(Path.of("/home/ops/.config/valfardskort"), folders.config(false));
  }
}
