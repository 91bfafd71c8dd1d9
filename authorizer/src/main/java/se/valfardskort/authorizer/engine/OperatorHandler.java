package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundDecoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundDecoder;

/**
 * Commands of the operators: cards are opened, the pool and the treasury are funded, accounts are loaded.
 *
 * <p>Owned by the core thread. Loads draw on what was paid in before, so money appears only where somebody paid it.
 */
final class OperatorHandler {
  /** A hundred thousand million kronor; sums of such amounts stay far inside 64 bits. */
  private static final long LARGEST_AMOUNT_MINOR = 10_000_000_000_000L;

  private final EngineState state;

  OperatorHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(CardOpenDecoder command, Outcome outcome) {
    int accountId = command.accountId();
    if (!state.rules.knowsProgramme(command.programmeId())) {
      return CommandRefusal.PROGRAMME_UNKNOWN;
    }
    if (!state.rules.knowsBaz(command.bazId())) {
      return CommandRefusal.BAZ_UNKNOWN;
    }
    if (!isYearMonth(command.expiryYearMonth())) {
      return CommandRefusal.EXPIRY_INVALID;
    }
    if (command.status() == CardStatus.NULL_VAL) {
      return CommandRefusal.STATUS_INVALID;
    }
    if (state.cards.find(command.buffer(), tokenOffset(command)) != CardTable.MISSING) {
      return CommandRefusal.CARD_EXISTS;
    }
    if (accountId < -1 || accountId >= state.accounts.count()) {
      return CommandRefusal.ACCOUNT_NOT_FOUND;
    }
    if (accountId >= 0) {
      state.accounts.select(accountId);
      if (state.accounts.programmeId() != command.programmeId() || state.accounts.bazId() != command.bazId()) {
        return CommandRefusal.ACCOUNT_ELSEWHERE;
      }
    }
    if (state.cards.isFull() || (accountId == -1 && state.accounts.isFull())) {
      return CommandRefusal.NO_ROOM;
    }
    outcome.effect = Effect.CARD_OPENED;
    outcome.cardId = state.cards.nextId();
    outcome.accountId = accountId == -1 ? state.accounts.nextId() : accountId;
    outcome.hjartanAvailableMinor = accountId == -1 ? 0 : state.accounts.hjartanAvailableMinor();
    outcome.cashAvailableMinor = accountId == -1 ? 0 : state.accounts.cashAvailableMinor();
    return null;
  }

  void apply(CardOpenDecoder command) {
    int accountId = command.accountId();
    if (accountId == -1) {
      accountId = state.accounts.open(command.programmeId(), command.bazId());
      state.programmes.select(command.programmeId());
      state.programmes.countAccount();
    }
    DirectBuffer bytes = command.buffer();
    state.cards.open(
        bytes,
        tokenOffset(command),
        accountId,
        command.status(),
        command.expiryYearMonth(),
        command.pinTriesLeft());
    state.rules.providers.cardOpened(bytes, tokenOffset(command), accountId);
  }

  @Nullable CommandRefusal decide(PoolFundDecoder command, Outcome outcome) {
    if (!state.rules.knowsProgramme(command.programmeId())) {
      return CommandRefusal.PROGRAMME_UNKNOWN;
    }
    if (!isAmount(command.amountMinor()) || command.amountMinor() == 0) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    outcome.effect = Effect.FUNDED;
    outcome.approvedMinor = command.amountMinor();
    return null;
  }

  void apply(PoolFundDecoder command) {
    UnsafeBuffer pool = state.programmes.select(command.programmeId());
    state.ledger.move(LedgerAccount.BANK, Ledger.NO_ROW, LedgerAccount.POOL, pool, command.amountMinor());
  }

  @Nullable CommandRefusal decide(TreasuryFundDecoder command, Outcome outcome) {
    if (!isAmount(command.amountMinor()) || command.amountMinor() == 0) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    outcome.effect = Effect.FUNDED;
    outcome.approvedMinor = command.amountMinor();
    return null;
  }

  void apply(TreasuryFundDecoder command) {
    state.ledger.move(
        LedgerAccount.BANK, Ledger.NO_ROW, LedgerAccount.TREASURY_BACKING, Ledger.NO_ROW, command.amountMinor());
  }

  @Nullable CommandRefusal decide(LoadDecoder command, Outcome outcome) {
    long hjartanMinor = command.hjartanMinor();
    long cashMinor = command.cashMinor();
    if (!isAmount(hjartanMinor) || !isAmount(cashMinor) || hjartanMinor + cashMinor == 0) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    if (command.period() != 0 && !isYearMonth(command.period())) {
      return CommandRefusal.PERIOD_INVALID;
    }
    int cardId = state.cards.find(command.buffer(), tokenOffset(command));
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    state.cards.select(cardId);
    state.accounts.select(state.cards.accountId());
    if (command.period() != 0 && command.period() <= state.accounts.period()) {
      return CommandRefusal.PERIOD_ALREADY_LOADED;
    }
    state.programmes.select(state.accounts.programmeId());
    if (cashMinor > state.programmes.poolMinor()) {
      return CommandRefusal.POOL_SHORT;
    }
    if (hjartanMinor > state.ledger.unusedBackingMinor()) {
      return CommandRefusal.BACKING_SHORT;
    }
    outcome.effect = Effect.LOADED;
    outcome.cardId = cardId;
    outcome.accountId = state.cards.accountId();
    outcome.hjartanMinor = hjartanMinor;
    outcome.cashMinor = cashMinor;
    outcome.approvedMinor = hjartanMinor + cashMinor;
    state.readPurses(outcome);
    outcome.hjartanAvailableMinor += hjartanMinor;
    outcome.cashAvailableMinor += cashMinor;
    return null;
  }

  void apply(LoadDecoder command, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    UnsafeBuffer pool = state.programmes.select(state.accounts.programmeId());
    state.accounts.load(pool, command.hjartanMinor(), command.cashMinor());
    if (command.period() != 0 || state.accounts.period() == 0) {
      // What is given beside the monthly load says nothing of that; before the first one there is nothing else.
      state.accounts.savings.monthlyAmount(command.hjartanMinor() + command.cashMinor());
    }
    if (command.period() != 0) {
      state.accounts.period(command.period());
    }
  }

  private static int tokenOffset(CardOpenDecoder command) {
    return command.offset() + CardOpenDecoder.panTokenEncodingOffset();
  }

  private static int tokenOffset(LoadDecoder command) {
    return command.offset() + LoadDecoder.panTokenEncodingOffset();
  }

  private static boolean isAmount(long amountMinor) {
    return amountMinor >= 0 && amountMinor <= LARGEST_AMOUNT_MINOR;
  }

  private static boolean isYearMonth(int yearMonth) {
    return yearMonth <= 9912 && yearMonth % 100 >= 1 && yearMonth % 100 <= 12;
  }
}
