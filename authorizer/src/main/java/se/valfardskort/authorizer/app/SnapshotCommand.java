package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.StateMisfitException;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalHistory;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.StoredEngine;

/**
 * {@code snapshot}: the follower. Loads the newest snapshot, replays the closed segments after it with the same engine,
 * compares every decision and digest, and writes the next snapshot; once, then ends.
 *
 * <p>A process of its own, so that the authorizer shares neither its heap nor its threads with it. It takes no lock of
 * the journal, writes nothing there and never looks at the segment that is being written.
 */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a snapshot of the state after the newest closed journal file, beside a running authorizer or without "
          + "one.",
      "",
      "The journal is read and not changed. What it holds is decided again and compared on the way; where that "
          + "differs, no snapshot is written. A running authorizer starts this by itself (snapshot: every-commands: in "
          + "authorizer.yaml).",
      "",
      "Then plays on the shadow policies (policy shadow), where there are any.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a snapshot was written, or there was nothing new", "64:the command line is wrong",
      "65:the journal is damaged or replays differently", "66:there is no journal",
      "74:the journal cannot be read or the snapshot not written",
      "78:the configuration has mistakes, or is too small"})
final class SnapshotCommand implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(names = "--beside", paramLabel = "PID", description = "end when that process ends", hidden = true)
  private @Nullable Long beside;

  @Spec private CommandSpec spec = CommandSpec.create();
  private final Clock clock = new SystemClock();

  @Override
  public Integer call() {
    endWithTheOther();
    Path folder = place.data();
    Path journal = folder.resolve("journal");
    PrintWriter err = spec.commandLine().getErr();
    try {
      if (!Files.isDirectory(journal)) {
        err.println("there is no journal in " + journal + "; name the data folder with --data"
            + (place.isDemo() ? "" : ", or the demonstration's with --demo"));
        return ExitCode.NO_INPUT;
      }
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      String done = follow(journal, folder.resolve("snapshots"), loaded.settings(), err);
      PrintWriter out = spec.commandLine().getOut();
      // One engine after the other; what is said last is what the authorizer logs.
      new ShadowPolicies(place.config(), folder, loaded.settings()).follow().forEach(out::println);
      out.println(done);
      out.flush();
      return ExitCode.OK;
    } catch (ConfigurationException mistakes) {
      err.println(mistakes.getMessage());
      return ExitCode.CONFIGURATION;
    } catch (StateMisfitException misfit) {
      err.println(misfit.getMessage());
      return ExitCode.CONFIGURATION;
    } catch (JournalDamagedException | ReplayDifference unsound) {
      err.println(unsound.getMessage());
      return ExitCode.DATA_ERROR;
    } catch (IOException failed) {
      err.println("no snapshot of " + journal + " was written: " + AuthorizerApp.messageOf(failed));
      return ExitCode.IO_ERROR;
    }
  }

  /** A child whose authorizer was killed has nobody left to work for. */
  private void endWithTheOther() {
    Long pid = beside;
    if (pid != null) {
      Thread.ofPlatform().name("beside").daemon(true).start(() -> {
        ProcessHandle.of(pid).ifPresent(other -> other.onExit().join());
        Runtime.getRuntime().halt(ExitCode.SOFTWARE);
      });
    }
  }

  private String follow(Path journal, Path snapshots, AuthorizerSettings settings, PrintWriter err)
      throws IOException {
    // Before the snapshot, which takes longer, and is not written where nothing is new.
    new JournalHistory(FolderDisk.readOnly(journal), new FolderDisk(JournalUpkeep.history(place.data()))).keepUp();
    SealKey sealKey = SealKey.derivedFrom(settings.panTokenKey().bytes());
    Follower follower =
        new Follower(
            FolderDisk.readOnly(journal),
            sealKey,
            new SnapshotFolder(new FolderDisk(snapshots), sealKey),
            requests -> new StoredEngine(new ChronicleStore(), AuthorizerApp.capacityOf(settings, requests)),
            err::println,
            new RecoveryProgress(System.err, clock));
    Follower.Done done = follower.run(new GentlePace(clock), settings.snapshots().keep());
    return done.bytes() == 0
        ? "nothing to do: no journal file was closed since sequence " + done.sequence()
        : "wrote the snapshot of sequence " + done.sequence() + " (" + done.bytes() + " bytes)";
  }
}
