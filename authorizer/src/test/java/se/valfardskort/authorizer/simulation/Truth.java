package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ArrayStore;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.independent.model.CardTwin;

/**
 * What must be true, kept outside of the authorizer.
 *
 * <p>Every record that is handed to the journal is noted. As soon as one has been answered, or was recovered, it is
 * certain: it may never be lost. What is certain is fed, in its order, to a second engine, whose state the recovered
 * one must equal, and to a model of each card that knows only the published interface.
 */
final class Truth {
  private static final int CASH_AT =
      MessageHeaderDecoder.ENCODED_LENGTH + DecisionDecoder.cashAvailableMinorEncodingOffset();

  private final World world;
  private final DurableRecords disk;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Entry.Key, Entry> byKey = new HashMap<>();
  private final Map<Integer, Entry> byStan = new HashMap<>();
  private final Map<String, CardTwin> twins = new HashMap<>();
  private final Engine shadow;
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[Slot.DECISION_CAPACITY]);
  private final Set<Entry.Load> loads = new HashSet<>();
  private final Deeds deeds;
  private long certain;
  private long synced;
  private boolean misjournalNext;
  private long misjournaled;
  /** Last sequence that a stop's snapshot has; the state in it was never read from the journal. */
  private long stopped;

  Truth(World world, EngineCapacity capacity) {
    this.world = world;
    disk = new DurableRecords(world.disk, world.archive);
    shadow = new Engine(new ArrayStore(), capacity);
    deeds = new Deeds(world);
  }

  /** The model of a card that only messages of 1987 speak of, and that shares its account with none. */
  void model(String pan, CardTwin twin) {
    twins.put(pan, twin);
  }

  /** Records known to be needed for ever. */
  long certain() {
    return certain;
  }

  /** What was journaled for this STAN and is certain; null: nothing. */
  @Nullable Entry certainOf(int stan) {
    return byStan.get(stan);
  }

  /** All that was journaled and not lost. */
  List<Entry> entries() {
    return entries;
  }

  /** A bit of memory turns over: what goes into the journal next is not what was decided. */
  void misjournalNext() {
    misjournalNext = true;
  }

  /** Whether the journal may hold what was not decided: it was written, and perhaps forced when its file was full. */
  boolean mayBeMisjournaled() {
    return misjournaled > 0;
  }

  /** Whether the journal holds for good what was not decided. */
  boolean isMisjournaled() {
    return misjournaled > 0 && synced >= misjournaled;
  }

  // What the authorizer does

  /** Notes what goes into the journal, and what it says is on the disk. */
  Journal watched(Journal journal) {
    return new Journal() {
      @Override
      public void append(
          Kind kind, long sequence, long timeMs, DirectBuffer command, int commandOffset, int commandLength,
          DirectBuffer decision, int decisionOffset, int decisionLength) throws IOException {
        byte[] one = new byte[commandLength];
        command.getBytes(commandOffset, one);
        byte[] other = new byte[decisionLength];
        decision.getBytes(decisionOffset, other);
        appended(new Entry(kind, sequence, timeMs, one, other));
        if (misjournalNext && kind == Kind.DECIDED) {
          misjournalNext = false;
          misjournaled = sequence;
          other = other.clone();
          other[CASH_AT] ^= 1;
          world.memoryFailed();
        }
        journal.append(kind, sequence, timeMs, command, commandOffset, commandLength, new UnsafeBuffer(other), 0,
            decisionLength);
      }

      @Override
      public void sync() throws IOException {
        long last = entries.size();
        journal.sync();
        synced = Math.max(synced, last);
      }

      @Override
      public long durableSequence() {
        return journal.durableSequence();
      }

      @Override
      public void close() throws IOException {
        journal.close();
      }
    };
  }

  private void appended(Entry entry) {
    if (entry.sequence != entries.size() + 1) {
      throw world.violation("sequence " + entry.sequence + " is journaled after " + entries.size());
    }
    if (!entries.isEmpty() && entry.timeMs < entries.getLast().timeMs) {
      throw world.violation("the time of sequence " + entry.sequence + " lies before the one before");
    }
    entries.add(entry);
    world.trace.note("journaled", entry.sequence, entry.decided.reason());
  }

  /** An answer is about to leave. */
  void answers(Slot slot) {
    switch (slot.outcome) {
      case DECIDED, POISON -> {
        requireDurable(slot.sequence);
        Entry entry = entries.get((int) slot.sequence - 1);
        requireSame(entry, slot);
        advance(slot.sequence);
      }
      case REMEMBERED -> requireRemembered(slot);
      case REFUSED -> {
        int reason = reasonOf(slot);
        if (reason != DeclineReason.DEADLINE_PASSED.code
            && reason != DeclineReason.CAPACITY.code
            && reason != DeclineReason.SYSTEM_MALFUNCTION.code) {
          throw world.violation("answered without a record: reason " + reason);
        }
        world.tally.count("answer: not booked, reason " + reason);
      }
    }
  }

  private void requireDurable(long sequence) {
    if (disk.last() < sequence) {
      throw world.violation(
          "sequence " + sequence + " is answered, but the disk has only " + disk.last() + " records");
    }
  }

  private void requireSame(Entry entry, Slot slot) {
    byte[] told = new byte[slot.decisionLength];
    slot.decision.getBytes(0, told);
    if (entry.sequence != slot.sequence || !new UnsafeBuffer(told).equals(entry.decision)) {
      throw world.violation("the answer of sequence " + slot.sequence + " is not the decision that was journaled");
    }
  }

  /** A repeat is told what was decided, or that the key was used for something else or undone. */
  private void requireRemembered(Slot slot) {
    world.tally.count("answer: remembered");
    Entry.Key key = Entry.keyOf(new UnsafeBuffer(slot.command, 0, slot.commandLength));
    Entry entry = findLatest(key);
    if (entry == null) {
      throw world.violation("an answer is remembered that nobody has journaled");
    }
    requireDurable(entry.sequence);
    int reason = reasonOf(slot);
    if (reason == DeclineReason.KEY_REUSED.code || reason == DeclineReason.ORIGINAL_REVERSED.code) {
      return;
    }
    byte[] told = new byte[slot.decisionLength];
    slot.decision.getBytes(0, told);
    if (!new UnsafeBuffer(told).equals(entry.decision)) {
      throw world.violation("a repeat of sequence " + entry.sequence + " is answered otherwise than the first");
    }
    advance(entry.sequence);
  }

  private @Nullable Entry findLatest(Entry.@Nullable Key key) {
    for (int i = entries.size() - 1; i >= certain; i--) {
      if (key != null && key.equals(entries.get(i).key)) {
        return entries.get(i);
      }
    }
    return key == null ? null : byKey.get(key);
  }

  private static int reasonOf(Slot slot) {
    return new DecisionDecoder().wrapAndApplyHeader(slot.decision, 0, new MessageHeaderDecoder()).reason();
  }

  // What is certain

  private void advance(long sequence) {
    while (certain < sequence) {
      certain++;
      Entry entry = entries.get((int) certain - 1);
      if (entry.kind == Journal.Kind.DECIDED) {
        apply(entry);
      }
    }
  }

  private void apply(Entry entry) {
    try {
      shadow.decide(entry.command, 0, entry.command.capacity(), entry.timeMs, decision, 0);
      shadow.apply(entry.command, 0, entry.command.capacity(), entry.timeMs, decision, 0);
    } catch (RuntimeException thrown) {
      throw world.violation("a second engine cannot repeat sequence " + entry.sequence, thrown);
    }
    if (!new UnsafeBuffer(decision, 0, entry.decision.capacity()).equals(entry.decision)) {
      throw world.violation("a second engine decides sequence " + entry.sequence + " otherwise");
    }
    if (entry.load != null && entry.decided.reason() == 0 && !loads.add(entry.load)) {
      throw world.violation("sequence " + entry.sequence + " pays a month's money a second time");
    }
    deeds.note(entry);
    Entry earlier = entry.key == null ? null : byKey.put(entry.key, entry);
    if (earlier != null && !world.script.cramped) {
      throw world.violation("sequences " + earlier.sequence + " and " + entry.sequence + " decide one request twice");
    }
    if (earlier != null && isBooked(earlier) && isBooked(entry)) {
      throw world.violation("sequences " + earlier.sequence + " and " + entry.sequence + " book one request twice");
    }
    if (entry.stan != 0) {
      byStan.put(entry.stan, entry);
      compareWithModel(entry);
    }
  }

  private static boolean isBooked(Entry entry) {
    return entry.decided.effect() == Effect.HOLD || entry.decided.effect() == Effect.POST;
  }

  private void compareWithModel(Entry entry) {
    Exchange exchange = world.exchange(entry.stan);
    if (exchange == null) {
      throw world.violation("sequence " + entry.sequence + " holds a request that nobody sent");
    }
    CardTwin twin = world.script.cramped ? null : twins.get(exchange.message.require(2));
    if (twin == null) {
      return;
    }
    String expected = twin.answer(exchange.message, entry.timeMs);
    boolean isNew = !entry.authCode().isEmpty() && !exchange.isAdvice();
    if (isNew) {
      twin.learn(entry.authCode());
    }
    world.tally.count("decision compared with the model");
    if (!expected.equals(entry.responseCode())) {
      throw world.violation(
          "sequence " + entry.sequence + " was answered " + entry.responseCode() + " (reason "
              + entry.decided.reason() + "), the model says " + expected + " " + twin.why() + ": " + exchange.words());
    }
    if (entry.decided.cashAvailableMinor() != twin.cash()
        || entry.decided.hjartanAvailableMinor() != twin.hjartan()) {
      throw world.violation(
          "after sequence " + entry.sequence + " the purses are " + entry.decided.cashAvailableMinor() + " and "
              + entry.decided.hjartanAvailableMinor() + ", the model says " + twin.cash() + " and " + twin.hjartan()
              + ": " + exchange.words());
    }
  }

  // What a start must find

  /**
   * A process has recovered.
   *
   * @param from sequence of the snapshot that it began with; what came before it was not read
   */
  void recovered(Position end, Engine engine, long from) {
    disk.forget();
    if (end.sequence() < misjournaled) {
      misjournaled = 0;
    }
    if (from < misjournaled) {
      throw world.violation("sequence " + misjournaled + " is not what was decided, and the start did not notice");
    }
    if (end.sequence() > entries.size()) {
      throw world.violation("recovered " + end.sequence() + " records, of which " + entries.size() + " were written");
    }
    if (end.sequence() < certain) {
      throw world.violation("recovered " + end.sequence() + " records, but " + certain + " were answered");
    }
    if (end.sequence() < synced) {
      throw world.violation("recovered " + end.sequence() + " records, but " + synced + " were synced");
    }
    if (entries.size() > end.sequence()) {
      world.tally.add("record lost that nobody was told of", entries.size() - end.sequence());
      entries.subList((int) end.sequence(), entries.size()).clear();
    }
    advance(end.sequence());
    if (engine.stateHash() != shadow.stateHash() || engine.digest() != shadow.digest()) {
      throw world.violation("the state recovered up to sequence " + end.sequence() + " is not that of the journal");
    }
    deeds.check(engine);
    world.trace.note("recovered", end.sequence(), engine.digest());
  }

  /** A follower's snapshot bears its name: it began with a snapshot and read what lies between. */
  void followed(long sequence) {
    if (isMisjournaled() && sequence >= misjournaled && stopped < misjournaled) {
      throw world.violation("sequence " + misjournaled + " is not what was decided, and the follower did not notice");
    }
    snapshotWritten(sequence);
    requireNothingUnfinished(sequence);
  }

  /**
   * A stop's snapshot bears its name: the running engine's state, which is right whatever became of the records on
   * their way. Starts and followers go on from there, and only who reads the whole journal sees such a record.
   *
   * @param undisturbed no rename failed: one may leave an older snapshot half removed, until the next is written
   */
  void stopped(long sequence, boolean undisturbed) {
    stopped = sequence;
    snapshotWritten(sequence);
    if (undisturbed) {
      requireNothingUnfinished(sequence);
    }
  }

  /** A snapshot bears its name: what it holds must lie in the journal, for good. */
  private void snapshotWritten(long sequence) {
    world.trace.note("snapshot", sequence, 0);
    if (disk.last() < sequence) {
      throw world.violation(
          "there is a snapshot of sequence " + sequence + ", but the disk has only " + disk.last() + " records");
    }
  }

  private void requireNothingUnfinished(long sequence) {
    for (String name : world.snapshots.names().keySet()) {
      if (name.endsWith(".tmp")) {
        throw world.violation(name + " lies beside the snapshot of sequence " + sequence);
      }
    }
  }

  /** After a clean stop nothing is missing. */
  void recoveredAll(Position end, Engine engine) {
    if (end.sequence() != entries.size()) {
      throw world.violation("a clean stop has left " + end.sequence() + " of " + entries.size() + " records");
    }
    recovered(end, engine, 0);
  }

  /** The state as it is now keeps its own books. */
  void check(Engine engine) {
    try {
      engine.checkInvariants();
    } catch (IllegalStateException broken) {
      throw world.violation("an invariant is broken: " + broken.getMessage(), broken);
    }
  }
}
