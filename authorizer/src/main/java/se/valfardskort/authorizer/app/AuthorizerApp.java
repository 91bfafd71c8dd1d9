package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.Evidence;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Durability;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.PipelineMode;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.app.config.NamedLink;
import se.valfardskort.authorizer.app.config.TokenKey;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.gateway.GatewayServer;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.HaltListener;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.PipelineSettings.Wiring;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.Archivist;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.FolderTakenException;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/**
 * The whole authorizer, wired by hand.
 *
 * <pre>
 *   configuration --> lock --> recover --> pipeline --> configuration, cards --> ports open --> ready
 *   (YAML)            (data)   (snapshot, replay)       (journaled commands)
 * </pre>
 *
 * <p>Started and stopped by one thread, or by two that do not overlap. Replay never reads YAML: what the files say
 * enters the state by commands, when it differs from what is active.
 */
public final class AuthorizerApp {
  private static final int CONFIGURATION_BYTES = 16 << 20;
  private static final int BATCH_BYTES = 256 * 1024;
  private static final int JOURNAL_BUFFER_BYTES = 512 * 1024;
  private static final int ZERO_CHUNK_BYTES = 256 * 1024;
  private static final long PATIENCE_MS = 30_000;
  private static final long ARCHIVE_AT_STOP_MS = 10_000;
  private static final int FUSED_UP_TO_PROCESSORS = 4;

  /** Where the journal's folder lies. */
  @FunctionalInterface
  interface Disks {
    /** The disk whose files are those of {@code folder}, which is made where it is missing. */
    Disk at(Path folder) throws IOException;
  }

  private final StartOptions options;
  private final PrintStream log;
  private final HaltListener onHalt;
  private final Disks disks;
  private final Clock clock;
  private final StartPhases phases;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private volatile @Nullable GatewayServer gateway;
  private @Nullable Pipeline pipeline;
  private String readyLine = "";
  private int adminPort = AuthorizerSettings.NO_ADMIN_PORT;

  private AuthorizerApp(
      StartOptions options, PrintStream log, HaltListener onHalt, Disks disks, Clock clock, StartPhases phases) {
    this.options = options;
    this.log = log;
    this.onHalt = onHalt;
    this.disks = disks;
    this.clock = clock;
    this.phases = phases;
  }

  /**
   * Starts; returns when every port answers.
   *
   * @param log gets what a person should know, a line each
   * @param onHalt hears of a failure after which nothing is answered any more; the links are down by then
   * @throws ConfigurationException names every mistake
   * @throws StartFailure for all else; nothing is left open
   */
  static AuthorizerApp start(StartOptions options, PrintStream log, HaltListener onHalt)
      throws ConfigurationException, StartFailure {
    return start(options, log, onHalt, FolderDisk::new, new SystemClock());
  }

  /** As above, on disks that a test may spoil, by a clock that a test may move. */
  static AuthorizerApp start(
      StartOptions options, PrintStream log, HaltListener onHalt, Disks disks, Clock clock)
      throws ConfigurationException, StartFailure {
    StartPhases phases = new StartPhases(clock);
    CompletableFuture<Boolean> memory = Beside.prepareMemory();
    ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(options.config(), options.portOffset());
    CardPlan plan = planOf(options, loaded);
    AuthorizerApp app = new AuthorizerApp(options, log, onHalt, disks, clock, phases);
    phases.ended("configuration");
    boolean ready = false;
    try {
      app.run(loaded, plan, memory);
      ready = true;
      return app;
    } catch (IOException failed) {
      throw StartFailure.ofDisk(options.data(), failed);
    } finally {
      if (!ready) {
        app.closeAll();
      }
    }
  }

