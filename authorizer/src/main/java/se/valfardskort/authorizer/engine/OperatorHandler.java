package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.PoolFundDecoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundDecoder;

/**
 * Commands of the operators: cards are opened, the pool and the treasury are funded.
 *
 * <p>Owned by the core thread. {@link LoadHandler Loads} draw on what was paid in here, so money appears only where
 * somebody paid it.
 */
final class OperatorHandler {
  /** A hundred thousand million kronor; sums of such amounts stay far inside 64 bits. */
  static final long LARGEST_AMOUNT_MINOR = 10_000_000_000_000L;

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

  private static int tokenOffset(CardOpenDecoder command) {
    return command.offset() + CardOpenDecoder.panTokenEncodingOffset();
  }

  static boolean isAmount(long amountMinor) {
    return amountMinor >= 0 && amountMinor <= LARGEST_AMOUNT_MINOR;
  }

  static boolean isYearMonth(int yearMonth) {
    return yearMonth <= 9912 && yearMonth % 100 >= 1 && yearMonth % 100 <= 12;
  }
}
