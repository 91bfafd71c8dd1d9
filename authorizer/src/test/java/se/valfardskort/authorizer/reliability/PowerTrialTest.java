package se.valfardskort.authorizer.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * States that a power cut could have left: a sample in every build, {@code power.amount} of them, and what is said of a
 * server that answers before it has synced.
 */
@Timeout(7_200)
class PowerTrialTest {
  private static final long SEED = 20261122;
  private static final int BRIEF_LOAD_MS = 500;
  /** From so many on the process lives, and clients work, as long as they do in {@code ./run reliability}. */
  private static final int MANY = 100;

  @TempDir private Path folder;
  private final List<String> progress = new ArrayList<>();

  private Findings run(PowerTrial.Recording recording, int amount) throws Exception {
    // Images that fail must not stay behind in memory.
    PowerTrial trial = new PowerTrial(recording, folder.resolve("no-memory"));
    Findings findings = trial.run(new TrialSettings(SEED, amount, folder), progress::add);
    TrialSkips.unlessTried(findings, "images", progress);
    System.out.printf("power, durability %s, seed %d: %s%n", recording.durability(), SEED, findings.counts());
    return findings;
  }

  @Test
  void shouldHaveEveryAnswerAfterAnyPowerCut() throws Exception {
    int amount = Integer.getInteger("power.amount", 10);

    Findings findings = run(
        amount < MANY ? new PowerTrial.Recording("fsync", 1, BRIEF_LOAD_MS) : PowerTrial.Recording.LONG, amount);

    assertEquals(List.of(), findings.failures(), () -> "seed " + SEED + ", " + progress);
    assertEquals(amount, findings.counts().get("images"));
    assertTrue(findings.counts().getOrDefault("answers checked", 0L) > 0, () -> findings.counts().toString());
  }

  /** The negative control: answers leave before their sync, and a cut takes them back. */
  @Test
  void shouldFindWhatAServerThatDoesNotSyncHasLost() throws Exception {
    Findings findings = run(new PowerTrial.Recording("os", 1, BRIEF_LOAD_MS), 10);

    assertTrue(findings.counts().getOrDefault("lost", 0L) > 0, () -> findings.counts().toString());
    assertTrue(findings.failures().stream().anyMatch(failure -> failure.startsWith("lost: ")), findings::toString);
  }

  @Test
  void shouldSayWhereTheImagesAreOfATrialThatBreaksOff() throws IOException {
    Path there;
    try (Images images = Images.near(folder.resolve("scratch"), folder, progress::add)) {
      there = Files.createDirectory(images.folder().resolve("image-1"));
    }

    assertTrue(Files.exists(there));
    assertTrue(progress.getFirst().contains(" are in " + folder.resolve("scratch") + ";"), progress::toString);
  }

  @Test
  void shouldRemoveImagesInWhichNothingWasFound() throws IOException {
    try (Images images = Images.near(folder.resolve("scratch"), folder.resolve("no-memory"), progress::add)) {
      Files.createDirectory(images.folder().resolve("image-1"));
      images.areOfNoUse();
    }

    assertTrue(Files.notExists(folder.resolve("scratch/images")));
    assertEquals(List.of(), progress);
  }
}
