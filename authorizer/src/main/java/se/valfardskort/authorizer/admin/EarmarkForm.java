package se.valfardskort.authorizer.admin;

import java.util.List;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.EarmarkTerms;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/** Reads an earmark that a caseworker grants, and knows it again in what was granted before. Any thread. */
final class EarmarkForm {
  private final CountryWords countries;

  EarmarkForm(CountryWords countries) {
    this.countries = countries;
  }

  /** @param keys values of {@code Idempotency-Key}, of which there must be one */
  EarmarkTerms read(Body body, List<String> keys) throws Problem {
    final long grantKey = GrantForm.key(keys);
    final EarmarkKind kind = body.word("kind", Body.without(EarmarkKind.NULL_VAL, EarmarkKind.values()));
    final long fromMs = GrantForm.firstMoment(body);
    final long untilMs = GrantForm.endMoment(body);
    final long amountMinor = body.number("amountMinor", -1);
    if (amountMinor < 0) {
      throw Body.bad("amountMinor", "is missing, or below 0", "give minor units (ore); 0 where visits cost nothing");
    }
    final int uses = GrantForm.uses(body);
    final long usesAWeek = body.number("usesAWeek", 0);
    if (usesAWeek < 0 || usesAWeek > EarmarkTerms.MOST_A_WEEK) {
      throw Body.bad(
          "usesAWeek", "is no number of purchases a week", "give 1 to " + EarmarkTerms.MOST_A_WEEK
              + ", or leave it out: any number");
    }
    final List<Integer> numbers = GrantForm.countries(body, countries);
    final List<Covered> scope = GrantForm.scope(body);
    body.end();
    return new EarmarkTerms(
        grantKey, kind, fromMs, untilMs, amountMinor, uses, (int) usesAWeek, numbers, scope, AdminKey.NAME);
  }

  /** Whether a grant before, with the same key, was of the same. */
  static boolean isSame(EarmarkTerms terms, CardView.Earmark before) {
    return terms.kind() == before.kind()
        && terms.validFromMs() == before.validFromMs()
        && terms.validUntilMs() == before.validUntilMs()
        && terms.amountMinor() == before.grantedMinor()
        && terms.uses() == before.uses()
        && terms.usesAWeek() == before.usesAWeek()
        && terms.countries().equals(before.countries())
        && GrantForm.words(terms.scope()).equals(before.covers());
  }
}
