package se.valfardskort.independent.model;

import java.util.HashMap;
import java.util.Map;

/** Finds out what a request has posted, refunded or reversed, by comparing a card's book before and after it. */
final class Tally {
  private static final int REFUNDS = 74;
  private static final int REFUND_REVERSALS = 75;
  private static final int PURCHASES = 76;
  private static final int PURCHASE_REVERSALS = 77;

  private final Book book;
  private final Settlement settlement;
  private final Map<Row, Long> before = new HashMap<>();

  /** Looks at the book as it is before the request. */
  Tally(Book book, Settlement settlement) {
    this.book = book;
    this.settlement = settlement;
    book.rows.forEach(row -> before.put(row, worth(row)));
  }

  private static long worth(Row row) {
    return switch (row.kind) {
      case POSTING -> row.held();
      case REFUND -> row.refunded();
      default -> 0;
    };
  }

  /** Counts what has become different; what an advice replaces is reversed, and posted anew. */
  void count(Facts request) {
    boolean replaced =
        request.isAdvice() && request.messageClass() != '4' && request.isApprovedElsewhere() && request.kronor() > 0;
    for (Row row : book.rows) {
      boolean purchase = row.kind == Row.Kind.POSTING;
      if (!purchase && row.kind != Row.Kind.REFUND) {
        continue;
      }
      long now = worth(row);
      Long earlier = before.get(row);
      if (earlier == null) {
        count(request, purchase ? PURCHASES : REFUNDS, now);
      } else if (now != earlier) {
        count(request, purchase ? PURCHASE_REVERSALS : REFUND_REVERSALS, replaced ? earlier : earlier - now);
        if (replaced) {
          count(request, purchase ? PURCHASES : REFUNDS, now);
        }
      }
    }
  }

  private void count(Facts request, int what, long amount) {
    settlement.count(request, book.day(), what, amount);
  }
}
