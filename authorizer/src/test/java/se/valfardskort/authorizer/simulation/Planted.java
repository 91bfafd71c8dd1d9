package se.valfardskort.authorizer.simulation;

import java.util.List;
import se.valfardskort.authorizer.mutation.Edit;

/**
 * A fault planted in the compiled code, which the simulator must find.
 *
 * @param part where it lies: engine, orders, matching, unwinding, journal, recovery, snapshot, archive, pipeline,
 *     gateway
 * @param what what no longer happens
 * @param seeds how many it took to find it, from {@link #FIRST_SEED} on
 * @param edit the changed method
 */
record Planted(String part, String what, int seeds, Edit edit) {
  /** Where the search for all of them began. */
  static final long FIRST_SEED = 752_000;

  private static final String ROOT = "se.valfardskort.authorizer.";

  /** All of them. */
  static final List<Planted> ALL =
      List.of(
          planted("engine", 1, "nobody asks the request memory", in("engine.Engine", "remembers").returns(false)),
          planted("engine", 1, "originals are not entered in the memory",
              in("engine.Engine", "applyCardRequest").callRemoved("rememberOriginal")),
          planted("engine", 3, "other answers are not entered",
              in("engine.Engine", "applyCardRequest").callRemoved("remember")),
          planted("engine", 1, "forgetting leaves the key behind",
              in("engine.RequestMemory", "forgetOriginal").callGives("remove", 0)),
          planted("engine", 1, "holds are not counted as open", in("engine.Booking", "hold").callRemoved("openHold")),
          planted("engine", 1, "what a completion takes beyond its hold is not booked",
              in("engine.Booking", "complete").callRemoved("takeMore")),
          planted("engine", 1, "an increment is not written to its hold",
              in("engine.Booking", "raise").callRemoved("raise")),
          planted("engine", 1, "kronor are not asked for",
              in("engine.PurseRules", "payByPurseOrder").guardOffBefore("INSUFFICIENT_FUNDS")),
          planted("engine", 2, "a month's money is paid as often as it is asked for",
              in("engine.LoadHandler", "decide(LoadDecoder,Outcome)").guardOffBefore("PERIOD_ALREADY_LOADED")),
          planted("orders", 2, "an approval is granted as often as it is asked for",
              in("engine.ApprovalHandler", "decide(ApprovalGrantDecoder,long,Outcome)")
                  .guardOffBefore("APPROVAL_EXISTS")),
          planted("orders", 2, "an approval is not listed", in("engine.AllowanceTable", "enlist").doesNothing()),
          planted("orders", 2, "a revocation is not written", in("engine.AllowanceTable", "revoke").doesNothing()),
          planted("orders", 3, "what needs an approval needs none",
              in("engine.PurchaseHandler", "liftableReason").returns(null)),
          planted("orders", 2, "a change of status is not written",
              in("engine.CardStatusHandler", "apply").doesNothing()),
          planted("orders", 3, "a freeze stops nothing",
              in("engine.CardRules", "decideCard").guardOffBefore("CARD_FROZEN")),
          planted("orders", 2, "a move to SAVINGS is made as often as it is asked for",
              in("engine.SavingsHandler", "decide").guardOffBefore("MOVE_ALREADY_MADE")),
          planted("unwinding", 1, "a released hold keeps its money",
              in("engine.Reduction", "apply").callRemoved("release")),
          planted("unwinding", 1, "an undone posting keeps its money",
              in("engine.Reduction", "apply").callRemoved("unpost")),
          planted("unwinding", 1, "a reduced original keeps its amounts",
              in("engine.Reduction", "apply").callRemoved("amounts")),
          planted("unwinding", 1, "more goes back than there is",
              in("engine.Reduction", "giveBack").callGivesArgument("min", 0)),
          planted("unwinding", 3, "a reversed hold stays open",
              in("engine.Booking", "giveBack").callRemoved("closeHold")),
          planted("unwinding", 1, "the rest of a completed hold is not released",
              in("engine.Booking", "complete").callRemoved("apply")),
          planted("unwinding", 1, "an expired hold keeps its money",
              in("engine.TickHandler", "expire").callRemoved("apply")),
          planted("unwinding", 3, "refunds are not written to their posting",
              in("engine.OriginalTable", "refunded").doesNothing()),
          planted("matching", 8, "nothing earlier is found", in("engine.Matching", "findEarlier").returns(-1)),
          planted("matching", 3, "everything is what is named", in("engine.Identity", "isNamedBy").returns(true)),
          planted("matching", 7, "tombstones wait for nobody", in("engine.Identity", "awaits").returns(false)),
          planted("matching", 7, "tombstones wait for everybody", in("engine.Identity", "awaits").returns(true)),
          planted("matching", 3, "increments find no hold", in("engine.Matching", "findIncremented").returns(-1)),
          planted("journal", 1, "nothing is forced", in("storage.FileJournal", "force").callRemoved("force")),
          planted("journal", 1, "nothing is written", in("storage.FileJournal", "writeOut").callRemoved("writeFully")),
          planted("journal", 3, "a full segment is not forced",
              in("storage.FileJournal", "makeRoom").callRemoved("force")),
          planted("journal", 1, "the anchor is not forced",
              in("storage.Anchor", "write").callRemoved("force")),
          planted("journal", 1, "the anchor is not written at a start",
              in("storage.JournalFolder", "raiseEpoch").callRemoved("write")),
          planted("journal", 1, "the CRC is always the same", in("storage.JournalFormat", "recordCrc").returns(0)),
          planted("journal", 1, "the epoch is not raised",
              in("storage.FileJournal", "open(JournalFolder,JournalSettings,JournalReader$Tail,Spares)")
                  .callRemoved("raiseEpoch")),
          planted("recovery", 1, "every bad record is a torn tail",
              in("storage.JournalReader", "requireTornTail").doesNothing()),
          planted("recovery", 7, "what a failed sync may have dropped is not written again",
              in("storage.JournalReader", "readAll").callRemoved("writeAgain")),
          planted("recovery", 31, "a torn tail is not cut off",
              in("storage.JournalReader", "readAll").callRemoved("truncate")),
          planted("recovery", 1, "records are decided and not applied",
              in("pipeline.Recovery", "replay(JournalRecord)").callRemoved("apply")),
          planted("recovery", 16, "the journal's end is not held against the durable mark",
              in("storage.JournalReader", "requireEnd").doesNothing()),
          planted("recovery", 31, "the witness is not asked how far the journal had come",
              in("storage.JournalFolder", "requireNotBehindWitness").doesNothing()),
          planted("recovery", 3, "what a snapshot has is replayed once more",
              in("storage.JournalReader", "readRecords").callGives("sequence", 0L)),
          planted("recovery", 3, "the seals' chain is not taken up behind a snapshot",
              in("storage.SealChain", "check").callRemoved("arraycopy")),
          planted("recovery", 59, "what is decided again is not compared",
              in("pipeline.Recovery", "replay(JournalRecord)").callRemoved("check")),
          planted("snapshot", 5, "it has its name before it is forced",
              in("storage.SnapshotFolder", "write").callRemoved("force")),
          planted("snapshot", 14, "what was not finished is left lying",
              in("storage.SnapshotFolder", "removeUnfinished").doesNothing()),
          planted("snapshot", 3, "its place is not the state's",
              in("storage.SnapshotKey", "of").callGives("timeMs", 0L)),
          planted("archive", 17, "a copy is not forced", in("storage.SegmentArchive", "copy").callRemoved("force")),
          planted("archive", 62, "a prune does not ask whether it is archived",
              in("storage.PrunePlan", "of").callGives("hasSameBytes", true)),
          planted("archive", 45, "a prune takes what no snapshot has",
              in("storage.PrunePlan", "of").callGives("firstSequence", 0L)),
          planted("pipeline", 1, "nobody syncs", in("pipeline.JournalStage", "endOfBatch").callRemoved("sync")),
          planted("pipeline", 2, "a failed stage does not halt the others", in("pipeline.Halt", "halt").doesNothing()),
          planted("pipeline", 11, "the clock is believed when it goes back",
              in("pipeline.CoreStage", "decide").callGivesArgument("max", 1)),
          planted("pipeline", 4, "what must be booked is refused like a request",
              in("pipeline.CoreStage", "isRepeatedUntilBooked").returns(false)),
          planted("pipeline", 1, "every request has waited too long",
              in("pipeline.CoreStage", "hasWaitedTooLong").returns(true)),
          planted("pipeline", 1, "decisions are not applied", in("pipeline.CoreStage", "decide").callRemoved("apply")),
          planted("gateway", 1, "the fingerprint is always the same",
              in("gateway.RequestKey", "fingerprint").returns(0L)),
          planted("gateway", 1, "answered frames count as unanswered",
              in("gateway.Session", "answered").writeRemoved("inFlight")),
          planted("gateway", 6, "reading is never taken up again",
              in("gateway.Session", "goOn").callRemoved("setAutoRead")));

  private static Edit.Place in(String type, String method) {
    return new Edit.Place(ROOT + type, method);
  }

  private static Planted planted(String part, int seeds, String what, Edit edit) {
    return new Planted(part, what, seeds, edit);
  }

  /** The one that found it. */
  long seed() {
    return FIRST_SEED + seeds - 1;
  }

  /** For the page on reliability. */
  String row() {
    int dot = edit.className().lastIndexOf('.');
    int bracket = edit.method().indexOf('(');
    String method = bracket < 0 ? edit.method() : edit.method().substring(0, bracket);
    return "| " + part + " | " + what + " | `" + edit.className().substring(dot + 1) + "." + method + "` | " + seeds
        + " |";
  }

  @Override
  public String toString() {
    return part + ": " + what;
  }
}
