package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;

/**
 * Finds single records in a journal that is being written: what was appended a moment ago is found. A port, so that
 * who asks need not know where records lie. Any thread; one search at a time, the others wait.
 *
 * <p>A record that is found may not be on stable storage yet: whoever tells of it must first have a command of its own
 * answered, which is then behind it.
 */
public interface JournalSearch {
  /**
   * What was found.
   *
   * @param records newest first; each in a buffer of its own
   * @param from first sequence that was looked at; what is before it was pruned, or is not indexed yet
   * @param whole false: older records are there and were left for another time, since they must be indexed first
   */
  record Result(List<JournalRecord> records, long from, boolean whole) {}

  /**
   * The newest records of a card.
   *
   * @param token holds the panToken at {@code offset}
   * @param most how many at most
   * @param wanted what else is asked of a record; it is valid during the call alone
   */
  Result ofCard(DirectBuffer token, int offset, int most, Predicate<JournalRecord> wanted) throws IOException;

  /** The newest records with a DE 37, of whatever card; {@code rrn} has twelve characters. */
  Result ofRrn(String rrn, int most) throws IOException;

  /** The record of a sequence, or none. */
  Result ofSequence(long sequence) throws IOException;
}
