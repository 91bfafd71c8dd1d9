package se.valfardskort.authorizer.engine;

/** The tables of a snapshot, in their order in it; rebuilt directories are not among them. */
enum StateTable {
  /** Bytes of the active configuration. */
  CONFIGURATION("configuration", 1),
  /** Bytes of a configuration that is being sent. */
  PENDING("pending", 1),
  /** From layout 2 on with what is set aside for a run of loads. */
  PROGRAMMES("programmes", 2),
  SETTLEMENT("settlement", 1),
  /** From layout 2 on each says which MCC it sent last. */
  MERCHANTS("merchants", 2),
  /** Cards and accounts; from layout 2 on with what lies behind the counters. */
  CARDS("cards", 2),
  /**
   * From layout 2 on each says in which day's limits it counts, and has room for longer decisions; from layout 3 on for
   * still longer ones.
   */
  ORIGINALS("originals", 3),
  /**
   * Answers without an original; from layout 2 on each says how many originals were made before it, from layout 3 on
   * there is room for longer decisions, from layout 4 on for still longer ones.
   */
  REQUESTS("requests", 4),
  /** Approvals; from layout 2 on earmarks, too. */
  ALLOWANCES("allowances", 2),
  /** From layout 2 on what was drawn on earmarks, too. */
  DRAWS("draws", 2),
  LOAD_RUNS("load-runs", 1),
  /** Requests for neighbour-verified grants. */
  GRANTS("grants", 1),
  /** What grants and bonuses know of each account. */
  HOLDER_OFFERS("holder-offers", 1);

  /** As it stands in the file; never used again for anything else. */
  final String title;

  /** Which bytes of a row mean what; rises with every change of that. Appended bytes are 0 where nothing was said. */
  final int layout;

  StateTable(String title, int layout) {
    this.title = title;
    this.layout = layout;
  }
}
