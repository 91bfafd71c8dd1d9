package se.valfardskort.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.engine.EngineStore;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/**
 * An engine under measurement, in a steady state, and what is asked of it.
 *
 * <p>The policy is the shipped one. Cards come in no order, every request has a key of its own, and time passes so that
 * as many remembered holds fall out as come in: tables stay as full as they are at the start, with one hold a card and
 * at least 200,000, half of them open.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls open() before anything else.
public abstract class EngineRig {
  /** How often a tick comes where purchases and ticks alternate. */
  static final int REQUESTS_A_TICK = 64;
  /** Purchases, or ticks for so many purchases, that are timed at once. */
  static final int BATCH = 4_096;
  private static final int APPROVED = 0;
  private static final int PROGRAMME = 1;
  private static final int BAZ = 0;
  private static final int FEWEST_ORIGINALS = 200_000;
  private static final int EXPIRES = 4912;
  private static final long START_MS = 1_790_000_000_000L;
  private static final long HOLD_MS = 7 * 86_400_000L;
  private static final long CASH_MINOR = 7_000_00;
  private static final long HJARTAN_MINOR = 3_000_00;

  /** Where the state lives. */
  @Param({"CHRONICLE", "ARRAY"})
  public StoreKind store;

  /** Cards, each with an account of its own. */
  @Param({"10000", "1000000"})
  public int cards;

  final UnsafeBuffer shop = new UnsafeBuffer(new byte[512]);
  final UnsafeBuffer provider = new UnsafeBuffer(new byte[512]);
  final UnsafeBuffer gambling = new UnsafeBuffer(new byte[512]);
  private final UnsafeBuffer tick = new UnsafeBuffer(new byte[64]);
  private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1024]);
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
  private final CardRequestEncoder request = new CardRequestEncoder();

  private EngineStore opened;
  private Engine engine;
  private int tickLength;
  private long requests;
  private long walk;
  private double timeMs = START_MS;
  private double stepMs;

  /** Opens the cards and fills the tables to where they will stay. */
  @Setup(Level.Trial)
  public void open() throws ConfigurationException {
    opened = store.open();
    int originals = Math.max(cards, FEWEST_ORIGINALS);
    int room = originals + originals / 5;
    engine = new Engine(opened, new EngineCapacity(cards, cards, room, originals, 1_000, 8, 1 << 20));
    configure();
    operator(Commands.poolFund(scratch, 0, PROGRAMME, CASH_MINOR * cards));
    operator(Commands.treasuryFund(scratch, 0, HJARTAN_MINOR * cards));
    UnsafeBuffer token = new UnsafeBuffer(new byte[32]);
    for (int card = 0; card < cards; card++) {
      writeToken(token, 0, card);
      operator(Commands.cardOpen(scratch, 0, token, 0, -1, PROGRAMME, BAZ, EXPIRES, CardStatus.ACTIVE, 3));
      operator(Commands.load(scratch, 0, token, 0, 0, CASH_MINOR, HJARTAN_MINOR));
    }
    writeRequest(shop, 5411, "ICA000000000001");
    writeRequest(provider, 8351, "BARNKOOP0000001");
    writeRequest(gambling, 7995, "CASINO000000001");
    tickLength = Commands.tick(tick, 0, 4 * REQUESTS_A_TICK);
    stepMs = HOLD_MS / (originals / 2.0);
    for (int number = 0; number < originals + originals / 10; number++) {
      send(shop);
    }
    // As many again that are declined: the ring of answers without an original fills, and time stands still meanwhile.
    double step = stepMs;
    stepMs = 0;
    for (int number = 0; number < originals; number++) {
      send(gambling);
    }
    stepMs = step;
    engine.checkInvariants();
  }

  /** Gives the memory back. */
  @TearDown(Level.Trial)
  public void close() {
    opened.close();
  }

  /** Checks that a request was approved. */
  final int approved(int reason) {
    if (reason != APPROVED) {
      throw new IllegalStateException("declined with reason " + reason + " with " + engine.originals() + " originals");
    }
    return reason;
  }

  /** {@value #BATCH} purchases in a row, paid from CASH. */
  final void purchases() {
    for (int number = 0; number < BATCH; number++) {
      approved(request(shop));
    }
  }

  /** Ticks enough for {@value #BATCH} purchases: as many older holds expire, and as many are forgotten. */
  final void ticks() {
    for (int number = 0; number < BATCH; number += REQUESTS_A_TICK) {
      passTime();
    }
  }

  /** A request, and a tick where its turn has come; returns the reason of the decision. */
  final int send(UnsafeBuffer command) {
    int reason = request(command);
    if (requests % REQUESTS_A_TICK == 0) {
      passTime();
    }
    return reason;
  }

  private void passTime() {
    engine.decide(tick, 0, tickLength, (long) timeMs, decision, 0);
    engine.apply(tick, 0, tickLength, (long) timeMs, decision, 0);
  }

  private int request(UnsafeBuffer command) {
    timeMs += stepMs;
    requests++;
    walk += 0x9E37_79B9_7F4A_7C15L;
    request.wrap(command, MessageHeaderEncoder.ENCODED_LENGTH);
    request.requestKeyHigh(mix(requests)).requestKeyLow(requests);
    request.stan(requests % 1_000_000);
    int token = request.offset() + CardRequestEncoder.panTokenEncodingOffset();
    writeToken(command, token, (int) Math.unsignedMultiplyHigh(mix(walk), cards));

    int length = MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.BLOCK_LENGTH;
    if (engine.remembers(command, 0, length, decision, 0)) {
      throw new IllegalStateException("a new request is taken for a repeat");
    }
    int reason = engine.decide(command, 0, length, (long) timeMs, decision, 0);
    engine.apply(command, 0, length, (long) timeMs, decision, 0);
    return reason;
  }

  private void configure() throws ConfigurationException {
    Path folder = Path.of(System.getProperty("project.root", "."), "config", "demo");
    Configuration configuration = ConfigurationFolder.read(folder, 0).configuration();
    byte[] bytes = ConfigurationCodec.encode(configuration);
    for (int index = 0; index < Commands.configurationChunks(bytes.length); index++) {
      operator(Commands.configurationChunk(scratch, 0, bytes, index));
    }
    operator(Commands.configurationActivate(scratch, 0, bytes));
  }

  private void operator(int length) {
    int reason = engine.decide(scratch, 0, length, START_MS, decision, 0);
    if (reason != APPROVED) {
      throw new IllegalStateException("an operator's command was refused: " + reason + engine.configurationFault());
    }
    engine.apply(scratch, 0, length, START_MS, decision, 0);
  }

  private void writeRequest(UnsafeBuffer command, int mcc, String merchant) {
    request.wrapAndApplyHeader(command, 0, new MessageHeaderEncoder());
    request.fingerprint(1);
    request.flags().clear().panPresent(true).panCheckDigitOk(true).amountPresent(true);
    request
        .partnerId(1)
        .messageClass(MessageClass.AUTHORIZATION)
        .amountMinor(1_00)
        .transactionAmountMinor(1_00)
        .replacementMinor(CardRequestEncoder.replacementMinorNullValue())
        .transactionCurrency(752)
        .amountCurrency(752)
        .mcc(mcc)
        .merchantCountry(752)
        .expiryYearMonth(CardRequestEncoder.expiryYearMonthNullValue())
        .posEntryMode(51)
        .transmissionTime(CardRequestEncoder.transmissionTimeNullValue())
        .identityTime(0)
        .settlementDate(CardRequestEncoder.settlementDateNullValue())
        .acquirer(123_456)
        .originalMti(CardRequestEncoder.originalMtiNullValue())
        .originalStan(CardRequestEncoder.originalStanNullValue())
        .originalTransmissionTime(CardRequestEncoder.originalTransmissionTimeNullValue())
        .originalAcquirer(CardRequestEncoder.originalAcquirerNullValue())
        .rrn("600000000001")
        .terminalId("TERM0001")
        .merchantId(merchant);
  }

  /** Four words without order, as of an HMAC. */
  private static void writeToken(UnsafeBuffer buffer, int offset, int card) {
    long word = mix(card + 1L);
    buffer.putLong(offset, word);
    buffer.putLong(offset + 8, mix(word));
    buffer.putLong(offset + 16, ~word);
    buffer.putLong(offset + 24, word * 31);
  }

  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
