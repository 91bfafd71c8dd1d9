package se.valfardskort.authorizer.pipeline;

/** What replay leaves out because a person said so. Read by the thread that recovers. */
public interface Skips {
  /** Nothing. */
  Skips NOTHING = new Skips() {
    @Override
    public boolean skips(long sequence) {
      return false;
    }

    @Override
    public boolean setsDigestAside(long sequence) {
      return false;
    }
  };

  /** Whether the record is neither decided nor applied again. */
  boolean skips(long sequence);

  /** Whether the record's digest is not compared: it was made when what is skipped had been applied. */
  boolean setsDigestAside(long sequence);
}
