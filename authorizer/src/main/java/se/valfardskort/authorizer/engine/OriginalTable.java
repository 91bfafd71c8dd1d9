package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;

/**
 * Holds, increments, postings, refunds and tombstones: what a later message may speak of. Owned by the core thread;
 * accessors speak of the original last selected.
 *
 * <p>A row is at one time in the list of its card (newest first) and in one {@link Lane} (oldest first). It carries the
 * answer that was given, so that a repeat gets the same one while the original lives. Links are id + 1, 0: none.
 *
 * <pre>
 *   0  state u8 | lane u8 | capped category u8, 255: none | bits u8: 1 by advice, 2 stand-in
 *   4  month that caps were counted in, year * 12 + month - 1 u16
 *   6  by how much a completion may exceed the hold, percent u16
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
 * 140  link to the rest of the decision, see {@link DecisionRests} i32
 * 144  the decision, its first 85 bytes
 * 229  latest DE 38: an increment's, or that of an advice which replaced; NUL: none; 6 bytes
 * 235  DE 42, 15 bytes
 * 250  civil day in whose limits it counts, days since 1970-01-01 (to the year 2149), 0: in none u16
 * 252  what it drew on allowances, see {@link DrawTable}; 0: nothing i32
 * 256  number, from 1, never used again i64
 * 264  number of the posting that completed the hold, of the hold that a posting completed or an increment raised, of
 *      the refund's posting; 0: none i64
 * 272  HJARTAN ever authorized or booked i64     280  CASH ever authorized or booked i64
 * 288  HJARTAN refunded i64                      296  CASH refunded i64
 * 304  kronor that DE 4 as sent stands for i64   312  of a refund, what waits for a caseworker i64
 * </pre>
 */
final class OriginalTable {
  static final int NONE = -1;

  private static final int STATE = 0;
  private static final int CAPPED_SLOT = 2;
  private static final int BITS = 3;
  static final int MONTH = 4;
  static final int TOLERANCE = 6;
  private static final int CARD = 8;
  private static final int ACCOUNT = 12;
  private static final int OLDER = 16;
  private static final int NEWER = 20;
  private static final int MERCHANT = 28;
  private static final int CREATED_MS = 32;
  private static final int TRANSACTION_AMOUNT = 48;
  private static final int KEY = 56;
  private static final int FINGERPRINT = 72;
  private static final int HJARTAN = 80;
  private static final int CASH = 88;
  private static final int IDENTITY = 96;
  static final int DECISION_REST = 140;
  private static final int DECISION = 144;
  private static final int LATEST_CODE = 229;
  private static final int MERCHANT_ID = 235;
  private static final int LIMIT_DAY = 250;
  private static final int DRAWS = 252;
  private static final int NUMBER = 256;
  private static final int RELATED = 264;
  private static final int AUTHORIZED_HJARTAN = 272;
  private static final int AUTHORIZED_CASH = 280;
  private static final int REFUNDED_HJARTAN = 288;
  private static final int REFUNDED_CASH = 296;
  private static final int AMOUNT = 304;
  private static final int WAITING = 312;
  private static final int ROW_LENGTH = 320;

  private static final int BY_ADVICE = 1;
  private static final int IS_STAND_IN = 2;

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  /** What a later message may name the selected original by. */
  final Identity identity = new Identity(row, IDENTITY);

  /** DE 38 by which a later message may name it. */
  final OriginalCodes codes =
      new OriginalCodes(row, DECISION + DecisionEncoder.authCodeEncodingOffset(), LATEST_CODE);

  /** DE 42 of the selected original. */
  final OriginalMerchant merchant = new OriginalMerchant(row, MERCHANT_ID);

  /** What the request that made it was answered. */
  final OriginalAnswer answer;

  private final UnsafeBuffer neighbour = new UnsafeBuffer(0, 0);
  private final CardTable cards;
  private final DrawTable drawTable;
  private final int usable;

  final Lanes lanes;

  /** Rows never used start here. */
  private int firstFresh;

