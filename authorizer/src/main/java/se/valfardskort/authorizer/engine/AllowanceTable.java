package se.valfardskort.authorizer.engine;

import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Category;

/**
 * What a caseworker allowed an account beyond the policy and its purses: approvals (godkannanden), and earmarks, which
 * are {@link EarmarkPurse money} as well. Owned by the core thread; accessors speak of the allowance last selected.
 * Amounts are minor units.
 *
 * <p>The allowances of an account are a list whose head lies in the account's row: the one that ends first stands
 * first, of those that end together the older. A row is freed when its allowance has ended and no remembered purchase
 * drew on it; what an earmark has left at its end goes back to the pool before that. Links are id + 1, 0: none.
 *
 * <pre>
 *   0  kind u8: 0 free, 1 approval, 2 earmark | bits u8: 1 opens SAVINGS, 2 revoked, 4 swept
 *   2  entries of the scope u8 | reason of an approval, kind of an earmark u8
 *   4  account id i32
 *   8  card id i32, -1: every card of the account
 *  12  next of the account, or next free row i32
 *  16  number, from 1, never used again i64
 *  24  valid from, ms i64                32  valid until, ms, exclusive i64
 *  40  granted i64, -1: no limit         48  left i64, -1: no limit
 *  56  uses granted i32, 0: any number   60  uses taken i32
 *  64  draws that name this row i32      68  (unused)
 *  72  grant key i64
 *  80  countries, four u16; all 0: at home
 *  88  {@link Scope}, 64 bytes
 * 152  of an earmark: the rest of its {@link EarmarkPurse}, 24 bytes
 * </pre>
 */
final class AllowanceTable {
  static final int NONE = -1;

  /** In the place of a country: any. */
  static final int ANY_COUNTRY = 65_534;

  static final int COUNTRIES = 4;

  /** More than a caseworker ever has open for one account; the list is walked by purchases that need an approval. */
  static final int MOST_OF_AN_ACCOUNT = 32;

  static final int KIND = 0;
  static final int BITS = 1;
  private static final int SCOPE_ENTRIES = 2;
  private static final int REASON = 3;
  private static final int ACCOUNT = 4;
  private static final int CARD = 8;
  private static final int NEXT = 12;
  private static final int NUMBER = 16;
  private static final int FROM_MS = 24;
  private static final int UNTIL_MS = 32;
  static final int GRANTED = 40;
  static final int LEFT = 48;
  private static final int USES = 56;
  private static final int USES_TAKEN = 60;
  private static final int DRAWS = 64;
  private static final int GRANT_KEY = 72;
  private static final int COUNTRY = 80;
  private static final int SCOPE = 88;
  static final int PURSE = SCOPE + Scope.LENGTH;
  private static final int ROW_LENGTH = PURSE + EarmarkPurse.LENGTH;

  private static final byte APPROVAL = 1;
  static final byte EARMARK = 2;
  private static final int OPENS_SAVINGS = 1;
  private static final int REVOKED = 2;

  private final AccountTable accounts;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final UnsafeBuffer neighbour = new UnsafeBuffer(0, 0);

  /** The money of the selected allowance, where that is an earmark. */
  final EarmarkPurse purse;

  private int firstFresh;
  private int firstFree;
  private long granted;
  private int cursor;

  AllowanceTable(
      EngineStore store, int capacity, AccountTable accounts, ProgrammeTable programmes, Ledger ledger) {
    this.accounts = accounts;
    rows = store.rows("allowances", ROW_LENGTH, capacity);
    purse = new EarmarkPurse(row, accounts, programmes, ledger);
  }

  boolean isFull() {
    return firstFree == 0 && firstFresh == rows.capacity();
  }

  /** Number that the next allowance gets. */
  long nextNumber() {
    return granted + 1;
  }

  void select(int id) {
    rows.wrap(row, id);
  }

  /** Takes a row for an approval and selects it; its fields follow, then {@link #enlist}. */
  int allocateApproval() {
    return allocate(APPROVAL);
  }

  /** Takes a row for an earmark, likewise. */
  int allocateEarmark() {
    return allocate(EARMARK);
  }

  private int allocate(byte kind) {
    int id = firstFree != 0 ? firstFree - 1 : firstFresh++;
    rows.wrap(row, id);
    firstFree = firstFree != 0 ? row.getInt(NEXT) : 0;
    row.putByte(KIND, kind);
    row.putLong(NUMBER, ++granted);
    return id;
  }

  void holder(int accountId, int cardId, long grantKey) {
    row.putInt(ACCOUNT, accountId);
    row.putInt(CARD, cardId);
    row.putLong(GRANT_KEY, grantKey);
  }

  void validity(long fromMs, long untilMs) {
    row.putLong(FROM_MS, fromMs);
    row.putLong(UNTIL_MS, untilMs);
  }

  /** {@link Category#NO_LIMIT} and 0 uses: without limit. */
  void amounts(long amountMinor, int uses) {
    row.putLong(GRANTED, amountMinor);
    row.putLong(LEFT, amountMinor);
    row.putInt(USES, uses);
  }

