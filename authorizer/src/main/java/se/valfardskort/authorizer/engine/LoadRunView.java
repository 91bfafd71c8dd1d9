package se.valfardskort.authorizer.engine;

/**
 * A programme's run of loads at one moment, the one that is open or the last one, and what there is for the next.
 * Immutable; amounts are minor units.
 *
 * @param runKey 0: there was never a run
 * @param period YYMM
 * @param cards that were announced
 * @param cashMinor that were announced
 * @param hjartanMinor that were announced
 * @param poolMinor in the programme's pool, beside what is set aside for the run
 * @param backingMinor backing that no Hjartan stands against and no run has set aside, of all programmes
 */
public record LoadRunView(
    int programmeId,
    long runKey,
    boolean isOpen,
    int period,
    int cards,
    int cardsLoaded,
    long cashMinor,
    long cashLoadedMinor,
    long hjartanMinor,
    long hjartanLoadedMinor,
    long poolMinor,
    long backingMinor) {

  /** Shows the run of a programme. */
  static LoadRunView of(EngineState state, int programmeId) {
    state.programmes.select(programmeId);
    long poolMinor = state.programmes.poolMinor();
    long backingMinor = state.ledger.unusedBackingMinor();
    if (!state.programmes.hasRun()) {
      return new LoadRunView(programmeId, 0, false, 0, 0, 0, 0, 0, 0, 0, poolMinor, backingMinor);
    }
    LoadRunTable run = state.loadRuns;
    run.select(state.programmes.run());
    return new LoadRunView(
        programmeId,
        run.key(),
        run.isOpen(),
        run.period(),
        run.cards(),
        run.cardsLoaded(),
        run.cashMinor(),
        run.cashLoadedMinor(),
        run.hjartanMinor(),
        run.hjartanLoadedMinor(),
        poolMinor,
        backingMinor);
  }
}
