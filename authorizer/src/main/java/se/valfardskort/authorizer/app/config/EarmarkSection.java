package se.valfardskort.authorizer.app.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.EarmarkTerms;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/** Reads one earmark with which a demonstration's card begins (wire.md section 7). */
final class EarmarkSection {
  private static final Map<String, EarmarkKind> KINDS = kinds();

  private EarmarkSection() {}

  /**
   * Reads it.
   *
   * @param key tells this earmark from every other grant of the plan
   * @param known keys of the programme's categories
   */
  static EarmarkTerms read(Section section, long key, Set<String> known) {
    Scalar kindWord = section.scalar("for");
    final EarmarkKind kind = kindWord.choice(KINDS, EarmarkKind.OTHER);
    final List<Integer> countries = GrantFields.countries(section);
    final List<Covered> scope = GrantFields.scope(section, known);
    if (scope.isEmpty()) {
      kindWord.refuse("the earmark names nothing that it pays for", "name categories or merchants");
    }
    Scalar amount = section.scalar("amount");
    final long amountMinor = amount.amountMinor();
    final int uses = section.scalar("uses").limitCount(GrantFields.MOST_USES);
    final int usesAWeek = section.scalar("uses-a-week").limitCount(EarmarkTerms.MOST_A_WEEK);
    if (amountMinor == 0 && uses == Category.NO_LIMIT && usesAWeek == Category.NO_LIMIT) {
      amount.refuse("an earmark of 0 kr counts visits", "say how many: uses, or uses-a-week");
    }
    final long untilMs = GrantFields.endOf(section.scalar("until"));
    section.end();
    return new EarmarkTerms(
        key,
        kind,
        0,
        untilMs,
        amountMinor,
        uses == Category.NO_LIMIT ? 0 : uses,
        usesAWeek == Category.NO_LIMIT ? 0 : usesAWeek,
        countries,
        scope,
        GrantFields.AUTHOR);
  }

  private static Map<String, EarmarkKind> kinds() {
    Map<String, EarmarkKind> kinds = new HashMap<>();
    for (EarmarkKind kind : EarmarkKind.values()) {
      if (kind != EarmarkKind.NULL_VAL) {
        kinds.put(Words.word(kind), kind);
      }
    }
    return Map.copyOf(kinds);
  }
}
