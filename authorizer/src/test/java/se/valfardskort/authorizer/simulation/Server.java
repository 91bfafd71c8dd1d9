package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.SteppedApp;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.gateway.CommandPort;
import se.valfardskort.authorizer.gateway.SteppedGateway;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.HaltListener;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.authorizer.pipeline.SteppedPipeline;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SegmentArchive;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SteppedArchivist;
import se.valfardskort.authorizer.storage.SteppedJournal;

/** One process of the authorizer, from its start to its end: the real parts, wired as the application wires them. */
final class Server implements CommandPort, HaltListener, AlarmListener {
  private static final int BATCH_RECORDS = 32;
  private static final int BATCH_BYTES = 8 * 1024;
  private static final int BUFFER_BYTES = 4096;
  private static final int ZERO_CHUNK = 2048;
  private static final int MOST_STEPS = 24;
  private static final int EXPIRIES = 100;
  private static final long NS_PER_MS = 1_000_000L;
  private static final long TICK_NS = 1_000 * NS_PER_MS;
  private static final long SPARE_NS = 2 * NS_PER_MS;
  private static final long LOOK_NS = 250 * NS_PER_MS;

  private final World world;
  private final SplittableRandom dice;
  private final JournalFolder folder;
  private final SnapshotFolder snapshots;
  private final SteppedArchivist archivist;
  private final long from;
  private final Engine engine;
  private final SteppedJournal journal;
  private final SteppedPipeline pipeline;
  private final CommandRing ring;
  private final SteppedGateway gateway;
  private final Chores chores;
  /** Answers pass by {@link Truth} on their way to the session. */
  private final IdentityHashMap<ReplyTarget, ReplyTarget> watched = new IdentityHashMap<>();
  private boolean open;
  private boolean stopping;
  private boolean over;
  private boolean halted;
  private boolean turning;
  private boolean making;
  private @Nullable Fiber archiving;
  private @Nullable Fiber follower;
  /** What was closed when the last follower was started. */
  private long followed;

  /**
   * Starts, up to where commands can be sent.
   *
   * @throws IOException when the disk or what is on it does not allow it
   */
  Server(World world) throws IOException {
    this.world = world;
    this.dice = world.dice.split();
    snapshots = new SnapshotFolder(world.snapshots, Setting.shared().sealKey);
    folder = JournalFolder.lock(world.disk, Setting.shared().sealKey);
    boolean started = false;
    try {
      folder.settleKeyCheck(Setting.shared().keyCheck);
      if (world.script.witnessed) {
        folder.keepWitness(world.witness, "witness");
      }
      EngineCapacity capacity = Setting.shared().capacity(world.script.cramped);
      folder.settleAnswersRemembered(capacity.requests());
      SteppedApp.Recovered recovered =
          SteppedApp.restart(folder, world.disk, snapshots, Setting.shared().sealKey, world.clock, capacity);
      engine = recovered.engine();
      from = recovered.from();
      world.truth.recovered(recovered.end(), engine, from);
      world.tally.count(from > 0 ? "recovery: from a snapshot" : "recovery: from the journal alone");
      if (recovered.tail().tornBytes() > 0) {
        world.tally.count("recovery: torn tail cut");
      }
      archivist =
          new SteppedArchivist(folder, new SegmentArchive(world.disk, world.script.archived ? world.archive : null));
      journal = SteppedJournal.open(folder, settings(), recovered.tail());
      pipeline = new SteppedPipeline(
          new PipelineSettings(
              world.script.wiring, PipelineSettings.Waiting.PARKING, world.script.ringSlots, BATCH_RECORDS,
              BATCH_BYTES, 0, EXPIRIES, 1),
          engine, world.truth.watched(journal.journal()), world.clock, recovered.end(), this, this);
      started = true;
    } finally {
      if (!started) {
        folder.close();
      }
    }
    ring = pipeline.ring();
    gateway = new SteppedGateway(Setting.shared().links, this, world.clock, Setting.shared().key);
    chores = new Chores(world);
    chores.survey(world.truth.entries());
    chores.prepare(engine.activeConfigurationSha256().length > 0, world.cards(), world.sharedCards());
    world.loads().forEach(chores::load);
    world.orders.open().forEach(chores::order);
    work();
    world.after(TICK_NS, this::tick);
    world.after(1, this::look);
  }

