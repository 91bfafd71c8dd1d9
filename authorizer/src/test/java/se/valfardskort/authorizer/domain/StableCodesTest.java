package se.valfardskort.authorizer.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes that are on disk and in reports, there and back. */
final class StableCodesTest {
  @ParameterizedTest
  @EnumSource
  void shouldFindEachReasonByItsCode(DeclineReason reason) {
    assertSame(reason, DeclineReason.ofCode(reason.code));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, DeclineReason.APPROVED, 998, 999, 1000, 1001, Integer.MAX_VALUE})
  void shouldRefuseACodeThatIsNoReasons(int code) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, () -> DeclineReason.ofCode(code)).getMessage());

    assertEquals("no decline reason has the code " + code, message);
  }

  @ParameterizedTest
  @EnumSource
  void shouldFindEachRefusalByItsCode(CommandRefusal refusal) {
    assertSame(refusal, CommandRefusal.ofCode(refusal.code));
  }

  @Test
  void shouldRefuseACodeThatIsNoRefusals() {
    assertThrows(IllegalArgumentException.class, () -> CommandRefusal.ofCode(999));
  }

  /** Whatever else changes, these are in journals. */
  @ParameterizedTest
  @CsvSource({"CONFIGURATION_INVALID, 1024", "NO_ROOM, 1030"})
  void shouldKeepTheCodesOfRefusals(CommandRefusal refusal, int code) {
    assertEquals(code, refusal.code);
  }
}
