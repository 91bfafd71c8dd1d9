package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Which original a later message speaks of (wire.md section 4). Never another partner's or acquirer's. The card (DE 2)
 * is the same by construction: only its own originals are looked at, newest first. The card must be selected.
 */
final class Matching {
  /** The reversal speaks of a request that was declined, or answered without moving anything. */
  static final int MOVED_NOTHING = -2;

  /** Positions 1 and 2 of DE 3. */
  private static final int TYPE_REFUND = 20;

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
          boolean answered = state.memory.isNamed(request, newestAnswer, originals.number());
          return answered ? changedByNamed(state, request) : id;
        }
        if (byReference == OriginalTable.NONE && originals.identity.hasReferenceOf(request)) {
          byReference = id;
        }
        if (byAuthCode == OriginalTable.NONE
            && originals.codes.has(request.bytes, request.authCodeOffset)
            && originals.transactionAmountMinor() == request.transactionAmountMinor) {
          byAuthCode = id;
        }
      }
      id = originals.older();
    }
    // Before the weaker references: a declined try and the purchase that followed it may share their DE 37.
    if (state.memory.isNamed(request, newestAnswer, RequestMemory.EVER)) {
      return changedByNamed(state, request);
    }
    if (byReference == OriginalTable.NONE && state.memory.isReferredTo(request, newestAnswer)) {
      return changedByNamed(state, request);
    }
    int found = byReference != OriginalTable.NONE ? byReference : byAuthCode;
    if (found != OriginalTable.NONE) {
      originals.select(found);
    }
    return found;
  }

  /**
   * What the request just found in the memory has to do with: the original in whose place it put its own amount, or
   * what others approved in our name after we had declined it; selected.
   */
  private static int changedByNamed(EngineState state, Request reversal) {
    int id = state.memory.replacedOriginal();
    if (id == OriginalTable.NONE) {
      return state.memory.wasDeclined() ? approvedElsewhere(state, reversal) : MOVED_NOTHING;
    }
    OriginalTable originals = state.originals;
    originals.select(id);
    // The row may have been forgotten and used again since.
    boolean same =
        originals.cardId() == state.memory.cardId()
            && state.memory.cameAfter(originals.number())
            && (isHoldOrPosting(originals) || originals.answer.effect() == Effect.REFUND);
    return same ? id : MOVED_NOTHING;
  }

  /**
   * The newest hold or posting that a later advice of the same class, DE 37 and DE 41 made; selected. An increment only
   * where its hold was there before the request, which was else none.
   */
  private static int approvedElsewhere(EngineState state, Request reversal) {
    OriginalTable originals = state.originals;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (isHoldOrPosting(originals)
          && originals.isByAdvice()
          && !state.memory.cameAfter(originals.number())
          && (originals.answer.effect() != Effect.RAISE || state.memory.cameAfter(originals.related()))
          && originals.identity.isBySender(reversal)
          && state.memory.hasReferenceOf(originals.identity)) {
        return id;
      }
      id = originals.older();
    }
    return MOVED_NOTHING;
  }

  /**
   * Finds the hold or posting that a completion, an advice or a refund names, and selects it: DE 90, else DE 37 + 41 +
   * 32, else DE 38 + 2 + 42; newest first among equals. Whoever names an increment means its hold.
   */
  static int findEarlier(EngineState state, Request request) {
    return holdOf(state, findNamed(state, request));
  }

  /** The same, but that who names an increment means the increment. */
  static int findNamed(EngineState state, Request request) {
    OriginalTable originals = state.originals;
    int byReference = OriginalTable.NONE;
    int byAuthCode = OriginalTable.NONE;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (isHoldOrPosting(originals) && originals.identity.isBySender(request)) {
        if (originals.identity.isNamedBy(request)) {
          return id;
        }
        if (byReference == OriginalTable.NONE && originals.identity.hasReferenceOf(request)) {
          byReference = id;
        }
        // A hold knows its first code and its latest; those between are no longer anybody's.
        if (byAuthCode == OriginalTable.NONE
            && originals.answer.effect() != Effect.RAISE
            && originals.codes.has(request.bytes, request.authCodeOffset)
            && originals.merchant.isOf(request)) {
          byAuthCode = id;
        }
      }
      id = originals.older();
    }
    int found = byReference != OriginalTable.NONE ? byReference : byAuthCode;
    if (found != OriginalTable.NONE) {
      originals.select(found);
    }
    return found;
  }

  private static boolean isHoldOrPosting(OriginalTable originals) {
    return switch (originals.answer.effect()) {
      case HOLD, RAISE, POST, COMPLETE -> true;
      default -> false;
    };
  }

  /** The hold of an increment, if there still is one, and anything else itself; selected. */
  static int holdOf(EngineState state, int id) {
    if (id == OriginalTable.NONE) {
      return id;
    }
    state.originals.select(id);
    return state.originals.answer.effect() == Effect.RAISE ? findByNumber(state, state.originals.related()) : id;
  }

  /** The hold that a reversed posting had completed, if there still is one; anything else itself; selected. */
  static int currentOf(EngineState state, int id) {
    if (id == OriginalTable.NONE) {
      return id;
    }
    OriginalTable originals = state.originals;
    originals.select(id);
    boolean reversed = originals.state() == OriginalState.REVERSED && isHoldOrPosting(originals);
    int hold = reversed ? findByNumber(state, originals.related()) : OriginalTable.NONE;
    originals.select(hold == OriginalTable.NONE ? id : hold);
    return hold == OriginalTable.NONE ? id : hold;
  }

  /** True for a hold that was completed, in time or not. */
  static boolean isHoldWithPosting(OriginalTable originals) {
    return originals.answer.effect() == Effect.HOLD && originals.related() != 0;
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
          && originals.codes.has(request.bytes, request.authCodeOffset)) {
        return id;
      }
      id = originals.older();
    }
    return OriginalTable.NONE;
  }

  /**
   * Finds the refund that the advice of a refund speaks of, and selects it: DE 90, else, where a 0200 made it, DE 37 +
   * 41 + 32 or DE 38 + 2 + 42. Where DE 90 names a purchase, the purchase's own DE 37 says nothing of its refunds.
   */
  static int findRefund(EngineState state, Request request) {
    OriginalTable originals = state.originals;
    boolean carriesItsRequest = request.type() == TYPE_REFUND;
    boolean purchaseNamed = false;
    boolean purchaseReferredTo = false;
    int byReference = OriginalTable.NONE;
    int byAuthCode = OriginalTable.NONE;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      boolean refund = originals.answer.effect() == Effect.REFUND;
      if ((refund || isHoldOrPosting(originals)) && originals.identity.isBySender(request)) {
        boolean referredTo = originals.identity.hasReferenceOf(request);
        if (!purchaseNamed && originals.identity.isNamedBy(request)) {
          if (refund) {
            return id;
          }
          purchaseNamed = true;
          carriesItsRequest &= !referredTo;
        }
        purchaseReferredTo |= referredTo && !refund;
        if (refund && !originals.isByAdvice()) {
          byReference = byReference == OriginalTable.NONE && referredTo ? id : byReference;
          boolean hasCode = originals.codes.has(request.bytes, request.authCodeOffset);
          boolean namedByCode = hasCode && originals.merchant.isOf(request);
          byAuthCode = byAuthCode == OriginalTable.NONE && namedByCode ? id : byAuthCode;
        }
      }
      id = originals.older();
    }
    if (!carriesItsRequest) {
      return OriginalTable.NONE;
    }
    boolean byCodeAlone = byReference == OriginalTable.NONE && !purchaseNamed && !purchaseReferredTo;
    int found = byCodeAlone ? byAuthCode : byReference;
    if (found != OriginalTable.NONE) {
      originals.select(found);
    }
    return found;
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
