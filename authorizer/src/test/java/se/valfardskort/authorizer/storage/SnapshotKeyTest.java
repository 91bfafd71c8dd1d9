package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which segments a start from the snapshot of sequence 10 reads, where segment 1 is the first in the folder. */
final class SnapshotKeyTest {
  private static final SnapshotKey AFTER_TEN = new SnapshotKey(10, 0, 1, 0, 1, 0, 0);

  @ParameterizedTest
  @CsvSource({
    // The segment after it begins in the midst of what the snapshot has.
    "2, 8, true",
    "2, 10, true",
    // It ends with the snapshot's own record, which is compared.
    "2, 11, false",
    // It holds what the snapshot does not have.
    "2, 12, false",
    // A prune removed 2 and 3, and the power went before 1 was gone for good.
    "4, 11, true",
    // What lies between is missing and needed: the reading refuses it.
    "4, 12, false"
  })
  void shouldLeaveAsideWhatTheSnapshotHas(int nextNumber, long nextFirst, boolean dispensable) {
    assertEquals(dispensable, AFTER_TEN.makesDispensable(segment(1, 1), segment(nextNumber, nextFirst)));
  }

  private static JournalFormat.SegmentName segment(int number, long first) {
    return new JournalFormat.SegmentName(JournalFormat.nameOf(number, first), number, first);
  }
}
