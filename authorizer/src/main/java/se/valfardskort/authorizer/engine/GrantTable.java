package se.valfardskort.authorizer.engine;

import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.GrantRules;

/**
 * Requests for neighbour-verified grants. Owned by the core thread; accessors speak of the request last selected.
 * Amounts are minor units.
 *
 * <p>The requests of an account are a list whose head lies in its {@link HolderOfferTable} row, the newest first. A
 * request keeps the accounts that said YES as long as it is open, so that none says it twice, and forgets them with its
 * end: a NO is nowhere. It is freed when it counts for nothing any more. Links are id + 1, 0: none.
 *
 * <pre>
 *   0  state u8: 0 free, else {@link State} | kind of the earmark u8 | YES so far u8 | (unused)
 *   4  account that asks i32
 *   8  next older of the account, or next free row i32
 *  12  number, from 1, never used again i32
 *  16  requested, ms i64
 *  24  to be answered before, ms i64
 *  32  amount i64
 *  40  request's key i64
 *  48  number of the earmark that it became i64
 *  56  civil day on which it was paid, or ended i32
 *  60  accounts that said YES, + 1 each; four i32
 *  76  (unused)
 * </pre>
 */
final class GrantTable {
  static final int NONE = -1;

  /** Requests that one account keeps. */
  static final int MOST_OF_AN_ACCOUNT = 32;

  /** What a request may be; nothing leads out of the last three. */
  enum State {
    /** Waits for its neighbours; until its time is over. */
    OPEN(1),
    /** Became an earmark. */
    PAID(2),
    /** A NO, or silence, or a bar: a caseworker takes it from here. */
    ORDINARY(3),
    /** By whoever asked. */
    WITHDRAWN(4);

    private static final State[] VALUES = values();

    final byte code;

    State(int code) {
      this.code = (byte) code;
    }

    static State ofCode(int code) {
      return VALUES[code - 1];
    }
  }

  private static final int STATE = 0;
  private static final int KIND = 1;
  private static final int YES = 2;
  private static final int ACCOUNT = 4;
  private static final int NEXT = 8;
  private static final int NUMBER = 12;
  private static final int REQUESTED_MS = 16;
  private static final int DEADLINE_MS = 24;
  private static final int AMOUNT = 32;
  private static final int KEY = 40;
  private static final int EARMARK = 48;
  private static final int ENDED_DAY = 56;
  private static final int VOTERS = 60;
  private static final int ROW_LENGTH = VOTERS + GrantRules.MOST_NEIGHBOURS * Integer.BYTES + 4;

  private final HolderOfferTable holders;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final UnsafeBuffer neighbour = new UnsafeBuffer(0, 0);

  /** By number; made anew from the rows. */
  private final Int2IntHashMap ids = new Int2IntHashMap(NONE);

  private int firstFresh;
  private int firstFree;
  private int requested;
  private int cursor;

  GrantTable(EngineStore store, int capacity, HolderOfferTable holders) {
    this.holders = holders;
    rows = store.rows("grants", ROW_LENGTH, capacity);
  }

  boolean isFull() {
    return (firstFree == 0 && firstFresh == rows.capacity()) || requested == Integer.MAX_VALUE;
  }

  int nextNumber() {
    return requested + 1;
  }

  void select(int id) {
    rows.wrap(row, id);
  }

  /** Selects the request of a number; {@link #NONE}: there is none, or it was forgotten. */
  int find(long number) {
    int id = number < 1 || number > requested ? NONE : ids.get((int) number);
    if (id != NONE) {
      select(id);
    }
    return id;
  }

  /** The newest of the account that is selected among the holders. */
  int first() {
    return holders.firstRequest() - 1;
  }

  /** The next older one of the same account. */
  int next() {
    return row.getInt(NEXT) - 1;
  }

  /** Makes a request of the account that is selected among the holders, and selects it. */
  void open(int accountId, int kind, long amountMinor, long key, long timeMs, long deadlineMs) {
    int id = firstFree != 0 ? firstFree - 1 : firstFresh++;
    select(id);
    firstFree = firstFree != 0 ? row.getInt(NEXT) : 0;
    row.putByte(STATE, State.OPEN.code);
    row.putByte(KIND, (byte) kind);
    row.putInt(ACCOUNT, accountId);
    row.putInt(NUMBER, ++requested);
    row.putLong(REQUESTED_MS, timeMs);
    row.putLong(DEADLINE_MS, deadlineMs);
    row.putLong(AMOUNT, amountMinor);
    row.putLong(KEY, key);
    row.putInt(NEXT, holders.firstRequest());
    holders.firstRequest(id + 1);
    ids.put(requested, id);
  }

  /** As it stands in the row: an open request may be over, which {@link #isOpenAt} knows. */
  State state() {
    return State.ofCode(row.getByte(STATE));
  }

  boolean isOpenAt(long timeMs) {
    return row.getByte(STATE) == State.OPEN.code && timeMs < deadlineMs();
  }

  int kind() {
    return row.getByte(KIND);
  }

  int accountId() {
    return row.getInt(ACCOUNT);
  }

