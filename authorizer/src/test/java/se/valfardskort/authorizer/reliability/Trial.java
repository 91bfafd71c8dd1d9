package se.valfardskort.authorizer.reliability;

import java.util.function.Consumer;

/** One way of trying to lose, double or invent something; run on its own or as one of ./run reliability. */
public interface Trial {
  /** One word, for {@code --only}. */
  String name();

  /**
   * Tries; single-threaded caller. Ends by itself and leaves no process behind.
   *
   * @param progress gets a line now and then
   * @throws Exception when it could not be tried at all
   */
  Findings run(TrialSettings settings, Consumer<String> progress) throws Exception;
}
