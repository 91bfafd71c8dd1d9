package se.valfardskort.authorizer.app;

import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundDecoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;

/**
 * Looks over recovery's shoulder: which cards are open and loaded, what was paid in.
 *
 * <p>So the start can tell what is still to be sent, also where an earlier start was cut off half-way: nothing is
 * opened or paid in twice. Owned by the thread that starts the application. A card is known here by 64 bits of its
 * token.
 */
final class JournalSurvey extends ObservedJournal {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();
  private final CardOpenDecoder open = new CardOpenDecoder();
  private final LoadDecoder load = new LoadDecoder();
  private final PoolFundDecoder pool = new PoolFundDecoder();
  private final TreasuryFundDecoder treasury = new TreasuryFundDecoder();
  private final byte[] token = new byte[CardOpenDecoder.panTokenLength()];
  private final LongHashSet opened = new LongHashSet();
  private final LongHashSet loaded = new LongHashSet();
  private long poolMinor;
  private long backingMinor;

  JournalSurvey(JournalSource source) {
    super(source);
  }

  /** Whether the card was opened. */
  boolean isOpen(byte[] panToken) {
    return opened.contains(keyOf(panToken));
  }

  /** Whether the card was loaded at least once. */
  boolean isLoaded(byte[] panToken) {
    return loaded.contains(keyOf(panToken));
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
  void opened(byte[] panToken) {
    opened.add(keyOf(panToken));
  }

  @Override
  void note(JournalRecord record) {
    if (record.kind != Journal.Kind.DECIDED) {
      return;
    }
    decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    if (decision.reason() != 0) {
      return;
    }
    header.wrap(record.buffer, record.commandOffset);
    switch (header.templateId()) {
      case CardOpenDecoder.TEMPLATE_ID -> {
        open.wrapAndApplyHeader(record.buffer, record.commandOffset, header).getPanToken(token, 0, token.length);
        opened.add(keyOf(token));
      }
      case LoadDecoder.TEMPLATE_ID -> {
        load.wrapAndApplyHeader(record.buffer, record.commandOffset, header).getPanToken(token, 0, token.length);
        loaded.add(keyOf(token));
      }
      case PoolFundDecoder.TEMPLATE_ID ->
          poolMinor += pool.wrapAndApplyHeader(record.buffer, record.commandOffset, header).amountMinor();
      case TreasuryFundDecoder.TEMPLATE_ID ->
          backingMinor += treasury.wrapAndApplyHeader(record.buffer, record.commandOffset, header).amountMinor();
      default -> {
        // The rest is the engine's business alone.
      }
    }
  }

  private static long keyOf(byte[] panToken) {
    return new UnsafeBuffer(panToken).getLong(0);
  }
}
