package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.app.config.ConfigFixture;

/**
 * The pilot month of {@code config/pilot-month/story.yaml}, played whole. {@code -Dpilot.seed=N} chooses the small
 * purchases.
 */
class PilotMonthTest {
  private static final Path STORY = ConfigFixture.shipped().resolve("pilot-month/story.yaml");
  private static final long SEED = Long.getLong("pilot.seed", 20_261_201);
  private static final int FEW = 500;

  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  private String play(Path story, int cards, String language) throws Exception {
    PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
    Path place = folder.resolve("play");
    try (PilotMonth month = new PilotMonth(PilotScript.read(story), place, cards, SEED, language, out)) {
      month.play();
    }
    return told.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldComeOutAsTheStorySays() throws Exception {
    System.out.println("pilot month: seed " + SEED);

    String text = play(STORY, PilotMonth.CARDS, "sv");

    assertTrue(text.contains("5,000 kort i tre kommuner"), text);
    assertTrue(text.endsWith("böckerna stämmer på öret." + System.lineSeparator()), text);
    for (PilotScript.Step step : PilotScript.read(STORY).steps()) {
      assertTrue(text.contains(step.at() + "  " + step.title().get("sv")), step.at());
    }
  }

  /** A story that says something else of an answer, a purse, a load, a balance or the sample is noticed. */
  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
      "hjartan 900.00; cash 900.00; the terminal is told",
      "'05 R240 | -            | mat i Tyskland'; '00      | cash 70.00   | mat i Tyskland'; it was answered 05 R240",
      "18338.25 | 7859.25; 18338.24 | 7859.26; the pool of botkyrka is",
      "amina | 4421.05; amina | 4421.06; amina has by hand",
      "purchase: pump, amount: \"548.30\"; purchase: pump, amount: \"548.31\"; amina has by hand",
      "at-most: \"136\"; at-most: \"5\"; are drawn",
  })
  void shouldNoticeWhatIsNotAsTheStorySays(String from, String to, String said) throws Exception {
    String text = Files.readString(STORY);
    assertTrue(text.contains(from), from);
    Path other = Files.writeString(folder.resolve("other.yaml"), text.replace(from, to));

    AssertionError noticed = assertThrows(AssertionError.class, () -> play(other, FEW, "en"));

    assertTrue(String.valueOf(noticed.getMessage()).contains(said), noticed.getMessage());
  }

  @Test
  void shouldRefuseWhatItCannotTell() {
    PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);

    assertEquals(64, PilotCommand.execute(out, out, "--lang", "fi"));
    assertEquals(64, PilotCommand.execute(out, out, "--cards", "499"));
    assertEquals(64, PilotCommand.execute(out, out, "--what"));
  }

  @Test
  void shouldTellEveryStepInBothLanguages() throws Exception {
    List<PilotScript.Step> steps = PilotScript.read(STORY).steps();

    for (PilotScript.Step step : steps) {
      for (String language : List.of("sv", "en")) {
        assertNotEquals("null", step.title().get(language), step.at());
        assertNotEquals("null", step.text().get(language), step.at());
      }
    }
  }
}
