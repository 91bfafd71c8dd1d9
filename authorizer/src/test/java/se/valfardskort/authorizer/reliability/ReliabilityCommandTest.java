package se.valfardskort.authorizer.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's options and what it leaves. */
class ReliabilityCommandTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @Test
  void shouldNameTheTrialsInItsHelp() {
    assertEquals(0, run("--help"));

    String help = output().replaceAll("\\s+", " ");
    assertTrue(help.contains("kills, disk, power, tail-64k, tail-1024k, worlds"), help);
  }

  @Test
  void shouldRefuseATrialThatThereIsNot() {
    assertEquals(64, run("--only", "kils"));
    assertEquals(64, run("--kills", "many"));
    assertEquals(64, run("--kills", "-1"));

    assertTrue(progress.toString(StandardCharsets.UTF_8).contains("there is no trial kils"), output());
  }

  @Test
  void shouldWriteTheFigures() throws Exception {
    Path out = folder.resolve("figures");

    int code = run("--only", "worlds", "--seeds", "2", "--seed", "4711", "--out", out.toString(), "--json");

    String json = Files.readString(out.resolve("figures.json"));
    assertEquals(0, code, output());
    assertEquals(json, output());
    assertTrue(json.contains("\"seed\":\"4711\"") && json.contains("\"worlds\":2"), json);
    assertTrue(Files.readString(out.resolve("figures.md")).contains("| worlds | **failures** | 0 |"));
  }

  private int run(String... arguments) {
    return ReliabilityCommand.execute(
        new PrintStream(output, true, StandardCharsets.UTF_8),
        new PrintStream(progress, true, StandardCharsets.UTF_8),
        arguments);
  }

  private String output() {
    return output.toString(StandardCharsets.UTF_8);
  }
}
