package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.Skips;

/**
 * The commands that a person has told replay to leave out, because the engine throws on them. Immutable; kept in
 * {@link AuditLog#SKIPPED}, so that nobody can add to it without the key.
 */
public final class SkipList implements Skips {
  /** Of a journal of which nothing was skipped. */
  public static final SkipList NONE = new SkipList(List.of());

  private static final Pattern LINE =
      Pattern.compile("sequence (\\d{1,18}) digests aside to (\\d{1,18}) at (\\S+) by (.*?) because (.*)");

  /**
   * One.
   *
   * @param sequence that is left out
   * @param until last sequence whose digest was made with it, and is not compared
   * @param at when it was entered
   * @param by who entered it
   * @param why the reason given
   */
  public record Entry(long sequence, long until, String at, String by, String why) {
    /** As it stands in the file. */
    public String describe() {
      return "sequence " + sequence + " digests aside to " + until + " at " + at + " by " + by + " because " + why;
    }
  }

  private final List<Entry> entries;

  private SkipList(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads the list of a journal's folder.
   *
   * @throws JournalDamagedException when somebody without the key has changed it
   */
  public static SkipList read(Disk disk, SealKey key) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : AuditLog.read(disk, AuditLog.SKIPPED, key)) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new JournalDamagedException(
            disk.describe(AuditLog.SKIPPED) + " has a line that this program does not understand: " + line
                + "; start the release that wrote it");
      }
      entries.add(
          new Entry(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              matcher.group(3),
              matcher.group(4),
              matcher.group(5)));
    }
    return new SkipList(entries);
  }

  /** The same with one more. */
  public SkipList with(Entry entry) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(entry);
    return new SkipList(more);
  }

  /** In the order in which they were entered. */
  public List<Entry> entries() {
    return entries;
  }

  @Override
  public boolean skips(long sequence) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).sequence == sequence) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean setsDigestAside(long sequence) {
    for (int i = 0; i < entries.size(); i++) {
      if (sequence > entries.get(i).sequence && sequence <= entries.get(i).until) {
        return true;
      }
    }
    return false;
  }
}