  int number() {
    return row.getInt(NUMBER);
  }

  long requestedMs() {
    return row.getLong(REQUESTED_MS);
  }

  /** The first moment at which no answer counts any more. */
  long deadlineMs() {
    return row.getLong(DEADLINE_MS);
  }

  long amountMinor() {
    return row.getLong(AMOUNT);
  }

  long key() {
    return row.getLong(KEY);
  }

  /** 0: it has become none. */
  long earmark() {
    return row.getLong(EARMARK);
  }

  int endedDay() {
    return row.getInt(ENDED_DAY);
  }

  /** Neighbours who have said YES while it is open. */
  int yes() {
    return row.getByte(YES);
  }

  boolean saidYes(int accountId) {
    for (int index = 0; index < yes(); index++) {
      if (row.getInt(VOTERS + index * Integer.BYTES) == accountId + 1) {
        return true;
      }
    }
    return false;
  }

  void sayYes(int accountId) {
    row.putInt(VOTERS + yes() * Integer.BYTES, accountId + 1);
    row.putByte(YES, (byte) (yes() + 1));
  }

  /** It became an earmark. */
  void pay(long earmarkNumber, long epochDay) {
    row.putLong(EARMARK, earmarkNumber);
    end(State.PAID, epochDay);
  }

  /** The only way out of OPEN. Who said YES is forgotten. */
  void end(State ended, long epochDay) {
    if (state() != State.OPEN) {
      throw new IllegalStateException("grant " + number() + " ends as " + ended + " and was " + state());
    }
    row.putByte(STATE, ended.code);
    row.putInt(ENDED_DAY, Math.toIntExact(epochDay));
    row.putByte(YES, (byte) 0);
    row.setMemory(VOTERS, GrantRules.MOST_NEIGHBOURS * Integer.BYTES, (byte) 0);
  }

  /** The row at which the clock looks next; moves it on. There must be rows. */
  int look() {
    cursor = cursor < firstFresh ? cursor : 0;
    return cursor++;
  }

  /** Whether row {@code id} is none; selects it. */
  boolean isFree(int id) {
    select(id);
    return row.getByte(STATE) == 0;
  }

  /** Frees the selected row {@code id}; its account must be selected among the holders. */
  void free(int id) {
    int before = 0;
    int walked = holders.firstRequest();
    while (walked != id + 1) {
      before = walked;
      rows.wrap(neighbour, walked - 1);
      walked = neighbour.getInt(NEXT);
    }
    if (before == 0) {
      holders.firstRequest(row.getInt(NEXT));
    } else {
      rows.wrap(neighbour, before - 1);
      neighbour.putInt(NEXT, row.getInt(NEXT));
    }
    ids.remove(number());
    row.setMemory(0, ROW_LENGTH, (byte) 0);
    row.putInt(NEXT, firstFree);
    firstFree = id + 1;
  }

  Rows rows() {
    return rows;
  }

  int everUsed() {
    return firstFresh;
  }

  int firstFree() {
    return firstFree;
  }

  /** Requests ever made. */
  int requested() {
    return requested;
  }

  int cursor() {
    return cursor;
  }

  /** Takes over rows, before they are filled. */
  void restore(int everUsed, int firstFreeRow, int requestedEver, int nextLook) {
    firstFresh = everUsed;
    firstFree = firstFreeRow;
    requested = requestedEver;
    cursor = nextLook;
  }

  /** Once the rows are filled: finds the requests by their numbers again. */
  void index() {
    for (int id = 0; id < firstFresh; id++) {
      if (!isFree(id)) {
        ids.put(number(), id);
      }
    }
  }

  /** Each row is whole, is found by its number, and stands in the list of its account. */
  void check() {
    int found = 0;
    for (int id = 0; id < firstFresh; id++) {
      if (isFree(id)) {
        continue;
      }
      found++;
      boolean paid = state() == State.PAID;
      boolean open = state() == State.OPEN;
      boolean sound =
          ids.get(number()) == id
              && number() <= requested
              && amountMinor() > 0
              && deadlineMs() > requestedMs()
              && paid == (earmark() != 0)
              && open == (endedDay() == 0)
              && (open || yes() == 0)
              && !saidYes(accountId())
              && isListed(id);
      if (!sound) {
        throw new IllegalStateException("grant in row " + id + " is not whole");
      }
    }
    if (found != ids.size()) {
      throw new IllegalStateException(found + " grants are there, and " + ids.size() + " are found by their numbers");
    }
  }

  private boolean isListed(int id) {
    holders.select(accountId());
    int walked = first();
    while (walked != NONE && walked != id) {
      rows.wrap(neighbour, walked);
      walked = neighbour.getInt(NEXT) - 1;
    }
    return walked == id;
  }

  /** Of a state that never had any: the seed. */
  long hash(long seed) {
    if (firstFresh == 0) {
      return seed;
    }
    long hash = Hash.mix(Hash.mix(Hash.mix(Hash.mix(seed, firstFresh), firstFree), requested), cursor);
    for (int id = 0; id < firstFresh; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