  /** Sequence of the snapshot that it began with; 0: none. */
  long from() {
    return from;
  }

  private JournalSettings settings() {
    return new JournalSettings(
        JournalSettings.Durability.FSYNC, world.script.segmentBytes, BUFFER_BYTES, ZERO_CHUNK, 1_000);
  }

  /** Whether clients are served. */
  boolean isOpen() {
    return open && !stopping && !over && !halted;
  }

  Engine engine() {
    return engine;
  }

  /** An operator's command. */
  void load(Chores.Load wanted) {
    chores.load(wanted);
    work();
  }

  /** The same of a caseworker or holder. */
  void order(Orders.Order order) {
    chores.order(order);
    work();
  }

  SteppedGateway gateway() {
    return gateway;
  }

  boolean isDrained() {
    return pipeline.isDrained();
  }

  // Steps

  /** Sees to it that before long a stage takes a step. */
  private void wake() {
    if (!turning && !over) {
      turning = true;
      world.after(4_000 + dice.nextLong(80_000), this::turn);
    }
  }

  private void turn() {
    turning = false;
    if (over) {
      return;
    }
    int[] busy = new int[pipeline.stages()];
    int count = 0;
    for (int stage = 0; stage < pipeline.stages(); stage++) {
      if (pipeline.hasWork(stage)) {
        busy[count++] = stage;
      }
    }
    if (count > 0) {
      int stage = busy[dice.nextInt(count)];
      world.trace.note("stage", stage, 0);
      pipeline.step(stage, 1 + dice.nextInt(MOST_STEPS));
      if (!over) {
        world.wires.forEach(Wire::wakeIfNeeded);
        work();
      }
    }
  }

  /** Sets everything going that has something to do. */
  void work() {
    if (over || halted) {
      return;
    }
    chores.goOn(this);
    if (!open && chores.areDone()) {
      open = true;
      world.truth.check(engine);
      world.trace.note("open", 0, 0);
    }
    for (int stage = 0; stage < pipeline.stages(); stage++) {
      if (pipeline.hasWork(stage)) {
        wake();
      }
    }
    if (journal.wantsSpare() && !making) {
      making = true;
      world.after(SPARE_NS, this::makeSpare);
    }
  }

  private void makeSpare() {
    making = false;
    if (!over && !halted) {
      journal.makeSpare();
      work();
    }
  }

  private void tick() {
    if (over || halted || stopping) {
      return;
    }
    send(command -> Commands.tick(command, 0, EXPIRIES), null);
    work();
    world.after(TICK_NS + dice.nextLong(NS_PER_MS), this::tick);
  }

  /** What threads beside the path do: closed segments are archived, and now and then a follower is started. */
  private void look() {
    if (over || halted) {
      return;
    }
    try {
      Fiber now = archiving;
      if (archivist.isWanted() && (now == null || now.isOver())) {
        archiving = new Fiber(world, "archivist", _ -> archive(false));
      }
      Fiber child = follower;
      long closed = journal.journal().closedSequence();
      int every = world.script.snapshots.everyCommands();
      if (open && !stopping && closed > followed && closed - snapshots.newest() >= every
          && (child == null || child.isOver())) {
        followed = closed;
        follower = world.operator.follow();
      }
    } catch (IOException failed) {
      world.tally.count("follower: failed by its disk");
    }
    world.after(LOOK_NS + dice.nextLong(LOOK_NS), this::look);
  }

  private void archive(boolean newest) {
    long before = archivist.taken();
    if (archivist.takeAll(newest) != null) {
      world.tally.count("archive: failed by its disk");
    }
    world.tally.add("archive: segment copied", archivist.taken() - before);
  }

