package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

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
