package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The library of {@code src/test/native/disk_faults.c} between a process and its disk. Built on first use, where there
 * is a C compiler; nothing that ships knows of it.
 */
final class DiskLayer {
  private final Path library;
  private final Path control;
  private final Path log;
  private final Path folder;

  private DiskLayer(Path library, Path scratch, Path folder) {
    this.library = library;
    this.folder = folder;
    control = scratch.resolve("disk-fault");
    log = scratch.resolve("disk-log");
  }

  /** Empty where it cannot be built: no compiler, or not Linux. */
  static Optional<DiskLayer> build(Path scratch, Path folder) throws IOException {
    Path source = Path.of(System.getProperty("project.root"), "authorizer/src/test/native/disk_faults.c");
    Path library = scratch.resolve("libdisk_faults.so");
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    try {
      Process compiler = new ProcessBuilder(
              "cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl", "-lpthread")
          .redirectErrorStream(true)
          .redirectOutput(scratch.resolve("cc.log").toFile())
          .start();
      boolean built = compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0;
      return built ? Optional.of(new DiskLayer(library, scratch, folder)) : Optional.empty();
    } catch (IOException noCompiler) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** What a process needs to run above it. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("LD_PRELOAD", library.toString());
    environment.put("VK_DISK_FOLDER", folder.toString());
    environment.put("VK_DISK_FAULT", control.toString());
    environment.put("VK_DISK_LOG", log.toString());
    return environment;
  }

  /**
   * From now on that fails.
   *
   * @param line as the library's source says
   */
  void breakDown(String line) throws IOException {
    Path written = control.resolveSibling("disk-fault.new");
    Files.writeString(written, line);
    Files.move(written, control, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** From now on all goes well. */
  void mend() throws IOException {
    Files.deleteIfExists(control);
  }

  /** All that was ever done to the folder. */
  Path log() {
    return log;
  }

  /** How much of it there is; any thread. */
  long logged() {
    return log.toFile().length();
  }
}
