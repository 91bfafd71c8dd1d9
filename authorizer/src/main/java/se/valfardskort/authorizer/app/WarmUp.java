package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedCard;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.app.config.NamedLink;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.gateway.GatewayServer;
import se.valfardskort.authorizer.gateway.LinkSettings;
import se.valfardskort.authorizer.gateway.LinkUpkeep;
import se.valfardskort.authorizer.gateway.PartnerClient;
import se.valfardskort.authorizer.gateway.PartnerClient.Ask;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.ForgetfulJournal;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.storage.ChronicleStore;

/**
 * Lets a fresh process authorize before anybody asks it to, so that its first real requests meet compiled code.
 *
 * <p>A card network sends full traffic the moment a port opens, and code that has never run is some hundred times
 * slower. Everything here is a scratch instance of the real thing, on loopback and free ports, with cards of its own
 * and a journal that keeps nothing:
 *
 * <pre>
 *   client == TCP ==> gateway --> ring --> engine on scratch cards --> forgetful journal --> answers
 * </pre>
 *
 * <p>Run by the thread that starts the application. Nothing of the real engine, journal or ports is touched, and no
 * failure here prevents the start.
 */
final class WarmUp {
  /** More than this many messages make nothing faster. */
  static final int MOST_MESSAGES = 30_000;

  private static final int CARDS = 512;
  private static final String BIN = "975200";
  private static final long LOADED_MINOR = 300_000;
  private static final int ROOM = 2 * MOST_MESSAGES;
  private static final int CONFIGURATION_BYTES = 16 << 20;
  private static final int RING = 1024;
  private static final int IN_FLIGHT = 64;
  private static final int PATIENCE_MS = 5_000;
  private static final int LARGEST_STAN = 999_999;
  private static final int FOOD = 5411;
  private static final int CHILDCARE = 8351;
  private static final int GAMBLING = 7995;

  private final ConfigurationFolder.Loaded loaded;
  private final PipelineSettings pipeline;
  private final Clock clock;
  private final PrintStream log;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final String[] pans = new String[CARDS];
  private final int expiry;
  private int messages;
  private int approved;
  private @Nullable Ask last;
  private @Nullable Ask hold;

  /**
   * What was done. Immutable.
   *
   * @param messages answered
   * @param approved of these
   */
  record Report(int messages, int approved) {}

  /**
   * Prepares.
   *
   * @param pipeline as the real one will have it
   * @param log gets one line
   */
  WarmUp(ConfigurationFolder.Loaded loaded, PipelineSettings pipeline, Clock clock, PrintStream log) {
    this.loaded = loaded;
    this.pipeline = pipeline.withRingSize(RING).withTick(0, 1).withDrainTimeoutMs(PATIENCE_MS);
    this.clock = clock;
    this.log = log;
    ZonedDateTime later = Instant.ofEpochMilli(clock.epochMs()).atZone(ZoneOffset.UTC).plusYears(3);
    this.expiry = later.getYear() % 100 * 100 + later.getMonthValue();
    for (int i = 0; i < CARDS; i++) {
      pans[i] = CardPlan.pan(BIN, i);
    }
  }

  /** Runs until the configured time is over or enough was answered, and leaves nothing open. */
  Report run() {
    int limitMs = loaded.settings().warmUpMs();
    if (limitMs == 0 || loaded.links().isEmpty()) {
      return new Report(0, 0);
    }
    long startNs = System.nanoTime();
    String trouble = "";
    try {
      decide(startNs + TimeUnit.MILLISECONDS.toNanos(limitMs));
    } catch (Exception | LinkageError failed) {
      trouble = String.valueOf(failed);
    }
    Throwable inside = failure.get();
    if (trouble.isEmpty() && inside != null) {
      trouble = inside.toString();
    }
    String cut = trouble.isEmpty() ? "" : ", then the warm-up failed (" + trouble
        + "); the start goes on, the first answers may be slow; warm-up-ms: 0 in authorizer.yaml turns it off";
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    log.println("warmed up with " + messages + " messages in "
        + String.format(Locale.ROOT, "%d.%d", tookMs / 1000, tookMs % 1000 / 100) + " s" + cut);
    return new Report(messages, approved);
  }

