package se.valfardskort.authorizer.reliability;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What stands behind the place where a file was cut. */
enum Follower {
  NOTHING("nothing"),
  ZEROS("zeros"),
  NOISE("random bytes"),
  OLDER_GENERATION("an older generation");

  final String words;

  Follower(String words) {
    this.words = words;
  }

  /** The first {@code cut} bytes of {@code whole}, and this behind them, to the same length. */
  byte[] behind(byte[] whole, int cut, byte[] older, long seed) {
    return switch (this) {
      case NOTHING -> Arrays.copyOf(whole, cut);
      case ZEROS -> Arrays.copyOf(Arrays.copyOf(whole, cut), whole.length);
      case NOISE -> {
        byte[] noise = new byte[whole.length];
        new SplittableRandom(seed).nextBytes(noise);
        System.arraycopy(whole, 0, noise, 0, cut);
        yield noise;
      }
      case OLDER_GENERATION -> {
        byte[] mixed = older.clone();
        System.arraycopy(whole, 0, mixed, 0, cut);
        yield mixed;
      }
    };
  }
}
