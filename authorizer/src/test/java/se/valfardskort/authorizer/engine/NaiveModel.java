package se.valfardskort.authorizer.engine;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * The rules of domain.md written down a second time, as plainly and slowly as can be: lists, dates of the Java library,
 * reasons with their conditions of which the first that holds counts, and no counter anywhere. It reads what the engine
 * is sent (requests, terms of approvals, configurations) and nothing of the engine. Purchases are asked here; what
 * becomes of them is in {@link NaiveLedger}.
 */
final class NaiveModel {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  final Map<Integer, NaiveCard> cards = new HashMap<>();
  final List<NaiveAccount> accounts = new ArrayList<>();
  private Configuration configuration = TestPolicy.configuration();
  private final Map<DeclineReason, BooleanSupplier> rules = new LinkedHashMap<>();

  /** What the last purchase took. */
  long fromHjartan;

  long fromCash;

  /** The approval that the last purchase needed. */
  @Nullable NaiveApproval lifted;

  /** The last purchase that was approved, if the last one was. */
  @Nullable NaivePurchase made;

  void activate(Configuration newer) {
    configuration = newer;
  }

  Programme programme() {
    return configuration.programmes().get(0);
  }

  static LocalDate dayOf(long timeMs) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(timeMs), STOCKHOLM);
  }

  /** Opens a card; {@code accountNumber} -1: on a new account. */
  NaiveCard open(int number, int accountNumber, int baz) {
    NaiveAccount account = accountNumber < 0 ? new NaiveAccount(accounts.size(), baz) : accounts.get(accountNumber);
    if (accountNumber < 0) {
      accounts.add(account);
    }
    NaiveCard card = new NaiveCard(account);
    account.owner |= number == TestPolicy.OWNER_CARD || number == TestPolicy.LATE_OWNER_CARD;
    cards.put(number, card);
    return card;
  }

  /** A card that was opened. */
  NaiveCard card(int number) {
    return Objects.requireNonNull(cards.get(number));
  }

  @Nullable DeclineReason decide(TestRequest request, long timeMs) {
    return decide(request, null, timeMs);
  }

  /** A purchase, or with {@code raised} more of that hold. */
  @Nullable DeclineReason decide(TestRequest request, @Nullable NaivePurchase raised, long timeMs) {
    forget();
    NaiveCard card = cards.getOrDefault(request.card, new NaiveCard(new NaiveAccount(-1, TestPolicy.FITTJA)));
    NaiveLimits limits =
        new NaiveLimits(
            card.account.purchases, dayOf(timeMs), programme().limits(), categoryAt(request), request.amount, raised);
    addCardRules(request, card, timeMs);
    addPolicyRules(request);
    addLiftableRules(request, card, raised, limits, timeMs);
    limits.addTo(rules);
    addCountRules(request, card, raised);
    addPurseRules(request, request.amount, card, timeMs);
    DeclineReason reason = firstReason(request, card);
    if (reason == null) {
      approve(request, card, raised, timeMs);
    }
    return reason;
  }

  /** A 0200 that completes a hold: the card and its holder, the tolerance, and for what is more the purses. */
  @Nullable DeclineReason decideCompletion(TestRequest request, NaivePurchase hold, long timeMs) {
    forget();
    long allowed = hold.total() + hold.total() * hold.tolerancePercent / 100;
    addCardRules(request, hold.card, timeMs);
    rules.put(DeclineReason.COMPLETION_ABOVE_TOLERANCE, () -> request.amount > allowed);
    long more = request.amount - hold.total();
    if (more > 0) {
      addPurseRules(request, more, hold.card, timeMs);
    }
    return firstReason(request, hold.card);
  }

  private void forget() {
    rules.clear();
    fromHjartan = 0;
    fromCash = 0;
    lifted = null;
    made = null;
  }

  private @Nullable DeclineReason firstReason(TestRequest request, NaiveCard card) {
    for (Map.Entry<DeclineReason, BooleanSupplier> rule : rules.entrySet()) {
      if (rule.getValue().getAsBoolean()) {
        if (rule.getKey() == DeclineReason.PIN_WRONG) {
          card.pinTries--;
        } else if (rule.getKey().compareTo(DeclineReason.PIN_WRONG) > 0 && request.pin == Check.PASSED) {
          card.pinTries = 3;
        }
        return rule.getKey();
      }
    }
    if (request.pin == Check.PASSED) {
      card.pinTries = 3;
    }
    return null;
  }

  private void approve(TestRequest request, NaiveCard card, @Nullable NaivePurchase raised, long timeMs) {
    fromHjartan = hjartanPart(request, request.amount, card, timeMs);
    fromCash = request.amount - fromHjartan;
    card.taps = isTap(request) ? card.taps + 1 : 0;
    NaivePurchase purchase = raised == null ? purchase(request, card, timeMs) : raised;
    purchase.take(dayOf(timeMs), fromHjartan, fromCash);
    if (lifted != null) {
      lifted.draw(purchase, purchase.approval == null ? purchase.total() : request.amount);
    }
    made = purchase;
  }

  /** A new one on its account, of nothing yet. */
  private NaivePurchase purchase(TestRequest request, NaiveCard card, long timeMs) {
    Category category = categoryAt(request);
    boolean counts = category != null && isCounted(category);
    NaivePurchase purchase =
        new NaivePurchase(
            card, request, category == null ? "" : category.name(), dayOf(timeMs), timeMs, counts, isLimited(),
            category == null ? 0 : category.completionTolerancePercent());
    card.account.purchases.add(purchase);
    return purchase;
  }

  /** Whether purchases are counted at all. */
  boolean isLimited() {
    return programme().limits().isOverTime()
        || programme().categories().stream().anyMatch(each -> each.limits().isOverTime());
  }

  private static boolean isCounted(Category category) {
    return category.monthlyCapMinor() != Category.NO_LIMIT || category.limits().isOverTime();
  }

  private void addCardRules(TestRequest request, NaiveCard card, long timeMs) {
    YearMonth month = YearMonth.from(dayOf(timeMs));
    rules.put(DeclineReason.AMOUNT_ZERO, () -> request.amount == 0);
    rules.put(DeclineReason.AMOUNT_TOO_LARGE, () -> request.amount > 100_000_000_00L);
    rules.put(DeclineReason.PAN_CHECK_DIGIT, () -> !request.checkDigitOk);
    rules.put(DeclineReason.CARD_UNKNOWN, () -> !cards.containsKey(request.card));
    rules.put(DeclineReason.CARD_FROZEN, () -> card.status == CardStatus.FROZEN);
    rules.put(DeclineReason.CARD_CLOSED, () -> card.status == CardStatus.CLOSED);
    rules.put(DeclineReason.CARD_LOST, () -> card.status == CardStatus.LOST);
    rules.put(DeclineReason.CARD_STOLEN, () -> card.status == CardStatus.STOLEN);
    rules.put(DeclineReason.CARD_EXPIRED, () -> month.isAfter(card.lastMonth));
    rules.put(DeclineReason.CVV_FAILED, () -> request.cvv == Check.FAILED);
    rules.put(DeclineReason.PIN_TRIES_USED_UP, () -> request.pin != Check.NOT_PRESENTED && card.pinTries == 0);
    rules.put(DeclineReason.PIN_NOT_VERIFIABLE, () -> request.pin == Check.NO_KEY);
    rules.put(DeclineReason.PIN_WRONG, () -> request.pin == Check.FAILED);
  }

  private void addPolicyRules(TestRequest request) {
    long type = request.processingCode / 10_000;
    Category category = categoryAt(request);
    rules.put(DeclineReason.CASH_WITHDRAWAL, () -> type == 1);
    rules.put(DeclineReason.CASHBACK, () -> request.cashback > 0);
    rules.put(
        DeclineReason.QUASI_CASH, () -> category != null && category.group() == CategoryGroup.CASH);
    rules.put(DeclineReason.MERCHANT_DENIED, () -> ruleAt(request, MerchantRule::denied) != null);
    for (Category blocked : programme().categories()) {
      if (blocked.group() == CategoryGroup.BLOCKED && blocked.declineReason() != null) {
        rules.put(blocked.declineReason(), () -> blocked.equals(category));
      }
    }
    rules.put(
        DeclineReason.BLOCKED_UNLISTED,
        () -> category == null && programme().unlistedGroup() == CategoryGroup.BLOCKED);
  }

  /** What an approval lifts: one that covers all of the purchase lifts all of it. */
  private void addLiftableRules(
      TestRequest request, NaiveCard card, @Nullable NaivePurchase raised, NaiveLimits limits, long timeMs) {
    Category category = categoryAt(request);
    Map<DeclineReason, BooleanSupplier> liftable = new LinkedHashMap<>();
    liftable.put(DeclineReason.ABROAD, () -> request.country != 752);
    liftable.put(DeclineReason.ABROAD_JOURNEY, () -> isJourney(request));
    for (Category approval : programme().categories()) {
      if (approval.group() == CategoryGroup.AFTER_APPROVAL && approval.declineReason() != null) {
        liftable.put(approval.declineReason(), () -> approval.equals(category));
      }
    }
    liftable.put(
        DeclineReason.APPROVAL_UNLISTED,
        () -> category == null && programme().unlistedGroup() == CategoryGroup.AFTER_APPROVAL);
    long whole = request.amount + (raised == null ? 0 : raised.total());
    liftable.put(
        DeclineReason.LUXURY_AMOUNT,
        () -> category != null && NaiveLimits.isAbove(category.luxuryLimitMinor(), whole));
    liftable.put(DeclineReason.CATEGORY_CAP, limits::isAboveCap);
    liftable.forEach(
        (reason, holds) ->
            rules.put(reason, () -> holds.getAsBoolean() && !lifts(request, card, raised, whole, timeMs)));
  }

  /** A hold that is raised goes on by the approval that it drew on, or needs one for all that it comes to. */
  private boolean lifts(
      TestRequest request, NaiveCard card, @Nullable NaivePurchase raised, long whole, long timeMs) {
    NaiveApproval.Place place = placeOf(request);
    if (raised != null && raised.approval != null) {
      lifted = raised.approval.allows(card, place, request.amount, timeMs) ? raised.approval : null;
    } else {
      lifted = NaiveApproval.find(card, place, whole, timeMs);
    }
    return lifted != null;
  }

  private NaiveApproval.Place placeOf(TestRequest request) {
    Category category = categoryAt(request);
    int mcc = registeredAs(request) == null ? request.mcc : -1;
    return new NaiveApproval.Place(
        mcc, category == null ? "" : category.name(), request.acquirer, request.merchant, request.country,
        isJourney(request));
  }

  private void addCountRules(TestRequest request, NaiveCard card, @Nullable NaivePurchase raised) {
    Programme programme = programme();
    boolean places = request.messageClass == MessageClass.AUTHORIZATION && raised == null;
    rules.put(
        DeclineReason.CONTACTLESS_AMOUNT,
        () -> isTap(request) && NaiveLimits.isAbove(programme.contactlessLimitMinor(), request.amount));
    rules.put(
        DeclineReason.CONTACTLESS_COUNT,
        () -> isTap(request) && NaiveLimits.isAbove(programme.contactlessCount(), card.taps + 1L));
    rules.put(
        DeclineReason.OPEN_HOLDS,
        () -> places && NaiveLimits.isAbove(programme.openHolds(), card.account.openHolds() + 1));
  }

  private void addPurseRules(TestRequest request, long amount, NaiveCard card, long timeMs) {
    long purse = request.processingCode / 100 % 100;
    boolean forced = purse == 98;
    Provider provider = providerAt(request);
    boolean standing = provider != null && provider.status() != ProviderStatus.WITHDRAWN;
    rules.put(DeclineReason.HJARTAN_NOT_ACCREDITED, () -> forced && !standing);
    rules.put(
        DeclineReason.HJARTAN_PROVIDER_SUSPENDED,
        () -> forced && provider != null && provider.status() == ProviderStatus.SUSPENDED);
    rules.put(
        DeclineReason.HJARTAN_OTHER_BAZ,
        () -> forced && provider != null && !provider.bazIds().contains(card.account.baz));
    rules.put(DeclineReason.HJARTAN_OWN_HOUSEHOLD, () -> forced && ownsFirm(request, card));
    rules.put(DeclineReason.PROVIDER_CEILING, () -> forced && amount > ceilingLeft(request, timeMs));
    rules.put(DeclineReason.SAVINGS_NOT_OPEN, () -> purse == 10);
    rules.put(DeclineReason.NO_CREDIT_ACCOUNT, () -> purse == 30);
    rules.put(
        DeclineReason.INSUFFICIENT_FUNDS,
        () -> purse != 96 && !forced && isShort(card, amount - hjartanPart(request, amount, card, timeMs)));
    rules.put(DeclineReason.INSUFFICIENT_CASH, () -> purse == 96 && isShort(card, amount));
    rules.put(DeclineReason.INSUFFICIENT_HJARTAN, () -> forced && amount > card.account.hjartan());
  }

  private static boolean isShort(NaiveCard card, long fromCash) {
    return fromCash > Math.max(0, card.account.cash());
  }

  /** What Hjartan pay of that amount there. */
  long hjartanPart(TestRequest request, long amount, NaiveCard card, long timeMs) {
    Provider provider = providerAt(request);
    boolean usable =
        provider != null
            && provider.status() == ProviderStatus.ACCREDITED
            && provider.bazIds().contains(card.account.baz)
            && !ownsFirm(request, card)
            && request.processingCode / 100 % 100 != 96;
    return usable ? Math.min(amount, Math.min(card.account.hjartan(), ceilingLeft(request, timeMs))) : 0;
  }

  private long ceilingLeft(TestRequest request, long timeMs) {
    Provider provider = providerAt(request);
    if (provider == null || provider.monthlyCeilingMinor() == Category.NO_LIMIT) {
      return Long.MAX_VALUE;
    }
    YearMonth month = YearMonth.from(dayOf(timeMs));
    long taken = 0;
    for (NaiveAccount account : accounts) {
      for (NaivePurchase purchase : account.purchases) {
        if (purchase.request.merchant.equals(request.merchant)) {
          taken += purchase.hjartanOn(day -> YearMonth.from(day).equals(month));
        }
      }
    }
    return Math.max(0, provider.monthlyCeilingMinor() - taken);
  }

  private static boolean ownsFirm(TestRequest request, NaiveCard card) {
    return card.account.owner && request.merchant.equals("EGENFIRMA000001");
  }

  private static boolean isTap(TestRequest request) {
    return request.contactless && request.pin != Check.PASSED;
  }

  private @Nullable Provider providerAt(TestRequest request) {
    return configuration.providers().stream()
        .filter(each -> each.acquirer() == request.acquirer && each.merchantId().equals(request.merchant))
        .findFirst()
        .orElse(null);
  }

  private @Nullable MerchantRule ruleAt(TestRequest request, Predicate<MerchantRule> wanted) {
    return programme().merchantRules().stream()
        .filter(each -> each.acquirer() == request.acquirer && each.merchantId().equals(request.merchant))
        .filter(wanted)
        .findFirst()
        .orElse(null);
  }

  /** The category of an accreditation, else of a merchant rule; null: the MCC decides. */
  private @Nullable String registeredAs(TestRequest request) {
    Provider provider = providerAt(request);
    if (provider != null && provider.status() == ProviderStatus.ACCREDITED) {
      return provider.category();
    }
    MerchantRule rule = ruleAt(request, each -> !each.denied());
    return rule == null ? null : programme().categories().get(rule.category()).name();
  }

  private @Nullable MccRange rangeOf(int mcc) {
    return programme().mccRanges().stream()
        .filter(each -> each.first() <= mcc && mcc <= each.last())
        .findFirst()
        .orElse(null);
  }

  private boolean isJourney(TestRequest request) {
    MccRange range = rangeOf(request.mcc);
    return registeredAs(request) == null && range != null && range.abroadAlways();
  }

  private @Nullable Category categoryAt(TestRequest request) {
    String registered = registeredAs(request);
    MccRange range = rangeOf(request.mcc);
    if (registered != null) {
      return programme().categories().stream().filter(each -> each.name().equals(registered)).findFirst().orElse(null);
    }
    return range == null ? null : programme().categories().get(range.category());
  }
}
