package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The DE 38s of the selected original, its first and its latest. Owned by the core thread; a part of {@link
 * OriginalTable}'s row.
 */
final class OriginalCodes {
  private final UnsafeBuffer row;
  private final int first;
  private final int latest;

  /** @param first where the code of its own answer lies; {@code latest}: that of an increment or a replacing advice */
  OriginalCodes(UnsafeBuffer row, int first, int latest) {
    this.row = row;
    this.first = first;
    this.latest = latest;
  }

  /** True when one of them is at {@code offset}. */
  boolean has(DirectBuffer request, int offset) {
    return request.getByte(offset) != 0 && (isCodeAt(first, request, offset) || isCodeAt(latest, request, offset));
  }

  private boolean isCodeAt(int place, DirectBuffer request, int offset) {
    return row.getInt(place) == request.getInt(offset)
        && row.getShort(place + Integer.BYTES) == request.getShort(offset + Integer.BYTES);
  }

  /** Takes over the DE 38 of a request that has one which does not name the selected original yet. */
  void take(Request request) {
    boolean told = request.bytes.getByte(request.authCodeOffset) != 0;
    if (told && !has(request.bytes, request.authCodeOffset)) {
      row.putBytes(latest, request.bytes, request.authCodeOffset, AuthCodes.LENGTH);
    }
  }

  /** Mints: the code of the approval number {@code approval}. */
  void mint(long approval) {
    AuthCodes.write(approval, row, latest);
  }
}
