package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/**
 * The cards, by dense id. Owned by the core thread; accessors speak of the card last selected. Behind each card's bytes
 * lie those of the {@link AccountTable account} of the same number.
 *
 * <pre>
 *   0  account id                                i32
 *   4  status (SBE CardStatus)                   u8
 *   5  PIN tries left                            u8
 *   6  expiry, YYMM                              u16
 *   8  contactless purchases without PIN in a row i32
 *  12  newest original + 1, 0: none              i32
 *  16  tombstones                                i32
 *  20  (of the account)
 *  24  panToken                                  32 bytes
 *  56  number of the newest answer without an original, 0: none   i64
 * </pre>
 *
 * <p>A second part, to which only people's acts and questions come, lies in {@link HolderRests}:
 *
 * <pre>
 *   0  day on which the freeze is to be reviewed, days since 1970-01-01, 0: none   i32
 *   4  reason of the last change of status (SBE StatusReason), 0: none             u8
 *   5  (unused)
 * </pre>
 */
final class CardTable {
  static final int MISSING = Directory.MISSING;
  static final int TOKEN_LENGTH = 32;

  /** PIN tries after a right PIN. */
  static final int PIN_TRIES = 3;

  private static final int ACCOUNT = 0;
  private static final int STATUS = 4;
  private static final int PIN_TRIES_LEFT = 5;
  private static final int EXPIRY = 6;
  private static final int CONTACTLESS_RUN = 8;
  private static final int NEWEST_ORIGINAL = 12;
  private static final int TOMBSTONES = 16;
  static final int TOKEN = 24;
  private static final int NEWEST_ANSWER = 56;

  /** Bytes of a card. */
  static final int LENGTH = 64;

  /** Bytes of its second part. */
  static final int SECOND_LENGTH = 8;

  private static final int REVIEW_DAY = 0;
  private static final int STATUS_REASON = 4;

  private final Directory directory;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final HolderRests.Cursor rest;
  private final int capacity;

  private int count;

  /** @param rows shared with the accounts, as {@code rests} are */
  CardTable(EngineStore store, Rows rows, HolderRests rests, EngineCapacity capacity) {
    this.capacity = capacity.cards();
    directory = store.directory("cards", TOKEN_LENGTH, this.capacity);
    this.rows = rows;
    rest = rests.cursor();
  }

  int find(DirectBuffer token, int offset) {
    return directory.get(token, offset);
  }

  void select(int cardId) {
    rows.wrap(row, cardId);
    rest.select(cardId);
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == capacity;
  }

  /** Id that the next card gets. */
  int nextId() {
    return count;
  }

  /** Opens a card and selects it. */
  int open(DirectBuffer token, int offset, int accountId, CardStatus status, int expiryYearMonth, int pinTriesLeft) {
    int cardId = count++;
    directory.put(token, offset, cardId);
    select(cardId);
    row.putInt(ACCOUNT, accountId);
    row.putByte(STATUS, (byte) status.value());
    row.putByte(PIN_TRIES_LEFT, (byte) pinTriesLeft);
    row.putShort(EXPIRY, (short) expiryYearMonth);
    row.putBytes(TOKEN, token, offset, TOKEN_LENGTH);
    return cardId;
  }

  int accountId() {
    return row.getInt(ACCOUNT);
  }

  CardStatus status() {
    return CardStatus.get((short) (row.getByte(STATUS) & 0xFF));
  }

  /** Gives the card another status; {@code reviewDay} is 0 unless it is a freeze. */
  void changeStatus(CardStatus status, StatusReason reason, int reviewDay) {
    row.putByte(STATUS, (byte) status.value());
    UnsafeBuffer second = rest.touched();
    second.putByte(HolderRests.CARD + STATUS_REASON, (byte) reason.value());
    second.putInt(HolderRests.CARD + REVIEW_DAY, reviewDay);
  }

  /** Days since 1970-01-01; 0: nothing is to be reviewed. */
  int reviewDay() {
    return rest.row().getInt(HolderRests.CARD + REVIEW_DAY);
  }

  /** SBE StatusReason of the last change; 0: the status is that of the opening. */
  int statusReason() {
    return rest.row().getByte(HolderRests.CARD + STATUS_REASON);
  }

  int expiryYearMonth() {
    return row.getShort(EXPIRY) & 0xFFFF;
  }

  /** Whether it may be used in a month (year * 12 + month - 1), as far as status and last month go. */
  boolean isActiveIn(int monthIndex) {
    return status() == CardStatus.ACTIVE && !isExpiredIn(monthIndex);
  }

  /** True when the card's last month lies before {@code monthIndex} (year * 12 + month - 1). */
  boolean isExpiredIn(int monthIndex) {
    int yearMonth = expiryYearMonth();
    return (2000 + yearMonth / 100) * 12 + yearMonth % 100 - 1 < monthIndex;
  }

  int pinTriesLeft() {
    return row.getByte(PIN_TRIES_LEFT) & 0xFF;
  }

  void pinTriesLeft(int tries) {
    row.putByte(PIN_TRIES_LEFT, (byte) tries);
  }

  int contactlessRun() {
    return row.getInt(CONTACTLESS_RUN);
  }

  void contactlessRun(int purchases) {
    row.putInt(CONTACTLESS_RUN, purchases);
  }

  /** Newest hold, posting or tombstone of the card, or {@link OriginalTable#NONE}. */
  int newestOriginal() {
    return row.getInt(NEWEST_ORIGINAL) - 1;
  }

  void newestOriginal(int originalId) {
    row.putInt(NEWEST_ORIGINAL, originalId + 1);
  }

  /** Number of the card's newest answer in {@link RequestMemory} that a reversal may speak of; 0: none. */
  long newestAnswer() {
    return row.getLong(NEWEST_ANSWER);
  }

  void newestAnswer(long number) {
    row.putLong(NEWEST_ANSWER, number);
  }

  int tombstones() {
    return row.getInt(TOMBSTONES);
  }

  void tombstones(int number) {
    row.putInt(TOMBSTONES, number);
  }

  DirectBuffer row() {
    return row;
  }

  /** Takes over {@code cards} cards whose rows have been filled; {@link #index} must follow. */
  void restore(int cards) {
    count = cards;
  }

  /**
   * Enters the tokens of all rows in the directory. Reads rows through a flyweight of its own and writes nothing else,
   * so that it may run on one thread while another reads the tables.
   */
  void index() {
    UnsafeBuffer entered = new UnsafeBuffer(0, 0);
    for (int id = 0; id < count; id++) {
      rows.wrap(entered, id);
      directory.put(entered, TOKEN, id);
    }
  }

  long hash(long seed) {
    long hash = Hash.mix(seed, count);
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, LENGTH);
    }
    return hash;
  }

  /** Every card is found by its token, and the directory knows no others. */
  void check() {
    if (directory.size() != count) {
      throw new IllegalStateException(
          "the card directory has " + directory.size() + " entries for " + count + " cards");
    }
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      if (directory.get(row, TOKEN) != id) {
        throw new IllegalStateException("card " + id + " is not found by its panToken");
      }
    }
  }
}
