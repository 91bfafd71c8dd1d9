package se.valfardskort.authorizer.reliability;

import java.util.List;
import se.valfardskort.authorizer.mutation.Edit;

/**
 * A fault planted in the compiled recovery, which the trial of torn tails must find.
 *
 * @param what what no longer happens
 * @param family damages among which one shows it; their names begin so
 * @param edit the changed method
 */
record TailFault(String what, String family, Edit edit) {
  private static final String ROOT = "se.valfardskort.authorizer.storage.";

  /** All of them. */
  static final List<TailFault> ALL =
      List.of(
          fault("a record's CRC is not compared", "bit flipped", in("JournalFormat", "recordCrc").returns(0)),
          fault("a file header's CRC is not compared", "bit flipped", in("JournalFormat", "segmentCrc").returns(0)),
          fault("a seal is not compared", "byte changed", in("SealChain", "check").callGives("isEqual", true)),
          fault("a record's length is not bounded", "bit flipped",
              in("SegmentWindow", "parse").guardOffAfter("align")),
          fault("a record's epoch is not compared", "cut, then an older",
              in("JournalReader", "misplaced").guardOffAfter("epoch")),
          fault("a torn tail is not cut off", "cut, then random",
              in("JournalReader", "readAll").callRemoved("truncate")),
          fault("every bad record is a torn tail", "bit flipped", in("JournalReader", "requireTornTail").doesNothing()),
          fault("nobody looks whether something whole follows", "bit flipped",
              in("SegmentWindow", "nextValid").returns(-1L)),
          fault("the end is not held against durable marks", "cut in the older file, the last one lost",
              in("JournalReader", "requireEnd").doesNothing()),
          fault("the anchor's MAC is not compared", "bit of the anchor flipped, CRC mended",
              in("Anchor", "read").callGives("isEqual", true)),
          fault("the end is not held against the snapshot", "cut, start from a snapshot",
              in("JournalReader", "requireWholeUpToSnapshot").doesNothing()),
          fault("a snapshot's own record is not compared", "cut, start from a snapshot",
              in("JournalReader", "compareWithSnapshot").doesNothing()));

  private static Edit.Place in(String type, String method) {
    return new Edit.Place(ROOT + type, method);
  }

  private static TailFault fault(String what, String family, Edit edit) {
    return new TailFault(what, family, edit);
  }

  @Override
  public String toString() {
    return what;
  }
}
