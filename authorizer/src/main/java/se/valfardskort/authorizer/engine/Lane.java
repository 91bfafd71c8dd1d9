package se.valfardskort.authorizer.engine;

/**
 * The waiting lines of remembered originals, one a duration: in each the oldest stands first, so that a tick looks at
 * the heads alone (wire.md section 4).
 */
enum Lane {
  HOLDS(0, 7),
  /** DE 25 = 06: pre-authorizations, as of hotels and car rentals. */
  PREAUTHORIZATIONS(1, 30),
  POSTINGS(2, 30),
  TOMBSTONES(3, 7),
  /** Expired and completed holds, so that a late reversal or completion finds them. */
  ENDED_HOLDS(4, 7);

  private static final Lane[] VALUES = values();
  private static final long MS_PER_DAY = 86_400_000L;

  /** As it stands in a row; stable. */
  final int number;

  final long durationMs;

  Lane(int number, int days) {
    this.number = number;
    this.durationMs = days * MS_PER_DAY;
  }

  static Lane ofNumber(int number) {
    return VALUES[number];
  }

  static int count() {
    return VALUES.length;
  }
}
