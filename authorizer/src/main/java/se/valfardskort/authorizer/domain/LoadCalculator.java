package se.valfardskort.authorizer.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import se.valfardskort.authorizer.domain.LoadStatement.Component;
import se.valfardskort.authorizer.domain.LoadStatement.Kind;

/**
 * Works out a month's load (domain.md section 4). Stateless; exact: what is not a whole ore is rounded so that the
 * holder has no less for it.
 *
 * <p>The benefits replaced are base, rent up to its ceiling, and special needs; the uplift is on top of them. After the
 * months in which earnings change nothing, a part of what was earned is taken off that sum, yet never so that it and
 * the earnings fall below the national minimum and the rent that counts. Supplements and the ring come on top.
 */
public final class LoadCalculator {
  private static final int WHOLE = 100;

  private LoadCalculator() {}

  /**
   * Works out one load.
   *
   * @throws IllegalArgumentException when the need names a supplement that the rules do not have, or an amount outside
   *     of its bounds
   */
  public static LoadStatement of(LoadRules rules, LoadNeed need) {
    List<Component> components = new ArrayList<>();
    long baseMinor = rules.base().of(need.adults(), need.children());
    long rentMinor = Math.min(need.rentMinor(), rules.rentCeilingMinor());
    long replacedMinor = baseMinor + rentMinor + need.specialNeedsMinor();
    long upliftMinor = roundedUp(replacedMinor, rules.upliftPercent());
    long minimumMinor = rules.minimum().of(need.adults(), need.children()) + rentMinor;
    components.add(new Component(Kind.BASE, "", baseMinor));
    addUnless0(components, Kind.RENT, "", rentMinor);
    addUnless0(components, Kind.SPECIAL_NEEDS, "", need.specialNeedsMinor());
    components.add(new Component(Kind.UPLIFT, "", upliftMinor));
    addUnless0(components, Kind.TAPER, "", -taperMinor(rules, need, replacedMinor + upliftMinor, minimumMinor));
    for (Map.Entry<String, Long> supplement : new TreeMap<>(need.supplementsMinor()).entrySet()) {
      requireSupplement(rules, supplement.getKey(), supplement.getValue());
      components.add(new Component(Kind.SUPPLEMENT, supplement.getKey(), supplement.getValue()));
    }
    addUnless0(components, Kind.RING, "", need.inRing() ? rules.ringMinor() : 0);

    long totalMinor = components.stream().mapToLong(Component::amountMinor).sum();
    long hjartanMinor = totalMinor * rules.hjartanPercent() / WHOLE;
    return new LoadStatement(components, totalMinor - hjartanMinor, hjartanMinor);
  }

  private static long taperMinor(LoadRules rules, LoadNeed need, long loadMinor, long minimumMinor) {
    if (need.month() <= rules.untouchedMonths()) {
      return 0;
    }
    long taperMinor = need.earnedMinor() * rules.taperPercent() / WHOLE;
    long leastMinor = Math.max(0, minimumMinor - need.earnedMinor());
    return Math.max(0, Math.min(taperMinor, loadMinor - leastMinor));
  }

  private static void requireSupplement(LoadRules rules, String key, long amountMinor) {
    for (LoadRules.Supplement supplement : rules.supplements()) {
      if (supplement.key().equals(key)) {
        if (amountMinor < supplement.fromMinor() || amountMinor > supplement.toMinor()) {
          throw new IllegalArgumentException(
              "supplement " + key + " is " + amountMinor + "; give " + supplement.fromMinor() + " to "
                  + supplement.toMinor());
        }
        return;
      }
    }
    throw new IllegalArgumentException("the programme has no supplement '" + key + "'");
  }

  private static void addUnless0(List<Component> components, Kind kind, String type, long amountMinor) {
    if (amountMinor != 0) {
      components.add(new Component(kind, type, amountMinor));
    }
  }

  private static long roundedUp(long amountMinor, int percent) {
    return Math.ceilDiv(amountMinor * percent, WHOLE);
  }
}
