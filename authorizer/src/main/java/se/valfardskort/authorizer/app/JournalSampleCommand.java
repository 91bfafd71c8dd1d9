package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantVoteDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.explain.RecordFields;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal sample}: what a person is to review. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the purchases that are drawn for review, by a keyed hash and the percentage that the card's programme had "
          + "set when they were decided, every attempt in a blocked category, and every purchase at a merchant that "
          + "the policy or an approval names and that sent another MCC than before. Of the grants that neighbours "
          + "verified it lists those that are drawn, by a percentage of their own. The same ones are drawn each time. "
          + "The card is the first eight bytes of its panToken; the shop is not shown.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE, JournalTask.NO_INPUT_LINE,
        JournalTask.IO_LINE, JournalTask.CONFIGURATION_LINE})
final class JournalSampleCommand extends JournalTask {
  @Option(names = "--from", paramLabel = "SEQ", defaultValue = "1", description = "first sequence (default: 1)")
  private long from;

  @Option(names = "--to", paramLabel = "SEQ", description = "last sequence (default: the newest)")
  private long to = Long.MAX_VALUE;

  @Option(names = "--json", description = "one JSON object a line; amounts in minor units")
  private boolean json;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();
  private long decisions;
  private long drawn;
  private long blocked;
  private long grants;
  private long grantsDrawn;
  private long newMccs;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
    ReviewSample sample = new ReviewSample(settings.panTokenKey().bytes());
    Position end;
    try (JournalFolder folder = follow(journal, settings);
        ReplayRun run = new ReplayRun(journal, folder, settings, from - 1)) {
      Engine engine = run.engine();
      end = run.to(to, JournalReader.Mode.FOLLOW, skips, new BoundedJournal.Watcher() {
        @Override
        public void before(JournalRecord record) {
          // What it came to is known afterwards.
        }

        @Override
        public void after(JournalRecord record) {
          if (record.sequence >= from && isPurchase(record)) {
            look(record, sample, programmeOf(engine, decision.accountId()).reviewPercent());
          } else if (record.sequence >= from && isPaidGrant(record)) {
            lookAtGrant(record, sample, engine);
          }
        }
      });
    }
    if (end.sequence() < from) {
      return fail(ExitCode.NO_INPUT, "the journal in " + journal + " ends at sequence " + end.sequence());
    }
    if (!json) {
      out().println(
          drawn + " of " + decisions + " purchases are drawn, and " + blocked
              + " attempts in blocked categories noted, and " + newMccs
              + " purchases at known merchants that sent another MCC than before");
      out().println(grantsDrawn + " of " + grants + " neighbour-verified grants are drawn");
    }
    return ExitCode.OK;
  }

  /** Reads the record; false where it is no decision on a purchase, or on none of our cards. */
  private boolean isPurchase(JournalRecord record) {
    if (record.decisionLength == 0
        || header.wrap(record.buffer, record.commandOffset).templateId() != CardRequestDecoder.TEMPLATE_ID) {
      return false;
    }
    request.wrapAndApplyHeader(record.buffer, record.commandOffset, header);
    decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    MessageClass messageClass = request.messageClass();
    return decision.accountId() >= 0
        && (messageClass == MessageClass.AUTHORIZATION || messageClass == MessageClass.FINANCIAL);
  }

  /** What the programme of the account said when this was decided. */
  private static Programme programmeOf(Engine engine, int accountId) {
    int programmeId = engine.programmeOf(accountId);
    for (Programme programme : engine.activeConfiguration().programmes()) {
      if (programme.id() == programmeId) {
        return programme;
      }
    }
    throw new IllegalStateException("programme " + programmeId + " has accounts and is not configured");
  }

  /** Reads the record; true where it is the YES that made a grant an earmark. */
  private boolean isPaidGrant(JournalRecord record) {
    if (record.decisionLength == 0
        || header.wrap(record.buffer, record.commandOffset).templateId() != GrantVoteDecoder.TEMPLATE_ID) {
      return false;
    }
    decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    return decision.reason() == 0 && decision.approvedMinor() > 0;
  }

  /** Drawn by the neighbour's panToken, which nobody is shown: the account is the applicant's. */
  private void lookAtGrant(JournalRecord record, ReviewSample sample, Engine engine) {
    int accountId = engine.accountOfGrant(decision.originalId());
    int percent = programmeOf(engine, accountId).offers().grants().reviewPercent();
    int token =
        record.commandOffset + MessageHeaderDecoder.ENCODED_LENGTH + GrantVoteDecoder.panTokenEncodingOffset();
    boolean isDrawn = sample.draws(record.buffer, token, record.sequence, percent);
    grants++;
    grantsDrawn += isDrawn ? 1 : 0;
    if (isDrawn) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("sequence", record.sequence);
      all.put("time", Instant.ofEpochMilli(record.timeMs).toString());
      all.put("drawn", true);
      all.put("grant", decision.originalId());
      all.put("account", accountId);
      all.put("amountMinor", decision.approvedMinor());
      out().println(json ? JsonObject.of(all) : RecordLine.of(all));
    }
  }

  private void look(JournalRecord record, ReviewSample sample, int percent) {
    int token = request.offset() + CardRequestDecoder.panTokenEncodingOffset();
    boolean isDrawn = sample.draws(record.buffer, token, record.sequence, percent);
    boolean isBlocked = decision.flags().blockedCategory();
    boolean isNewMcc = decision.flags().newMcc();
    decisions++;
    drawn += isDrawn ? 1 : 0;
    blocked += isBlocked ? 1 : 0;
    newMccs += isNewMcc ? 1 : 0;
    if (!isDrawn && !isBlocked && !isNewMcc) {
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sequence", record.sequence);
    all.put("time", Instant.ofEpochMilli(record.timeMs).toString());
    all.put("drawn", isDrawn);
    all.put("blockedCategory", isBlocked);
    all.put("newMcc", isNewMcc);
    all.put("panTokenBegins", RecordFields.tokenStart(record.buffer, token));
    all.put("mcc", String.format(Locale.ROOT, "%04d", request.mcc()));
    all.put("amountMinor", request.amountMinor());
    all.put("reason", RecordFields.reasonName(decision.reason()));
    out().println(json ? JsonObject.of(all) : RecordLine.of(all));
  }
}
