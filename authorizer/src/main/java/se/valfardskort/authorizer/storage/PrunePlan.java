package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * Which segments nobody needs in the journal's folder any more, oldest first. Immutable once made.
 *
 * @param segments names of those that may go
 * @param bytes how long they are
 * @param keptFrom first sequence that stays
 * @param why what keeps the next segment, in words
 */
public record PrunePlan(List<String> segments, long bytes, long keptFrom, String why) {
  /**
   * Looks; changes nothing. A segment may go when a later one exists, when the oldest snapshot has all of it, and when
   * it lies in the archive byte for byte, or was handed over to the copy command.
   *
   * @param oldestSnapshot sequence of the oldest snapshot that is kept; 0: there is none
   */
  public static PrunePlan of(Disk journal, SegmentArchive archive, long oldestSnapshot) throws IOException {
    List<JournalFormat.SegmentName> all = JournalFolder.segmentsOf(journal);
    List<String> going = new ArrayList<>();
    long bytes = 0;
    String why = "it is the newest";
    for (int i = 0; i < all.size() - 1; i++) {
      String name = all.get(i).name();
      long last = all.get(i + 1).firstSequence() - 1;
      if (last > oldestSnapshot) {
        why = oldestSnapshot == 0
            ? "there is no snapshot to start from"
            : "the oldest snapshot, of sequence " + oldestSnapshot + ", does not have all of it";
        break;
      }
      if (!archive.hasSameBytes(name) && !archive.wasHandedOver(name)) {
        why = archive.describe().isEmpty()
            ? "no command has taken it, and no archive is configured in authorizer.yaml"
            : "it does not lie in the archive " + archive.describe() + " byte for byte";
        break;
      }
      going.add(name);
      try (DiskFile file = journal.open(name)) {
        bytes += file.size();
      }
    }
    long keptFrom = all.isEmpty() ? 1 : all.get(going.size()).firstSequence();
    return new PrunePlan(List.copyOf(going), bytes, keptFrom, why);
  }

  /**
   * Notes it, durably, then removes the segments, oldest first. What they are removed in favour of gets its name for
   * good before that: whoever wrote it may have failed, or been killed, when it had it in the cache alone.
   */
  public void carryOut(
      Disk journal, SegmentArchive archive, SnapshotFolder snapshots, SealKey key, String at, String by)
      throws IOException {
    snapshots.forceNames();
    archive.forceNames();
    String where = archive.describe().isEmpty() ? "where the copy command took them" : archive.describe();
    AuditLog.append(
        journal,
        AuditLog.PRUNED,
        key,
        "pruned all before sequence " + keptFrom + " (" + segments.getFirst() + " to " + segments.getLast() + ", "
            + bytes + " bytes; archived in " + where + ") at " + at + " by " + by);
    for (String name : segments) {
      journal.delete(name);
    }
    journal.forceNames();
  }
}
