package se.valfardskort.benchmarks;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SnapshotKey;

/** Writes a journal of the demonstration as fast as engine and disk can. Owned by one thread. */
final class RecoveryRig implements AutoCloseable {
  private static final int CONFIGURATION_BYTES = 16 << 20;
  private static final int COMMANDS_A_SYNC = 4_096;
  private static final int COMMANDS_A_LINE = 1_000_000;
  private static final int COMMANDS_A_TICK = 100;
  private static final int ROUND = 20;
  private static final int BAZ = 0;
  private static final int EXPIRIES = 256;
  private static final int TOKEN_LENGTH = 32;
  private static final int FOOD = 5411;
  private static final int GAMBLING = 7995;
  private static final long ACQUIRER = 123_456;
  private static final long CASH_MINOR = 7_000_00;
  private static final long HJARTAN_MINOR = 3_000_00;
  private static final long START_MS = 1_790_000_000_000L;

  private final JournalFolder folder;
  private final Engine engine;
  private final FileJournal journal;
  private final ConfigurationFolder.Loaded loaded;
  private final CardPlan plan;
  private final CardTokens tokens;
  private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[2_048]);
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
  private final CardRequestEncoder request = new CardRequestEncoder();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private byte[] allTokens = new byte[0];
  private long sequence;
  private long timeMs = START_MS;

  RecoveryRig(JournalFolder folder, Engine engine, ConfigurationFolder.Loaded loaded) throws IOException {
    this.folder = folder;
    this.engine = engine;
    this.loaded = loaded;
    this.plan = plan(loaded);
    this.tokens = new CardTokens(loaded.settings().panTokenKey());
    folder.settleKeyCheck(loaded.settings().panTokenKey().check());
    folder.settleAnswersRemembered(loaded.settings().capacity().requests());
    journal =
        FileJournal.open(
            folder, JournalSettings.defaults().withDurability(JournalSettings.Durability.OS), JournalReader.Tail.EMPTY);
  }

  static CardPlan plan(ConfigurationFolder.Loaded loaded) {
    CardPlan plan = loaded.cards();
    if (plan == null) {
      throw new IllegalStateException("config/demo has no cards.yaml");
    }
    return plan;
  }

  static EngineCapacity capacity(ConfigurationFolder.Loaded loaded) {
    AuthorizerSettings.Capacity room = loaded.settings().capacity();
    return new EngineCapacity(
        room.cards(), room.cards(), room.originals(), room.requests(), room.merchants(),
        ConfigurationFolder.CAPPED_CATEGORIES, CONFIGURATION_BYTES);
  }

  SnapshotKey key() throws IOException {
    journal.sync();
    return new SnapshotKey(
        sequence, timeMs, folder.epoch(), engine.digest(), Core.VERSION, folder.keyCheck(),
        folder.answersRemembered());
  }

  /** Opens and loads {@code cards} cards of the plan: the special ones as ordinary as the others. */
  void open(int cards) throws IOException {
    CardPlan all = plan.withOrdinaryCount(cards - plan.special().size());
    configure();
    apply(Commands.poolFund(scratch, 0, all.programmeId(), Math.max(CASH_MINOR, all.poolPerCardMinor()) * cards));
    apply(Commands.treasuryFund(scratch, 0, Math.max(HJARTAN_MINOR, all.backingPerCardMinor()) * cards));
    allTokens = new byte[cards * TOKEN_LENGTH];
    UnsafeBuffer token = new UnsafeBuffer(new byte[TOKEN_LENGTH]);
    for (int card = 0; card < cards; card++) {
      CardPlan.PlannedCard planned = all.card(card);
      token.wrap(tokens.token(all.bin(), planned.number()));
      token.getBytes(0, allTokens, card * TOKEN_LENGTH, TOKEN_LENGTH);
      apply(Commands.cardOpen(
          scratch, 0, token, 0, -1, all.programmeId(), BAZ, planned.expiryYearMonth(), CardStatus.ACTIVE, 3));
      apply(Commands.load(scratch, 0, token, 0, 0, CASH_MINOR, HJARTAN_MINOR));
    }
  }

  private void configure() throws IOException {
    byte[] bytes = ConfigurationCodec.encode(loaded.configuration());
    for (int index = 0; index < Commands.configurationChunks(bytes.length); index++) {
      apply(Commands.configurationChunk(scratch, 0, bytes, index));
    }
    apply(Commands.configurationActivate(scratch, 0, bytes));
  }

  /**
   * Sends so many commands of the mix; each purchase by a card that comes in no order. The last two of a round speak of
   * its last approved purchase but one, and of its last.
   */
  void send(int commands, int cards) throws IOException {
    long walk = 0;
    int beforeLast = 0;
    int last = 0;
    for (int number = 0; number < commands; number++) {
      if (number > 0 && number % COMMANDS_A_LINE == 0) {
        System.out.println("journaled " + number + " of " + commands + " commands");
      }
      timeMs += number % 128 == 0 ? 1 : 0;
      if (number % COMMANDS_A_TICK == COMMANDS_A_TICK - 1) {
        apply(Commands.tick(scratch, 0, EXPIRIES));
        continue;
      }
      walk += 0x9E37_79B9_7F4A_7C15L;
      int card = (int) Math.unsignedMultiplyHigh(mix(walk), cards);
      switch (number % ROUND) {
        case 15, 16, 17 -> write(number, number, card, MessageClass.AUTHORIZATION, GAMBLING);
        case 18 -> write(number, number - 5, beforeLast, MessageClass.REVERSAL, FOOD);
        case 19 -> write(number, number - 5, last, MessageClass.FINANCIAL, FOOD);
        default -> {
          write(number, number, card, MessageClass.AUTHORIZATION, FOOD);
          beforeLast = last;
          last = card;
        }
      }
      apply(MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.BLOCK_LENGTH);
    }
    journal.sync();
  }

  /** @param original number of the request that it speaks of; itself where it is none */
  private void write(int number, int original, int card, MessageClass messageClass, int mcc) {
    scratch.setMemory(0, MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.BLOCK_LENGTH, (byte) 0);
    request.wrapAndApplyHeader(scratch, 0, header);
    request.requestKeyHigh(mix(number)).requestKeyLow(number).fingerprint(1);
    request.putPanToken(allTokens, card * TOKEN_LENGTH, TOKEN_LENGTH);
    boolean speaksOfOther = original != number;
    request
        .flags()
        .clear()
        .panPresent(true)
        .panCheckDigitOk(true)
        .amountPresent(true)
        .originalDataPresent(speaksOfOther);
    request
        .partnerId(1)
        .messageClass(messageClass)
        .amountMinor(1_00)
        .transactionAmountMinor(1_00)
        .replacementMinor(CardRequestEncoder.replacementMinorNullValue())
        .transactionCurrency(752)
        .amountCurrency(752)
        .mcc(mcc)
        .merchantCountry(752)
        .expiryYearMonth(CardRequestEncoder.expiryYearMonthNullValue())
        .posEntryMode(51)
        .stan(number % 1_000_000)
        .transmissionTime(CardRequestEncoder.transmissionTimeNullValue())
        .identityTime(0)
        .settlementDate(CardRequestEncoder.settlementDateNullValue())
        .acquirer(ACQUIRER)
        .rrn("600000000001")
        .terminalId("TERM0001")
        .merchantId("ICA000000000001");
    if (speaksOfOther) {
      request.originalMti(100).originalStan(original % 1_000_000);
      request.originalTransmissionTime(0).originalAcquirer(ACQUIRER);
    } else {
      request
          .originalMti(CardRequestEncoder.originalMtiNullValue())
          .originalStan(CardRequestEncoder.originalStanNullValue())
          .originalTransmissionTime(CardRequestEncoder.originalTransmissionTimeNullValue())
          .originalAcquirer(CardRequestEncoder.originalAcquirerNullValue());
    }
  }

  /** Decides, applies and appends what lies in {@link #scratch}. */
  private void apply(int length) throws IOException {
    sequence++;
    engine.decide(scratch, 0, length, timeMs, decision, 0);
    engine.apply(scratch, 0, length, timeMs, decision, 0);
    journal.append(
        Journal.Kind.DECIDED, sequence, timeMs, scratch, 0, length, decision, 0, engine.decisionLength());
    if (sequence % COMMANDS_A_SYNC == 0) {
      journal.sync();
    }
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }

  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
