package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;

/**
 * Same request, same answer (wire.md section 4). Owned by the core thread.
 *
 * <p>One directory for all request keys. Ids below {@link #slots} are places in a ring of answers that belong to no
 * original, oldest out first; ids from there on are originals, which keep their own answers as long as they live.
 * Forgetting raises {@link #lowWaterMs}: an older request that comes again could no longer be told from a new one.
 *
 * <pre>
 *   0  request key     16 bytes
 *  16  fingerprint     i64
 *  24  time of arrival i64, ms
 *  32  the decision    73 bytes
 * </pre>
 */
final class RequestMemory {
  static final int UNKNOWN = Directory.MISSING;

  private static final int KEY = 0;
  private static final int KEY_LENGTH = 16;
  private static final int FINGERPRINT = 16;
  private static final int ARRIVAL_MS = 24;
  private static final int DECISION = 32;
  private static final int ROW_LENGTH = 112;

  private final Directory directory;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final int slots;
  private long appended;
  private long lowWaterMs;

  RequestMemory(EngineStore store, EngineCapacity capacity) {
    slots = capacity.requests();
    directory = store.directory("requests", KEY_LENGTH, Math.addExact(slots, capacity.originals()));
    rows = store.rows("requests", ROW_LENGTH, slots);
  }

  /** Returns a slot, or {@code slots() + original id}, or {@link #UNKNOWN}. */
  int find(DirectBuffer request, int keyOffset) {
    return directory.get(request, keyOffset);
  }

  int slots() {
    return slots;
  }

  /** Arrival time of the newest request that was forgotten; 0: none was. */
  long lowWaterMs() {
    return lowWaterMs;
  }

  void selectSlot(int slot) {
    rows.wrap(row, slot);
  }

  long fingerprint() {
    return row.getLong(FINGERPRINT);
  }

  void copyDecision(MutableDirectBuffer decision, int bodyOffset) {
    row.getBytes(DECISION, decision, bodyOffset, DecisionEncoder.BLOCK_LENGTH);
  }

  /** Remembers an answer in the ring, in the place of the oldest where it is full. */
  void remember(
      DirectBuffer request, int keyOffset, long fingerprint, long timeMs, DirectBuffer decision, int bodyOffset) {
    int slot = (int) (appended % slots);
    rows.wrap(row, slot);
    if (appended >= slots) {
      directory.remove(row, KEY);
      raiseLowWater(row.getLong(ARRIVAL_MS));
    }
    appended++;
    row.putBytes(KEY, request, keyOffset, KEY_LENGTH);
    row.putLong(FINGERPRINT, fingerprint);
    row.putLong(ARRIVAL_MS, timeMs);
    row.putBytes(DECISION, decision, bodyOffset, DecisionEncoder.BLOCK_LENGTH);
    directory.put(row, KEY, slot);
  }

  /** Remembers that the answer lies with an original. */
  void rememberOriginal(DirectBuffer request, int keyOffset, int originalId) {
    directory.put(request, keyOffset, slots + originalId);
  }

  void forgetOriginal(DirectBuffer row, int keyOffset, long createdMs) {
    directory.remove(row, keyOffset);
    raiseLowWater(createdMs);
  }

  private void raiseLowWater(long timeMs) {
    lowWaterMs = Math.max(lowWaterMs, timeMs);
  }

  /** Answers in the ring. */
  int remembered() {
    return (int) Math.min(appended, slots);
  }

  /** Every answer in the ring is found by its key; {@code keyedOriginals} are all other entries. */
  void check(int keyedOriginals) {
    int expected = remembered() + keyedOriginals;
    if (directory.size() != expected) {
      throw new IllegalStateException("request memory has " + directory.size() + " keys for " + expected + " answers");
    }
    for (int slot = 0; slot < remembered(); slot++) {
      rows.wrap(row, slot);
      if (directory.get(row, KEY) != slot) {
        throw new IllegalStateException("the answer in slot " + slot + " is not found by its key");
      }
    }
  }

  long hash(long seed) {
    long hash = Hash.mix(Hash.mix(seed, appended), lowWaterMs);
    for (int slot = 0; slot < remembered(); slot++) {
      rows.wrap(row, slot);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
