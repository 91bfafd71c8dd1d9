package se.valfardskort.authorizer.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.CommandKeys;
import se.valfardskort.authorizer.engine.sbe.AccountQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationChunkDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunCloseDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;
import se.valfardskort.authorizer.engine.sbe.RequestFlagsDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.TickDecoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundDecoder;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * Reads journaled records into named values, for people and programs. Owned by one thread; allocates.
 *
 * <p>A card is the first eight bytes of its panToken: there is no PAN in a journal. Amounts are minor units. What a
 * message did not carry is left out.
 */
public final class RecordFields {
  private static final int TOKEN_SHOWN = 8;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final SettlementRequestDecoder settlement = new SettlementRequestDecoder();
  private final TickDecoder tick = new TickDecoder();
  private final CardOpenDecoder open = new CardOpenDecoder();
  private final LoadDecoder load = new LoadDecoder();
  private final LoadRunOpenDecoder runOpen = new LoadRunOpenDecoder();
  private final LoadRunCloseDecoder runClose = new LoadRunCloseDecoder();
  private final LoadRunQueryDecoder runQuery = new LoadRunQueryDecoder();
  private final PurseMoveDecoder purseMove = new PurseMoveDecoder();
  private final CardStatusChangeDecoder statusChange = new CardStatusChangeDecoder();
  private final AccountQueryDecoder query = new AccountQueryDecoder();
  private final PoolFundDecoder pool = new PoolFundDecoder();
  private final TreasuryFundDecoder treasury = new TreasuryFundDecoder();
  private final ApprovalGrantDecoder grant = new ApprovalGrantDecoder();
  private final ApprovalRevokeDecoder revoke = new ApprovalRevokeDecoder();
  private final ConfigurationChunkDecoder chunk = new ConfigurationChunkDecoder();
  private final ConfigurationActivateDecoder activate = new ConfigurationActivateDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();

