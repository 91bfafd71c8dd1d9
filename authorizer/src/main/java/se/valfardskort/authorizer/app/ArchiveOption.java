package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.storage.ArchivedJournal;
import se.valfardskort.authorizer.storage.FolderDisk;

/** Where what was pruned of a journal is read from; shared by the commands that read all of it. One thread. */
final class ArchiveOption {
  @Option(
      names = "--archive",
      paramLabel = "DIR",
      description = "where archived segments lie (default: as authorizer.yaml says)")
  private @Nullable Path archive;

  /** Why what was pruned is not read, and what to do about it; empty: it is, or nothing was pruned. */
  private String notRead = "";

  /** As far as {@link #with} could not; empty: it could. */
  String notRead() {
    return notRead;
  }

  /** The journal with what was pruned of it, as far as an archive is there. */
  Disk with(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    Path archived = archive == null ? settings.keeping().archive() : archive;
    if (archive != null && !Files.isDirectory(archive)) {
      throw new StartFailure(
          ExitCode.NO_INPUT, "there is no folder " + archive + ": name the one to which closed segments were copied");
    }
    FolderDisk here = FolderDisk.readOnly(journal);
    if (archived == null) {
      notRead = "no archive is configured: name the folder in authorizer.yaml (journal: archive:), or by --archive DIR";
      return here;
    }
    if (!Files.isDirectory(archived)) {
      notRead = "the archive " + archived + " is not there: mount its disk, or name another by --archive DIR";
      return here;
    }
    ArchivedJournal whole = new ArchivedJournal(here, FolderDisk.readOnly(archived));
    int missing = whole.missing();
    if (missing > 0) {
      notRead = "the archive " + archived + " does not have segment " + missing + ": put it back there, or name an"
          + " archive that has all by --archive DIR";
      return here;
    }
    return whole;
  }
}
