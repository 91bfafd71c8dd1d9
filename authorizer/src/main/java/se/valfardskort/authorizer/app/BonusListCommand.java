package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.CommandKeys;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;

/** {@code bonus list}: the payment orders that the journal holds. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the bonuses that were ordered for payout, from the journal, beside a running authorizer too: as CSV with "
          + "a head, or with --json one object a line. The reference is the order's sequence in the journal; the card "
          + "is named by its whole panToken, so that whoever keeps the cards' numbers finds its holder.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE, JournalTask.NO_INPUT_LINE,
        JournalTask.IO_LINE, JournalTask.CONFIGURATION_LINE})
final class BonusListCommand extends JournalTask {
  @Option(names = "--from", paramLabel = "SEQ", defaultValue = "1", description = "first sequence (default: 1)")
  private long from;

  @Option(names = "--json", description = "one JSON object a line; amounts in minor units")
  private boolean json;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final BonusPayoutDecoder command = new BonusPayoutDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();
  private boolean headed;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    try (JournalFolder folder = follow(journal, settings)) {
      JournalReader.fromOldest(folder, JournalReader.Mode.FOLLOW).readAll(this::note);
    }
    if (!headed && !json) {
      out().println("reference,time,account,panToken,year,amount,cash,savings");
    }
    return ExitCode.OK;
  }

  private void note(JournalRecord record) {
    if (record.sequence < from
        || record.decisionLength == 0
        || header.wrap(record.buffer, record.commandOffset).templateId() != BonusPayoutDecoder.TEMPLATE_ID) {
      return;
    }
    command.wrapAndApplyHeader(record.buffer, record.commandOffset, header);
    decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    if (decision.reason() == 0) {
      print(record);
    }
  }

  private void print(JournalRecord record) {
    byte[] token = new byte[CommandKeys.TOKEN_LENGTH];
    record.buffer.getBytes(CommandKeys.tokenOffset(record.buffer, record.commandOffset), token);
    long savingsMinor = decision.approvedMinor() - decision.cashMinor();
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("reference", record.sequence);
    order.put("time", Instant.ofEpochMilli(record.timeMs).toString());
    order.put("account", decision.accountId());
    order.put("panToken", HexFormat.of().formatHex(token));
    order.put("year", command.year());
    if (json) {
      order.put("amountMinor", decision.approvedMinor());
      order.put("cashMinor", decision.cashMinor());
      order.put("savingsMinor", savingsMinor);
      out().println(JsonObject.of(order));
      return;
    }
    order.put("amount", kronor(decision.approvedMinor()));
    order.put("cash", kronor(decision.cashMinor()));
    order.put("savings", kronor(savingsMinor));
    if (!headed) {
      out().println(String.join(",", order.keySet()));
      headed = true;
    }
    out().println(order.values().stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  /** With a point and two decimals, and no other sign. */
  private static String kronor(long amountMinor) {
    return String.format(Locale.ROOT, "%d.%02d", amountMinor / 100, amountMinor % 100);
  }
}
