package se.valfardskort.authorizer.engine;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * The rules of domain.md written down a second time, as plainly and slowly as can be: maps, texts, a list of reasons
 * with their conditions of which the first that holds counts. Knows purchases only.
 */
final class NaiveModel {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  /** A card with an account of its own. */
  static final class Card {
    CardStatus status = CardStatus.ACTIVE;
    int baz = TestPolicy.FITTJA;
    YearMonth lastMonth = YearMonth.of(2030, 12);
    int pinTries = 3;
    int taps;
    int openHolds;
    long cash;
    long hjartan;
    boolean owner;
  }

  final Map<Integer, Card> cards = new HashMap<>();
  private final Map<String, Long> spent = new HashMap<>();

  /** What the last purchase took. */
  long fromHjartan;

  long fromCash;

  @Nullable DeclineReason decide(TestRequest request, long timeMs) {
    YearMonth month = YearMonth.from(Instant.ofEpochMilli(timeMs).atZone(STOCKHOLM));
    fromHjartan = 0;
    fromCash = 0;
    Card card = cards.getOrDefault(request.card, new Card());
    Map<DeclineReason, BooleanSupplier> rules = new LinkedHashMap<>();
    addCardRules(rules, request, card, month);
    addPolicyRules(rules, request);
    addLimitRules(rules, request, card, month);
    addPurseRules(rules, request, card, month);
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
    approve(request, card, month);
    return null;
  }

  private void approve(TestRequest request, Card card, YearMonth month) {
    if (request.pin == Check.PASSED) {
      card.pinTries = 3;
    }
    fromHjartan = hjartanPart(request, card, month);
    fromCash = request.amount - fromHjartan;
    card.hjartan -= fromHjartan;
    card.cash -= fromCash;
    card.taps = isTap(request) ? card.taps + 1 : 0;
    card.openHolds += request.messageClass == MessageClass.AUTHORIZATION ? 1 : 0;
    spent.merge(request.card + " " + categoryOf(request) + " " + month, request.amount, Long::sum);
    spent.merge(request.merchant + " " + month, fromHjartan, Long::sum);
  }

  private void addCardRules(
      Map<DeclineReason, BooleanSupplier> rules, TestRequest request, Card card, YearMonth month) {
    rules.put(DeclineReason.AMOUNT_ZERO, () -> request.amount == 0);
    rules.put(DeclineReason.AMOUNT_TOO_LARGE, () -> request.amount > 100_000_000_00L);
    rules.put(DeclineReason.PAN_CHECK_DIGIT, () -> !request.checkDigitOk);
    rules.put(DeclineReason.CARD_UNKNOWN, () -> !cards.containsKey(request.card));
    rules.put(DeclineReason.CARD_FROZEN, () -> card.status == CardStatus.FROZEN);
    rules.put(DeclineReason.CARD_LOST, () -> card.status == CardStatus.LOST);
    rules.put(DeclineReason.CARD_EXPIRED, () -> month.isAfter(card.lastMonth));
    rules.put(DeclineReason.CVV_FAILED, () -> request.cvv == Check.FAILED);
    rules.put(DeclineReason.PIN_TRIES_USED_UP, () -> request.pin != Check.NOT_PRESENTED && card.pinTries == 0);
    rules.put(DeclineReason.PIN_NOT_VERIFIABLE, () -> request.pin == Check.NO_KEY);
    rules.put(DeclineReason.PIN_WRONG, () -> request.pin == Check.FAILED);
  }

  private static void addPolicyRules(Map<DeclineReason, BooleanSupplier> rules, TestRequest request) {
    long type = request.processingCode / 10_000;
    TestPolicy.@Nullable Line line = lineOf(request);
    boolean registered = overrideOf(request) != null;
    rules.put(DeclineReason.CASH_WITHDRAWAL, () -> type == 1);
    rules.put(DeclineReason.CASHBACK, () -> request.cashback > 0);
    rules.put(DeclineReason.QUASI_CASH, () -> line != null && line.group() == CategoryGroup.CASH);
    rules.put(DeclineReason.MERCHANT_DENIED, () -> request.merchant.equals("LYXMODE00000001"));
    for (TestPolicy.Line blocked : TestPolicy.LINES) {
      if (blocked.group() == CategoryGroup.BLOCKED && blocked.reason() != null) {
        rules.put(blocked.reason(), () -> blocked.equals(line));
      }
    }
    rules.put(DeclineReason.ABROAD, () -> request.country != 752);
    rules.put(
        DeclineReason.ABROAD_JOURNEY,
        () -> !registered && List.of(4511, 4722, 4411, 5962, 3000, 3350).contains(request.mcc));
    for (TestPolicy.Line approval : TestPolicy.LINES) {
      if (approval.group() == CategoryGroup.AFTER_APPROVAL && approval.reason() != null) {
        rules.put(approval.reason(), () -> approval.equals(line));
      }
    }
  }

