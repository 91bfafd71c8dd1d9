package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.SavingsRule;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;

/**
 * The holder moves kronor between CASH and SAVINGS (domain.md section 2): there up to a sum a calendar month and a
 * buffer of monthly amounts, back as much as there is.
 *
 * <p>Owned by the core thread. It is the account's money in either purse, so a card's status is not asked. Each move
 * has a number above the one before: one that is sent again is refused and not made twice.
 */
final class SavingsHandler {
  private final EngineState state;

  SavingsHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(PurseMoveDecoder command, long timeMs, Outcome outcome) {
    long amountMinor = command.amountMinor();
    boolean saves = command.direction() == PurseMoveDirection.TO_SAVINGS;
    if (!saves && command.direction() != PurseMoveDirection.TO_CASH) {
      return CommandRefusal.MOVE_DIRECTION_INVALID;
    }
    if (amountMinor <= 0) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + PurseMoveDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    int cardId =
        state.cards.find(command.buffer(), command.offset() + PurseMoveDecoder.panTokenEncodingOffset());
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    state.cards.select(cardId);
    state.accounts.select(state.cards.accountId());
    if (command.moveNumber() <= state.accounts.savings.lastMove()) {
      return CommandRefusal.MOVE_ALREADY_MADE;
    }
    outcome.monthIndex = state.rules.civilTime.monthIndex(timeMs);
    CommandRefusal refusal = saves ? decideSaving(amountMinor, outcome.monthIndex) : decideMovingBack(amountMinor);
    if (refusal != null) {
      return refusal;
    }

    outcome.effect = Effect.MOVED;
    outcome.cardId = cardId;
    outcome.accountId = state.cards.accountId();
    outcome.approvedMinor = amountMinor;
    outcome.cashMinor = saves ? amountMinor : -amountMinor;
    state.readPurses(outcome);
    outcome.cashAvailableMinor -= outcome.cashMinor;
    outcome.savingsAvailableMinor = state.accounts.savings.availableMinor() + outcome.cashMinor;
    return null;
  }

  private @Nullable CommandRefusal decideSaving(long amountMinor, int month) {
    SavingsRule rule = state.rules.programme(state.accounts.programmeId()).savings;
    SavingsPurse savings = state.accounts.savings;
    if (rule.bufferMonths() == 0) {
      return CommandRefusal.SAVINGS_NOT_OFFERED;
    }
    if (amountMinor > state.accounts.cashAvailableMinor()) {
      return CommandRefusal.CASH_SHORT;
    }
    if (rule.monthMinor() != Category.NO_LIMIT && savings.movedInMinor(month) + amountMinor > rule.monthMinor()) {
      return CommandRefusal.SAVINGS_MONTH_LIMIT;
    }
    long bufferMinor = rule.bufferMonths() * state.accounts.monthlyAmountMinor();
    return savings.availableMinor() + amountMinor > bufferMinor ? CommandRefusal.SAVINGS_BUFFER_FULL : null;
  }

  private @Nullable CommandRefusal decideMovingBack(long amountMinor) {
    return amountMinor > state.accounts.savings.availableMinor() ? CommandRefusal.SAVINGS_SHORT : null;
  }

  void apply(PurseMoveDecoder command, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    if (command.direction() == PurseMoveDirection.TO_SAVINGS) {
      state.accounts.save(outcome.monthIndex, command.moveNumber(), command.amountMinor());
    } else {
      state.accounts.savings.moveOut(command.moveNumber(), command.amountMinor());
    }
  }
}
