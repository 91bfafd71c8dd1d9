package se.valfardskort.authorizer.app;

import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Engine;

/**
 * Which cards are open and loaded, and what was paid in, as a recovered engine has it.
 *
 * <p>So the start can tell what is still to be sent, also where an earlier start was cut off half-way: nothing is
 * opened or paid in twice. Owned by the thread that starts the application. A card is known here by 64 bits of its
 * token.
 */
final class CardSurvey {
  private final LongHashSet opened;
  private final LongHashSet neverLoaded = new LongHashSet();
  private final LongHashSet grants = new LongHashSet();
  private final long poolMinor;
  private final long backingMinor;

  private CardSurvey(int cards, long poolMinor, long backingMinor) {
    // Room at once: growing would enter every card twice or more.
    this.opened = new LongHashSet(2 * cards + 8);
    this.poolMinor = poolMinor;
    this.backingMinor = backingMinor;
  }

  /** Of an engine that nobody else uses yet. */
  static CardSurvey of(Engine engine) {
    CardSurvey survey = new CardSurvey(engine.cards(), engine.poolPaidInMinor(), engine.backingMinor());
    engine.visitCards((cardId, tokenStart, isLoaded) -> {
      survey.opened.add(tokenStart);
      if (!isLoaded) {
        survey.neverLoaded.add(tokenStart);
      }
    });
    engine.visitGrants(survey.grants::add);
    return survey;
  }

  /** Whether the card of that {@link #keyOf key} was opened. */
  boolean isOpen(long key) {
    return opened.contains(key);
  }

  /** Whether the card of that key was loaded at least once. */
  boolean isLoaded(long key) {
    return opened.contains(key) && !neverLoaded.contains(key);
  }

  /** Whether an approval or earmark was granted with that key, and is still kept. */
  boolean isGranted(long grantKey) {
    return grants.contains(grantKey);
  }

  /** How many cards are open. */
  int cards() {
    return opened.size();
  }

  /** Kronor paid into the pools so far, ore. */
  long poolMinor() {
    return poolMinor;
  }

  /** Kronor paid into the treasury so far, ore. */
  long backingMinor() {
    return backingMinor;
  }

  /** Notes a card that this start has opened. */
  void opened(long key) {
    opened.add(key);
    neverLoaded.add(key);
  }

  /** What a card is known by here. */
  static long keyOf(byte[] panToken) {
    return new UnsafeBuffer(panToken).getLong(0);
  }
}
