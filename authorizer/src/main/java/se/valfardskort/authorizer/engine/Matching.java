package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Which original a later message speaks of (wire.md section 4). Never another partner's or acquirer's. The card (DE 2)
 * is the same by construction: only its own originals are looked at, newest first. The card must be selected.
 */
final class Matching {
  /** The reversal speaks of a request that was declined, or answered without moving anything. */
  static final int MOVED_NOTHING = -2;

  private Matching() {}

  /**
   * Finds the original that a reversal names and selects it: DE 90, else DE 37 + 41 + 32, else DE 38 + 2 + 4; newest
   * first among equals.
   *
   * @return its id, {@link #MOVED_NOTHING} or {@link OriginalTable#NONE}
   */
  static int findReversed(EngineState state, Request request) {
    OriginalTable originals = state.originals;
    long newestAnswer = state.cards.newestAnswer();
    int byReference = OriginalTable.NONE;
    int byAuthCode = OriginalTable.NONE;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (originals.state() != OriginalState.TOMBSTONE && originals.identity.isBySender(request)) {
        if (originals.identity.isNamedBy(request)) {
          // A STAN comes round again: the latest request that had it is meant.
          return state.memory.isNamed(request, newestAnswer, originals.createdMs()) ? changedByNamed(state) : id;
        }
        if (byReference == OriginalTable.NONE && originals.identity.hasReferenceOf(request)) {
          byReference = id;
        }
        if (byAuthCode == OriginalTable.NONE
            && originals.hasAuthCode(request.bytes, request.authCodeOffset)
            && originals.transactionAmountMinor() == request.transactionAmountMinor) {
          byAuthCode = id;
        }
      }
      id = originals.older();
    }
    // Before the weaker references: a declined try and the purchase that followed it may share their DE 37.
    if (state.memory.isNamed(request, newestAnswer, RequestMemory.EVER)) {
      return changedByNamed(state);
    }
    if (byReference == OriginalTable.NONE && state.memory.isReferredTo(request, newestAnswer)) {
      return changedByNamed(state);
    }
    int found = byReference != OriginalTable.NONE ? byReference : byAuthCode;
    if (found != OriginalTable.NONE) {
      originals.select(found);
    }
    return found;
  }

  /** The original in whose place the advice just found in the memory put its own amount; selected. */
  private static int changedByNamed(EngineState state) {
    int id = state.memory.replacedOriginal();
    if (id == OriginalTable.NONE) {
      return MOVED_NOTHING;
    }
    OriginalTable originals = state.originals;
    originals.select(id);
    // The row may have been forgotten and used again since.
    boolean same =
        originals.cardId() == state.memory.cardId()
            && originals.createdMs() <= state.memory.arrivalMs()
            && (originals.madeBy() == Effect.HOLD
                || originals.madeBy() == Effect.POST
                || originals.madeBy() == Effect.COMPLETE);
    return same ? id : MOVED_NOTHING;
  }

  /**
   * Finds the hold or posting that a completion, an advice or a refund names, and selects it: DE 90, else DE 37 + 41 +
   * 32, else DE 38 + 2 + 42; newest first among equals. Whoever names an increment means its hold.
   */
  static int findEarlier(EngineState state, Request request) {
    OriginalTable originals = state.originals;
    int byReference = OriginalTable.NONE;
    int byAuthCode = OriginalTable.NONE;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (isHoldOrPosting(originals) && originals.identity.isBySender(request)) {
        if (originals.identity.isNamedBy(request)) {
          return meant(state, id);
        }
        if (byReference == OriginalTable.NONE && originals.identity.hasReferenceOf(request)) {
          byReference = id;
        }
        // A hold knows its first code and its latest; those between are no longer anybody's.
        if (byAuthCode == OriginalTable.NONE
            && originals.madeBy() != Effect.RAISE
            && originals.hasAuthCode(request.bytes, request.authCodeOffset)
            && originals.isAtMerchantOf(request)) {
          byAuthCode = id;
        }
      }
      id = originals.older();
    }
    int found = byReference != OriginalTable.NONE ? byReference : byAuthCode;
    return found == OriginalTable.NONE ? found : meant(state, found);
  }

  private static boolean isHoldOrPosting(OriginalTable originals) {
    return switch (originals.madeBy()) {
      case HOLD, RAISE, POST, COMPLETE -> true;
      default -> false;
    };
  }

  private static int meant(EngineState state, int id) {
    state.originals.select(id);
    return state.originals.madeBy() == Effect.RAISE ? findByNumber(state, state.originals.related()) : id;
  }

  /** Finds the hold, still held, that a 0100 raises: its DE 38, first or latest, and its DE 37 and 41; selected. */
  static int findIncremented(EngineState state, Request request) {
    if (request.bytes.getByte(request.authCodeOffset) == 0) {
      return OriginalTable.NONE;
    }
    OriginalTable originals = state.originals;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (originals.state() == OriginalState.HELD
          && originals.identity.isBySender(request)
          && originals.identity.hasReferenceOf(request)
          && originals.hasAuthCode(request.bytes, request.authCodeOffset)) {
        return id;
      }
      id = originals.older();
    }
    return OriginalTable.NONE;
  }

  /** Finds the refund that the DE 90 of an advice names, and selects it. */
  static int findRefund(EngineState state, Request request) {
    OriginalTable originals = state.originals;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (originals.madeBy() == Effect.REFUND
          && originals.identity.isBySender(request)
          && originals.identity.isNamedBy(request)) {
        return id;
      }
      id = originals.older();
    }
    return OriginalTable.NONE;
  }

  /** Finds the card's original of that number, and selects it; 0: none. */
  static int findByNumber(EngineState state, long number) {
    OriginalTable originals = state.originals;
    int id = number == 0 ? OriginalTable.NONE : state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (originals.number() == number) {
        return id;
      }
      id = originals.older();
    }
    return OriginalTable.NONE;
  }
}
