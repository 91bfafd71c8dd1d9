package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Durability;
import se.valfardskort.authorizer.app.config.ConfigurationException;

/** {@code start}: the authorizer in the foreground. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the authorizer in the foreground.",
      "",
      "When every port answers, one line goes to standard output: 'ready', the ports, the durability, the pipeline, "
          + "the number of cards and the last sequence of the journal. All else goes to standard error. SIGTERM and "
          + "SIGINT stop accepting, answer all that was read, flush, and end with 0.",
      ""
    },
    footer = {
      "",
      "Starting again: the journal is replayed before a port opens. With --demo, cards that the plan asks for and the "
          + "journal does not hold are opened then, so that a larger --cards adds the missing ones; a smaller --cards "
          + "leaves those that exist as they are. A configuration that has changed becomes the law before a port "
          + "opens.",
      "",
      "Exit codes: 0 stopped as asked, 64 options, 65 journal damaged, 69 a port is taken, 70 a defect, 73 data folder "
          + "cannot be written, 74 the disk failed, 75 another instance holds the data folder, 78 "
          + "mistakes in the configuration."
    })
final class StartCommand implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(names = "--cards", paramLabel = "N", description = "ordinary cards of the demonstration (shipped: 10000)")
  private @Nullable Integer cards;

  @Option(names = "--port-offset", paramLabel = "N", defaultValue = "0", description = "added to every port")
  private int portOffset;

  @Option(
      names = "--durability",
      paramLabel = "fsync|os",
      description = "what an answer waits for: the disk, or the operating system (may lose answers in a power cut)")
  private @Nullable Durability durability;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    final long javaMs = StartPhases.millisSinceProcessStart();
    PrintStream log = System.err;
    StartOptions options = options();
    StopHook hook = new StopHook(log);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      AuthorizerApp app = AuthorizerApp.start(options, log, cause -> fail(log, cause));
      hook.serves(app);
      log.println(app.phases().line(javaMs));
      System.out.println(app.readyLine());
      System.out.flush();
      // The hook ends the process; until then this thread has nothing to do.
      new CountDownLatch(1).await();
      return ExitCode.OK;
    } catch (ConfigurationException mistakes) {
      log.println(mistakes.getMessage());
      return ExitCode.CONFIGURATION;
    } catch (StartFailure failure) {
      log.println(failure.getMessage());
      return failure.exitCode();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return ExitCode.SOFTWARE;
    } finally {
      // Also where a defect ends the start: the hook would end the process as if all had gone well.
      hook.remove();
    }
  }

  private StartOptions options() {
    if (cards != null && !place.isDemo()) {
      throw new ParameterException(spec.commandLine(), "--cards is for --demo: cards are not opened otherwise");
    }
    if (cards != null && cards < 0) {
      throw new ParameterException(spec.commandLine(), "--cards is " + cards + ": give 0 or more");
    }
    return new StartOptions(place.config(), place.data(), place.isDemo(), cards, durability, portOffset);
  }

  /** The last line; the process ends without another answer, without a hook that could wait for the failed disk. */
  private static void fail(PrintStream log, Throwable cause) {
    log.println("halted: " + cause.getMessage());
    log.flush();
    Runtime.getRuntime().halt(exitCodeOf(cause));
  }

  /** The disk's failure, or else a defect: each is mended elsewhere. */
  static int exitCodeOf(Throwable cause) {
    for (Throwable link = cause; link != null; link = link.getCause()) {
      if (link instanceof IOException || link instanceof UncheckedIOException) {
        return ExitCode.IO_ERROR;
      }
    }
    return ExitCode.SOFTWARE;
  }

  /** What SIGTERM and SIGINT start: stop in order, then end with 0 instead of the JVM's 143. */
  private static final class StopHook extends Thread {
    private final PrintStream log;
    private final AtomicReference<@Nullable AuthorizerApp> app = new AtomicReference<>();

    StopHook(PrintStream log) {
      super("stop");
      this.log = log;
    }

    void serves(AuthorizerApp started) {
      app.set(started);
    }

    /** The start failed: the process ends with its own code. */
    void remove() {
      try {
        Runtime.getRuntime().removeShutdownHook(this);
      } catch (IllegalStateException ignored) {
        // A signal came first; the hook is running, and halts.
      }
    }

    @Override
    public void run() {
      AuthorizerApp running = app.get();
      int code = ExitCode.OK;
      if (running != null) {
        log.println("stopping: answering what was read");
        List<String> problems = running.stop();
        problems.forEach(log::println);
        code = problems.isEmpty() ? ExitCode.OK : ExitCode.IO_ERROR;
      }
      log.flush();
      Runtime.getRuntime().halt(code);
    }
  }
}
