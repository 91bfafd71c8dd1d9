package se.valfardskort.authorizer.engine;

/**
 * Which original a later message speaks of (wire.md section 4): DE 90, else DE 37 + 41 + 32, else DE 38 + 2 + 4. Never
 * another partner's or acquirer's: two partners may serve one acquirer, and their numbering is their own. The card
 * (DE 2) is the same by construction: only its own originals are looked at.
 */
final class Matching {
  private Matching() {}

  /** Finds the original that a reversal names and selects it; newest first among equals. */
  static int find(EngineState state, Request request) {
    OriginalTable originals = state.originals;
    int byReference = OriginalTable.NONE;
    int byAuthCode = OriginalTable.NONE;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      originals.select(id);
      if (originals.state() != OriginalState.TOMBSTONE && isBySender(originals, request)) {
        if (isNamedByOriginalData(originals, request)) {
          return id;
        }
        if (byReference == OriginalTable.NONE
            && originals.hasReference(request.bytes, request.rrnOffset, request.terminalOffset)) {
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
    int found = byReference != OriginalTable.NONE ? byReference : byAuthCode;
    if (found != OriginalTable.NONE) {
      originals.select(found);
    }
    return found;
  }

  private static boolean isBySender(OriginalTable original, Request request) {
    return original.partnerId() == request.partnerId && original.acquirer() == request.acquirer;
  }

  private static boolean isNamedByOriginalData(OriginalTable original, Request reversal) {
    if (!reversal.originalDataPresent()) {
      return false;
    }
    int messageClass = reversal.originalMessageClass();
    long transmissionTime = reversal.originalTransmissionTime();
    return original.stan() == reversal.originalStan()
        && original.acquirer() == reversal.originalAcquirer()
        && (messageClass == 0 || original.messageClass() == messageClass)
        && (transmissionTime == 0 || original.transmissionTime() == transmissionTime);
  }

  /** True when the selected tombstone waits for this request. */
  static boolean isAwaited(OriginalTable tombstone, Request request) {
    if (!isBySender(tombstone, request)) {
      return false;
    }
    boolean named =
        tombstone.stan() != OriginalTable.NO_STAN
            && tombstone.stan() == request.stan
            && (tombstone.messageClass() == 0 || tombstone.messageClass() == request.messageClass.value())
            && (tombstone.transmissionTime() == 0 || tombstone.transmissionTime() == request.transmissionTime);
    return named || tombstone.hasReference(request.bytes, request.rrnOffset, request.terminalOffset);
  }
}