  private void decide(long endNs) throws StartFailure, IOException {
    ChronicleStore store = new ChronicleStore();
    int merchants = loaded.settings().capacity().merchants();
    Engine engine =
        new Engine(
            store,
            new EngineCapacity(
                2 * CARDS,
                2 * CARDS,
                ROOM,
                ROOM,
                merchants,
                ConfigurationFolder.CAPPED_CATEGORIES,
                CONFIGURATION_BYTES));
    Pipeline stages =
        new Pipeline(pipeline, engine, new ForgetfulJournal(), clock, Position.START, this::failed, new Alarms());
    try {
      stages.start();
      CommandSender sender =
          new CommandSender(stages.ring(), clock, stages::haltCause, engine::configurationFault);
      new ConfigurationSender(loaded.configuration()).send(sender);
      CardTokens tokens = new CardTokens(loaded.settings().panTokenKey());
      CardPlan cards = cards();
      long[] keys = CardSeeder.keys(cards, tokens);
      new CardSeeder(cards, tokens, keys, CardSurvey.of(engine), sender, log).seed();
      answer(stages, endNs);
    } finally {
      stages.close();
      // Not where that threw: a thread that hangs in the store's memory must not find it gone.
      store.close();
    }
  }

  private CardPlan cards() {
    int programme = loaded.configuration().programmes().getFirst().id();
    PlannedCard card = new PlannedCard(0, 0, expiry, CardPlan.Status.ACTIVE, 3, LOADED_MINOR, LOADED_MINOR);
    return new CardPlan(BIN, programme, CARDS, card, List.of(), List.of(), List.of(), LOADED_MINOR, LOADED_MINOR);
  }

  private void answer(Pipeline stages, long endNs) throws IOException {
    List<LinkSettings> links = loaded.links().stream().map(NamedLink::settings).map(WarmUp::scratch).toList();
    byte[] key = loaded.settings().panTokenKey().bytes();
    int loops = loaded.settings().loopThreads();
    List<PartnerClient> clients = new ArrayList<>();
    try (GatewayServer server = GatewayServer.start(links, new RingPort(stages.ring()), clock, key, loops)) {
      try {
        for (GatewayServer.BoundLink link : server.links()) {
          clients.add(new PartnerClient(link, PATIENCE_MS, clock.epochMs()));
        }
        while (messages < MOST_MESSAGES && System.nanoTime() - endNs < 0 && failure.get() == null) {
          for (PartnerClient client : clients) {
            exchange(client);
          }
        }
      } finally {
        for (PartnerClient client : clients) {
          client.close();
        }
      }
    }
  }

  private void exchange(PartnerClient client) throws IOException {
    for (int i = 0; i < IN_FLIGHT; i++) {
      client.add(next(messages + i));
    }
    client.flush();
    for (int i = 0; i < IN_FLIGHT; i++) {
      approved += client.approved() ? 1 : 0;
      messages++;
    }
  }

  /** Purchases with either purse, holds and their reversals, declines and repeats, in fixed proportions. */
  private Ask next(int index) {
    Ask before = last;
    Ask held = hold;
    int turn = index % 16;
    Ask ask;
    if (turn == 15 && before != null) {
      ask = before;
    } else if (turn % 5 == 4 && held != null) {
      ask = new Ask(
          400, held.pan(), expiry, held.amountMinor(), held.mcc(), held.merchant(), stan(index), 100, held.stan());
      hold = null;
    } else if (turn % 5 == 3) {
      ask = ask(index, 100, FOOD, "MATHALL00000001");
      hold = ask;
    } else if (turn == 7) {
      ask = ask(index, 200, GAMBLING, "SPELBUTIK000001");
    } else if (turn % 5 == 1) {
      ask = ask(index, 200, CHILDCARE, "BARNKOOP0000001");
    } else {
      ask = ask(index, 200, FOOD, "MATHALL00000001");
    }
    last = ask;
    return ask;
  }

  private Ask ask(int index, int mti, int mcc, String merchant) {
    return new Ask(mti, pans[index * 31 % CARDS], expiry, 10L + index % 90, mcc, merchant, stan(index), 0, 0);
  }

  private static int stan(int index) {
    return 1 + index % LARGEST_STAN;
  }

  /** The same link as strangers cannot reach it, and without what only slows a burst of our own. */
  private static LinkSettings scratch(LinkSettings link) {
    return link.but()
        .at("127.0.0.1", 0)
        .signOnRequired(false)
        .deadlineMs(PATIENCE_MS)
        .messagesPerSecond(0)
        .idleMs(0)
        .upkeep(LinkUpkeep.LISTENING)
        .settings();
  }

  private void failed(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  /** What would be an alarm ends the warm-up. */
  private final class Alarms implements AlarmListener {
    @Override
    public void poisoned(long sequence, Throwable cause) {
      failed(cause);
    }

    @Override
    public void replyFailed(Throwable cause) {
      failed(cause);
    }
  }
}