  private void addLimitRules(
      Map<DeclineReason, BooleanSupplier> rules, TestRequest request, Card card, YearMonth month) {
    String category = categoryOf(request);
    long before = spent.getOrDefault(request.card + " " + category + " " + month, 0L);
    rules.put(
        DeclineReason.LUXURY_AMOUNT,
        () -> (category.equals("restaurants") && request.amount > 500_00)
            || (category.equals("clothes") && request.amount > 3_000_00));
    rules.put(DeclineReason.CATEGORY_CAP, () -> category.equals("fuel") && before + request.amount > 1_500_00);
    rules.put(DeclineReason.CONTACTLESS_AMOUNT, () -> isTap(request) && request.amount > 400_00);
    rules.put(DeclineReason.CONTACTLESS_COUNT, () -> isTap(request) && card.taps >= 5);
    rules.put(
        DeclineReason.OPEN_HOLDS,
        () -> request.messageClass == MessageClass.AUTHORIZATION && card.openHolds >= 100);
  }

  private void addPurseRules(
      Map<DeclineReason, BooleanSupplier> rules, TestRequest request, Card card, YearMonth month) {
    long purse = request.processingCode / 100 % 100;
    boolean forced = purse == 98;
    Provider provider = providerOf(request);
    boolean standing = provider != null && provider.status() != ProviderStatus.WITHDRAWN;
    rules.put(DeclineReason.HJARTAN_NOT_ACCREDITED, () -> forced && !standing);
    rules.put(
        DeclineReason.HJARTAN_PROVIDER_SUSPENDED,
        () -> forced && provider != null && provider.status() == ProviderStatus.SUSPENDED);
    rules.put(
        DeclineReason.HJARTAN_OTHER_BAZ,
        () -> forced && provider != null && !provider.bazIds().contains(card.baz));
    rules.put(DeclineReason.HJARTAN_OWN_HOUSEHOLD, () -> forced && ownsFirm(request, card));
    rules.put(DeclineReason.PROVIDER_CEILING, () -> forced && request.amount > ceilingLeft(request, month));
    rules.put(DeclineReason.SAVINGS_NOT_OPEN, () -> purse == 10);
    rules.put(DeclineReason.NO_CREDIT_ACCOUNT, () -> purse == 30);
    rules.put(
        DeclineReason.INSUFFICIENT_FUNDS,
        () -> purse != 96 && !forced && request.amount > card.cash + hjartanPart(request, card, month));
    rules.put(DeclineReason.INSUFFICIENT_CASH, () -> purse == 96 && request.amount > card.cash);
    rules.put(DeclineReason.INSUFFICIENT_HJARTAN, () -> forced && request.amount > card.hjartan);
  }

  private long hjartanPart(TestRequest request, Card card, YearMonth month) {
    Provider provider = providerOf(request);
    boolean usable =
        provider != null
            && provider.status() == ProviderStatus.ACCREDITED
            && provider.bazIds().contains(card.baz)
            && !ownsFirm(request, card)
            && request.processingCode / 100 % 100 != 96;
    return usable ? Math.min(request.amount, Math.min(card.hjartan, ceilingLeft(request, month))) : 0;
  }

  private long ceilingLeft(TestRequest request, YearMonth month) {
    boolean limited = request.merchant.equals("TAKET0000000001");
    long taken = spent.getOrDefault(request.merchant + " " + month, 0L);
    return limited ? TestPolicy.CEILING - taken : Long.MAX_VALUE;
  }

  private static boolean ownsFirm(TestRequest request, Card card) {
    return card.owner && request.merchant.equals("EGENFIRMA000001");
  }

  private static boolean isTap(TestRequest request) {
    return request.contactless && request.pin != Check.PASSED;
  }

  private static @Nullable Provider providerOf(TestRequest request) {
    for (Provider provider : TestPolicy.configuration().providers()) {
      if (provider.merchantId().equals(request.merchant) && provider.acquirer() == request.acquirer) {
        return provider;
      }
    }
    return null;
  }

  private static @Nullable String overrideOf(TestRequest request) {
    Provider provider = providerOf(request);
    if (provider != null && provider.status() == ProviderStatus.ACCREDITED) {
      return provider.category();
    }
    return request.merchant.startsWith("KIOSK") ? "food" : null;
  }

  private static TestPolicy.@Nullable Line lineOf(TestRequest request) {
    String category = overrideOf(request);
    for (TestPolicy.Line line : TestPolicy.LINES) {
      boolean byName = category != null && line.name().equals(category);
      if (byName || (category == null && line.mccs().contains(String.format("%04d", request.mcc)))) {
        return line;
      }
    }
    return null;
  }

  private static String categoryOf(TestRequest request) {
    TestPolicy.Line line = lineOf(request);
    return line == null ? "" : line.name();
  }
}
