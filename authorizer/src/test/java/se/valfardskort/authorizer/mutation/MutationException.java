package se.valfardskort.authorizer.mutation;

/** A mutant that cannot be made: the code that it names has changed. Mend the mutant. */
public final class MutationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MutationException(String message) {
    super(message);
  }
}
