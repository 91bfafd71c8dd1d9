package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.ProviderStatus;

/**
 * Which purses pay a purchase (domain.md section 2): by the purse order, or the one that DE 3 forces.
 *
 * <p>Owned by the core thread. Asked last, for the selected account; reads state and changes none.
 */
final class PurseRules {
  private static final int ACCOUNT_DEFAULT = 0;
  private static final int ACCOUNT_SAVINGS = 10;
  private static final int ACCOUNT_CHEQUE = 20;
  private static final int ACCOUNT_CREDIT = 30;
  static final int ACCOUNT_CASH = 96;
  static final int ACCOUNT_HJARTAN = 98;

  private final EngineState state;

  PurseRules(EngineState state) {
    this.state = state;
  }

  /** Account types of DE 3 that mean anything here. */
  static boolean isAccountType(int accountType) {
    return switch (accountType) {
      case ACCOUNT_DEFAULT, ACCOUNT_SAVINGS, ACCOUNT_CHEQUE, ACCOUNT_CREDIT, ACCOUNT_CASH, ACCOUNT_HJARTAN -> true;
      default -> false;
    };
  }

  /** Whether DE 3 leaves it to the purse order; who names a purse leaves the earmarks alone. */
  static boolean isByPurseOrder(Request request) {
    return switch (request.fromAccountType()) {
      case ACCOUNT_SAVINGS, ACCOUNT_CREDIT, ACCOUNT_CASH, ACCOUNT_HJARTAN -> false;
      default -> true;
    };
  }

  /**
   * Which purses may pay, and whether they can; writes the parts into the outcome, in which those of the earmarks
   * stand.
   *
   * @param amountMinor what the request asks for, or for a hold that it completes what that lacks
   */
  @Nullable DeclineReason decide(Request request, long amountMinor, int provider, Outcome outcome) {
    return switch (request.fromAccountType()) {
      case ACCOUNT_SAVINGS -> DeclineReason.SAVINGS_NOT_OPEN;
      case ACCOUNT_CREDIT -> DeclineReason.NO_CREDIT_ACCOUNT;
      case ACCOUNT_CASH -> payByCash(amountMinor, outcome);
      case ACCOUNT_HJARTAN -> payByHjartan(amountMinor, provider, outcome);
      default -> payByPurseOrder(amountMinor - outcome.earmarkMinor, provider, outcome);
    };
  }

  private static @Nullable DeclineReason payByCash(long amountMinor, Outcome outcome) {
    outcome.cashMinor = amountMinor;
    return amountMinor > spendableCashMinor(outcome) ? DeclineReason.INSUFFICIENT_CASH : null;
  }

  private @Nullable DeclineReason payByHjartan(long amountMinor, int provider, Outcome outcome) {
    DeclineReason refusal = hjartanRefusal(provider, outcome.accountId);
    if (refusal != null) {
      return refusal;
    }
    if (amountMinor > ceilingLeftMinor(provider, outcome)) {
      return DeclineReason.PROVIDER_CEILING;
    }
    outcome.hjartanMinor = amountMinor;
    return amountMinor > outcome.hjartanAvailableMinor ? DeclineReason.INSUFFICIENT_HJARTAN : null;
  }

  /** Behind the earmarks: Hjartan first, where the merchant may take them; kronor for the rest. */
  private @Nullable DeclineReason payByPurseOrder(long amountMinor, int provider, Outcome outcome) {
    outcome.hjartanMinor = Math.min(amountMinor, usableHjartanMinor(provider, outcome));
    outcome.cashMinor = amountMinor - outcome.hjartanMinor;
    return outcome.cashMinor > spendableCashMinor(outcome) ? DeclineReason.INSUFFICIENT_FUNDS : null;
  }

  /**
   * After {@link #decide} declined: the purses that may pay pay all they have, where nothing but money is missing.
   *
   * @return what they pay; 0: nothing
   */
  long payWhatThereIs(DeclineReason reason, Outcome outcome) {
    if (reason == DeclineReason.INSUFFICIENT_HJARTAN) {
      outcome.hjartanMinor = outcome.hjartanAvailableMinor;
      outcome.cashMinor = 0;
    } else if (reason == DeclineReason.INSUFFICIENT_FUNDS || reason == DeclineReason.INSUFFICIENT_CASH) {
      outcome.cashMinor = spendableCashMinor(outcome);
    } else {
      return 0;
    }
    return outcome.purseSumMinor();
  }

  /** Kronor that a purse lacks are not spent twice: below 0 there is nothing. */
  private static long spendableCashMinor(Outcome outcome) {
    return Math.max(0, outcome.cashAvailableMinor);
  }

  /** Hjartan that are there and that the provider may take, up to its ceiling. */
  long usableHjartanMinor(int provider, Outcome outcome) {
    if (outcome.hjartanAvailableMinor <= 0 || hjartanRefusal(provider, outcome.accountId) != null) {
      return 0;
    }
    return Math.min(outcome.hjartanAvailableMinor, ceilingLeftMinor(provider, outcome));
  }

  /** Why the card cannot pay here in Hjartan; null: it can (domain.md section 5). */
  private @Nullable DeclineReason hjartanRefusal(int provider, int accountId) {
    ProviderRules providers = state.rules.providers;
    if (provider == ProviderRules.NONE || providers.status(provider) == ProviderStatus.WITHDRAWN) {
      return DeclineReason.HJARTAN_NOT_ACCREDITED;
    }
    if (providers.status(provider) == ProviderStatus.SUSPENDED) {
      return DeclineReason.HJARTAN_PROVIDER_SUSPENDED;
    }
    if (!providers.isRecognizedBy(provider, state.accounts.bazId())) {
      return DeclineReason.HJARTAN_OTHER_BAZ;
    }
    if (providers.isOwnedBy(provider, accountId)) {
      return DeclineReason.HJARTAN_OWN_HOUSEHOLD;
    }
    return null;
  }

  private long ceilingLeftMinor(int provider, Outcome outcome) {
    long ceilingMinor = state.rules.providers.ceilingMinor(provider);
    if (ceilingMinor == Category.NO_LIMIT) {
      return Long.MAX_VALUE;
    }
    state.merchants.select(outcome.merchantRow);
    return Math.max(0, ceilingMinor - state.merchants.takenMinor(outcome.monthIndex));
  }
}
