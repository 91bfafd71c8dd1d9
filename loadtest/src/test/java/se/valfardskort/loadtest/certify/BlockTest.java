package se.valfardskort.loadtest.certify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes as a script writes them: what they become, what matches them, what is kept of an answer. */
class BlockTest {
  private final Values values = new Values();

  @BeforeEach
  void know() {
    values.text("stan", "000123");
    values.text("rrn", "632611000123");
    values.amount("cash", 700_000);
    values.amount("hjartan", -950);
  }

  @Test
  void shouldBecomeTheBytesThatItsWordsSay() {
    String[][] rows = {
        {"mti 0110", "0110"},
        {"bits 72 38 00 00", "72380000"},
        {"11 {stan|bcd}", "000123"},
        {"11 {stan|ascii}", "303030313233"},
        {"39 \"00\" # approved", "3030"},
        {"44 \"NO # HERE\"", "4E4F20232048455245"},
        {"54 {cash|purse}", "43303030303030373030303030"},
        {"54 {cash-7000.01|purse}", "44303030303030303030303031"},
        {"54 {hjartan|purse}", "44303030303030303030393530"},
        {"4 {cash+0.50|bcd}", "000000700050"},
        {"4 {cash-6999.50|ascii}", "303030303030303030303530"},
        {"38 any6", "2A2A2A2A2A2A"},
    };
    for (String[] row : rows) {
      assertEquals(row[1], HexFormat.of().withUpperCase().formatHex(Block.parse(row[0]).render(values).bytes()),
          row[0]);
    }
  }

  @Test
  void shouldNameTheFirstByteThatDiffersAndItsField() {
    Block.Rendered expected = Block.parse("mti 0110\n39 \"00\"\n38 {auth?an6}\n54 {left?purse}").render(values);
    String good = "0110" + "3030" + "414243313233" + "43303030303030373030303030";
    String[][] rows = {
        {good, "-1", ""},
        {"0210" + good.substring(4), "0", "MTI"},
        {"0110" + "3531" + good.substring(8), "2", "DE 39"},
        {good.replace("414243", "41422D"), "6", "DE 38"},
        {good.replace("433030", "2B3030"), "10", "DE 54"},
        {good.replace("373030303030", "37303030304F"), "22", "DE 54"},
        {good.substring(0, good.length() - 2), "22", "DE 54"},
        {good + "00", "23", "behind the last expected field"},
    };
    for (String[] row : rows) {
      int at = expected.firstDifference(HexFormat.of().parseHex(row[0]));
      assertEquals(Integer.parseInt(row[1]), at, row[0]);
      if (at >= 0) {
        assertEquals(row[2], expected.fieldAt(at), row[0]);
      }
    }
  }

  @Test
  void shouldKeepWhatTheServerMinted() {
    Block block = Block.parse("11 {stan|bcd}\n38 {auth?an6}\n54 {left?purse}{debt?purse}");

    block.capture(HexFormat.of().parseHex("000123" + "414243313233" + "43303030303030303030303935"
        + "44303030303030303030303034"), values);

    assertEquals("ABC123", values.textOf("auth"));
    assertEquals(95, values.amountOf("left"));
    assertEquals(-4, values.amountOf("debt"));
  }

  @Test
  void shouldHideWhatMustNotBeShown() {
    Block.Rendered rendered = Block.parse("mti 0100\n2 16 9752000000000001\n39 3030").render(values);

    assertTrue(rendered.isPublic(0) && rendered.isPublic(11), "MTI and DE 39");
    for (int i = 2; i < 11; i++) {
      assertTrue(!rendered.isPublic(i), "byte " + i + " is of the card number");
    }
  }

  @Test
  void shouldRefuseWhatItCannotRead() {
    String[] wrong = {"", "# only a remark", "x9 00", "39 3", "39 zz", "39 {stan}", "39 {stan|hex}", "38 {Auth?an6}",
        "39 \"00"};
    for (String text : wrong) {
      assertThrows(IllegalArgumentException.class, () -> Block.parse(text), text);
    }
    assertThrows(Values.UnknownName.class, () -> Block.parse("4 {later|bcd}").render(values));
    values.text("odd", "123");
    assertThrows(IllegalArgumentException.class, () -> Block.parse("3 {odd|bcd}").render(values));
  }

  @Test
  void shouldFillTextsAndKeepThemUnderAnExchangesName() {
    values.rememberAs("food");
    values.text("stan", "000124");
    values.amount("cash", 1);

    assertEquals("0100000123", values.fill("0100{food.stan}"));
    assertEquals("000124", values.fill("{stan}"));
    assertEquals("000000699050", values.fill("{food.cash+hjartan}"));
    assertEquals(-950 - 12_500, values.amountOf("food.hjartan-125.00"));
    assertThrows(IllegalArgumentException.class, () -> values.fill("{food.stan"));
    assertThrows(IllegalArgumentException.class, () -> values.amountOf("cash hjartan"));
    assertThrows(IllegalArgumentException.class, () -> values.fill("{hjartan}"), "no field holds less than nothing");
  }

  @Test
  void shouldLayOutRequestsAsTheNotationSays() {
    Map<Integer, String> notations = Map.of(2, "n..19", 22, "n 3", 35, "z..37", 39, "an 2",
        28, "x+n 8", 52, "b 8", 54, "ans...120", 70, "n 3");
    SortedMap<Integer, String> fields = new TreeMap<>(Map.of(2, "97520", 22, "051",
        28, "D00000025", 35, "97520=3012", 39, "00", 52, "0123456789ABCDEF", 54, "AB", 70, "301"));

    Layout packed = new Layout(Layout.Coding.PACKED, false, notations);
    Layout right = new Layout(Layout.Coding.PACKED, true, notations);
    Layout characters = new Layout(Layout.Coding.CHARACTERS, false, notations);

    assertArrayEquals(HexFormat.of().parseHex("0800" + "C0000410220014000400000000000000"
        + "05975200" + "0051" + "4400000025" + "1097520D3012" + "3030" + "0123456789ABCDEF" + "00024142" + "0301"),
        packed.encode("0800", fields));
    assertArrayEquals(HexFormat.of().parseHex("0800" + "0000040000000000" + "0510"),
        right.encode("0800", new TreeMap<>(Map.of(22, "051"))));
    assertEquals("0800" + "0000041022001400" + "051" + "D00000025" + "1097520=3012" + "00" + "0123456789ABCDEF"
        + "002AB", new String(characters.encode("0800", fields.tailMap(3).headMap(65)),
        StandardCharsets.US_ASCII));
    for (String[] wrong : new String[][] {{"22", "51"}, {"2", "12345678901234567890"}, {"3", "000000"}}) {
      assertThrows(IllegalArgumentException.class, () -> packed.encode("0800",
          new TreeMap<>(Map.of(Integer.parseInt(wrong[0]), wrong[1]))), wrong[0]);
    }
    assertThrows(IllegalArgumentException.class, () ->
        new Layout(Layout.Coding.PACKED, false, Map.of(2, "digits")));
  }
}
