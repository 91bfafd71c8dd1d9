package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * Same request, same answer (wire.md section 4). Owned by the core thread.
 *
 * <p>One directory for all request keys. Ids below {@link #slots} are places in a ring of answers that belong to no
 * original, oldest out first; ids from there on are originals, which keep their own answers as long as they live.
 * Forgetting raises {@link #lowWaterMs}: an older request that comes again could no longer be told from a new one.
 *
 * <p>Answers are numbered from 1. Those to a card's authorizations and financial requests, declines nearly all, form a
 * list, newest first, so that a reversal of one is told from that of an original which never came. A link is a distance
 * in numbers and not a place: what is no longer among the latest {@link #slots} ends the list, and nothing need be
 * unlinked.
 *
 * <pre>
 *   0  request key     16 bytes
 *  16  fingerprint     i64
 *  24  time of arrival i64, ms
 *  32  how many numbers before it the card's older answer has its own, 0: none i32
 *  36  link to the rest of the decision, see {@link DecisionRests} i32
 *  40  {@link Identity}
 *  84  the decision, its first 85 bytes
 * 172  originals ever made before it, the low 32 bits i32
 * </pre>
 */
final class RequestMemory {
  static final int UNKNOWN = Directory.MISSING;

  static final int KEY = 0;
  private static final int KEY_LENGTH = 16;
  private static final int FINGERPRINT = 16;
  private static final int ARRIVAL_MS = 24;
  static final int OLDER = 32;
  static final int DECISION_REST = 36;
  private static final int IDENTITY = 40;
  private static final int DECISION = 84;
  private static final int ORIGINALS_BEFORE = 172;
  private static final int ROW_LENGTH = 176;

  /**
   * Most answers of its card that a reversal looks through. It follows its original soon, and whoever has made a card
   * decline very often must not slow the others.
   */
  static final int LOOK_BACK = 100;

  /** Before the first original: their numbers begin at 1. */
  static final long EVER = 0;

  private static final long DAY_MS = 86_400_000L;

  private final Directory directory;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final Identity identity = new Identity(row, IDENTITY);
  private final StoredDecision answer;
  private final CardTable cards;
  private final OriginalTable originals;
  private final int slots;
  private long appended;

  /** Whether {@link #directory} knows all keys. */
  private boolean indexed = true;

  private long lowWaterMs;

  /** Latest time that a request told which was sent by a clock more than a day ahead of ours; 0: none. */
  private long latestAheadMs;

  RequestMemory(
      EngineStore store, EngineCapacity capacity, CardTable cards, OriginalTable originals, DecisionRests rests) {
    answer = new StoredDecision(row, DECISION, DECISION_REST, rests);
    this.cards = cards;
    this.originals = originals;
    slots = capacity.requests();
    directory = store.directory("requests", KEY_LENGTH, Math.addExact(slots, capacity.originals()));
    rows = store.rows("requests", ROW_LENGTH, slots);
  }

  /** Returns a slot, or {@code slots() + original id}, or {@link #UNKNOWN}. */
  int find(DirectBuffer request, int keyOffset) {
    if (!indexed) {
      throw new IllegalStateException("a request key is asked for while the keys are not indexed");
    }
    return directory.get(request, keyOffset);
  }

  /**
   * Stops keeping the directory: while nothing but replay happens nobody asks for a key, and writing them one by one
   * would be nearly half of all the work. {@link RequestIndex} makes up for it.
   */
  void leaveIndex() {
    if (directory.size() != 0) {
      throw new IllegalStateException("the request keys are indexed already: " + directory.size());
    }
    indexed = false;
  }

  boolean isIndexed() {
    return indexed;
  }

  /** The directory has been filled and is kept from now on. */
  void indexed() {
    indexed = true;
  }

  Directory directory() {
    return directory;
  }

  Rows rows() {
    return rows;
  }

  long appended() {
    return appended;
  }

  /** Takes over rows that have been filled; the directory must be filled afterwards. */
  void restore(long appendedEver, long lowWater, long latestAhead) {
    appended = appendedEver;
    lowWaterMs = lowWater;
    latestAheadMs = latestAhead;
  }

  int slots() {
    return slots;
  }

  /** Arrival time of the newest request that was forgotten; 0: none was. */
  long lowWaterMs() {
    return lowWaterMs;
  }

  long latestAheadMs() {
    return latestAheadMs;
  }

  /** Notes the clock of a request that is new, and was sent at {@code transmissionTime}, MMDDhhmmss. */
  void note(long transmissionTime, long timeMs) {
    long sentMs = TransmissionTime.nearestMs(transmissionTime, timeMs);
    latestAheadMs = sentMs > timeMs + DAY_MS ? Math.max(latestAheadMs, sentMs) : latestAheadMs;
  }

  /**
   * True when a request that was sent at {@code transmissionTime}, MMDDhhmmss, may have been answered and forgotten: it
   * is older than the low-water time, or, being older than a day, than what was forgotten may have said by a clock that
   * ran ahead. Who is ahead by more than the memory spans less that day is not told from a new request.
   */
  boolean mayHaveForgotten(long transmissionTime, long timeMs) {
    if (lowWaterMs == 0) {
      return false;
    }
    long sentMs = TransmissionTime.nearestMs(transmissionTime, timeMs);
    return sentMs < lowWaterMs
        || (sentMs <= timeMs - DAY_MS && sentMs <= Math.max(lowWaterMs + DAY_MS, latestAheadMs));
  }

  void selectSlot(int slot) {
    rows.wrap(row, slot);
  }

  long fingerprint() {
    return row.getLong(FINGERPRINT);
  }

  void copyDecision(MutableDirectBuffer decision, int bodyOffset) {
    answer.copyTo(decision, bodyOffset);
  }

  /**
   * Remembers an answer in the ring, in the place of the oldest where it is full.
   *
   * @param cardId card of the request, which gets selected; {@link CardTable#MISSING}: none is known
   */
  void remember(Request request, int cardId, long timeMs, DirectBuffer decision, int bodyOffset) {
    append(request.bytes, request.keyOffset, request.fingerprint, timeMs, decision, bodyOffset);
    identity.of(request);
    if (cardId != CardTable.MISSING && request.messageClass != MessageClass.REVERSAL) {
      cards.select(cardId);
      row.putInt(OLDER, distance(appended, cards.newestAnswer()));
      cards.newestAnswer(appended);
    }
  }

  /** Remembers an answer that no later message can name. */
  void remember(SettlementQuery query, long timeMs, DirectBuffer decision, int bodyOffset) {
    append(query.bytes, query.keyOffset, query.fingerprint, timeMs, decision, bodyOffset);
    row.setMemory(IDENTITY, Identity.LENGTH, (byte) 0);
  }

  private void append(
      DirectBuffer request, int keyOffset, long fingerprint, long timeMs, DirectBuffer decision, int bodyOffset) {
    int slot = (int) (appended % slots);
    rows.wrap(row, slot);
    if (appended >= slots) {
      if (indexed) {
        directory.remove(row, KEY);
      }
      raiseLowWater(row.getLong(ARRIVAL_MS));
    }
    appended++;
    row.putBytes(KEY, request, keyOffset, KEY_LENGTH);
    row.putLong(FINGERPRINT, fingerprint);
    row.putLong(ARRIVAL_MS, timeMs);
    row.putInt(OLDER, 0);
    answer.store(decision, bodyOffset);
    row.putInt(ORIGINALS_BEFORE, (int) originals.created());
    if (indexed) {
      directory.put(row, KEY, slot);
    }
  }

  /**
   * True when DE 90 names a request that got one of the answers from {@code newest} on.
   *
   * @param original number of the original after which it came; {@link #EVER}: whenever it came
   */
  boolean isNamed(Request reversal, long newest, long original) {
    long number = newest;
    for (int left = LOOK_BACK; left > 0 && selectAnswer(number) && cameAfter(original); left--) {
      if (identity.isBySender(reversal) && identity.isNamedBy(reversal)) {
        return true;
      }
      number = olderThan(number);
    }
    return false;
  }

  /**
   * True when the selected answer was given after the original of that number was made. Many messages bear the same
   * millisecond, so their order is told by counting; far fewer than 2^31 originals are made while an answer is kept.
   */
  boolean cameAfter(long original) {
    return original == EVER || row.getInt(ORIGINALS_BEFORE) - (int) original >= 0;
  }

  /** The original that the answer just found by {@link #isNamed} changed to its own amount; NONE: it did not. */
  int replacedOriginal() {
    int effect = row.getByte(DECISION + DecisionEncoder.effectEncodingOffset());
    return effect == Effect.REPLACE.value()
        ? row.getInt(DECISION + DecisionEncoder.originalIdEncodingOffset())
        : OriginalTable.NONE;
  }

  /** True when that answer was no. */
  boolean wasDeclined() {
    return row.getShort(DECISION + DecisionEncoder.reasonEncodingOffset()) != DeclineReason.APPROVED;
  }

  /** True when that answer was to a request of the class, DE 37 and DE 41 of the one that made an original. */
  boolean hasReferenceOf(Identity original) {
    return identity.isOfOneReferenceWith(original);
  }

  /** Card of that answer. */
  int cardId() {
    return row.getInt(DECISION + DecisionEncoder.cardIdEncodingOffset());
  }

  /** The same by DE 37 and DE 41. */
  boolean isReferredTo(Request reversal, long newest) {
    long number = newest;
    for (int left = LOOK_BACK; left > 0 && selectAnswer(number); left--) {
      if (identity.isBySender(reversal) && identity.hasReferenceOf(reversal)) {
        return true;
      }
      number = olderThan(number);
    }
    return false;
  }

  /** From an answer to an older one; 0: there is none, or it was forgotten by then. */
  int distance(long number, long older) {
    return older > 0 && number - older < slots ? (int) (number - older) : 0;
  }

  /** Number of the answer in a slot that has one. */
  long numberAt(int slot) {
    return appended - Math.floorMod(appended - 1 - slot, slots);
  }

  /** Number of the card's next older answer than the selected one, which has that number; 0: there is none. */
  private long olderThan(long number) {
    int distance = row.getInt(OLDER);
    return distance == 0 ? 0 : number - distance;
  }

  /** Selects an answer by its number; false when it is none, or was forgotten. */
  private boolean selectAnswer(long number) {
    if (number <= Math.max(0, appended - slots)) {
      return false;
    }
    rows.wrap(row, (int) ((number - 1) % slots));
    return true;
  }

  /** Remembers that the answer lies with an original. */
  void rememberOriginal(DirectBuffer request, int keyOffset, int originalId) {
    if (indexed) {
      directory.put(request, keyOffset, slots + originalId);
    }
  }

  void forgetOriginal(DirectBuffer row, int keyOffset, long createdMs) {
    if (indexed) {
      directory.remove(row, keyOffset);
    }
    raiseLowWater(createdMs);
  }

  private void raiseLowWater(long timeMs) {
    lowWaterMs = Math.max(lowWaterMs, timeMs);
  }

  /** Answers in the ring. */
  int remembered() {
    return (int) Math.min(appended, slots);
  }

  /**
   * Every answer in the ring is found by its key; {@code keyedOriginals} are all other entries. Counts the rests of
   * decisions in {@code owners}.
   */
  void check(int keyedOriginals, int[] owners) {
    int expected = remembered() + keyedOriginals;
    if (directory.size() != expected) {
      throw new IllegalStateException("request memory has " + directory.size() + " keys for " + expected + " answers");
    }
    for (int slot = 0; slot < remembered(); slot++) {
      rows.wrap(row, slot);
      if (directory.get(row, KEY) != slot) {
        throw new IllegalStateException("the answer in slot " + slot + " is not found by its key");
      }
      answer.count(owners);
    }
  }

  /** Every answer in a card's list was given to that card. */
  void checkAnswersOf(int cardId, long newest) {
    for (long number = newest; selectAnswer(number); number = olderThan(number)) {
      int answered = row.getInt(DECISION + DecisionEncoder.cardIdEncodingOffset());
      if (answered != cardId || row.getInt(OLDER) < 0) {
        throw new IllegalStateException(
            "answer " + number + " to card " + answered + " is in the list of card " + cardId);
      }
    }
  }

  long hash(long seed) {
    long hash = Hash.mix(Hash.mix(Hash.mix(seed, appended), lowWaterMs), latestAheadMs);
    for (int slot = 0; slot < remembered(); slot++) {
      rows.wrap(row, slot);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
