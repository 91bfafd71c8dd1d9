package se.valfardskort.authorizer.admin;

import java.util.List;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;

/** Reads what a caseworker approves, and knows it again in what was granted before. Any thread. */
final class ApprovalForm {
  private final CountryWords countries;

  ApprovalForm(CountryWords countries) {
    this.countries = countries;
  }

  /** @param keys values of {@code Idempotency-Key}, of which there must be one */
  ApprovalTerms read(Body body, List<String> keys) throws Problem {
    final long grantKey = GrantForm.key(keys);
    final ApprovalReason reason =
        body.word("reason", Body.without(ApprovalReason.NULL_VAL, ApprovalReason.values()));
    final long fromMs = GrantForm.firstMoment(body);
    final long untilMs = GrantForm.endMoment(body);
    final long amountMinor = body.number("amountMinor", Category.NO_LIMIT);
    if (amountMinor < 0 && amountMinor != Category.NO_LIMIT) {
      throw Body.bad("amountMinor", "is below 0", "give minor units (ore), or leave it out: no limit");
    }
    final int uses = GrantForm.uses(body);
    final List<Integer> numbers = GrantForm.countries(body, countries);
    final List<Covered> scope = GrantForm.scope(body);
    final boolean thisCardOnly = body.flag("thisCardOnly");
    final boolean opensSavings = body.flag("opensSavings");
    body.end();
    return new ApprovalTerms(
        grantKey,
        thisCardOnly,
        opensSavings,
        reason,
        fromMs,
        untilMs,
        amountMinor,
        uses,
        numbers,
        scope,
        AdminKey.NAME);
  }

  /** Whether a grant before, with the same key, was of the same. */
  static boolean isSame(ApprovalTerms terms, CardView.Allowance before) {
    return terms.reason() == before.reason()
        && terms.thisCardOnly() == before.thisCardOnly()
        && terms.opensSavings() == before.opensSavings()
        && terms.validFromMs() == before.validFromMs()
        && terms.validUntilMs() == before.validUntilMs()
        && terms.amountMinor() == before.grantedMinor()
        && terms.uses() == before.uses()
        && terms.countries().equals(before.countries())
        && GrantForm.words(terms.scope()).equals(before.covers());
  }
}