  void purpose(int reason, boolean opensSavings) {
    row.putByte(REASON, (byte) reason);
    row.putByte(BITS, (byte) (opensSavings ? OPENS_SAVINGS : 0));
  }

  void countries(int first, int second, int third, int fourth) {
    row.putShort(COUNTRY, (short) first);
    row.putShort(COUNTRY + 2, (short) second);
    row.putShort(COUNTRY + 4, (short) third);
    row.putShort(COUNTRY + 6, (short) fourth);
  }

  /** Where the scope's entries go. */
  UnsafeBuffer row() {
    return row;
  }

  static int scopeOffset() {
    return SCOPE;
  }

  void scopeEntries(int entries) {
    row.putByte(SCOPE_ENTRIES, (byte) entries);
  }

  /** Puts the selected allowance into the list of its account, which must be selected, where its end belongs. */
  void enlist(int id) {
    int before = 0;
    int after = accounts.allowances();
    while (after != 0) {
      rows.wrap(neighbour, after - 1);
      if (neighbour.getLong(UNTIL_MS) > row.getLong(UNTIL_MS)) {
        break;
      }
      before = after;
      after = neighbour.getInt(NEXT);
    }
    row.putInt(NEXT, after);
    link(before, id + 1);
  }

  private void link(int before, int next) {
    if (before == 0) {
      accounts.allowances(next);
    } else {
      rows.wrap(neighbour, before - 1);
      neighbour.putInt(NEXT, next);
    }
  }

  /** The first allowance of the selected account, or {@link #NONE}; selects nothing. */
  int first() {
    return accounts.allowances() - 1;
  }

  /** The next of the same account. */
  int next() {
    return row.getInt(NEXT) - 1;
  }

  boolean isEarmark() {
    return row.getByte(KIND) == EARMARK;
  }

  /** How many the selected account has of a kind, ended ones that are still kept included. */
  int ofAccount(boolean earmarks) {
    int count = 0;
    for (int id = first(); id != NONE; id = next()) {
      select(id);
      count += isEarmark() == earmarks ? 1 : 0;
    }
    return count;
  }

  /** Finds an allowance of that kind of the selected account by its number, and selects it. */
  int findNumber(long number, boolean earmark) {
    int id = first();
    while (id != NONE) {
      select(id);
      if (number() == number && isEarmark() == earmark) {
        return id;
      }
      id = next();
    }
    return NONE;
  }

  /** Finds an allowance of the selected account by the key of its grant. */
  int findKey(long grantKey) {
    int id = first();
    while (id != NONE) {
      select(id);
      if (row.getLong(GRANT_KEY) == grantKey) {
        return id;
      }
      id = next();
    }
    return NONE;
  }

  long number() {
    return row.getLong(NUMBER);
  }

  /** What tells its grant from every other. */
  long grantKey() {
    return row.getLong(GRANT_KEY);
  }

  int cardId() {
    return row.getInt(CARD);
  }

  int reason() {
    return row.getByte(REASON) & 0xFF;
  }

  boolean opensSavings() {
    return (row.getByte(BITS) & OPENS_SAVINGS) != 0;
  }

  boolean isRevoked() {
    return (row.getByte(BITS) & REVOKED) != 0;
  }

  void revoke() {
    row.putByte(BITS, (byte) (row.getByte(BITS) | REVOKED));
  }

  long fromMs() {
    return row.getLong(FROM_MS);
  }

  long untilMs() {
    return row.getLong(UNTIL_MS);
  }

  /** {@link Category#NO_LIMIT}: there is none. */
  long grantedMinor() {
    return row.getLong(GRANTED);
  }

  /** {@link Category#NO_LIMIT}: there is no limit. */
  long leftMinor() {
    return row.getLong(LEFT);
  }

  /** 0: any number. */
  int uses() {
    return row.getInt(USES);
  }

  int usesTaken() {
    return row.getInt(USES_TAKEN);
  }

  boolean isLiveAt(long timeMs) {
    return !isRevoked() && fromMs() <= timeMs && timeMs < untilMs();
  }

  boolean hasUse() {
    return uses() == 0 || usesTaken() < uses();
  }

  boolean has(long amountMinor) {
    return grantedMinor() == Category.NO_LIMIT || amountMinor <= leftMinor();
  }

  boolean isForCard(int cardId) {
    return cardId() == Outcome.NO_ID || cardId() == cardId;
  }

  /** Whether it speaks of that place, in the eyes of its programme. */
  boolean covers(Place place, ProgrammeRules programme) {
    return coversCountry(place, programme)
        && Scope.covers(row, SCOPE, row.getByte(SCOPE_ENTRIES), place, programme);
  }

  /** Whether it speaks of that merchant by name. */
  boolean names(int merchantRow) {
    return Scope.names(row, SCOPE, row.getByte(SCOPE_ENTRIES), merchantRow);
  }

  /** One with countries is for journeys and purchases there, one without for everything at home. */
  private boolean coversCountry(Place place, ProgrammeRules programme) {
    if (country(0) == 0) {
      return !place.abroad && !place.journey;
    }
    if (place.journey && !place.abroad) {
      return true;
    }
    int country = place.abroad ? place.country : programme.homeCountry;
    boolean listed = false;
    for (int index = 0; index < COUNTRIES; index++) {
      listed |= country(index) == country || (country(index) == ANY_COUNTRY && place.abroad);
    }
    return listed;
  }

