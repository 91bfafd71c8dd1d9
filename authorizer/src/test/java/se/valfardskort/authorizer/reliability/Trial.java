package se.valfardskort.authorizer.reliability;

import java.util.function.Consumer;

/** One way of trying whether the promise holds: an approval that left is durable, damage is refused, never guessed. */
public interface Trial {
  /** A few words for reports. */
  String name();

  /**
   * Tries it.
   *
   * @param progress hears, now and then, how far it has come
   */
  Findings run(TrialSettings settings, Consumer<String> progress) throws Exception;
}
