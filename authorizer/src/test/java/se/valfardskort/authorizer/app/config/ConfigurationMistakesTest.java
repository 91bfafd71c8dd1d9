package se.valfardskort.authorizer.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Each mistake in an otherwise sound configuration is named with its file, its line and the mend. */
class ConfigurationMistakesTest {
  private static final String POLICY = "demo/programmes/botkyrka.yaml";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvFileSource(resources = "mistakes.txt", delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true)
  void shouldNameTheMistake(String file, String right, String wrong, String expected) throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    int line = copy.replace(file, right, wrong);

    String message = refusal(copy);

    String place = copy.file(file) + ":" + line + ": ";
    assertTrue(
        message.lines().anyMatch(problem -> problem.startsWith(place) && problem.contains(expected)),
        () -> "expected " + place + expected + " in\n" + message);
  }

  @Test
  void shouldNameAMissingKeyWithItsBlock() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    int line = copy.replace(POLICY, "id: 1 ", "# ");

    String message = refusal(copy);

    assertEquals(
        copy.file(POLICY) + ":" + (line + 1) + ": 'id' is missing; add a line 'id: ...' to this block", message);
  }

  @Test
  void shouldNameBothPlacesOfAKeyWrittenTwice() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    int line = copy.replace(POLICY, "name: botkyrka\n", "name: botkyrka\nname: botkyrka\n");

    String message = refusal(copy);

    assertEquals(
        copy.file(POLICY) + ":" + (line + 1) + ": 'name' is written twice, first in line " + line
            + "; keep one of the two",
        message);
  }

  @Test
  void shouldNameTheLineOfWhatIsNotYaml() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    int line = copy.replace(POLICY, "name: botkyrka", "name: [botkyrka");

    String message = refusal(copy);

    assertTrue(message.startsWith(copy.file(POLICY) + ":" + (line + 1) + ": this is not YAML"), message);
    assertTrue(message.lines().noneMatch(problem -> problem.contains("is missing")), message);
  }

  @Test
  void shouldNameEveryMistakeAtOnceInTheOrderOfTheFile() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    int third = copy.replace(POLICY, "mccs: [6012]", "mccs: [12]");
    int second = copy.replace(POLICY, "1500.00 kr            #", "plenty #");
    int first = copy.replace(POLICY, "home-country: SE", "home-country: XX");

    String message = refusal(copy);

    assertEquals(3, message.lines().count(), message);
    String[] lines = message.lines().toArray(String[]::new);
    assertTrue(lines[0].contains(":" + first + ": 'XX'"), message);
    assertTrue(lines[1].contains(":" + second + ": 'plenty'"), message);
    assertTrue(lines[2].contains(":" + third + ": '12'"), message);
  }

  @Test
  void shouldRefuseMissingFilesAndFolders() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    Files.delete(copy.file("demo/providers.yaml"));
    Files.delete(copy.file("demo/pan-token.key"));

    String message = refusal(copy);

    assertTrue(message.contains("providers.yaml: there is no such file"), message);
    assertTrue(message.contains("pan-token.key: the key file cannot be read"), message);
    ConfigurationException absent =
        assertThrows(ConfigurationException.class, () -> ConfigurationFolder.read(folder.resolve("nowhere"), 0));
    assertTrue(String.valueOf(absent.getMessage()).contains("there is no such configuration folder"));
  }

  @Test
  void shouldRefuseMoreMonthlyCapsThanAnAccountCanCount() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    Path policy = copy.file(POLICY);
    Files.writeString(
        policy, Files.readString(policy).replace("group: allowed\n", "group: allowed\n    a-month-at-most: 9.00 kr\n"));
    copy.replace(POLICY, "a-month-at-most: 1500.00 kr", "# ");

    String message = refusal(copy);

    assertTrue(
        message.contains(
            "this is category number 9 of the programme with a cap or limits over days or months; there is room for 8"),
        message);
    assertEquals(5, message.lines().count(), message);
  }

  @Test
  void shouldRefuseALimitThatAnotherMakesPointless() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    copy.replace(POLICY, "a-purchase: none ", "a-purchase: 900.00 kr ");
    copy.replace(POLICY, "  a-day: none ", "  a-day: 800.00 kr ");

    String message = refusal(copy);

    assertTrue(message.contains("'a-purchase' is more than 'a-day', so that it never counts"), message);
  }

  @Test
  void shouldRefuseTwoProgrammesWithOneId() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);
    Path twin = copy.file("demo/programmes/dorotea.yaml");
    Files.writeString(twin, Files.readString(copy.file(POLICY)).replace("name: botkyrka", "name: dorotea"));

    String message = refusal(copy);

    assertTrue(message.contains(twin + ":"), message);
    assertTrue(message.contains("programme id 1 is already that of"), message);
  }

  @Test
  void shouldRefuseAPortOffsetThatLeavesTheRange() throws IOException {
    ConfigFixture copy = ConfigFixture.copyInto(folder);

    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> ConfigurationFolder.read(copy.demo(), 60_000));

    assertTrue(String.valueOf(refused.getMessage()).contains("the port offset is 60000"), refused.getMessage());
  }

  private static String refusal(ConfigFixture copy) {
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> ConfigurationFolder.read(copy.demo(), 0));
    return String.valueOf(refused.getMessage());
  }
}