  /** What the demonstration opens; null where there is nothing to open. */
  private static @Nullable CardPlan planOf(StartOptions options, ConfigurationFolder.Loaded loaded)
      throws StartFailure {
    AuthorizerSettings settings = loaded.settings();
    if (!options.demo()) {
      if (settings.panTokenKey().isPublicDemoKey()) {
        throw new StartFailure(
            ExitCode.CONFIGURATION,
            options.config() + ": the key of the panTokens is the public demo key, which everybody has; make your own: "
                + "(printf 'secret-key '; openssl rand -hex 32) > pan-token.key, or start with --demo");
      }
      return null;
    }
    CardPlan plan = loaded.cards();
    if (plan == null) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          options.config().resolve("cards.yaml") + ": there is no such file, but --demo opens the cards that it lists; "
              + "copy the one in config/demo, or start without --demo");
    }
    Integer cards = options.cards();
    CardPlan asked = cards == null ? plan : plan.withOrdinaryCount(cards);
    int room = settings.capacity().cards();
    if (asked.size() * 20L > room * 19L) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          asked.size() + " cards do not fit: " + options.config().resolve("authorizer.yaml") + " has room-for cards "
              + room + ", of which 95 % are used; raise it, or lower --cards");
    }
    return asked;
  }

  private void run(
      ConfigurationFolder.Loaded loaded, @Nullable CardPlan plan, CompletableFuture<Boolean> memory)
      throws IOException, StartFailure {
    final AuthorizerSettings settings = settingsOf(loaded);
    final CompletableFuture<long[]> cardKeys = cardKeys(loaded, plan);
    final Locked locked = lock(settings);
    final JournalFolder folder = locked.folder;
    final JournalUpkeep upkeep = locked.upkeep;
    settleAnswersRemembered(folder, settings.capacity().requests());
    final SnapshotFolder snapshots = upkeep.snapshots(options.data());
    memory.join();
    phases.ended("data folder");
    final Restart.Recovered recovered =
        new Restart(folder, snapshots, upkeep.skips(log), log, clock, ChronicleStore::new, phases)
            .run(
                capacityOf(settings, settings.capacity().requests()),
                options.config().resolve("authorizer.yaml").toString());
    opened.push(recovered.stored());
    final Engine engine = recovered.stored().engine();
    final int before = engine.cards();
    final CardSurvey survey = plan == null ? null : CardSurvey.of(engine);
    JournalReader.Tail tail = recovered.tail();
    if (tail.tornBytes() > 0) {
      log.println("cut off a torn tail of " + tail.tornBytes() + " bytes, " + tail.tornAt()
          + ": what was being written when the last run ended; none of it was answered");
    }
    final Archivist archivist = upkeep.archivist(folder, log);
    final FileJournal journal = FileJournal.open(folder, journalSettings(settings), tail);
    StopSnapshot last = new StopSnapshot(settings.snapshots(), snapshots, folder, journal, engine, clock, log);
    // Closed after the journal, so that its newest segment can go too, and after the snapshot, which waits for nobody.
    opened.push(() -> archivist.close(journal.isClosedWhole(), ARCHIVE_AT_STOP_MS));
    opened.push(last);
    opened.push(journal);
    archivist.start();
    Wiring wiring = wiringOf(settings.pipeline());
    Pipeline stages =
        new Pipeline(
            pipelineSettings(settings, wiring), engine, journal, clock, recovered.end(), this::halted, alarms());
    pipeline = stages;
    opened.push(stages);
    // Read before the engine becomes the pipeline's.
    final byte[] active = engine.activeConfigurationSha256();
    stages.start();
    phases.ended("journal");
    CommandSender sender =
        new CommandSender(stages.ring(), clock, stages::haltCause, engine::configurationFault);
    activate(loaded, active, sender);
    int added = plan == null || survey == null ? 0 : seed(loaded, plan, cardKeys.join(), survey, sender);
    phases.ended("cards");
    new WarmUp(loaded, pipelineSettings(settings, wiring), clock, log).run();
    phases.ended("warm-up");
    openPorts(loaded, settings, stages, upkeep.evidence(options.data(), loaded.configuration()));
    phases.ended("ports");
    last.want(recovered.from());
    follow(settings, snapshots, journal, last);
    readyLine =
        ReadyLine.of(
            loaded.links(), boundLinks(), adminPort, settings, wiring, before + added, journal.durableSequence());
  }

  /** Opened last and closed first: a child must not write beside the snapshot of the stop. */
  private void follow(AuthorizerSettings settings, SnapshotFolder snapshots, FileJournal journal, StopSnapshot last) {
    int every = settings.snapshots().everyCommands();
    if (every > 0) {
      List<String> child = SnapshotChild.command(options.config(), options.data(), ProcessHandle.current().pid());
      SnapshotKeeper keeper = new SnapshotKeeper(every, snapshots, journal::closedSequence, child, log, last::distrust);
      opened.push(keeper);
      keeper.start();
    }
  }

  private AuthorizerSettings settingsOf(ConfigurationFolder.Loaded loaded) {
    Durability asked = options.durability();
    AuthorizerSettings settings = asked == null ? loaded.settings() : loaded.settings().withDurability(asked);
    if (settings.durability() == Durability.OS) {
      log.println("durability os: answers leave before the disk has their records; a power cut may lose approvals that"
          + " were given. For measuring only");
    }
    return settings;
  }

  /** The journal's folder, and what is to be done about it. */
  private record Locked(JournalFolder folder, JournalUpkeep upkeep) {}

  private Locked lock(AuthorizerSettings settings) throws StartFailure, IOException {
    Path path = options.data().resolve("journal");
    try {
      FolderDisk.createFolder(options.data());
      Disk disk = disks.at(path);
      // Another key would make the anchor look forged: which key it was is said before that.
      settleKey(JournalFolder.keyCheckIn(disk), settings.panTokenKey());
      JournalFolder folder =
          JournalFolder.lock(disk, SealKey.derivedFrom(settings.panTokenKey().bytes()));
      opened.push(folder);
      folder.settleKeyCheck(settings.panTokenKey().check());
      JournalUpkeep upkeep = new JournalUpkeep(disks, disk, settings);
      upkeep.keepWitness(folder);
      return new Locked(folder, upkeep);
    } catch (JournalDamagedException damaged) {
      throw new StartFailure(ExitCode.DATA_ERROR, messageOf(damaged), damaged);
    } catch (FileSystemException unusable) {
      throw new StartFailure(
          ExitCode.CANNOT_CREATE,
          "the data folder " + path + " cannot be used (" + unusable + "); mend its permissions, or name another"
              + " with --data",
          unusable);
    } catch (FolderTakenException taken) {
      throw new StartFailure(ExitCode.LOCKED, messageOf(taken), taken);
    }
  }

  /** Under another key every card would be a stranger: none found, or all opened and paid for again. */
  private void settleKey(long settled, TokenKey key) throws StartFailure {
    if (settled != 0 && settled != key.check()) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          "the key in " + key.file() + " is not the one that the data folder " + options.data() + " was begun with, so"
              + " that none of its cards would be found again; put that key back, or begin another folder with --data"
              + " (a data folder cannot change its key)");
    }
  }

  /** What the request memory has forgotten is decided anew: a journal replays only with the memory it began with. */
  private void settleAnswersRemembered(JournalFolder folder, int asked) throws StartFailure {
    int settled = folder.answersRemembered();
    if (settled != 0 && settled != asked) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          options.config().resolve("authorizer.yaml") + " has room-for requests " + asked + ", but the journal in "
              + options.data() + " was begun with " + settled + ", and which requests were still remembered is part of"
              + " what it records; set requests back to " + settled);
    }
    folder.settleAnswersRemembered(asked);
  }

  private void activate(ConfigurationFolder.Loaded loaded, byte[] active, CommandSender sender)
      throws StartFailure {
    ConfigurationSender configuration = new ConfigurationSender(loaded.configuration());
    if (Arrays.equals(active, configuration.sha256())) {
      return;
    }
    configuration.send(sender);
    log.println("activated the configuration of " + options.config() + " (" + configuration.length() + " bytes)");
  }

  /** Made beside the loading of the state; of no use without a plan. */
  private static CompletableFuture<long[]> cardKeys(ConfigurationFolder.Loaded loaded, @Nullable CardPlan plan) {
    return plan == null
        ? CompletableFuture.completedFuture(new long[0])
        : Beside.run("start-card-keys", () -> CardSeeder.keys(plan, new CardTokens(loaded.settings().panTokenKey())));
  }

  /** Returns how many cards were opened. */
  private int seed(
      ConfigurationFolder.Loaded loaded, CardPlan plan, long[] keys, CardSurvey survey, CommandSender sender)
      throws StartFailure {
    int before = survey.cards();
    CardTokens tokens = new CardTokens(loaded.settings().panTokenKey());
    int added = new CardSeeder(plan, tokens, keys, survey, sender, log).seed();
    if (added > 0) {
      String beside = before > 0 ? " beside the " + before + " that the journal holds" : "";
      log.println("opened " + added + " cards" + beside);
    } else if (before > plan.size()) {
      log.println("the journal holds " + before + " cards, more than the " + plan.size()
          + " asked for; they stay: money that is on a card is not taken back");
    }
    return added;
  }

  private void openPorts(
      ConfigurationFolder.Loaded loaded, AuthorizerSettings settings, Pipeline stages, Evidence evidence)
      throws StartFailure {
    try {
      GatewayServer server =
          GatewayServer.start(
              loaded.links().stream().map(NamedLink::settings).toList(),
              new RingPort(stages.ring()),
              clock,
              settings.panTokenKey().bytes(),
              settings.loopThreads());
      gateway = server;
      opened.push(server);
      AdminPort admin = AdminPort.open(settings.adminPort(), options.data(), stages, clock, evidence, log);
      opened.push(admin);
      adminPort = admin.port();
    } catch (IOException taken) {
      throw new StartFailure(ExitCode.UNAVAILABLE, messageOf(taken) + " (or shift all with --port-offset)", taken);
    } catch (IllegalArgumentException wrong) {
      throw new StartFailure(ExitCode.CONFIGURATION, messageOf(wrong), wrong);
    }
  }

  /** How long each part of the start took. */
  StartPhases phases() {
    return phases;
  }

  /** The one line that says that requests are answered. */
  String readyLine() {
    return readyLine;
  }

  /** The links as they were opened, in the order of the configuration; none before that. */
  List<GatewayServer.BoundLink> boundLinks() {
    GatewayServer server = gateway;
    return server == null ? List.of() : server.links();
  }

  /**
   * Stops accepting, answers all that was read, flushes and closes.
   *
   * @return problems on the way, a line each; empty: all that was read was answered and is on disk
   */
  List<String> stop() {
    GatewayServer server = gateway;
    Pipeline stages = pipeline;
    List<String> problems = new ArrayList<>();
    if (server != null && stages != null && stages.haltCause() == null) {
      server.stopAccepting();
      try {
        if (!server.drain(PATIENCE_MS)) {
          problems.add("some connections were not drained within " + PATIENCE_MS
              + " ms and are cut; their requests are decided or not, as a repeat will show");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        problems.add("interrupted while draining");
      }
    }
    problems.addAll(closeAll());
    return problems;
  }

  private List<String> closeAll() {
    List<String> problems = new ArrayList<>();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failed) {
        problems.add(messageOf(failed));
      }
    }
    return problems;
  }

  private void halted(Throwable cause) {
    GatewayServer server = gateway;
    if (server != null) {
      server.dropAll();
    }
    onHalt.halted(cause);
  }

  private AlarmListener alarms() {
    return new AlarmListener() {
      @Override
      public void poisoned(long sequence, Throwable cause) {
        log.println("alarm: the engine failed on the command of sequence " + sequence + " (" + cause
            + "); it was answered 96 and is kept in the journal; report it with that sequence");
      }

      @Override
      public void replyFailed(Throwable cause) {
        log.println("alarm: an answer could not be handed over (" + cause + "); its sender will repeat and get it");
      }
    };
  }

  static String messageOf(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.toString() : message;
  }

  private static Wiring wiringOf(PipelineMode mode) {
    return switch (mode) {
      case FUSED -> Wiring.FUSED;
      case STAGED -> Wiring.STAGED;
      case AUTO ->
          Runtime.getRuntime().availableProcessors() <= FUSED_UP_TO_PROCESSORS ? Wiring.FUSED : Wiring.STAGED;
    };
  }

  /** @param requests that the journal was begun with: what is still remembered is part of what it records */
  static EngineCapacity capacityOf(AuthorizerSettings settings, int requests) {
    AuthorizerSettings.Capacity room = settings.capacity();
    return new EngineCapacity(
        room.cards(),
        room.cards(),
        room.originals(),
        requests,
        room.merchants(),
        ConfigurationFolder.CAPPED_CATEGORIES,
        CONFIGURATION_BYTES);
  }

  private static JournalSettings journalSettings(AuthorizerSettings settings) {
    JournalSettings.Durability durability =
        switch (settings.durability()) {
          case FSYNC -> JournalSettings.Durability.FSYNC;
          case OS -> JournalSettings.Durability.OS;
        };
    return new JournalSettings(
        durability, settings.segmentBytes(), JOURNAL_BUFFER_BYTES, ZERO_CHUNK_BYTES, PATIENCE_MS);
  }

  private static PipelineSettings pipelineSettings(AuthorizerSettings settings, Wiring wiring) {
    return new PipelineSettings(
        wiring,
        PipelineSettings.Waiting.PARKING,
        settings.ringSlots(),
        settings.maximumBatch(),
        BATCH_BYTES,
        settings.tickMs(),
        settings.expiriesPerTick(),
        PATIENCE_MS);
  }
}
