package se.valfardskort.authorizer.app;

/** How the process ends, as in sysexits.h, so that whoever started it can tell whose fault it was. */
final class ExitCode {
  static final int OK = 0;

  /** Options that cannot be understood. */
  static final int USAGE = 64;

  /** The journal is damaged, or replay does not do again what it holds. */
  static final int DATA_ERROR = 65;

  /** There is no journal to read. */
  static final int NO_INPUT = 66;

  /** A port is taken. */
  static final int UNAVAILABLE = 69;

  /** A defect of ours. */
  static final int SOFTWARE = 70;

  /** The data folder cannot be made or written. */
  static final int CANNOT_CREATE = 73;

  /** The disk failed, while running or during a start. */
  static final int IO_ERROR = 74;

  /** Another instance holds the data folder: try again later. */
  static final int LOCKED = 75;

  /** The configuration has mistakes. */
  static final int CONFIGURATION = 78;

  private ExitCode() {}
}
