package se.valfardskort.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;

/** What a benchmark of real processes is tried on. */
final class TestInstallation {
  private static final List<Integer> PORTS = List.of(8583, 8584, 8593);

  private TestInstallation() {}

  /** A folder with our configuration, and a launcher that runs what this test was compiled with. */
  static Path in(Path folder) throws IOException {
    Path root = Path.of(System.getProperty("project.root", "..")).toRealPath();
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.createSymbolicLink(home.resolve("config"), root.resolve("config"));
    Path run = Files.writeString(home.resolve("run"), """
        #!/bin/sh
        case "$1" in
          start) main=se.valfardskort.authorizer.app.Main ;;
          *) main=se.valfardskort.loadtest.Main ;;
        esac
        exec '%s' '@%s' -XX:+UseSerialGC -Xmx256m '-Dvalfardskort.home=%s' -cp '%s' $main "$@"
        """.formatted(
        Path.of(System.getProperty("java.home"), "bin", "java"), root.resolve("config").resolve("jvm.options"), root,
        System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
    return home;
  }

  /** With which all ports of the demonstration are free. */
  static int freePortOffset() throws IOException {
    Random random = new Random();
    while (true) {
      int offset = 1000 + random.nextInt(20_000);
      boolean free = true;
      for (int port : PORTS) {
        try (ServerSocket socket = new ServerSocket(port + offset, 1, InetAddress.getLoopbackAddress())) {
          free &= socket.isBound();
        } catch (IOException taken) {
          free = false;
        }
      }
      if (free) {
        return offset;
      }
    }
  }
}