  /** Freed rows, linked by OLDER, last freed first; id + 1. */
  private int firstFree;

  private int live;
  private long created;
  private long forgotten;

  OriginalTable(EngineStore store, int capacity, CardTable cards, DrawTable drawTable, DecisionRests rests) {
    this.drawTable = drawTable;
    this.answer = new OriginalAnswer(row, DECISION, DECISION_REST, rests);
    this.rows = store.rows("originals", ROW_LENGTH, capacity);
    this.cards = cards;
    this.lanes = new Lanes(rows);
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
    row.putLong(NUMBER, created);
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

    lanes.join(row, id, lane, timeMs);
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
    return stateOf(row);
  }

  static OriginalState stateOf(DirectBuffer row) {
    return OriginalState.ofNumber(row.getByte(STATE));
  }

  /** Oldest original in the lane, or {@link #NONE}. */
  int oldestIn(Lane lane) {
    return lanes.oldestIn(lane);
  }

  /** When the selected original's time in its lane is over. */
  long dueMs() {
    return row.getLong(Lanes.LANE_MS) + Lane.ofNumber(row.getByte(Lanes.LANE)).durationMs;
  }

  /** Moves the selected original, the oldest of its lane, to the end of another. */
  void changeLane(int id, Lane lane, long timeMs) {
    lanes.leave(row, id);
    lanes.join(row, id, lane, timeMs);
  }

  /** Frees the selected original, the oldest of its lane; {@code cards} must have its card selected. */
  void forget(int id) {
    lanes.leave(row, id);
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
    answer.forget();
    row.setMemory(0, ROW_LENGTH, (byte) 0);
    row.putInt(OLDER, firstFree);
    firstFree = id + 1;
    live--;
    forgotten++;
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

  /** Never used again, as an id is. */
  long number() {
    return row.getLong(NUMBER);
  }

  /** Number of the posting, hold or refunded posting that this one belongs to, see above; 0: none. */
  long related() {
    return row.getLong(RELATED);
  }

  void related(long number) {
    row.putLong(RELATED, number);
  }

  /** DE 4 as sent, in the currency of DE 49. */
  long transactionAmountMinor() {
    return row.getLong(TRANSACTION_AMOUNT);
  }

  /** The kronor that {@link #transactionAmountMinor} stands for. */
  long amountMinor() {
    return row.getLong(AMOUNT);
  }

  /** Decided by the sender, not by us. */
  boolean isByAdvice() {
    return (row.getByte(BITS) & BY_ADVICE) != 0;
  }

  /** Counts as stand-in exposure of its account. */
  boolean isStandIn() {
    return (row.getByte(BITS) & IS_STAND_IN) != 0;
  }

  void origin(boolean byAdvice, boolean standIn) {
    row.putByte(BITS, (byte) ((byAdvice ? BY_ADVICE : 0) | (standIn ? IS_STAND_IN : 0)));
  }

  /** Chain of what it drew on allowances, see {@link DrawTable}; 0: nothing. */
  int draws() {
    return row.getInt(DRAWS);
  }

  void draws(int chain) {
    row.putInt(DRAWS, chain);
  }

  int tolerancePercent() {
    return row.getShort(TOLERANCE) & 0xFFFF;
  }

  void tolerancePercent(int percent) {
    row.putShort(TOLERANCE, (short) percent);
  }

  long hjartanMinor() {
    return row.getLong(HJARTAN);
  }

  long cashMinor() {
    return row.getLong(CASH);
  }

  /** What earmarks pay of it. */
  long earmarkMinor() {
    return drawTable.earmarkMinor(draws());
  }

  long refundedEarmarkMinor() {
    return drawTable.refundedMinor(draws());
  }

  /** See {@link DrawTable#spendableAgainMinor}. */
  long spendableAgainMinor(long earmarkMinor, long timeMs) {
    return drawTable.spendableAgainMinor(draws(), earmarkMinor, timeMs);
  }

  /** What is left of it in all purses. */
  long leftMinor() {
    return earmarkMinor() + hjartanMinor() + cashMinor();
  }

  /** What is left of it in HJARTAN and CASH, 0 or more each. */
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
    return row.getShort(MONTH) & 0xFFFF;
  }

