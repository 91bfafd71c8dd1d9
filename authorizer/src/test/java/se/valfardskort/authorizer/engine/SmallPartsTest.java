package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine's small parts, one by one. */
final class SmallPartsTest {
  @Test
  void shouldMakeAuthorizationCodesThatDoNotRepeat() {
    byte[] bytes = new byte[AuthCodes.LENGTH];
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    Set<String> codes = new HashSet<>();

    for (int approval = 0; approval < 200_000; approval++) {
      AuthCodes.write(approval, buffer, 0);
      String code = new String(bytes, StandardCharsets.US_ASCII);
      assertTrue(code.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')), code);
      assertTrue(codes.add(code), code);
    }
  }

  @Test
  void shouldResolveTransmissionTimesToTheNearestYear() {
    long seed = 7;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      LocalDateTime now = LocalDateTime.of(2020, 1, 1, 0, 0).plusMinutes(random.nextInt(12 * 365 * 1440));
      LocalDateTime sent = now.plusMinutes(random.nextInt(2 * 170 * 1440) - 170 * 1440);
      long number =
          sent.getMonthValue() * 100_000_000L
              + sent.getDayOfMonth() * 1_000_000L
              + sent.getHour() * 10_000L
              + sent.getMinute() * 100L;

      long resolved = TransmissionTime.nearestMs(number, now.toInstant(ZoneOffset.UTC).toEpochMilli());

      assertEquals(
          sent.toInstant(ZoneOffset.UTC).toEpochMilli(), resolved, "seed " + seed + ": " + sent + " at " + now);
    }
    assertEquals(5L, TransmissionTime.nearestMs(1_399_000_000L, 5L));
    assertEquals(5L, TransmissionTime.nearestMs(0, 5L));
  }

  @ParameterizedTest
  @CsvSource({
    // DE 7; now; what is meant
    "101000001, 2026-12-31T23:59:59, 2027-01-01T00:00:01",
    "1231235959, 2027-01-01T00:00:00, 2026-12-31T23:59:59",
    "630123456, 2026-06-30T12:34:57, 2026-06-30T12:34:56",
    // 2000 was a leap year and 2100 is none: the century's rules.
    "229120000, 2000-03-01T00:00:00, 2000-02-29T12:00:00",
    "301000000, 2100-02-28T00:00:00, 2100-03-01T00:00:00",
    "228235959, 2101-01-01T00:00:00, 2101-02-28T23:59:59",
    "1231000000, 2199-12-31T00:00:00, 2199-12-31T00:00:00"
  })
  void shouldResolveTransmissionTimesToTheSecond(long number, LocalDateTime now, LocalDateTime meant) {
    assertEquals(ms(meant), TransmissionTime.nearestMs(number, ms(now)));
  }

