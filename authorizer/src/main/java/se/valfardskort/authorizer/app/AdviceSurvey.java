package se.valfardskort.authorizer.app;

import java.util.Map;
import java.util.TreeMap;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * Looks over a replay's shoulder: what each partner's messages were flagged for. Owned by one thread.
 *
 * <p>Counts decisions, each once: a repeat is not journaled.
 */
final class AdviceSurvey implements BoundedJournal.Watcher {
  /** What one partner's messages came to. */
  static final class Counts {
    long advices;
    long standIn;
    long noHold;
    long overTolerance;
    long late;
    long afterReversal;
    long repeatedCompletion;
    long hjartanToCash;
    long overdrawn;
    long refundWaiting;
  }

  private final Map<Integer, Counts> partners = new TreeMap<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();

  /** By partner id, ascending; only partners that sent anything. */
  Map<Integer, Counts> partners() {
    return partners;
  }

  @Override
  public void before(JournalRecord record) {
    // Counted once the replay has taken it.
  }

  @Override
  public void after(JournalRecord record) {
    if (record.kind != Journal.Kind.DECIDED
        || header.wrap(record.buffer, record.commandOffset).templateId() != CardRequestDecoder.TEMPLATE_ID) {
      return;
    }
    request.wrapAndApplyHeader(record.buffer, record.commandOffset, header);
    Counts counts = partners.computeIfAbsent(request.partnerId(), id -> new Counts());
    counts.advices += request.flags().advice() ? 1 : 0;
    decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    DecisionFlagsDecoder flags = decision.flags();
    counts.standIn += flags.standIn() ? 1 : 0;
    counts.noHold += flags.noHold() ? 1 : 0;
    counts.overTolerance += flags.overTolerance() ? 1 : 0;
    counts.late += flags.late() ? 1 : 0;
    counts.afterReversal += flags.afterReversal() ? 1 : 0;
    counts.repeatedCompletion += flags.repeatedCompletion() ? 1 : 0;
    counts.hjartanToCash += flags.hjartanToCash() ? 1 : 0;
    counts.overdrawn += flags.overdrawn() ? 1 : 0;
    counts.refundWaiting += flags.refundWaiting() ? 1 : 0;
  }
}
