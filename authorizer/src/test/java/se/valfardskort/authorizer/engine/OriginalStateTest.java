package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state machine of remembered originals, arrow by arrow, as docs/internals/holds.md draws it. */
final class OriginalStateTest {
  @ParameterizedTest
  @CsvSource({
    "FREE, HELD POSTED REFUNDED RAISED TOMBSTONE",
    "HELD, COMPLETED RELEASED EXPIRED",
    "POSTED, REVERSED FREE",
    "REFUNDED, REVERSED FREE",
    "RAISED, RELEASED FREE",
    "REVERSED, FREE",
    "EXPIRED, FREE",
    "TOMBSTONE, FREE",
    "COMPLETED, FREE",
    "RELEASED, FREE"
  })
  void shouldAllowTheDeclaredChangesAndNoOthers(OriginalState state, String allowed) {
    Set<String> expected = Set.of(allowed.split(" ", -1));

    Set<String> found =
        Arrays.stream(OriginalState.values())
            .filter(state::mayBecome)
            .map(OriginalState::name)
            .collect(Collectors.toSet());

    assertEquals(expected, found);
  }

  @Test
  void shouldKeepTheNumbersThatRowsHave() {
    for (OriginalState state : OriginalState.values()) {
      assertEquals(state, OriginalState.ofNumber(state.number));
    }
  }
}