  private static long ms(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  @ParameterizedTest
  @CsvSource({
    // DE 15; today; what is meant (empty: none of the three years has it)
    "101, 2026-12-31, 2027-01-01",
    "1231, 2027-01-01, 2026-12-31",
    "229, 2027-12-31, 2028-02-29",
    "229, 2100-02-28, ",
    "229, 2000-12-31, 2000-02-29",
    "301, 2100-02-28, 2100-03-01",
    "1201, 2101-01-01, 2100-12-01",
    "1200, 2026-12-31, ",
    "1232, 2026-12-31, ",
    "1301, 2026-12-31, ",
    "31, 2026-12-31, "
  })
  void shouldResolveSettlementDatesToTheNearestYear(int number, LocalDate today, @Nullable LocalDate meant) {
    long expected = meant == null ? TransmissionTime.NONE : meant.toEpochDay();
    assertEquals(expected, TransmissionTime.nearestDay(number, today.toEpochDay()));
  }

  @Test
  void shouldRefusePostingsThatBreakTheBooks() {
    Ledger ledger = new Ledger();
    UnsafeBuffer row = new UnsafeBuffer(new byte[256]);
    ledger.move(LedgerAccount.BANK, Ledger.NO_ROW, LedgerAccount.TREASURY_BACKING, Ledger.NO_ROW, 10);
    ledger.move(LedgerAccount.HJARTAN_ISSUED, Ledger.NO_ROW, LedgerAccount.HJARTAN_AVAILABLE, row, 10);
    ledger.check();

    assertThrows(
        IllegalStateException.class,
        () -> ledger.move(LedgerAccount.HJARTAN_AVAILABLE, row, LedgerAccount.CASH_AVAILABLE, row, 1));
    assertThrows(
        IllegalStateException.class,
        () -> ledger.move(LedgerAccount.HJARTAN_AVAILABLE, row, LedgerAccount.HJARTAN_HELD, row, -1));
    ledger.move(LedgerAccount.HJARTAN_ISSUED, Ledger.NO_ROW, LedgerAccount.HJARTAN_AVAILABLE, row, 1);
    assertThrows(IllegalStateException.class, ledger::check);
  }

  @Test
  void shouldLetNoContraAccountRiseAbove0() {
    Ledger ledger = new Ledger();
    ledger.move(LedgerAccount.BANK, Ledger.NO_ROW, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, 10);
    ledger.move(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, LedgerAccount.BANK, Ledger.NO_ROW, 10);
    assertEquals(0, ledger.balanceMinor(LedgerAccount.BANK));

    IllegalStateException refused = assertThrows(
        IllegalStateException.class,
        () -> ledger.move(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, LedgerAccount.BANK, Ledger.NO_ROW, 1));
    assertEquals("ledger account BANK came to 1", refused.getMessage());
  }

  @Test
  void shouldSayByHowMuchTheBooksAreWrong() {
    Ledger kronor = new Ledger();
    kronor.restore(LedgerAccount.BANK, -7);
    kronor.restore(LedgerAccount.CASH_HELD, 12);
    Ledger hjartan = new Ledger();
    hjartan.restore(LedgerAccount.HJARTAN_ISSUED, -9);
    hjartan.restore(LedgerAccount.HJARTAN_HELD, 6);
    Ledger backing = new Ledger();
    backing.restore(LedgerAccount.HJARTAN_ISSUED, -9);
    backing.restore(LedgerAccount.HJARTAN_HELD, 9);
    backing.restore(LedgerAccount.TREASURY_BACKING, 5);
    backing.restore(LedgerAccount.BANK, -5);

    assertBroken("invariant 2: the ledger's kronor sum to 5", kronor);
    assertBroken("invariant 8: Hjartan issued differ from those that exist by -3", hjartan);
    assertBroken("invariant 8: backing falls short of Hjartan issued by 4", backing);
  }

  private static void assertBroken(String message, Ledger ledger) {
    assertEquals(message, assertThrows(IllegalStateException.class, ledger::check).getMessage());
  }

  @Test
  void shouldRefuseToOverdrawARow() {
    Ledger ledger = new Ledger();
    UnsafeBuffer rich = new UnsafeBuffer(new byte[256]);
    UnsafeBuffer poor = new UnsafeBuffer(new byte[256]);
    ledger.move(LedgerAccount.BANK, Ledger.NO_ROW, LedgerAccount.CASH_AVAILABLE, rich, 10);

    assertThrows(
        IllegalStateException.class,
        () -> ledger.move(LedgerAccount.CASH_AVAILABLE, poor, LedgerAccount.CASH_HELD, poor, 1));
  }

  @Test
  void shouldOverdrawCashThroughTheForcedDoorAlone() {
    Ledger ledger = new Ledger();
    UnsafeBuffer purse = new UnsafeBuffer(new byte[256]);
    ledger.force(purse, LedgerAccount.CASH_HELD, purse, 10);
    assertEquals(-10, purse.getLong(AccountTable.CASH_AVAILABLE));

    ledger.move(LedgerAccount.BANK, Ledger.NO_ROW, LedgerAccount.CASH_AVAILABLE, purse, 4);
    ledger.check();

    assertEquals(-6, purse.getLong(AccountTable.CASH_AVAILABLE));
    assertThrows(
        IllegalStateException.class,
        () -> ledger.force(purse, LedgerAccount.PROVIDER_HJARTAN, new UnsafeBuffer(new byte[256]), 1));
    assertThrows(IllegalStateException.class, () -> ledger.force(purse, LedgerAccount.CASH_HELD, purse, -1));
    assertThrows(
        IllegalStateException.class,
        () -> ledger.move(LedgerAccount.CASH_AVAILABLE, purse, LedgerAccount.CASH_HELD, purse, 1));
  }

  @Test
  void shouldRefuseCapacitiesThatNoEngineCanHave() {
    assertThrows(IllegalArgumentException.class, () -> new EngineCapacity(0, 1, 1, 1, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new EngineCapacity(1, 1, 1, 1, 1, 17, 1));
  }
}
