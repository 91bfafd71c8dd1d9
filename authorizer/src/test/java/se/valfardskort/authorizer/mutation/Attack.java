package se.valfardskort.authorizer.mutation;

import java.util.List;

/**
 * An attack on a card authorizer, as a scenario in which the defence holds, and the planted faults with which it does
 * not.
 *
 * @param number in the list of attacks
 * @param title the attack in a few words
 * @param attacker what the attacker does
 * @param prize what the attacker must not get
 * @param defence what is in the way
 * @param scenario plays it; throws an {@link AssertionError} when the attacker gets the prize
 * @param mutants each switches a line of the defence off
 */
public record Attack(
    int number,
    String title,
    String attacker,
    String prize,
    String defence,
    Scenario scenario,
    List<Mutant> mutants)
    implements Runnable {
  /** A scenario. */
  @FunctionalInterface
  public interface Scenario {
    /** Plays it. */
    void play() throws Exception;
  }

  @Override
  public void run() {
    try {
      scenario.play();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the scenario could not be played", e);
    }
  }

  @Override
  public String toString() {
    return number + " " + title;
  }
}
