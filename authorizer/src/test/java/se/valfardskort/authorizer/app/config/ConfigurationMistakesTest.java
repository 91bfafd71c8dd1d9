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
import org.junit.jupiter.params.provider.CsvSource;

/** Each mistake in an otherwise sound configuration is named with its file, its line and the mend. */
class ConfigurationMistakesTest {
  private static final String POLICY = "demo/programmes/botkyrka.yaml";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      demo/programmes/botkyrka.yaml | mccs: [5931]                 | mccs: [5931, 5411]       | MCC 5411 of 'second-hand' is already in 'food', line
      demo/programmes/botkyrka.yaml | mccs: [5309]                 | mccs: [3340-3360]        | 'duty-free' is already in 'travel', line
      demo/programmes/botkyrka.yaml | mccs: [6012]                 | mccs: [602]              | '602' is not a merchant category code
      demo/programmes/botkyrka.yaml | mccs: [5812, 5814]           | mccs: [5814-5812]        | '5814-5812' is not a merchant category code
      demo/programmes/botkyrka.yaml | mccs: [5931]                 | mccs: 5931               | 'mccs' takes a list
      demo/programmes/botkyrka.yaml | mccs: [5931]                 | mccs: [[5931]]           | 'mccs' takes a list of plain values
      demo/programmes/botkyrka.yaml | a-month-at-most: 1500.00 kr  | a-month-at-most: 1 500 kr  | '1 500 kr' is not an amount in kronor
      demo/programmes/botkyrka.yaml | a-month-at-most: 1500.00 kr  | a-month-at-most: 1500.5  | '1500.5' is not an amount in kronor
      demo/programmes/botkyrka.yaml | a-month-at-most: 1500.00 kr  | a-month-at-most: -1.00   | '-1.00' is not an amount in kronor
      demo/programmes/botkyrka.yaml | a-month-at-most: 1500.00 kr  | a-month-at-least: 3.00   | 'a-month-at-least' is not known here; remove it, or use one of: key, name
      demo/programmes/botkyrka.yaml | key: second-hand             | key: food                | the category 'food' is described twice
      demo/programmes/botkyrka.yaml | key: second-hand             | key: Second hand         | 'Second hand' is not a key
      demo/programmes/botkyrka.yaml | group: after-approval        | group: after approval    | 'after approval' is not known here; write one of: after-approval, allowed, blocked, cash
      demo/programmes/botkyrka.yaml | decline-reason: approval-debt | decline-reason: blocked-luxury | 'blocked-luxury' is not known here; write one of: approval-debt
      demo/programmes/botkyrka.yaml | decline-reason: quasi-cash   | decline-reason: casino   | 'casino' is not known here; write one of: quasi-cash
      demo/programmes/botkyrka.yaml | category: food               | category: fod            | 'fod' is not known here; write one of: alcohol-tobacco
      demo/programmes/botkyrka.yaml | everything-else: allowed     | everything-else: maybe   | 'maybe' is not known here; write one of: allowed, approval, deny
      demo/programmes/botkyrka.yaml | home-country: SE             | home-country: Sverige    | 'Sverige' is not a country
      demo/programmes/botkyrka.yaml | in-a-row: 5                  | in-a-row: five           | 'five' is not a whole number from 0 to 1000
      demo/programmes/botkyrka.yaml | merchant: LYXMODE00000001    | merchant: KIOSKEN00000001 | merchant KIOSKEN00000001 is already in line
      demo/programmes/botkyrka.yaml | merchant: LYXMODE00000001    | merchant: LYXMODE000000017 | 'LYXMODE000000017' is not a merchant id
      demo/providers.yaml           | status: suspended            | status: paused           | 'paused' is not known here; write one of: accredited, suspended, withdrawn
      demo/providers.yaml           | baz: [baz-annan]             | baz: [baz-malmo]         | 'baz-malmo' is not known here; write one of: baz-annan, baz-fittja
      demo/providers.yaml           | category: food               | category: garden         | not every programme has a category 'garden'
      demo/providers.yaml           | merchant: ODLING000000001    | merchant: BARNKOOP0000001 | provider BARNKOOP0000001 is already in line
      demo/providers.yaml           | ["000000042"]                | ["42"]                   | '42' is not the nine digits of a card number
      demo/providers.yaml           | [baz-fittja, baz-annan]      | [baz-annan, baz-fittja, baz-annan] | BAZ 'baz-annan' is written twice
      demo/partners.yaml            | 127.0.0.1:8584               | 127.0.0.1:8583           | address 127.0.0.1:8583 is already in line
      demo/partners.yaml            | 127.0.0.1:8584               | 127.0.0.1                | '127.0.0.1' is not an address and port
      demo/partners.yaml            | 127.0.0.1:8584               | 127.0.0.1:70000          | '127.0.0.1:70000' is not an address and port
      demo/partners.yaml            | name: iso87-ascii            | name: iso87-binary       | link 'iso87-binary' is already in line
      demo/partners.yaml            | dialects/iso87-ascii.xml     | dialects/iso88.xml       | there is no dialect file
      demo/partners.yaml            | framing: ascii4              | framing: ascii5          | unknown length header 'ascii5'
      demo/partners.yaml            | framing: ascii4              | framing: ascii3          | ends at 999, below frame-bytes 4096
      demo/partners.yaml            | balances: always             | balances: sometimes      | 'sometimes' is not known here; write one of: always, inquiry, never
      demo/partners.yaml            | reason-in-de60: true         | reason-in-de60: yes      | 'yes' is not known here; write one of: false, true
      demo/partners.yaml            | deadline-ms: 1000            | deadline-ms: 1s          | '1s' is not a whole number
      demo/partners.yaml            | [123456, 654321]             | [123456, 123456]         | acquirer 123456 is written twice
      demo/cards.yaml               | status: lost                 | status: gone             | 'gone' is not known here; write one of: active, closed, frozen, lost, stolen
      demo/cards.yaml               | expires: "2401"              | expires: "2413"          | '2413' is not an expiry as YYMM
      demo/cards.yaml               | number: "900000002"          | number: "900000001"      | card number 900000001 is already in line
      demo/cards.yaml               | number: "900000002"          | number: "000000002"      | card number 000000002 lies among the ordinary cards
      demo/cards.yaml               | programme: botkyrka          | programme: dorotea       | 'dorotea' is not known here; write one of: botkyrka
      demo/cards.yaml               | bin: "975200"                | bin: "9752"              | '9752' is not a BIN of six digits
      demo/authorizer.yaml          | durability: fsync            | durability: always       | 'always' is not known here; write one of: fsync, os
      demo/authorizer.yaml          | ring-slots: 8192             | ring-slots: 8000         | power of two
      demo/authorizer.yaml          | journal-segment: 64 MiB      | journal-segment: 64 MB   | '64 MB' is not a size
      demo/pan-token.key            | public-demo-key 64           | public-demo-key 6        | this is not a key line
      tables/response-codes-1987.yaml | approval-education: "05"   | approval-education: "57" | '57' tells the network that the issuer will never approve, but an approval can lift 'approval-education'
      tables/response-codes-1987.yaml | luxury-amount: "61"        | luxury-amount: "14"      | '14' tells the network that the issuer will never approve
      tables/response-codes-1987.yaml | abroad: "05"               | abroad: "62"             | '62' tells the network that the issuer will never approve
      tables/response-codes-1987.yaml | savings-not-open: "53"     | savings-not-open: "03"   | '03' tells the network that the issuer will never approve
      tables/response-codes-1987.yaml | cashback: "57"             | cashback: "00"           | a decline cannot be answered '00'
      tables/response-codes-1987.yaml | cashback: "57"             | cashback: "119"          | differ in length
      tables/response-codes-1987.yaml | cashback: "57"             | cashback: "5"            | '5' is not a response code
      tables/response-codes-1987.yaml | cashback: "57"             | cash-back: "57"          | 'cash-back' is not known here
      """)
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
