package se.valfardskort.authorizer.engine;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;

/**
 * An approval of {@link NaiveModel}, by domain.md section 3 and decision 56: what is left of it is what was granted
 * less what the account's purchases have of it now.
 */
final class NaiveApproval {
  /**
   * Where something is bought.
   *
   * @param mcc -1: the merchant is registered as something, whatever it sends
   * @param journey a journey that cannot be seen
   */
  record Place(int mcc, String category, long acquirer, String merchant, int country, boolean journey) {
    boolean abroad() {
      return country != 752;
    }
  }

  final ApprovalTerms terms;
  final long number;
  private final NaiveCard card;
  boolean revoked;

  NaiveApproval(ApprovalTerms terms, long number, NaiveCard card) {
    this.terms = terms;
    this.number = number;
    this.card = card;
  }

  /** The one that ends first, of those that end together the older. */
  static @Nullable NaiveApproval find(NaiveCard card, Place place, long amount, long timeMs) {
    return card.account.approvals.stream()
        .filter(each -> each.hasUse() && each.allows(card, place, amount, timeMs))
        .min(Comparator.comparingLong((NaiveApproval each) -> each.terms.validUntilMs())
            .thenComparingLong(each -> each.number))
        .orElse(null);
  }

  boolean hasUse() {
    return terms.uses() == 0 || usesTaken() < terms.uses();
  }

  /** Whether it covers the whole purchase: place, country and amount. */
  boolean allows(NaiveCard buyer, Place place, long amount, long timeMs) {
    return isLive(timeMs)
        && (!terms.thisCardOnly() || buyer == card)
        && (terms.amountMinor() == Category.NO_LIMIT || amount <= left())
        && coversCountry(place)
        && (terms.scope().isEmpty() || terms.scope().stream().anyMatch(entry -> covers(entry, place)));
  }

  boolean isLive(long timeMs) {
    return !revoked && timeMs >= terms.validFromMs() && timeMs < terms.validUntilMs();
  }

  /** One with countries is for purchases there and for journeys, which cannot be seen; one without is for home. */
  private boolean coversCountry(Place place) {
    List<Integer> countries = terms.countries();
    if (countries.isEmpty()) {
      return !place.abroad() && !place.journey;
    }
    boolean anywhereAbroad = place.abroad() && countries.contains(ApprovalTerms.ANY_COUNTRY);
    return anywhereAbroad || (!place.abroad() && place.journey) || countries.contains(place.country);
  }

  private static boolean covers(ApprovalTerms.Covered entry, Place place) {
    return switch (entry.kind()) {
      case CATEGORY -> entry.category().equals(place.category);
      case MCC -> entry.mcc() == place.mcc;
      case MERCHANT -> entry.acquirer() == place.acquirer && entry.merchantId().equals(place.merchant);
      case NULL_VAL -> false;
    };
  }

  /** What no purchase has of it; {@link Category#NO_LIMIT}: there is no limit. */
  long left() {
    long drawn = drawers().stream().mapToLong(each -> each.drawn).sum();
    return terms.amountMinor() == Category.NO_LIMIT ? Category.NO_LIMIT : terms.amountMinor() - drawn;
  }

  int usesTaken() {
    return (int) drawers().stream().filter(each -> each.use).count();
  }

  private List<NaivePurchase> drawers() {
    return card.account.purchases.stream().filter(each -> each.approval == this).toList();
  }

  /** The purchase takes what is there, and no more than it comes to. */
  void draw(NaivePurchase purchase, long amount) {
    long there = terms.amountMinor() == Category.NO_LIMIT ? amount : Math.min(amount, left());
    boolean takesUse = purchase.approval == null && hasUse();
    purchase.approval = this;
    purchase.drawn += there;
    purchase.use |= takesUse;
  }
}
