package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The merchants that a configuration or an approval has ever named, by dense id: providers and those with a rule of
 * their own. Owned by the core thread; accessors speak of the merchant last selected.
 *
 * <p>Only these remember the MCC that they sent last: it costs nothing in a row that is there, and a row for every shop
 * that anybody ever named in DE 42 would be a table that strangers fill.
 *
 * <pre>
 *   0  Hjartan earned and not redeemed, minor units       i64
 *   8  Hjartan taken in the counted month, minor units    i64
 *  16  month that is counted, year * 12 + month - 1       i32
 *  20  MCC (DE 18) of the last purchase there, 0: none    u16
 *  22  (unused)
 *  24  key: acquirer i64, DE 42 (15, NUL-padded), NUL     24 bytes
 * </pre>
 */
final class MerchantTable {
  static final int BALANCE = 0;
  static final int NONE = Directory.MISSING;
  static final int MERCHANT_ID_LENGTH = 15;

  private static final int MONTH_TAKEN = 8;
  private static final int MONTH = 16;
  private static final int SENT_MCC = 20;
  private static final int KEY = 24;
  private static final int KEY_LENGTH = 24;
  private static final int ROW_LENGTH = 48;
  private static final int FILTER_BITS = 1 << 17;

  private final Directory directory;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final UnsafeBuffer key = new UnsafeBuffer(new byte[KEY_LENGTH]);

  /** Bits of the known keys' hashes: nearly every shop is unknown, and then the directory need not be asked. */
  private final long[] filter = new long[FILTER_BITS / Long.SIZE];

  private int count;

  MerchantTable(EngineStore store, int capacity) {
    directory = store.directory("merchants", KEY_LENGTH, capacity);
    rows = store.rows("merchants", ROW_LENGTH, capacity);
  }

  int count() {
    return count;
  }

  int room() {
    return rows.capacity() - count;
  }

  /** Returns the id of the merchant, or {@link #NONE}. Trailing spaces of DE 42 do not matter. */
  int find(long acquirer, DirectBuffer merchantId, int offset) {
    key.putLong(0, acquirer);
    key.putBytes(Long.BYTES, merchantId, offset, MERCHANT_ID_LENGTH);
    for (int last = KEY_LENGTH - 2; last >= Long.BYTES && isPadding(key.getByte(last)); last--) {
      key.putByte(last, (byte) 0);
    }
    return findKey();
  }

  /** Off the hot path: as {@link #find(long, DirectBuffer, int)}, with the text of a configuration. */
  int find(long acquirer, String merchantId) {
    writeKey(acquirer, merchantId);
    return findKey();
  }

  /** Returns the id of the merchant, made if need be; the caller has seen to it that there is room. */
  int findOrAdd(long acquirer, String merchantId) {
    int id = find(acquirer, merchantId);
    if (id != NONE) {
      return id;
    }
    id = count++;
    enter(id);
    rows.wrap(row, id);
    row.putBytes(KEY, key, 0, KEY_LENGTH);
    return id;
  }

  UnsafeBuffer select(int merchantRow) {
    rows.wrap(row, merchantRow);
    return row;
  }

  /** DE 32 and DE 42 of a merchant, for people. Allocates. */
  String name(int merchantRow) {
    rows.wrap(row, merchantRow);
    byte[] merchantId = new byte[MERCHANT_ID_LENGTH];
    row.getBytes(KEY + Long.BYTES, merchantId);
    return row.getLong(KEY) + " " + new String(merchantId, StandardCharsets.US_ASCII).replace("\0", "");
  }

  long balanceMinor() {
    return row.getLong(BALANCE);
  }

  /** Hjartan taken in the month {@code monthIndex}, holds included. */
  long takenMinor(int monthIndex) {
    return row.getInt(MONTH) == monthIndex ? row.getLong(MONTH_TAKEN) : 0;
  }

  void take(int monthIndex, long hjartanMinor) {
    long taken = takenMinor(monthIndex);
    row.putInt(MONTH, monthIndex);
    row.putLong(MONTH_TAKEN, taken + hjartanMinor);
  }

  /** Takes back what {@link #take} counted, unless another month is counted now. */
  void untake(int monthIndex, long hjartanMinor) {
    if (row.getInt(MONTH) == monthIndex) {
      row.putLong(MONTH_TAKEN, row.getLong(MONTH_TAKEN) - hjartanMinor);
    }
  }

  /** DE 18 of the last purchase there, whatever came of it; 0: there was none. */
  int sentMcc() {
    return row.getShort(SENT_MCC) & 0xFFFF;
  }

  void sentMcc(int mcc) {
    row.putShort(SENT_MCC, (short) mcc);
  }

  Rows rows() {
    return rows;
  }

  /** Takes over {@code merchants} merchants whose rows have been filled, and finds them again. */
  void restore(int merchants) {
    for (int id = 0; id < merchants; id++) {
      rows.wrap(row, id);
      row.getBytes(KEY, key, 0, KEY_LENGTH);
      enter(id);
    }
    count = merchants;
  }

  long hash(long seed) {
    long hash = Hash.mix(seed, count);
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }

  private void enter(int id) {
    directory.put(key, 0, id);
    int bit = filterBit();
    filter[bit >>> 6] |= 1L << bit;
  }

  private int findKey() {
    int bit = filterBit();
    return (filter[bit >>> 6] & 1L << bit) == 0 ? NONE : directory.get(key, 0);
  }

  private int filterBit() {
    return (int) (Hash.mix(0, key, 0, KEY_LENGTH) >>> 20) & (FILTER_BITS - 1);
  }

  private void writeKey(long acquirer, String merchantId) {
    byte[] text = merchantId.stripTrailing().getBytes(StandardCharsets.ISO_8859_1);
    if (text.length > MERCHANT_ID_LENGTH) {
      throw new IllegalArgumentException("merchant id of " + text.length + " characters; DE 42 has 15");
    }
    key.setMemory(0, KEY_LENGTH, (byte) 0);
    key.putLong(0, acquirer);
    key.putBytes(Long.BYTES, text);
  }

  private static boolean isPadding(byte character) {
    return character == ' ' || character == 0;
  }
}
