package se.valfardskort.authorizer.app.config;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.domain.CivilTime;

/**
 * The civil time by which days and months are counted: Europe/Stockholm, summer time included.
 *
 * <p>Taken from the JDK's rules when the configuration is compiled and then carried in the journal, so that a replay
 * years later counts as was counted, whatever has happened to the law or to the zone database since.
 */
public final class StockholmTime {
  /** Where the civil day is decided. */
  static final ZoneId ZONE = ZoneId.of("Europe/Stockholm");

  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2101-01-01T00:00:00Z");

  private StockholmTime() {}

  /** The transitions from 2020 through 2100. */
  public static CivilTime through2100() {
    ZoneRules rules = ZONE.getRules();
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    ZoneOffsetTransition next = rules.nextTransition(FROM);
    while (next != null && next.getInstant().isBefore(UNTIL)) {
      transitions.add(next);
      next = rules.nextTransition(next.getInstant());
    }
    long[] instants = new long[transitions.size()];
    int[] offsets = new int[transitions.size() + 1];
    offsets[0] = rules.getOffset(FROM).getTotalSeconds();
    for (int i = 0; i < instants.length; i++) {
      instants[i] = transitions.get(i).toEpochSecond();
      offsets[i + 1] = transitions.get(i).getOffsetAfter().getTotalSeconds();
    }
    return new CivilTime(instants, offsets);
  }
}