  /** All of a record: where it stands, then command and decision. */
  public Map<String, Object> of(JournalRecord record) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sequence", record.sequence);
    all.put("time", Instant.ofEpochMilli(record.timeMs).toString());
    all.put("epoch", record.epoch);
    all.put("kind", record.kind.name().toLowerCase(Locale.ROOT));
    all.put("command", command(record));
    all.put("decision", decision(record));
    return all;
  }

  /** What sort of command it is: a word a template. */
  public String commandName(JournalRecord record) {
    return switch (header.wrap(record.buffer, record.commandOffset).templateId()) {
      case CardRequestDecoder.TEMPLATE_ID -> "card-request";
      case SettlementRequestDecoder.TEMPLATE_ID -> "settlement-request";
      case TickDecoder.TEMPLATE_ID -> "tick";
      case CardOpenDecoder.TEMPLATE_ID -> "card-open";
      case LoadDecoder.TEMPLATE_ID -> "load";
      case LoadRunOpenDecoder.TEMPLATE_ID -> "load-run-open";
      case LoadRunCloseDecoder.TEMPLATE_ID -> "load-run-close";
      case LoadRunQueryDecoder.TEMPLATE_ID -> "load-run-query";
      case PurseMoveDecoder.TEMPLATE_ID -> "purse-move";
      case CardStatusChangeDecoder.TEMPLATE_ID -> "card-status-change";
      case AccountQueryDecoder.TEMPLATE_ID -> "account-query";
      case PoolFundDecoder.TEMPLATE_ID -> "pool-fund";
      case TreasuryFundDecoder.TEMPLATE_ID -> "treasury-fund";
      case ApprovalGrantDecoder.TEMPLATE_ID -> "approval-grant";
      case ApprovalRevokeDecoder.TEMPLATE_ID -> "approval-revoke";
      case EarmarkGrantDecoder.TEMPLATE_ID -> "earmark-grant";
      case EarmarkEndDecoder.TEMPLATE_ID -> "earmark-end";
      case ConfigurationChunkDecoder.TEMPLATE_ID -> "configuration-chunk";
      case ConfigurationActivateDecoder.TEMPLATE_ID -> "configuration-activate";
      default -> {
        String name = OfferFields.nameOf(header.templateId());
        yield name.isEmpty() ? "template-" + header.templateId() : name;
      }
    };
  }

  /** Where the record's panToken lies in its buffer; -1: its command names no card. */
  public static int tokenOffset(JournalRecord record) {
    return CommandKeys.tokenOffset(record.buffer, record.commandOffset);
  }

  /** The reason's name; {@code approved}; {@code unreadable}: no decision could be made of it. */
  public String reasonName(JournalRecord record) {
    return record.decisionLength == 0
        ? "unreadable"
        : reasonName(decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header).reason());
  }

  /** The name of a stable code. */
  public static String reasonName(int code) {
    if (code == DeclineReason.APPROVED) {
      return "approved";
    }
    return code < CommandRefusal.PROGRAMME_UNKNOWN.code
        ? DeclineReason.ofCode(code).name()
        : CommandRefusal.ofCode(code).name();
  }

  /** The command: its type and what it says. */
  public Map<String, Object> command(JournalRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", commandName(record));
    int at = record.commandOffset;
    int token = tokenOffset(record);
    if (token >= 0) {
      fields.put("panTokenBegins", tokenStart(record.buffer, token));
    }
    switch (header.wrap(record.buffer, at).templateId()) {
      case CardRequestDecoder.TEMPLATE_ID -> put(fields, request.wrapAndApplyHeader(record.buffer, at, header));
      case SettlementRequestDecoder.TEMPLATE_ID ->
          put(fields, settlement.wrapAndApplyHeader(record.buffer, at, header));
      case TickDecoder.TEMPLATE_ID ->
          fields.put("maximumExpiries", tick.wrapAndApplyHeader(record.buffer, at, header).maximumExpiries());
      case CardOpenDecoder.TEMPLATE_ID -> {
        open.wrapAndApplyHeader(record.buffer, at, header);
        fields.put("account", open.accountId());
        fields.put("programme", open.programmeId());
        fields.put("baz", open.bazId());
        fields.put("status", open.status().name());
      }
      case LoadDecoder.TEMPLATE_ID -> {
        load.wrapAndApplyHeader(record.buffer, at, header);
        fields.put("period", load.period());
        fields.put("cashMinor", load.cashMinor());
        fields.put("hjartanMinor", load.hjartanMinor());
        LoadFields.putRun(fields, load);
      }
      case LoadRunOpenDecoder.TEMPLATE_ID ->
          LoadFields.put(fields, runOpen.wrapAndApplyHeader(record.buffer, at, header));
      case LoadRunCloseDecoder.TEMPLATE_ID ->
          LoadFields.put(fields, runClose.wrapAndApplyHeader(record.buffer, at, header));
      case LoadRunQueryDecoder.TEMPLATE_ID ->
          LoadFields.put(fields, runQuery.wrapAndApplyHeader(record.buffer, at, header));
      case PurseMoveDecoder.TEMPLATE_ID ->
          HolderFields.put(fields, purseMove.wrapAndApplyHeader(record.buffer, at, header));
      case CardStatusChangeDecoder.TEMPLATE_ID ->
          HolderFields.put(fields, statusChange.wrapAndApplyHeader(record.buffer, at, header));
      case AccountQueryDecoder.TEMPLATE_ID ->
          HolderFields.put(fields, query.wrapAndApplyHeader(record.buffer, at, header));
      case PoolFundDecoder.TEMPLATE_ID -> {
        pool.wrapAndApplyHeader(record.buffer, at, header);
        fields.put("programme", pool.programmeId());
        fields.put("amountMinor", pool.amountMinor());
      }
      case TreasuryFundDecoder.TEMPLATE_ID ->
          fields.put("amountMinor", treasury.wrapAndApplyHeader(record.buffer, at, header).amountMinor());
      case ApprovalGrantDecoder.TEMPLATE_ID -> put(fields, grant.wrapAndApplyHeader(record.buffer, at, header));
      case ApprovalRevokeDecoder.TEMPLATE_ID -> {
        revoke.wrapAndApplyHeader(record.buffer, at, header);
        fields.put("number", revoke.number());
        putText(fields, "author", revoke.author());
      }
      case EarmarkGrantDecoder.TEMPLATE_ID ->
          HolderFields.put(fields, new EarmarkGrantDecoder().wrapAndApplyHeader(record.buffer, at, header));
      case EarmarkEndDecoder.TEMPLATE_ID ->
          HolderFields.put(fields, new EarmarkEndDecoder().wrapAndApplyHeader(record.buffer, at, header));
      case ConfigurationChunkDecoder.TEMPLATE_ID -> {
        chunk.wrapAndApplyHeader(record.buffer, at, header);
        fields.put("totalLength", chunk.totalLength());
        fields.put("offset", chunk.chunkOffset());
      }
      case ConfigurationActivateDecoder.TEMPLATE_ID ->
          fields.put("sha256", sha256Of(activate.wrapAndApplyHeader(record.buffer, at, header)));
      default -> putOther(fields, record);
    }
    return fields;
  }

  private static String sha256Of(ConfigurationActivateDecoder from) {
    byte[] sha256 = new byte[ConfigurationActivateDecoder.sha256Length()];
    from.getSha256(sha256, 0, sha256.length);
    return HexFormat.of().formatHex(sha256);
  }

  private static void putOther(Map<String, Object> fields, JournalRecord record) {
    if (!OfferFields.put(fields, record.buffer, record.commandOffset)) {
      fields.put("bytes", record.commandLength);
    }
  }

  private static void put(Map<String, Object> fields, CardRequestDecoder from) {
    fields.put("class", from.messageClass().name());
    fields.put("partner", from.partnerId());
    fields.put("processingCode", String.format(Locale.ROOT, "%06d", from.processingCode()));
    fields.put("amountMinor", from.amountMinor());
    if (from.transactionCurrency() != from.amountCurrency()) {
      fields.put("transactionAmountMinor", from.transactionAmountMinor());
    }
    putUnless(fields, "cashbackMinor", from.cashbackMinor(), 0);
    putUnless(fields, "replacementMinor", from.replacementMinor(), CardRequestDecoder.replacementMinorNullValue());
    fields.put("currency", from.transactionCurrency());
    fields.put("mcc", String.format(Locale.ROOT, "%04d", from.mcc()));
    fields.put("merchantCountry", from.merchantCountry());
    fields.put("acquirer", from.acquirer());
    putText(fields, "merchant", from.merchantId());
    putText(fields, "terminal", from.terminalId());
    putText(fields, "rrn", from.rrn());
    putText(fields, "authCode", from.authCode());
    fields.put("stan", from.stan());
    fields.put("transmissionTime", String.format(Locale.ROOT, "%010d", from.transmissionTime()));
    fields.put("posEntryMode", from.posEntryMode());
    putUnless(fields, "faultDe", from.faultDe(), 0);
    fields.put("pin", from.pinCheck().name());
    fields.put("cvv", from.cvvCheck().name());
    fields.put("cryptogram", from.cryptogramCheck().name());
    if (from.flags().originalDataPresent()) {
      fields.put("originalStan", from.originalStan());
      fields.put("originalTransmissionTime", from.originalTransmissionTime());
      fields.put("originalAcquirer", from.originalAcquirer());
    }
    RequestFlagsDecoder flags = from.flags();
    StringBuilder names = new StringBuilder();
    flags.appendTo(names);
    fields.put("flags", names.toString());
  }

  private static void put(Map<String, Object> fields, ApprovalGrantDecoder from) {
    fields.put("reason", from.reason().name());
    fields.put("thisCardOnly", from.thisCardOnly() == 1);
    fields.put("opensSavings", from.opensSavings() == 1);
    fields.put("validFrom", Instant.ofEpochMilli(from.validFromMs()).toString());
    fields.put("validUntil", Instant.ofEpochMilli(from.validUntilMs()).toString());
    putUnless(fields, "amountMinor", from.amountMinor(), ApprovalGrantDecoder.amountMinorNullValue());
    putUnless(fields, "uses", from.uses(), 0);
    List<Integer> countries =
        new ArrayList<>(List.of(from.country1(), from.country2(), from.country3(), from.country4()));
    countries.removeIf(country -> country == 0);
    fields.put("countries", countries);
    putText(fields, "author", from.author());
    List<String> scope = new ArrayList<>();
    for (ApprovalGrantDecoder.ScopeDecoder entry : from.scope()) {
      scope.add(
          switch (entry.kind()) {
            case CATEGORY -> "category " + textOf(entry.category());
            case MCC -> String.format(Locale.ROOT, "MCC %04d", entry.mcc());
            case MERCHANT -> "merchant " + entry.acquirer() + " " + textOf(entry.merchantId());
            case NULL_VAL -> "?";
          });
    }
    fields.put("scope", scope);
  }

  private static void put(Map<String, Object> fields, SettlementRequestDecoder from) {
    fields.put("class", from.messageClass().name());
    fields.put("partner", from.partnerId());
    putUnless(fields, "acquirer", from.acquirer(), SettlementRequestDecoder.acquirerNullValue());
    putUnless(fields, "settlementDate", from.settlementDate(), SettlementRequestDecoder.settlementDateNullValue());
    putUnless(fields, "credits", from.credits(), SettlementRequestDecoder.creditsNullValue());
    putUnless(fields, "creditReversals", from.creditReversals(), SettlementRequestDecoder.creditReversalsNullValue());
    putUnless(fields, "debits", from.debits(), SettlementRequestDecoder.debitsNullValue());
    putUnless(fields, "debitReversals", from.debitReversals(), SettlementRequestDecoder.debitReversalsNullValue());
    putUnless(fields, "creditsMinor", from.creditsMinor(), SettlementRequestDecoder.creditsMinorNullValue());
    putUnless(fields, "debitsMinor", from.debitsMinor(), SettlementRequestDecoder.debitsMinorNullValue());
    putUnless(fields, "netMinor", from.netMinor(), SettlementRequestDecoder.netMinorNullValue());
  }

  /** Null: no decision could be made of the command. */
  public @Nullable Map<String, Object> decision(JournalRecord record) {
    if (record.decisionLength == 0) {
      return null;
    }
    DecisionDecoder from = decision.wrapAndApplyHeader(record.buffer, record.decisionOffset, header);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("reason", reasonName(from.reason()));
    fields.put("code", from.reason());
    fields.put("effect", from.effect().name());
    putText(fields, "responseCode", from.responseCode());
    putText(fields, "authCode", from.authCode());
    putUnless(fields, "faultDe", from.faultDe(), 0);
    putUnless(fields, "card", from.cardId(), -1);
    putUnless(fields, "account", from.accountId(), -1);
    putUnless(fields, "original", from.originalId(), -1);
    fields.put("approvedMinor", from.approvedMinor());
    fields.put("cashMinor", from.cashMinor());
    fields.put("hjartanMinor", from.hjartanMinor());
    putUnless(fields, "cashAvailableMinor", from.cashAvailableMinor(), DecisionDecoder.cashAvailableMinorNullValue());
    putUnless(
        fields, "hjartanAvailableMinor", from.hjartanAvailableMinor(),
        DecisionDecoder.hjartanAvailableMinorNullValue());
    putUnless(
        fields, "savingsAvailableMinor", from.savingsAvailableMinor(),
        DecisionDecoder.savingsAvailableMinorNullValue());
    putUnless(fields, "earmarkMinor", from.earmarkMinor(), DecisionDecoder.earmarkMinorNullValue());
    putUnless(
        fields, "earmarkAvailableMinor", from.earmarkAvailableMinor(),
        DecisionDecoder.earmarkAvailableMinorNullValue());
    DecisionFlagsDecoder flags = from.flags();
    StringBuilder names = new StringBuilder();
    flags.appendTo(names);
    fields.put("flags", names.toString());
    fields.put("digest", HexFormat.of().toHexDigits(from.digest()));
    return fields;
  }

  /** What of a panToken is shown. */
  public static String tokenStart(DirectBuffer bytes, int offset) {
    byte[] start = new byte[TOKEN_SHOWN];
    bytes.getBytes(offset, start);
    return HexFormat.of().formatHex(start);
  }

  private static void putUnless(Map<String, Object> fields, String name, long value, long absent) {
    if (value != absent) {
      fields.put(name, value);
    }
  }

  static void putText(Map<String, Object> fields, String name, String value) {
    String text = textOf(value);
    if (!text.isEmpty()) {
      fields.put(name, text);
    }
  }

  static String textOf(String padded) {
    return padded.replace("\0", "").strip();
  }
}
