package se.valfardskort.authorizer.app.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;

/** Reads one approval with which a demonstration's card begins (wire.md section 7). */
final class ApprovalSection {
  private static final Map<String, ApprovalReason> REASONS = reasons();

  private ApprovalSection() {}

  /**
   * Reads it.
   *
   * @param key tells this approval from every other of the plan
   * @param known keys of the programme's categories
   */
  static ApprovalTerms read(Section section, long key, Set<String> known) {
    final List<Integer> countries = GrantFields.countries(section);
    final List<Covered> scope = GrantFields.scope(section, known);
    final ApprovalReason reason = section.scalar("reason").choice(REASONS, ApprovalReason.OTHER);
    final long amountMinor = section.scalar("at-most").limitMinor();
    final int uses = section.scalar("uses").limitCount(GrantFields.MOST_USES);
    final long untilMs = GrantFields.endOf(section.scalar("until"));
    section.end();
    return new ApprovalTerms(
        key,
        false,
        false,
        reason,
        0,
        untilMs,
        amountMinor,
        uses == Category.NO_LIMIT ? 0 : uses,
        countries,
        scope,
        GrantFields.AUTHOR);
  }

  private static Map<String, ApprovalReason> reasons() {
    Map<String, ApprovalReason> reasons = new HashMap<>();
    for (ApprovalReason reason : ApprovalReason.values()) {
      if (reason != ApprovalReason.NULL_VAL) {
        reasons.put(Words.word(reason), reason);
      }
    }
    return Map.copyOf(reasons);
  }
}
