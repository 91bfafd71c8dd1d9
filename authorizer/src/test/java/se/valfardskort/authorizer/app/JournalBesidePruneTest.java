package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.config.ConfigFixture;

/** Segments and snapshots that go while a command reads them, as a prune and a follower beside it make them go. */
class JournalBesidePruneTest {
  private static final String PASSED_OVER = "a snapshot is not used";
  private static final int HALF = 2;

  private final PrintStream realErr = System.err;
  private final StringWriter err = new StringWriter();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final Path data;
  private final ConfigFixture config;
  private Writer out = new StringWriter();

  JournalBesidePruneTest(@TempDir Path folder) throws IOException {
    data = folder.resolve("data");
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
    config.replace("demo/authorizer.yaml", "pan-token-key: pan-token.key",
        "pan-token-key: pan-token.key\njournal:\n  archive: " + Files.createDirectory(folder.resolve("archive")));
  }

  @AfterEach
  void restoreErr() {
    System.setErr(realErr);
  }

  /** So many lives, each with a segment of its own; the later one's card count has the stop write a snapshot. */
  private void live(int times) throws Exception {
    for (int life = 1; life <= times; life++) {
      StartOptions options = new StartOptions(config.demo(), data, true, 10 * life, null, 0);
      AuthorizerApp app =
          AuthorizerApp.start(options, new PrintStream(logged, true, StandardCharsets.UTF_8), cause -> { });
      assertEquals(List.of(), app.stop());
    }
  }

  private List<Path> files(String place, String suffix) throws IOException {
    try (Stream<Path> all = Files.list(data.resolve(place))) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private List<Path> segments() throws IOException {
    return files("journal", ".log").stream().filter(file -> file.toString().contains("journal-")).toList();
  }

  private List<Path> snapshots() throws IOException {
    return files("snapshots", ".snap");
  }

  private static void cutInHalf(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / HALF));
  }

  /** Something that happens when a line with these words is logged. */
  private void when(String words, Runnable happens) {
    System.setErr(new PrintStream(new OutputStream() {
      private final ByteArrayOutputStream line = new ByteArrayOutputStream();

      @Override
      public void write(int one) {
        logged.write(one);
        line.write(one);
        if (one == '\n') {
          boolean said = line.toString(StandardCharsets.UTF_8).contains(words);
          line.reset();
          if (said) {
            happens.run();
          }
        }
      }
    }, true, StandardCharsets.UTF_8));
  }

  private static void delete(List<Path> files) {
    for (Path file : files) {
      try {
        Files.delete(file);
      } catch (IOException stays) {
        throw new UncheckedIOException(stays);
      }
    }
  }

  private int run(String... args) {
    CommandLine line = new CommandLine(new JournalCommand());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", config.demo().toString(), "--data", data.toString()));
    return line.execute(all.toArray(String[]::new));
  }

  @Test
  void shouldSayTryAgainWhereASegmentGoesBeforeItIsRead() throws Exception {
    live(3);
    List<Path> going = segments().subList(0, 2);
    List<Path> gone = new ArrayList<>(going);
    out = new Writer() {
      @Override
      public void write(char[] chars, int from, int length) {
        // The first line is of the first segment, which is open by then.
        delete(gone);
        gone.clear();
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };

    assertEquals(ExitCode.LOCKED, run("dump"), err.toString());

    assertTrue(err.toString().contains(
        going.getLast().getFileName() + " was removed while the journal in " + data.resolve("journal")),
        err.toString());
    assertTrue(err.toString().contains("try again"), err.toString());
  }

  @Test
  void shouldSayTryAgainWhereTheBeginningGoesBeforeItIsRead() throws Exception {
    live(2);
    for (Path snapshot : snapshots()) {
      cutInHalf(snapshot);
    }
    List<Path> going = segments().subList(0, 1);
    List<Path> gone = new ArrayList<>(going);
    when(PASSED_OVER, () -> {
      delete(gone);
      gone.clear();
    });

    assertEquals(ExitCode.LOCKED, run("replay"), err.toString());
    assertTrue(err.toString().contains("a prune removed files of the journal in " + data.resolve("journal")),
        err.toString());

    // What was gone before is no matter of trying again.
    assertEquals(ExitCode.DATA_ERROR, run("replay"), err.toString());
  }

  @Test
  void shouldTryTheNextSnapshotWhereAFollowerRemovesTheOldest() throws Exception {
    live(3);
    List<Path> both = snapshots();
    assertEquals(2, both.size(), both::toString);
    cutInHalf(both.getFirst());
    when(PASSED_OVER, () -> delete(both.subList(0, 1)));

    assertEquals(ExitCode.OK, run("prune", "--yes"), err.toString());

    assertTrue(logged.toString(StandardCharsets.UTF_8).contains("was removed while it was tried"), logged::toString);
    assertFalse(segments().getFirst().toString().contains("journal-00000001-"), segments()::toString);
    System.setErr(realErr);
    live(1);
  }

  @Test
  void shouldSayTryAgainWhereAllSnapshotsGo() throws Exception {
    live(3);
    for (Path snapshot : snapshots()) {
      cutInHalf(snapshot);
    }
    List<Path> before = segments();
    when(PASSED_OVER, () -> {
      try {
        delete(snapshots().subList(0, 1));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    });

    assertEquals(ExitCode.LOCKED, run("prune", "--yes"), err.toString());

    assertTrue(err.toString().contains("nothing was removed: the snapshots in "), err.toString());
    assertTrue(err.toString().contains("try again"), err.toString());
    assertEquals(before, segments());
  }
}
