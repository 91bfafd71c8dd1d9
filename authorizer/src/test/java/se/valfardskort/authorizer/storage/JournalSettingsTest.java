package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures that a journal can be run with, and that a wrong one is named. */
final class JournalSettingsTest {
  @ParameterizedTest
  @CsvSource({
    // segment, buffer, zero chunk, patience in ms; what is named; empty: nothing
    "4096, 1024, 1024, 1, ",
    "2147483647, 1024, 1024, 1, ",
    "4095, 1024, 1024, 1, segment size is 4095",
    "2147483648, 1024, 1024, 1, segment size is 2147483648",
    "4096, 1023, 1024, 1, buffer is 1023",
    "4096, 1024, 1023, 1, zero chunk 1023",
    "4096, 1024, 1024, 0, spare timeout is 0 ms"
  })
  void shouldNameAFigureThatCannotBe(long segment, int buffer, int chunk, long timeoutMs, @Nullable String named) {
    if (named == null) {
      JournalSettings settings =
          new JournalSettings(JournalSettings.Durability.OS, segment, buffer, chunk, timeoutMs);
      assertEquals(segment, settings.segmentBytes());
    } else {
      IllegalArgumentException refused = assertThrows(
          IllegalArgumentException.class,
          () -> new JournalSettings(JournalSettings.Durability.OS, segment, buffer, chunk, timeoutMs));
      assertTrue(String.valueOf(refused.getMessage()).contains(named), refused::toString);
    }
  }

  /** As docs/operating/journal.md tells them. */
  @Test
  void shouldShipDurableSegmentsOf64MiB() {
    JournalSettings shipped = JournalSettings.defaults();
    assertEquals(JournalSettings.Durability.FSYNC, shipped.durability());
    assertEquals(64L << 20, shipped.segmentBytes());
    assertEquals(4096, shipped.withSegmentBytes(4096).segmentBytes());
    assertEquals(7, shipped.withSpareTimeoutMs(7).spareTimeoutMs());
    assertEquals(
        JournalSettings.Durability.OS, shipped.withDurability(JournalSettings.Durability.OS).durability());
  }
}
