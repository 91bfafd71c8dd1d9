package se.valfardskort.authorizer.app;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the follower is started beside an authorizer: the same program, at the lowest priority that the machine can give
 * to processor and disk.
 */
public final class SnapshotChild {
  private SnapshotChild() {}

  /**
   * The command line.
   *
   * @param config the authorizer's configuration folder
   * @param data its data folder
   * @param beside number of its process, with which the follower ends
   */
  public static List<String> command(Path config, Path data, long beside) {
    Path home = Path.of(System.getProperty("project.root", ".")).toAbsolutePath();
    List<String> command = new ArrayList<>();
    addIfThere(command, "nice", "-n", "19");
    addIfThere(command, "ionice", "-c", "3");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("config").resolve("jvm.options"));
    command.add("@" + home.resolve("config").resolve("follower-jvm.options"));
    command.add("-Dvalfardskort.home=" + home);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("snapshot");
    command.add("--beside");
    command.add(Long.toString(beside));
    command.add("--config");
    command.add(config.toAbsolutePath().toString());
    command.add("--data");
    command.add(data.toAbsolutePath().toString());
    return command;
  }

  private static void addIfThere(List<String> command, String program, String... arguments) {
    if (find(program) != null) {
      command.add(program);
      command.addAll(List.of(arguments));
    }
  }

  private static @Nullable Path find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
