package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;

/**
 * Holds, postings and tombstones: what a later message may speak of. Owned by the core thread; accessors speak of the
 * original last selected.
 *
 * <p>A row is at one time in the list of its card (newest first) and in one {@link Lane} (oldest first). It carries the
 * answer that was given, so that a repeat gets the same one while the original lives. Links are id + 1, 0: none.
 *
 * <pre>
 *   0  state u8 | lane u8 | capped category u8, 255: none | (unused)
 *   4  month that caps were counted in i32
 *   8  card id i32           12  account id i32
 *  16  older of the card i32 20  newer of the card i32
 *  24  next in lane i32      28  merchant row i32, -1: none
 *  32  time of arrival, ms i64
 *  40  time of joining the lane, ms i64
 *  48  DE 4 as sent i64
 *  56  request key, 16 bytes
 *  72  fingerprint i64
 *  80  HJARTAN left i64      88  CASH left i64
 *  96  {@link Identity}; for a tombstone that of the original which it waits for
 * 140  (unused, 4)
 * 144  the decision, 85 bytes
 * </pre>
 */
final class OriginalTable {
  static final int NONE = -1;

  private static final int STATE = 0;
  private static final int LANE = 1;
  private static final int CAPPED_SLOT = 2;
  private static final int MONTH = 4;
  private static final int CARD = 8;
  private static final int ACCOUNT = 12;
  private static final int OLDER = 16;
  private static final int NEWER = 20;
  private static final int NEXT_IN_LANE = 24;
  private static final int MERCHANT = 28;
  private static final int CREATED_MS = 32;
  private static final int LANE_MS = 40;
  private static final int TRANSACTION_AMOUNT = 48;
  private static final int KEY = 56;
  private static final int FINGERPRINT = 72;
  private static final int HJARTAN = 80;
  private static final int CASH = 88;
  private static final int IDENTITY = 96;
  private static final int DECISION = 144;
  private static final int ROW_LENGTH = 256;

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  /** What a later message may name the selected original by. */
  final Identity identity = new Identity(row, IDENTITY);

  private final UnsafeBuffer neighbour = new UnsafeBuffer(0, 0);
  private final CardTable cards;
  private final int usable;

  /** Heads and tails of the lanes, id + 1. */
  private final int[] oldest = new int[Lane.count()];

  private final int[] newest = new int[Lane.count()];

  /** Rows never used start here. */
  private int firstFresh;

  /** Freed rows, linked by OLDER, last freed first; id + 1. */
  private int firstFree;

  private int live;
  private long created;
  private long forgotten;

  OriginalTable(EngineStore store, int capacity, CardTable cards) {
    this.rows = store.rows("originals", ROW_LENGTH, capacity);
    this.cards = cards;
    this.usable = Math.max(1, (int) (capacity * 95L / 100));
  }

  /** 95 % are taken: what would need another one is declined. */
  boolean isFull() {
    return live >= usable;
  }

  int live() {
    return live;
  }

  long created() {
    return created;
  }

  long forgotten() {
    return forgotten;
  }

  /** Id that the next original gets. */
  int nextId() {
    return firstFree != 0 ? firstFree - 1 : firstFresh;
  }

  void select(int originalId) {
    rows.wrap(row, originalId);
  }

  /**
   * Takes the row that was decided on and selects it. The caller fills in what it knows and then gives it a state and a
   * lane by {@link #open}.
   *
   * @throws IllegalStateException when it is not {@link #nextId} any more
   */
  void allocate(int id) {
    if (id != nextId()) {
      throw new IllegalStateException("original " + nextId() + " was decided to be " + id);
    }
    rows.wrap(row, id);
    if (firstFree != 0) {
      firstFree = row.getInt(OLDER);
    } else {
      firstFresh++;
    }
    live++;
    created++;
  }

  /** Makes the allocated row a live original of the card, which {@code cards} must have selected. */
  void open(int id, OriginalState state, Lane lane, int cardId, int accountId, long timeMs) {
    row.putInt(CARD, cardId);
    row.putInt(ACCOUNT, accountId);
    row.putLong(CREATED_MS, timeMs);

    int older = cards.newestOriginal();
    row.putInt(OLDER, older + 1);
    row.putInt(NEWER, 0);
    if (older != NONE) {
      rows.wrap(neighbour, older);
      neighbour.putInt(NEWER, id + 1);
    }
    cards.newestOriginal(id);

    join(id, lane, timeMs);
    state(state);
  }

  /** The one door for state changes. */
  void state(OriginalState next) {
    OriginalState now = state();
    if (!now.mayBecome(next)) {
      throw new IllegalStateException("an original that is " + now + " cannot become " + next);
    }
    row.putByte(STATE, (byte) next.number);
  }

  OriginalState state() {
    return OriginalState.ofNumber(row.getByte(STATE));
  }

  /** Oldest original in the lane, or {@link #NONE}. */
  int oldestIn(Lane lane) {
    return oldest[lane.number] - 1;
  }

  /** When the selected original's time in its lane is over. */
  long dueMs() {
    return row.getLong(LANE_MS) + Lane.ofNumber(row.getByte(LANE)).durationMs;
  }

  /** Moves the selected original, the oldest of its lane, to the end of another. */
  void changeLane(int id, Lane lane, long timeMs) {
    leaveLane(id);
    join(id, lane, timeMs);
  }

