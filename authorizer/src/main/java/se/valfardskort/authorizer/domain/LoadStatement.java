package se.valfardskort.authorizer.domain;

import java.util.List;

/**
 * What a month's load comes to, and of what. Immutable; amounts are minor units.
 *
 * @param components in the order in which they are worked out; their sum is the load
 * @param cashMinor part that comes as kronor
 * @param hjartanMinor part that comes as Hjartan
 */
public record LoadStatement(List<Component> components, long cashMinor, long hjartanMinor) {
  /** What a component is for. */
  public enum Kind {
    /** By who lives in the household. */
    BASE,
    /** As far as it counts. */
    RENT,
    SPECIAL_NEEDS,
    /** On top of the benefits that the load replaces. */
    UPLIFT,
    /** Less for what was earned; 0 or below. */
    TAPER,
    /** Of a type of its own, by a decision. */
    SUPPLEMENT,
    /** For who is active in a ring. */
    RING
  }

  /**
   * One component.
   *
   * @param type key of a supplement; empty for the others
   */
  public record Component(Kind kind, String type, long amountMinor) {}

  /** Copies the list. */
  public LoadStatement {
    components = List.copyOf(components);
  }

  /** The load in all. */
  public long totalMinor() {
    return cashMinor + hjartanMinor;
  }
}
