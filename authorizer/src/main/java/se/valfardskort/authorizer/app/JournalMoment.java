package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;

/**
 * A place in the journal as a person names it: a sequence, or a time. Immutable.
 *
 * @param sequence the sequence; {@link #BY_TIME}: the time counts
 * @param firstMs first millisecond of it since the epoch: a date begins at midnight in Stockholm
 * @param endMs the millisecond after it: a date ends with its day
 */
record JournalMoment(long sequence, long firstMs, long endMs) {
  static final String FORMS = "a sequence, a date (2026-11-22) or time (2026-11-22T08:00) in Stockholm, one with its"
      + " offset (2026-11-22T07:00:00Z), or 'end'";
  static final long BY_TIME = -1;

  /** Where the journal begins and ends. */
  static final JournalMoment BEGIN = new JournalMoment(1, 0, 0);
  static final JournalMoment END = new JournalMoment(Long.MAX_VALUE, 0, 0);

  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern LOCAL = Pattern.compile(".*T[0-9:.]+");

  /** For the command line. */
  static final class Converter implements ITypeConverter<JournalMoment> {
    @Override
    public JournalMoment convert(String text) {
      return parse(text);
    }
  }

  /**
   * A stretch of the journal.
   *
   * @param from its first sequence
   * @param to its last one
   */
  record Window(long from, long to) {}

  static JournalMoment parse(String text) {
    try {
      if (text.equals("end")) {
        return END;
      }
      if (SEQUENCE.matcher(text).matches()) {
        return new JournalMoment(Long.parseLong(text), 0, 0);
      }
      if (DATE.matcher(text).matches()) {
        LocalDate day = LocalDate.parse(text);
        return new JournalMoment(BY_TIME, startMs(day), startMs(day.plusDays(1)));
      }
      Instant instant = LOCAL.matcher(text).matches()
          ? LocalDateTime.parse(text).atZone(STOCKHOLM).toInstant()
          : OffsetDateTime.parse(text).toInstant();
      return new JournalMoment(BY_TIME, instant.toEpochMilli(), instant.toEpochMilli() + 1);
    } catch (DateTimeParseException unreadable) {
      throw new TypeConversionException("'" + text + "' is no place in a journal: write " + FORMS);
    }
  }

  private static long startMs(LocalDate day) {
    return day.atStartOfDay(STOCKHOLM).toInstant().toEpochMilli();
  }

  /**
   * The stretch between two places, both included. Times are looked up by reading the journal once.
   *
   * @param folder the journal, with its archive where there is one
   * @return a beginning of {@link Long#MAX_VALUE} where the journal ends before it
   */
  static Window window(JournalFolder folder, JournalMoment from, JournalMoment to) throws IOException {
    if (from.sequence != BY_TIME && to.sequence != BY_TIME) {
      return new Window(from.sequence, to.sequence);
    }
    Search search = new Search(from, to);
    JournalReader.fromOldest(folder, JournalReader.Mode.FOLLOW).readAll(search);
    return new Window(
        from.sequence == BY_TIME ? search.first : from.sequence, to.sequence == BY_TIME ? search.last : to.sequence);
  }

  private static final class Search implements JournalSource.Visitor {
    private final JournalMoment from;
    private final JournalMoment to;
    private long first = Long.MAX_VALUE;
    private long last;

    Search(JournalMoment from, JournalMoment to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void record(JournalRecord record) {
      if (record.timeMs >= from.firstMs && first == Long.MAX_VALUE) {
        first = record.sequence;
      }
      if (record.timeMs < to.endMs) {
        last = record.sequence;
      }
    }
  }
}
