package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates, countries, chip data and the window of DE 7, each by itself. */
class FieldRulesTest {
  @ParameterizedTest
  @ValueSource(longs = {101, 131, 229, 430, 1231})
  void shouldKnowRealDays(long monthDay) {
    assertTrue(FieldRules.isMonthDay(monthDay));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 132, 230, 431, 1301, 1232, 9999, -1, Long.MIN_VALUE})
  void shouldKnowDaysThatCannotBe(long monthDay) {
    assertFalse(FieldRules.isMonthDay(monthDay));
  }

  @ParameterizedTest
  @CsvSource({"0,true", "235959,true", "240000,false", "236000,false", "235960,false", "-1,false"})
  void shouldKnowTimes(long time, boolean legal) {
    assertEquals(legal, FieldRules.isTime(time));
  }

  @Test
  void shouldAgreeWithTheJdkOnEveryCountry() {
    int count = 0;
    for (String alpha2 : Locale.getISOCountries()) {
      String alpha3 = Locale.of("", alpha2).getISO3Country();
      int code = Countries.ofAlpha2(alpha2.charAt(0), alpha2.charAt(1));
      if (code == Countries.NONE) {
        // The JDK still lists the Netherlands Antilles.
        assertEquals("AN", alpha2);
        continue;
      }

      assertEquals(code, Countries.ofAlpha3(alpha3.charAt(0), alpha3.charAt(1), alpha3.charAt(2)), alpha2);
      assertEquals(code, Countries.ofNumeric(code), alpha2);
      count++;
    }
    assertEquals(249, count);
    assertEquals(752, Countries.ofAlpha2('S', 'E'));
    assertEquals(578, Countries.ofAlpha3('N', 'O', 'R'));
    assertEquals(Countries.NONE, Countries.ofAlpha2('s', 'e'));
    assertEquals(Countries.NONE, Countries.ofAlpha2('X', 'X'));
    assertEquals(Countries.NONE, Countries.ofNumeric(999));
    assertEquals(Countries.NONE, Countries.ofNumeric(1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "9F260811223344556677889F360200019505000000000000", "6F108407A0000000031010A5055003414243",
    "9F26080011223344556677", "8200", "5F2A020752", "9F7F810101", "DF8101820001FF",
    // The same tag at two levels is not twice the same.
    "70048202" + "1122" + "82021122"})
  void shouldTakeSoundChipData(String hex) {
    byte[] bytes = Wire.hex(hex);

    assertTrue(new BerTlv().isSound(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "9F", "9F26", "9F2608", "9F260811", "9A8480000000", "9A80", "9A81", "9A8205", "9A827FFF00", "9FFFFF0100",
    // Twice the same tag.
    "82021122" + "82021122",
    // A member that reaches over the end of what holds it.
    "70028203" + "112233",
    // Five deep.
    "6F0A6F086F066F046F029A00"})
  void shouldRefuseBrokenChipData(String hex) {
    byte[] bytes = Wire.hex(hex);

    assertFalse(new BerTlv().isSound(bytes, 0, bytes.length));
  }

  @Test
  void shouldReadHexadecimalTextAsItsBytes() {
    byte[] text = Wire.ascii("9f3602ABcd");

    int length = BerTlv.unhex(text, 0, text.length);

    assertEquals(5, length);
    assertEquals((byte) 0xCD, text[4]);
    assertEquals(3, BerTlv.unhex(Wire.ascii("9F3"), 0, 3));
    assertEquals(4, BerTlv.unhex(Wire.ascii("9F3X"), 0, 4));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T09:30:00Z, 1122093000, true", "2026-11-22T09:30:00Z, 1121093000, true",
    "2026-11-22T09:30:00Z, 1121092959, false", "2026-11-22T09:30:00Z, 1123093001, false",
    "2026-12-31T23:00:00Z, 101220000, true", "2027-01-01T01:00:00Z, 1231020000, true",
    "2027-01-01T01:00:00Z, 1230020000, false", "2028-02-29T12:00:00Z, 301110000, true",
    "2028-02-28T12:00:00Z, 229110000, true", "2027-03-01T12:00:00Z, 228130000, true",
    "2026-05-01T00:00:00Z, 1101000000, false"})
  void shouldTakeTheYearThatBringsTheTimeNearest(String now, long sent, boolean inside) {
    TransmissionWindow window = new TransmissionWindow(24);

    assertEquals(inside, window.contains(sent, Instant.parse(now).toEpochMilli()));
  }

  @Test
  void shouldTakeEveryTimeWhereTheWindowIsOff() {
    assertTrue(new TransmissionWindow(0).contains(101000000, 0));
  }
}
