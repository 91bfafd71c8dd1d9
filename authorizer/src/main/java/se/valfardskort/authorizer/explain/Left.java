package se.valfardskort.authorizer.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import se.valfardskort.authorizer.engine.CardView;

/**
 * What is left of a purse, a cap or a limit. Immutable.
 *
 * @param of a {@link Purse} or a {@link CardView.Bound}
 * @param category key of the category that a limit is for; empty: the account in all, or a purse
 * @param left minor units, or how many
 * @param most the figure that bounds it; -1: a purse has none
 */
public record Left(Enum<?> of, String category, long left, long most) {
  /** What can hold money. */
  public enum Purse {
    CASH,
    HJARTAN,
    /** All that are kept, together. */
    EARMARKS,
    SAVINGS
  }

  private static final long NO_BOUND = -1;

  static Left of(Purse purse, long minor) {
    return new Left(purse, "", minor, NO_BOUND);
  }

  /** What is left of a limit. */
  public static Left of(CardView.Limit limit) {
    return new Left(limit.bound(), limit.category(), limit.left(), limit.most());
  }

  /** What an account has: its purses, and the limits on it in all and in {@code category}. */
  static List<Left> of(CardView card, String category) {
    List<Left> all = new ArrayList<>();
    all.add(of(Purse.CASH, card.cashAvailableMinor()));
    all.add(of(Purse.HJARTAN, card.hjartanAvailableMinor()));
    if (!card.earmarks().isEmpty()) {
      all.add(of(Purse.EARMARKS, card.earmarks().stream().mapToLong(CardView.Earmark::availableMinor).sum()));
    }
    if (card.savingsMinor() != null) {
      all.add(of(Purse.SAVINGS, card.savingsMinor()));
    }
    for (CardView.Limit limit : card.limits()) {
      if (limit.category().isEmpty() || limit.category().equals(category)) {
        all.add(of(limit));
      }
    }
    return List.copyOf(all);
  }

  /** Whether it counts, and is no amount. */
  public boolean isCount() {
    return of instanceof CardView.Bound bound && bound.isCount();
  }

  /** For programs. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("of", of.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (!category.isEmpty()) {
      members.put("category", category);
    }
    String unit = isCount() ? "" : "Minor";
    members.put("left" + unit, left);
    if (most != NO_BOUND) {
      members.put("most" + unit, most);
    }
    Map<String, Object> words = new LinkedHashMap<>();
    Languages.all().forEach((code, language) -> words.put(code, language.term(of)));
    members.put("words", words);
    return members;
  }
}
