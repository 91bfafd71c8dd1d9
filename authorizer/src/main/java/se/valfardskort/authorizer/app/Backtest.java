package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ArrayStore;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.engine.WhatIf;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.explain.RecordFields;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * What a candidate policy would have answered: the engine comes to the window's beginning as it was, compared record by
 * record; there the candidate takes the programme's place, and from there on the engine is given the commands that are
 * on record and goes its own way, with purses, holds, counters and approvals of its own. Each of its decisions is
 * compared with the one on record. One thread; of what it finds, nothing is kept but counts.
 *
 * <p>A network names what it speaks of by what it was told. What the candidate says is therefore known by the DE 38 on
 * record, where both approved, and by one that no network was ever told where only the candidate did; an approval that
 * is revoked is the one that the same command granted here, and so with earmarks.
 *
 * <p>A configuration that was activated within the window is taken over, but for the candidate's programme.
 */
final class Backtest {
  /** Room for a configuration and no cards. */
  private static final EngineCapacity LENS = new EngineCapacity(1, 1, 1, 1, 1, 1, 1);

  private static final int BETWEEN_PROGRESS = 1 << 18;
  private static final int AUTH_CODE_LENGTH = DecisionDecoder.authCodeLength();
  private static final byte TOLD_NOBODY = '*';

