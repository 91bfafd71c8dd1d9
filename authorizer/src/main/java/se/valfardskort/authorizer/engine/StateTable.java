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
  /** Cards and accounts; in layout 2 with what is in {@link #HOLDER_RESTS} from layout 3 on. */
  CARDS("cards", 3),
  /**
   * From layout 2 on each says in which day's limits it counts, and has room for longer decisions; in layout 3 for
   * still longer ones, which have their {@link #RESTS} elsewhere from layout 4 on.
   */
  ORIGINALS("originals", 4),
  /**
   * Answers without an original; from layout 2 on each says how many originals were made before it, in layouts 3
   * and 4 there is room for longer decisions, which have their {@link #RESTS} elsewhere from layout 5 on.
   */
  REQUESTS("requests", 5),
  /** Approvals; from layout 2 on earmarks, too. */
  ALLOWANCES("allowances", 2),
  /** From layout 2 on what was drawn on earmarks, too. */
  DRAWS("draws", 2),
  LOAD_RUNS("load-runs", 1),
  /** What few cards and accounts have, up to the last that has any of it; rows of zeros may be left out. */
  HOLDER_RESTS("holder-rests", 1, true),
  /** What few decisions tell. */
  RESTS("rests", 1),
  /** Requests for neighbour-verified grants. */
  GRANTS("grants", 1),
  /** What grants and bonuses know of each account. */
  HOLDER_OFFERS("holder-offers", 1);

  /** As it stands in the file; never used again for anything else. */
  final String title;

  /** Which bytes of a row mean what; rises with every change of that. Appended bytes are 0 where nothing was said. */
  final int layout;

  /** Whether rows of zeros need not be written; the last one always is. */
  final boolean sparse;

  StateTable(String title, int layout) {
    this(title, layout, false);
  }

  StateTable(String title, int layout, boolean sparse) {
    this.title = title;
    this.layout = layout;
    this.sparse = sparse;
  }
}