  /** Frees the selected original, the oldest of its lane; {@code cards} must have its card selected. */
  void forget(int id) {
    leaveLane(id);
    int older = row.getInt(OLDER);
    int newer = row.getInt(NEWER);
    if (older != 0) {
      rows.wrap(neighbour, older - 1);
      neighbour.putInt(NEWER, newer);
    }
    if (newer != 0) {
      rows.wrap(neighbour, newer - 1);
      neighbour.putInt(OLDER, older);
    } else {
      cards.newestOriginal(older - 1);
    }

    state(OriginalState.FREE);
    row.setMemory(0, ROW_LENGTH, (byte) 0);
    row.putInt(OLDER, firstFree);
    firstFree = id + 1;
    live--;
    forgotten++;
  }

  private void join(int id, Lane lane, long timeMs) {
    row.putByte(LANE, (byte) lane.number);
    row.putLong(LANE_MS, timeMs);
    row.putInt(NEXT_IN_LANE, 0);
    int last = newest[lane.number];
    if (last == 0) {
      oldest[lane.number] = id + 1;
    } else {
      rows.wrap(neighbour, last - 1);
      neighbour.putInt(NEXT_IN_LANE, id + 1);
    }
    newest[lane.number] = id + 1;
  }

  private void leaveLane(int id) {
    int lane = row.getByte(LANE);
    if (oldest[lane] != id + 1) {
      throw new IllegalStateException("original " + id + " is not the oldest of its lane");
    }
    int next = row.getInt(NEXT_IN_LANE);
    oldest[lane] = next;
    if (next == 0) {
      newest[lane] = 0;
    }
  }

  int cardId() {
    return row.getInt(CARD);
  }

  int accountId() {
    return row.getInt(ACCOUNT);
  }

  /** The next older original of the same card, or {@link #NONE}. */
  int older() {
    return row.getInt(OLDER) - 1;
  }

  long createdMs() {
    return row.getLong(CREATED_MS);
  }

  long transactionAmountMinor() {
    return row.getLong(TRANSACTION_AMOUNT);
  }

  long hjartanMinor() {
    return row.getLong(HJARTAN);
  }

  long cashMinor() {
    return row.getLong(CASH);
  }

  /** What is left after a release or an undoing. */
  void amounts(long hjartanMinor, long cashMinor) {
    if (hjartanMinor < 0 || cashMinor < 0) {
      throw new IllegalStateException("an original's parts came to " + hjartanMinor + " and " + cashMinor);
    }
    row.putLong(HJARTAN, hjartanMinor);
    row.putLong(CASH, cashMinor);
  }

  int merchantRow() {
    return row.getInt(MERCHANT);
  }

  int cappedSlot() {
    return row.getByte(CAPPED_SLOT) & 0xFF;
  }

  int monthIndex() {
    return row.getInt(MONTH);
  }

  void counted(int merchantRow, int cappedSlot, int monthIndex) {
    row.putInt(MERCHANT, merchantRow);
    row.putByte(CAPPED_SLOT, (byte) cappedSlot);
    row.putInt(MONTH, monthIndex);
  }

  void transactionAmount(long amountMinor) {
    row.putLong(TRANSACTION_AMOUNT, amountMinor);
  }

  /** True when the DE 38 that was minted for the selected original is at {@code offset}. */
  boolean hasAuthCode(DirectBuffer request, int offset) {
    int minted = DECISION + DecisionEncoder.authCodeEncodingOffset();
    return request.getByte(offset) != 0
        && row.getInt(minted) == request.getInt(offset)
        && row.getShort(minted + Integer.BYTES) == request.getShort(offset + Integer.BYTES);
  }

  void key(long high, long low, long fingerprint) {
    row.putLong(KEY, high);
    row.putLong(KEY + Long.BYTES, low);
    row.putLong(FINGERPRINT, fingerprint);
  }

  /** The selected row, with the request key at {@link #keyOffset}. */
  DirectBuffer row() {
    return row;
  }

  int keyOffset() {
    return KEY;
  }

  long fingerprint() {
    return row.getLong(FINGERPRINT);
  }

  void storeDecision(DirectBuffer decision, int bodyOffset) {
    row.putBytes(DECISION, decision, bodyOffset, DecisionEncoder.BLOCK_LENGTH);
  }

  void copyDecision(MutableDirectBuffer decision, int bodyOffset) {
    row.getBytes(DECISION, decision, bodyOffset, DecisionEncoder.BLOCK_LENGTH);
  }

  /** HJARTAN that the original was authorized for, before any reversal. */
  long authorizedHjartanMinor() {
    return row.getLong(DECISION + DecisionEncoder.hjartanMinorEncodingOffset());
  }

  /** CASH that the original was authorized for, before any reversal. */
  long authorizedCashMinor() {
    return row.getLong(DECISION + DecisionEncoder.cashMinorEncodingOffset());
  }

  /** Rows that were ever used, freed ones included. */
  int everUsed() {
    return firstFresh;
  }

  long hash(long seed) {
    long hash = Hash.mix(Hash.mix(Hash.mix(seed, firstFree), live), created);
    hash = Hash.mix(hash, forgotten);
    for (int lane = 0; lane < oldest.length; lane++) {
      hash = Hash.mix(Hash.mix(hash, oldest[lane]), newest[lane]);
    }
    for (int id = 0; id < firstFresh; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
