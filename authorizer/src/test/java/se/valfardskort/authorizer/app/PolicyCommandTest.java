package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.config.PolicyFile;

/** What a person can ask of a policy: its file, the table, its versions in a journal, and what one changed. */
class PolicyCommandTest {
  private final Path folder;
  private final PolicyRig rig;

  PolicyCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    rig = new PolicyRig(folder);
  }

  @AfterEach
  void shouldHaveHaltedNowhere() {
    rig.end();
  }

  private String shipped() {
    return rig.config.file(PolicyRig.POLICY).toString();
  }

  @Test
  void shouldSayThatAPolicyIsSoundOrNameEachMistakeWithItsLine() throws Exception {
    assertEquals(0, rig.runPlain("check", shipped(), "--in", rig.config.demo().toString()), rig.err());
    assertTrue(rig.out().contains(" is sound: programme botkyrka (id 1), 23 categories, 2 merchants"), rig.out());
    assertTrue(rig.out().strip().endsWith("; it fits " + rig.config.demo()), rig.out());

    String text = Files.readString(Path.of(shipped()));
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(wrong, text.replace("home-country: SE", "home-country: XX").replace("[6012]", "[12]"));
    int country = lineOf(text, "home-country: SE");
    int debt = lineOf(text, "[6012]");
    assertEquals(ExitCode.CONFIGURATION, rig.runPlain("check", wrong.toString()));
    List<String> mistakes = rig.err().lines().toList();
    assertTrue(mistakes.get(0).startsWith(wrong + ":" + country + ": 'XX' is not a country; write "), rig.err());
    assertTrue(mistakes.get(1).startsWith(wrong + ":" + debt + ": '12' is not a merchant category code"), rig.err());
    assertEquals(ExitCode.USAGE, rig.runPlain("check"));
  }

  private int checkFit(Path file) {
    return rig.runPlain("check", file.toString(), "--in", rig.config.demo().toString());
  }

  private static int lineOf(String text, String what) {
    return (int) text.substring(0, text.indexOf(what) + 1).lines().count();
  }

  @Test
  void shouldNameWhatDoesNotFitTheRestOfTheFolder() throws Exception {
    Path gone = rig.candidate("gone.yaml", "household-goods", "household");
    assertEquals(0, rig.runPlain("check", gone.toString()), rig.err());
    assertEquals(ExitCode.CONFIGURATION, checkFit(gone));
    assertTrue(rig.err().contains("providers.yaml:"), rig.err());
    assertTrue(rig.err().contains("not every programme has a category 'household-goods'"), rig.err());

    Path claims = rig.candidate("claims.yaml", "baz: [baz-fittja, baz-annan]", "baz: [baz-fittja, baz-lappland]");
    assertEquals(ExitCode.CONFIGURATION, checkFit(claims));
    assertTrue(rig.err().contains("there is no BAZ 'baz-lappland'"), rig.err());
    // Card 900000012 belongs to the other one.
    Path leaves = rig.candidate("leaves.yaml", "baz: [baz-fittja, baz-annan]", "baz: [baz-fittja]");
    assertEquals(ExitCode.CONFIGURATION, checkFit(leaves));
    assertTrue(rig.err().contains("cards.yaml:") && rig.err().contains("'baz-annan' is not known here"), rig.err());

    Path other = rig.candidate("other.yaml", "name: botkyrka", "name: dorotea");
    assertEquals(ExitCode.CONFIGURATION, checkFit(other));
    assertTrue(rig.err().contains(other + ":") && rig.err().contains("programme id 1 is already that of"), rig.err());
  }

  @Test
  void shouldRefuseALanguageThatIsNotKnownOrNone() throws Exception {
    for (String wrong : List.of("languages: [sv, xx]", "languages: []", "languages: [sv, sv]", "languages: sv")) {
      Path file = rig.candidate("wrong.yaml", "languages: [sv, en] ", wrong + " ");
      int line = lineOf(Files.readString(file), "languages: ");

      assertEquals(ExitCode.CONFIGURATION, rig.runPlain("check", file.toString()), wrong);
      assertTrue(rig.err().startsWith(file + ":" + line + ": "), rig.err());
    }
    Path file = rig.candidate("right.yaml", "languages: [sv, en] ", "languages: [en] ");
    assertEquals(List.of("en"), PolicyFile.read(file).languages());
    assertEquals(List.of("sv", "en"), PolicyFile.read(Path.of(shipped())).languages());
  }

  @Test
  void shouldShowATableInTwoLanguagesThatHasEveryCodeOfTheFile() throws Exception {
    String english = said("show", shipped());
    assertTrue(
        english.startsWith("Programme botkyrka (id 1). Languages: sv, en. BAZ: baz-fittja, baz-annan\n"), english);
    assertTrue(row(english, "Food", "allowed", "5300 5310 5311 5331 5399 5411 5422"), english);
    assertTrue(row(english, "Restaurants and cafes", "allowed", "5812 5814",
        "one purchase above this is luxury; an approval lifts it: 500.00 kr"), english);
    assertTrue(row(english, "Gambling", "blocked", "7800 7801 7802 7995 9406", "decline reason: BLOCKED_GAMBLING"),
        english);
    assertTrue(english.contains("counts as abroad even at home: MCC 3000-3350 4411 4511 4722 5962"), english);
    assertTrue(english.contains("merchant LYXMODE00000001: denied"), english);
    assertTrue(english.contains("merchant KIOSKEN00000001: registered as food"), english);

    String swedish = said("show", shipped(), "--lang", "sv");
    assertTrue(row(swedish, "Bränsle, laddning, parkering och vägavgifter", "tillåtet", "4784 5541 5542 5552 7523",
        "tak en kalendermånad; ett godkännande lyfter det: 1 500,00 kr"), swedish);
    Set<String> codes = codesOfFile(Files.readString(Path.of(shipped())));
    assertEquals(codes, codesOfTable(swedish));
    assertEquals(codes, codesOfTable(english));

    String json = said("show", shipped(), "--json");
    assertTrue(json.contains("\"key\":\"fuel-parking\",\"name\":\"Fuel, charging, parking, tolls\""), json);
    assertTrue(json.contains("\"aMonthAtMostMinor\":150000"), json);
    assertTrue(json.contains("\"aPurchaseMinor\":null"), json);
    assertEquals(ExitCode.USAGE, rig.runPlain("show", shipped(), "--lang", "fi"));
  }

  private String said(String... args) {
    assertEquals(0, rig.runPlain(args), rig.err());
    return rig.out();
  }

  private static boolean row(String table, String... cells) {
    return Pattern.compile("(?m)^" + String.join(" +", cells)).matcher(table).find();
  }

  /** Each four digits of the lines that list codes. */
  private static Set<String> codes(List<String> lines) {
    Set<String> all = new TreeSet<>();
    for (String line : lines) {
      Pattern.compile("\\b[0-9]{4}\\b").matcher(line).results().forEach(found -> all.add(found.group()));
    }
    return all;
  }

  private static Set<String> codesOfFile(String text) {
    String categories = text.substring(text.indexOf("\ncategories:"));
    return codes(categories.lines().filter(line -> line.strip().startsWith("mccs")).toList());
  }

  private static Set<String> codesOfTable(String table) {
    return codes(table.lines().takeWhile(line -> !line.equals("General") && !line.equals("Allmänt")).toList());
  }

  @Test
  void shouldHaveTheSameWordsInEveryLanguage() {
    for (String language : PolicyFile.LANGUAGES) {
      assertEquals(PolicyWords.in("sv").keys(), PolicyWords.in(language).keys());
    }
    assertEquals("1 500,00 kr", PolicyWords.in("sv").amount(150_000));
    assertEquals("1,500.00 kr", PolicyWords.in("en").amount(150_000));
  }

  @Test
  void shouldSayWhatAFileChangesAndEndWithOne() throws Exception {
    Path file = rig.candidate("new.yaml", "a-month-at-most: 1500.00 kr", "a-month-at-most: 1200.00 kr");
    String text = Files.readString(file)
        .replace("mccs: [5931]", "mccs: [5931, 5921]").replace("mccs: [5921, 5715, 5813, 5993]", "mccs: [5715, 5813]")
        .replace("  a-day: none ", "  a-day: 900.00 kr ").replace("everything-else: allowed", "everything-else: deny")
        .replace("LYXMODE00000001", "LYXMODE00000002");
    Files.writeString(file, text);

    assertEquals(1, rig.runPlain("diff", shipped(), file.toString()), rig.err());
    assertEquals(
        List.of(
            "everything else: allowed -> blocked",
            "on the account: a day: no limit -> 900.00 kr",
            "category fuel-parking, cap a calendar month; an approval lifts it: 1,500.00 kr -> 1,200.00 kr",
            "MCC 5921: alcohol-tobacco -> second-hand",
            "MCC 5993: alcohol-tobacco -> everything else",
            "acquirer 123456, merchant LYXMODE00000001: denied -> removed",
            "acquirer 123456, merchant LYXMODE00000002: - -> denied"),
        rig.out().lines().toList());

    assertEquals(0, rig.runPlain("diff", shipped(), shipped()));
    assertEquals("Nothing differs.", rig.out().strip());
    assertEquals(1, rig.runPlain("diff", shipped(), file.toString(), "--lang", "sv", "--json"));
    assertTrue(rig.out().startsWith("[{\"part\":\"programme\",\"what\":\"allt annat\""), rig.out());
    assertEquals(ExitCode.CONFIGURATION, rig.runPlain("diff", shipped(), "nowhere.yaml"));
  }

  @Test
  void shouldTellOfAPolicyThatIsGoneByTheJournalAlone() throws Exception {
    AuthorizerApp app = rig.start();
    assertEquals("00", rig.buy(app, 7, 12_500, "5411"));
    rig.stop(app);
    Path before = rig.candidate("before.yaml", "everything-else", "everything-else");
    rig.config.replace(PolicyRig.POLICY, "a-month-at-most: 1500.00 kr", "a-month-at-most: 700.00 kr");
    rig.stop(rig.start());

    List<String> history = rig.said("history").lines().toList();
    assertEquals(2, history.size(), rig.out());
    assertTrue(history.stream().allMatch(line -> line.endsWith("policy of botkyrka")), rig.out());
    final long first = Long.parseLong(history.get(0).strip().split(" ", -1)[0]);
    final long second = Long.parseLong(history.get(1).strip().split(" ", -1)[0]);
    assertTrue(rig.said("history", "--json", "--programme", "botkyrka").contains("\"changed\":[\"botkyrka\"]"));
    assertEquals(ExitCode.NO_INPUT, rig.run("history", "--programme", "malmo"));

    String then = rig.said("show", "--at", Long.toString(second - 1));
    assertTrue(then.startsWith("in force from sequence " + first + ", "), then);
    assertTrue(then.contains("1,500.00 kr") && then.contains("Restaurants and cafes"), then);
    String now = rig.said("show", "--at", "end");
    assertTrue(now.contains("700.00 kr") && !now.contains("1,500.00 kr"), now);
    assertTrue(rig.said("show", "--lang", "sv").contains("700,00 kr"));
    assertEquals(ExitCode.NO_INPUT, rig.run("show", "--at", Long.toString(first - 1)));
    assertTrue(rig.err().contains("no policy was in force there"), rig.err());
    assertEquals(ExitCode.NO_INPUT, rig.run("show", "--at", "2001-01-01"));
    assertEquals(ExitCode.USAGE, rig.run("show", "--at", "yesterday"));
    assertTrue(rig.err().contains("'yesterday' is no place in a journal"), rig.err());

    assertEquals(1, rig.run("diff", "@" + first, "@end"));
    assertEquals(
        "category fuel-parking, cap a calendar month; an approval lifts it: 1,500.00 kr -> 700.00 kr",
        rig.out().strip());
    assertEquals(0, rig.run("diff", "@" + first, before.toString()), rig.out());
    assertEquals(0, rig.run("diff", "@config", "@end"), rig.out());
    assertEquals(1, rig.run("diff", before.toString(), "@2999-12-31T10:00"), rig.err());
    assertFalse(rig.out().isEmpty());
  }
}
