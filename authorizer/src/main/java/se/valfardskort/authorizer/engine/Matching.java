package se.valfardskort.authorizer.engine;

/**
 * Which original a reversal speaks of (wire.md section 4): DE 90, else DE 37 + 41 + 32, else DE 38 + 2 + 4. Never
 * another partner's or acquirer's. The card (DE 2) is the same by construction: only its own requests are looked at.
 */
final class Matching {
  /** The reversal speaks of a request that was declined, or answered without moving anything. */
  static final int MOVED_NOTHING = -2;

  private Matching() {}

  /**
   * Finds the original that a reversal names and selects it; newest first among equals.
   *
   * @return its id, {@link #MOVED_NOTHING} or {@link OriginalTable#NONE}
   */
  static int find(EngineState state, Request request) {
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
          return state.memory.isNamed(request, newestAnswer, originals.createdMs()) ? MOVED_NOTHING : id;
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
      return MOVED_NOTHING;
    }
    if (byReference == OriginalTable.NONE && state.memory.isReferredTo(request, newestAnswer)) {
      return MOVED_NOTHING;
    }
    int found = byReference != OriginalTable.NONE ? byReference : byAuthCode;
    if (found != OriginalTable.NONE) {
      originals.select(found);
    }
    return found;
  }
}
