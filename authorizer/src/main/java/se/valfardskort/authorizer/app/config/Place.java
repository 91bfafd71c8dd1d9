package se.valfardskort.authorizer.app.config;

/**
 * Where something is written. Immutable.
 *
 * @param file the file as the reader knows it
 * @param line 1 or more; 0: the file as a whole
 */
record Place(String file, int line) {
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