  /** Threads and children end with the process. */
  private void endOthers() {
    for (Fiber one : new Fiber[] {archiving, follower}) {
      if (one != null) {
        one.kill();
      }
    }
  }

  /** Puts a command of our own into the ring; false: there is no room. */
  boolean send(Chores.Writer writer, @Nullable ReplyTarget target) {
    long place = ring.tryClaim(Priority.ADMIN);
    if (place < 0) {
      return false;
    }
    Slot slot = ring.slot(place);
    slot.commandLength = writer.write(slot.command);
    slot.echoLength = 0;
    slot.arrivalNs = world.clock.nanoTime();
    slot.deadlineNs = 0;
    slot.target = target == null ? null : watching(target);
    ring.publish(place);
    wake();
    return true;
  }

  // The gateway's way in

  @Override
  public long tryClaim(boolean reservedRoom) {
    long place = ring.tryClaim(reservedRoom ? Priority.REVERSAL : Priority.AUTHORIZATION);
    if (place == FULL) {
      world.tally.count("ring full");
    }
    return place;
  }

  @Override
  public Slot slot(long place) {
    return ring.slot(place);
  }

  @Override
  public void publish(long place) {
    Slot slot = ring.slot(place);
    ReplyTarget session = slot.target;
    if (session != null) {
      slot.target = watching(session);
    }
    ring.publish(place);
    wake();
  }

  private ReplyTarget watching(ReplyTarget target) {
    return watched.computeIfAbsent(target, _ -> new Watched(target));
  }

  /** Asks {@link Truth} before it lets an answer pass. */
  private final class Watched implements ReplyTarget {
    private final ReplyTarget target;

    Watched(ReplyTarget target) {
      this.target = target;
    }

    @Override
    public void reply(Slot slot) {
      if (halted) {
        throw world.violation("sequence " + slot.sequence + " is answered after the halt");
      }
      world.truth.answers(slot);
      target.reply(slot);
    }

    @Override
    public void silence(Slot slot) {
      world.tally.count("answer: silence");
      target.silence(slot);
    }

    @Override
    public void endOfBatch() {
      target.endOfBatch();
    }
  }

  // The end

  @Override
  public void halted(Throwable cause) {
    halted = true;
    world.trace.note("halted", 0, 0);
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof PowerCut || one instanceof IOException) {
        gateway.dropAll();
        world.halted();
        return;
      }
    }
    throw world.violation("the pipeline halted: " + cause, cause);
  }

  @Override
  public void poisoned(long sequence, Throwable cause) {
    throw world.violation("the engine threw while deciding sequence " + sequence, cause);
  }

  @Override
  public void replyFailed(Throwable cause) {
    throw world.violation("an answer could not be given", cause);
  }

  /** SIGTERM: answers what was read, then ends. */
  void stop() {
    try {
      stopping = true;
      gateway.drain();
      world.wires.forEach(Wire::wake);
    } catch (InterruptedException interrupted) {
      throw world.violation("interrupted", interrupted);
    }
  }

  /** After the drain: all that is on its way becomes durable, and the files are closed. */
  void close() throws IOException {
    over = true;
    endOthers();
    pipeline.close();
    try {
      journal.journal().close();
      archive(true);
    } finally {
      writeLast();
      folder.close();
    }
  }

  private void writeLast() throws IOException {
    long before = snapshots.newest();
    long failures = world.tally.of("fault: rename fails");
    SteppedApp.writeAtStop(
        world.script.snapshots, snapshots, folder, journal.journal(), engine, world.clock, from);
    long written = snapshots.newest();
    if (written > before) {
      world.tally.count("stop: snapshot written");
      world.truth.stopped(written, world.tally.of("fault: rename fails") == failures);
    }
  }

  /** Nothing of this process runs any more. */
  void die() {
    over = true;
    endOthers();
    gateway.dropAll();
  }
}