  /** Civil day in whose limits it counts, and with it the month; 0: it counts in none. */
  int limitDay() {
    return row.getShort(LIMIT_DAY) & 0xFFFF;
  }

  void limitDay(int day) {
    row.putShort(LIMIT_DAY, (short) day);
  }

  void counted(int merchantRow, int cappedSlot, int monthIndex) {
    row.putInt(MERCHANT, merchantRow);
    row.putByte(CAPPED_SLOT, (byte) cappedSlot);
    row.putShort(MONTH, (short) monthIndex);
  }

  /** {@code transactionMinor} of DE 4 stand for {@code amountMinor} of kronor. */
  void transactionAmount(long transactionMinor, long amountMinor) {
    row.putLong(TRANSACTION_AMOUNT, transactionMinor);
    row.putLong(AMOUNT, amountMinor);
  }

  /** Adds parts to what is left and to what was ever authorized or booked. */
  void raise(long hjartanMinor, long cashMinor) {
    amounts(hjartanMinor() + hjartanMinor, cashMinor() + cashMinor);
    row.putLong(AUTHORIZED_HJARTAN, authorizedHjartanMinor() + hjartanMinor);
    row.putLong(AUTHORIZED_CASH, authorizedCashMinor() + cashMinor);
  }

  /** From now on CASH has paid a part that HJARTAN had paid. */
  void exchange(long amountMinor) {
    amounts(hjartanMinor() - amountMinor, cashMinor());
    raise(0, amountMinor);
  }

  long refundedHjartanMinor() {
    return row.getLong(REFUNDED_HJARTAN);
  }

  long refundedCashMinor() {
    return row.getLong(REFUNDED_CASH);
  }

  /** Invariant 6, where it is written: never more than is left of the posting. */
  void refunded(long hjartanMinor, long cashMinor) {
    if (hjartanMinor < 0 || cashMinor < 0 || hjartanMinor > hjartanMinor() || cashMinor > cashMinor()) {
      throw new IllegalStateException(
          "invariant 6: " + hjartanMinor + ", " + cashMinor + " refunded of " + hjartanMinor() + ", " + cashMinor());
    }
    row.putLong(REFUNDED_HJARTAN, hjartanMinor);
    row.putLong(REFUNDED_CASH, cashMinor);
  }

  long waitingMinor() {
    return row.getLong(WAITING);
  }

  void waiting(long amountMinor) {
    row.putLong(WAITING, amountMinor);
  }

  /** Takes over the merchant of another original. */
  void merchantOf(int originalId) {
    rows.wrap(neighbour, originalId);
    merchant.take(neighbour, MERCHANT_ID);
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

  /** HJARTAN ever authorized, or booked beyond that, before any reversal. */
  long authorizedHjartanMinor() {
    return row.getLong(AUTHORIZED_HJARTAN);
  }

  /** CASH ever authorized, or booked beyond that, before any reversal. */
  long authorizedCashMinor() {
    return row.getLong(AUTHORIZED_CASH);
  }

  /** Rows that were ever used, freed ones included. */
  int everUsed() {
    return firstFresh;
  }

  Rows rows() {
    return rows;
  }

  /** The first freed row + 1; 0: none is free. */
  int firstFree() {
    return firstFree;
  }

  /** Takes over rows that have been filled; their lanes come separately. */
  void restore(int everUsed, int firstFreeRow, int liveOnes, long createdEver, long forgottenEver) {
    firstFresh = everUsed;
    firstFree = firstFreeRow;
    live = liveOnes;
    created = createdEver;
    forgotten = forgottenEver;
  }

  long hash(long seed) {
    long hash = lanes.hash(Hash.mix(Hash.mix(Hash.mix(Hash.mix(seed, firstFree), live), created), forgotten));
    for (int id = 0; id < firstFresh; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
