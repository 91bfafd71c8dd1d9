package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * A journal's folder as it would be if nothing had been pruned: before its oldest segment come those of the archive.
 * For reading. Any thread.
 *
 * <p>What the archive holds is believed no more than what the folder does: whoever reads it checks every record, and
 * the seals from the first on.
 */
public final class ArchivedJournal implements Disk {
  private final Disk journal;
  private final Disk archive;

  /** Both may be opened for reading alone. */
  public ArchivedJournal(Disk journal, Disk archive) {
    this.journal = journal;
    this.archive = archive;
  }

  /**
   * Number of the first segment that neither the folder nor the archive has; 0: all are there, from the first to the
   * folder's oldest.
   */
  public int missing() throws IOException {
    List<JournalFormat.SegmentName> here = JournalFolder.segmentsOf(journal);
    List<Integer> archived =
        JournalFolder.segmentsOf(archive).stream().map(JournalFormat.SegmentName::number).toList();
    int oldest = here.isEmpty() ? 1 : here.getFirst().number();
    for (int number = 1; number < oldest; number++) {
      if (!archived.contains(number)) {
        return number;
      }
    }
    return 0;
  }

  @Override
  public List<String> list() throws IOException {
    List<JournalFormat.SegmentName> here = JournalFolder.segmentsOf(journal);
    int oldest = here.isEmpty() ? 0 : here.getFirst().number();
    List<String> names = new ArrayList<>(journal.list());
    for (JournalFormat.SegmentName archived : JournalFolder.segmentsOf(archive)) {
      if (archived.number() < oldest) {
        names.add(archived.name());
      }
    }
    return names.stream().distinct().sorted().toList();
  }

  @Override
  public DiskFile open(String name) throws IOException {
    try {
      return journal.open(name);
    } catch (NoSuchFileException pruned) {
      if (JournalFormat.parse(name) == null) {
        throw pruned;
      }
      return archive.open(name);
    }
  }

  @Override
  public String describe(String name) {
    boolean archived = false;
    try {
      archived = JournalFormat.parse(name) != null && !journal.list().contains(name);
    } catch (IOException unreadable) {
      // Then what is read from it fails, and says so.
      archived = false;
    }
    return archived ? archive.describe(name) : journal.describe(name);
  }

  @Override
  public DiskFile create(String name) {
    throw mustNotChange();
  }

  @Override
  public void rename(String from, String to) {
    throw mustNotChange();
  }

  @Override
  public void forceNames() {
    throw mustNotChange();
  }

  @Override
  public void delete(String name) {
    throw mustNotChange();
  }

  @Override
  public Closeable lock(String name) {
    throw mustNotChange();
  }

  private IllegalStateException mustNotChange() {
    return new IllegalStateException(journal.describe("") + " and its archive were put together for reading");
  }
}
