package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A folder for states of a disk that are written, read once and removed. Where the trial fails, or breaks off, it stays
 * and its place is said. One thread.
 */
final class Images implements AutoCloseable {
  private final Path folder;
  private final Consumer<String> progress;
  private boolean ofNoUse;

  private Images(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Makes the folder.
   *
   * @param scratch the trial's
   * @param memory a file system in memory, which will do for them; where it is not there they are made in scratch
   */
  static Images near(Path scratch, Path memory, Consumer<String> progress) throws IOException {
    Path folder = Files.isWritable(memory) ? memory.resolve(scratch.getFileName()) : scratch.resolve("images");
    return new Images(Files.createDirectories(folder), progress);
  }

  Path folder() {
    return folder;
  }

  /** The trial came to its end and found nothing: nobody needs them. */
  void areOfNoUse() {
    ofNoUse = true;
  }

  @Override
  public void close() {
    if (!ofNoUse) {
      progress.accept("the images that failed, or were in hand when it broke off, are in " + folder
          + "; remove it when it has been looked at");
      return;
    }
    try {
      Folders.remove(folder);
    } catch (IOException | UncheckedIOException stays) {
      progress.accept(folder + " cannot be removed (" + stays + "); remove it by hand");
    }
  }
}
