package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** DE 42 in an original's row. Owned by the core thread; speaks of the original last selected. */
final class OriginalMerchant {
  private final UnsafeBuffer row;
  private final int start;

  /** An id in {@code row}, whatever that wraps, at {@code start}. */
  OriginalMerchant(UnsafeBuffer row, int start) {
    this.row = row;
    this.start = start;
  }

  /** Takes over the id at {@code offset}. */
  void take(DirectBuffer source, int offset) {
    row.putBytes(start, source, offset, MerchantTable.MERCHANT_ID_LENGTH);
  }

  /** True when DE 42 of the request is present and the same. */
  boolean isOf(Request request) {
    int offset = request.merchantOffset;
    boolean same = request.bytes.getByte(offset) != 0;
    for (int index = 0; same && index < MerchantTable.MERCHANT_ID_LENGTH; index++) {
      same = row.getByte(start + index) == request.bytes.getByte(offset + index);
    }
    return same;
  }
}
