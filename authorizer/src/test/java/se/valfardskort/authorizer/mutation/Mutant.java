package se.valfardskort.authorizer.mutation;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A fault planted in the code under test, and what it must lead to.
 *
 * @param why what the fault switches off, for people
 * @param fate what must become of a test that meets it
 * @param edits the changed methods; more than one where each line of defence has to fall before the fault shows
 */
public record Mutant(String why, Fate fate, List<Edit> edits) {
  /** What a mutant leads to. */
  public enum Fate {
    /** The test's own assertion fails: the fault does the damage that the test is about. */
    DOES_HARM,
    /** An invariant of the code under test throws: the next line of defence holds, at the price of a stop. */
    IS_STOPPED
  }

  /** Does the harm that the test looks for. */
  public static Mutant harmful(String why, Edit... edits) {
    return new Mutant(why, Fate.DOES_HARM, List.of(edits));
  }

  /** Is caught by an invariant, which stops the process. */
  public static Mutant stopped(String why, Edit... edits) {
    return new Mutant(why, Fate.IS_STOPPED, List.of(edits));
  }

  /** Class and method of each edit, in order. */
  public String where() {
    return edits.stream().map(Edit::where).distinct().collect(Collectors.joining(", "));
  }
}
