package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/** One act on a journal from the command line: finds it and its key, and says what went wrong. */
abstract class JournalTask implements Callable<Integer> {
  static final String OK_LINE = "0:done";
  static final String USAGE_LINE = "64:the command line is wrong";
  static final String DATA_LINE = "65:the journal is damaged, was changed, or replays differently";
  static final String NO_INPUT_LINE = "66:there is no such journal, or nothing in it to show";
  static final String IO_LINE = "74:the journal is there and cannot be read";
  static final String LOCKED_LINE = "75:an authorizer is running on it; stop it first";
  static final String TRY_AGAIN_LINE = "75:a prune or a follower removed files while they were read: try again";
  static final String CONFIGURATION_LINE = "78:the configuration has mistakes, or another key than the journal";

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private ConfigurationFolder.@Nullable Loaded configuration;

  /** Does it; returns the exit code. */
  abstract int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure;

  @Override
  public Integer call() {
    Path journal = place.data().resolve("journal");
    String oldest = oldestSegment(journal);
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      configuration = loaded;
      int code = run(journal, loaded.settings());
      out().flush();
      return code;
    } catch (ConfigurationException mistakes) {
      return fail(ExitCode.CONFIGURATION, mistakes.getMessage());
    } catch (StartFailure failure) {
      return fail(failure.exitCode(), failure.getMessage());
    } catch (JournalDamagedException | ReplayDifference unsound) {
      return wasPruned(journal, oldest)
          ? fail(ExitCode.LOCKED, "a prune removed files of the journal in " + journal + " while it was read"
              + " (prune.log there says which): try again")
          : fail(ExitCode.DATA_ERROR, unsound.getMessage());
    } catch (NoSuchFileException none) {
      if (!oldestSegment(journal).isEmpty()) {
        return fail(ExitCode.LOCKED, none.getFile() + " was removed while the journal in " + journal
            + " was read, as a prune or a follower does: try again");
      }
      return fail(ExitCode.NO_INPUT, "there is no journal in " + journal + "; name the data folder with --data"
          + (place.isDemo() ? "" : ", or the demonstration's with --demo"));
    } catch (IOException unreadable) {
      return fail(
          ExitCode.IO_ERROR, "the journal in " + journal + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Name of the oldest segment; empty: there is none, or it cannot be said. */
  private static String oldestSegment(Path journal) {
    try {
      return JournalFolder.oldestSegmentIn(FolderDisk.readOnly(journal));
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Whether segments went at the beginning since {@code oldest} was the oldest; names sort by their numbers. */
  private static boolean wasPruned(Path journal, String oldest) {
    return !oldest.isEmpty() && oldestSegment(journal).compareTo(oldest) > 0;
  }

  final int fail(int code, @Nullable String message) {
    out().flush();
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
    return code;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Where configuration and data are. */
  final PlaceOptions place() {
    return place;
  }

  /** What the configuration folder says; while {@link #run} runs. */
  final ConfigurationFolder.Loaded configuration() {
    ConfigurationFolder.Loaded loaded = configuration;
    if (loaded == null) {
      throw new IllegalStateException("the configuration is asked for before it was read");
    }
    return loaded;
  }

  final CommandSpec spec() {
    return spec;
  }

  /** Where progress goes. */
  static PrintStream log() {
    return System.err;
  }

  /** The folder as it is, beside whoever writes it, with the key for its seals. */
  static JournalFolder follow(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    return follow(FolderDisk.readOnly(journal), journal, settings);
  }

  /** As above, of {@code disk}, which stands for the folder {@code journal}. */
  static JournalFolder follow(Disk disk, Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    requireKey(JournalFolder.keyCheckIn(disk), settings, journal);
    return JournalFolder.follow(disk, sealKey(settings));
  }

  /** Sequence of the oldest snapshot beside the journal, sound or not; 0: there is none. */
  static long oldestSnapshot(Path journal) throws IOException {
    Path snapshots = journal.resolveSibling("snapshots");
    if (!Files.isDirectory(snapshots)) {
      return 0;
    }
    List<Long> sequences = new SnapshotFolder(FolderDisk.readOnly(snapshots)).sequences();
    return sequences.isEmpty() ? 0 : sequences.getLast();
  }

  static SealKey sealKey(AuthorizerSettings settings) {
    return SealKey.derivedFrom(settings.panTokenKey().bytes());
  }

  static void requireKey(long settled, AuthorizerSettings settings, Path journal) throws StartFailure {
    if (settled != 0 && settled != settings.panTokenKey().check()) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          "the key in " + settings.panTokenKey().file() + " is not the one that the journal in " + journal
              + " was written under, so that none of its seals could be checked; name the configuration that it was"
              + " written with by --config");
    }
  }
}