  /** For people; allocates. */
  List<Integer> countries() {
    return IntStream.range(0, COUNTRIES).map(this::country).filter(country -> country != 0).boxed().toList();
  }

  /** For people; allocates. */
  List<String> covers(ProgrammeRules programme, MerchantTable merchants) {
    return Scope.words(row, SCOPE, row.getByte(SCOPE_ENTRIES), programme, merchants);
  }

  int country(int index) {
    return row.getShort(COUNTRY + index * Short.BYTES) & 0xFFFF;
  }

  /** Takes what is there, at most that amount; returns it. */
  long take(long amountMinor) {
    if (grantedMinor() == Category.NO_LIMIT) {
      return amountMinor;
    }
    long takenMinor = Math.min(amountMinor, leftMinor());
    row.putLong(LEFT, leftMinor() - takenMinor);
    return takenMinor;
  }

  void giveBack(long amountMinor) {
    if (grantedMinor() != Category.NO_LIMIT) {
      row.putLong(LEFT, leftMinor() + amountMinor);
    }
  }

  void takeUse() {
    row.putInt(USES_TAKEN, usesTaken() + 1);
  }

  void giveBackUse() {
    row.putInt(USES_TAKEN, usesTaken() - 1);
  }

  void drawn(int more) {
    row.putInt(DRAWS, row.getInt(DRAWS) + more);
  }

  /**
   * Sends back to the pool what earmarks have left at their end, and frees what has ended and is spoken of by nothing,
   * looking at no more than {@code most} rows; a tick's share.
   */
  void clean(long timeMs, int most) {
    int looks = Math.min(most, firstFresh);
    for (int look = 0; look < looks; look++) {
      cursor = cursor < firstFresh ? cursor : 0;
      int id = cursor++;
      select(id);
      if (row.getByte(KIND) != 0 && untilMs() <= timeMs) {
        accounts.select(row.getInt(ACCOUNT));
        if (isEarmark()) {
          purse.sweep();
        }
        if (row.getInt(DRAWS) == 0) {
          free(id);
        }
      }
    }
  }

  /** Frees the selected row; its account must be selected. */
  private void free(int id) {
    int before = 0;
    int walked = accounts.allowances();
    while (walked != id + 1) {
      before = walked;
      rows.wrap(neighbour, walked - 1);
      walked = neighbour.getInt(NEXT);
    }
    link(before, row.getInt(NEXT));
    row.setMemory(0, ROW_LENGTH, (byte) 0);
    row.putInt(NEXT, firstFree);
    firstFree = id + 1;
  }

  /** Shows the grant key of every allowance. */
  void visitKeys(LongConsumer visitor) {
    for (int id = 0; id < firstFresh; id++) {
      select(id);
      if (row.getByte(KIND) != 0) {
        visitor.accept(row.getLong(GRANT_KEY));
      }
    }
  }

  /** Checks every row; {@code draws}: how many draws were found on each, {@code heldMinor}: what holds say of it. */
  void check(int[] draws, long[] heldMinor) {
    for (int id = 0; id < firstFresh; id++) {
      select(id);
      boolean free = row.getByte(KIND) == 0;
      if (isEarmark()) {
        purse.check(id, heldMinor[id]);
      }
      boolean inOrder =
          free || (usesTaken() >= 0
              && (uses() == 0 || usesTaken() <= uses())
              && (grantedMinor() == Category.NO_LIMIT || (leftMinor() >= 0 && leftMinor() <= grantedMinor())));
      if (!inOrder || row.getInt(DRAWS) != draws[id]) {
        throw new IllegalStateException(
            "allowance " + id + ": " + usesTaken() + " of " + uses() + " uses, " + leftMinor() + " of " + grantedMinor()
                + " left, " + row.getInt(DRAWS) + " draws, of which " + draws[id] + " are found");
      }
    }
  }

  Rows rows() {
    return rows;
  }

  /** Rows that were ever used, freed ones included. */
  int everUsed() {
    return firstFresh;
  }

  /** The first freed row + 1; 0: none is free. */
  int firstFree() {
    return firstFree;
  }

  /** Allowances ever granted. */
  long granted() {
    return granted;
  }

  /** The row at which {@link #clean} goes on. */
  int cursor() {
    return cursor;
  }

  /** Takes over rows that have been filled. */
  void restore(int everUsed, int firstFreeRow, long grantedEver, int nextLook) {
    firstFresh = everUsed;
    firstFree = firstFreeRow;
    granted = grantedEver;
    cursor = nextLook;
  }

  /** Of a state that never had any: the seed, as it was before there were allowances. */
  long hash(long seed) {
    if (firstFresh == 0) {
      return seed;
    }
    long hash = Hash.mix(Hash.mix(Hash.mix(Hash.mix(seed, firstFresh), firstFree), granted), cursor);
    for (int id = 0; id < firstFresh; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