  private final Engine engine;
  private final WhatIf candidateView;
  private final WhatIf live;
  private final CandidatePolicy candidate;
  private final long from;
  private final Skips skips;
  private final BacktestReport report;
  private final RecordFields fields = new RecordFields();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final DecisionDecoder then = new DecisionDecoder();
  private final DecisionDecoder now = new DecisionDecoder();
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[Slot.DECISION_CAPACITY]);
  private final UnsafeBuffer command = new UnsafeBuffer(new byte[Slot.COMMAND_CAPACITY]);

  /** Number of an approval or earmark here by its number on record, where the two are not the same. */
  private final Map<Long, Long> grants = new HashMap<>();

  /** What the candidate takes its place in, as it came. */
  private byte[] liveBytes = new byte[0];

  private boolean begun;
  private boolean inForce;
  private long records;

  /**
   * Does nothing yet.
   *
   * @param engine as it was before the first record that it will be shown
   * @param capacity room that the engine has
   * @param from first sequence that the candidate decides
   * @param skips what a person has had skipped
   */
  Backtest(
      Engine engine, EngineCapacity capacity, CandidatePolicy candidate, long from, Skips skips,
      BacktestReport report) {
    this.engine = engine;
    this.candidate = candidate;
    this.from = from;
    this.skips = skips;
    this.report = report;
    candidateView = engine.whatIf();
    EngineCapacity room =
        new EngineCapacity(
            LENS.cards(), LENS.accounts(), LENS.originals(), LENS.requests(), capacity.merchants(),
            capacity.cappedCategories(), capacity.configurationBytes());
    live = new Engine(new ArrayStore(), room).whatIf();
  }

  /**
   * Plays what {@code source} holds.
   *
   * @return place of the last record
   * @throws CandidatePolicy.MisfitException when the candidate cannot stand in the programme's place
   * @throws se.valfardskort.authorizer.pipeline.ReplayDifference when a record before the window is decided otherwise
   *     than it was
   */
  Position run(JournalSource source, Recovery.Progress progress) throws IOException {
    return Recovery.follow(new Divided(source, progress), engine, progress, skips);
  }

  /** Whether the programme was there to be replaced. */
  boolean wasInForce() {
    return inForce;
  }

  /** Up to the window for whoever replays, from there on for the candidate. */
  private final class Divided implements JournalSource {
    private final JournalSource source;
    private final Recovery.Progress progress;

    Divided(JournalSource source, Recovery.Progress progress) {
      this.source = source;
      this.progress = progress;
    }

    @Override
    public Position readAll(Visitor visitor) throws IOException {
      return source.readAll(record -> {
        if (record.sequence < from) {
          visitor.record(record);
          return;
        }
        play(record);
        records++;
        if (records % BETWEEN_PROGRESS == 0) {
          progress.recovered(records, bytesRead(), bytesTotal());
        }
      });
    }

    @Override
    public long bytesRead() {
      return source.bytesRead();
    }

    @Override
    public long bytesTotal() {
      return source.bytesTotal();
    }
  }

  private void play(JournalRecord record) {
    Recovery.requireVersion(record);
    if (!begun) {
      begun = true;
      put(engine.activeConfiguration());
    }
    if (record.kind != Journal.Kind.DECIDED || skips.skips(record.sequence)) {
      return;
    }
    then.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    int template = header.wrap(record.buffer, record.commandOffset).templateId();
    if (template == ConfigurationActivateDecoder.TEMPLATE_ID) {
      Configuration sent = then.reason() == 0 ? candidateView.sent() : null;
      if (sent != null) {
        put(sent);
      }
      return;
    }
    boolean rewritten = endsGrant(template) && rename(record);
    decide(record, rewritten ? command : record.buffer, rewritten ? 0 : record.commandOffset);
    if (template == ApprovalGrantDecoder.TEMPLATE_ID || template == EarmarkGrantDecoder.TEMPLATE_ID) {
      noteGrant();
    }
    if (template == CardRequestDecoder.TEMPLATE_ID) {
      compareRequest(record);
    } else if (differs()) {
      report.follows(fields.commandName(record), outcome(then), outcome(now), 0);
    }
    report.counted(record);
  }

  /** Makes it the law that holds, with the candidate in the place of its programme. */
  private void put(Configuration configuration) {
    if (configuration.programmes().isEmpty()) {
      return;
    }
    liveBytes = ConfigurationCodec.encode(configuration);
    String fault = live.assume(configuration);
    if (fault.isEmpty()) {
      inForce |= candidate.isIn(configuration);
      fault = candidateView.assume(candidate.in(configuration));
    }
    if (!fault.isEmpty()) {
      throw new CandidatePolicy.MisfitException("the policy cannot be put in force: " + fault);
    }
  }

  private void decide(JournalRecord record, DirectBuffer bytes, int offset) {
    engine.decide(bytes, offset, record.commandLength, record.timeMs, decision, 0);
    now.wrapAndApplyHeader(decision, 0, header);
    keepAuthCode();
    engine.apply(bytes, offset, record.commandLength, record.timeMs, decision, 0);
  }

  /** What later commands on record will call it by. */
  private void keepAuthCode() {
    int here = now.offset() + DecisionDecoder.authCodeEncodingOffset();
    int there = then.offset() + DecisionDecoder.authCodeEncodingOffset();
    if (decision.getByte(here) == 0) {
      return;
    }
    if (then.buffer().getByte(there) == 0) {
      decision.putByte(here, TOLD_NOBODY);
    } else {
      decision.putBytes(here, then.buffer(), there, AUTH_CODE_LENGTH);
    }
  }

  private static boolean endsGrant(int template) {
    return template == ApprovalRevokeDecoder.TEMPLATE_ID || template == EarmarkEndDecoder.TEMPLATE_ID;
  }

  private void noteGrant() {
    boolean granted = then.reason() == 0;
    long here = now.reason() == 0 ? now.originalId() : -1;
    if (granted && here != then.originalId()) {
      grants.put((long) then.originalId(), here);
    }
  }

  /** Copies the end of a grant with the grant's number here; false: it has the same number. */
  private boolean rename(JournalRecord record) {
    boolean earmark = header.wrap(record.buffer, record.commandOffset).templateId() == EarmarkEndDecoder.TEMPLATE_ID;
    int place =
        MessageHeaderDecoder.ENCODED_LENGTH
            + (earmark ? EarmarkEndDecoder.numberEncodingOffset() : ApprovalRevokeDecoder.numberEncodingOffset());
    Long number = grants.get(record.buffer.getLong(record.commandOffset + place, ApprovalRevokeDecoder.BYTE_ORDER));
    if (number == null) {
      return false;
    }
    command.putBytes(0, record.buffer, record.commandOffset, record.commandLength);
    command.putLong(place, number, ApprovalRevokeDecoder.BYTE_ORDER);
    return true;
  }

  private void compareRequest(JournalRecord record) {
    request.wrapAndApplyHeader(record.buffer, record.commandOffset, header);
    if (!asksToPay()) {
      if (differs()) {
        report.follows(follower(), outcome(then), outcome(now), request.amountMinor());
      }
      return;
    }
    int account = now.accountId();
    int programme = account < 0 ? -1 : engine.programmeOf(account);
    report.purchase(then.reason() == 0, then.approvedMinor(), now.reason() == 0, now.approvedMinor());
    if (differs()) {
      report.differs(
          new PolicyAnswer.Difference(
              record.sequence,
              record.timeMs,
              account,
              RecordFields.tokenStart(record.buffer, request.offset() + CardRequestDecoder.panTokenEncodingOffset()),
              programme,
              request.mcc(),
              request.amountMinor(),
              isFollowUp(),
              answer(then, live.categoryOf(programme, record.buffer, record.commandOffset)),
              answer(now, candidateView.categoryOf(programme, record.buffer, record.commandOffset))));
    }
  }

  /** A holder's wish to pay or to draw cash: what a policy answers. */
  private boolean asksToPay() {
    MessageClass kind = request.messageClass();
    long type = request.processingCode() / 10_000;
    return (kind == MessageClass.AUTHORIZATION || kind == MessageClass.FINANCIAL)
        && !request.flags().advice()
        && (type == 0 || type == 1 || type == 9);
  }

  /** It raised or completed a hold, here or on record: what was said of the hold before counts in it. */
  private boolean isFollowUp() {
    return names(then) || names(now);
  }

  private static boolean names(DecisionDecoder decision) {
    return switch (decision.effect()) {
      case RAISE, COMPLETE -> true;
      default -> false;
    };
  }

  private boolean differs() {
    return then.reason() != now.reason()
        || then.approvedMinor() != now.approvedMinor()
        || then.hjartanMinor() != now.hjartanMinor()
        || then.cashMinor() != now.cashMinor()
        || earmarkMinor(then) != earmarkMinor(now);
  }

  private String follower() {
    boolean authorization = request.messageClass() == MessageClass.AUTHORIZATION;
    if (request.messageClass() == MessageClass.REVERSAL) {
      return "reversal";
    }
    if (request.processingCode() / 100_000 == 2) {
      return "refund";
    }
    return request.flags().advice() ? (authorization ? "authorization-advice" : "completion-advice") : "other-request";
  }

  private static PolicyAnswer answer(DecisionDecoder decision, String category) {
    return new PolicyAnswer(
        category, outcome(decision), decision.approvedMinor(), decision.cashMinor(), decision.hjartanMinor(),
        earmarkMinor(decision));
  }

  private static long earmarkMinor(DecisionDecoder decision) {
    return decision.earmarkMinor() == DecisionDecoder.earmarkMinorNullValue() ? 0 : decision.earmarkMinor();
  }

  /** {@code approved}, {@code approved-in-part}, or the reason's name. */
  private static String outcome(DecisionDecoder decision) {
    boolean inPart = decision.reason() == DeclineReason.APPROVED && decision.flags().approvedInPart();
    return inPart ? "approved-in-part" : RecordFields.reasonName(decision.reason());
  }

  /** For whoever goes on later: bytes of the configuration that is the law, without the candidate. */
  byte[] live() {
    return liveBytes.clone();
  }

  /** For whoever goes on later: see {@link #goOn}. */
  Map<Long, Long> grants() {
    return grants;
  }

  /**
   * Goes on where an earlier run ended, whose engine this one's was filled from.
   *
   * @param configuration that was the law then, without the candidate
   */
  void goOn(Configuration configuration, Map<Long, Long> earlierGrants) {
    begun = true;
    grants.putAll(earlierGrants);
    put(configuration);
  }
}
