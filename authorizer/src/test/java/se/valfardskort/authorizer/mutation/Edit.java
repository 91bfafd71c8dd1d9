package se.valfardskort.authorizer.mutation;

import org.jspecify.annotations.Nullable;

/**
 * One change of one method.
 *
 * @param className binary name of the class
 * @param method its name, or name and parameter types ("release(long,long)", simple names) where it is overloaded
 * @param change what becomes of its code
 */
public record Edit(String className, String method, Change change) {
  /** A method that is going to be changed. */
  public record Place(String className, String method) {
    private Edit to(Change change) {
      return new Edit(className, method, change);
    }

    /** Is left at once with {@code value}: a boolean, a number, an enum's constant, or null. */
    public Edit returns(@Nullable Object value) {
      return to(new Change.Returns(value));
    }

    /** Is left at once (a method without a result). */
    public Edit doesNothing() {
      return to(new Change.Returns(null));
    }

    /** The condition right before the first mention of {@code name} never holds: what it guards is never done. */
    public Edit guardOffBefore(String name) {
      return to(new Change.Guard(name, Change.Side.BEFORE, Change.Truth.NEVER));
    }

    /** The first condition after the first mention of {@code name} never holds. */
    public Edit guardOffAfter(String name) {
      return to(new Change.Guard(name, Change.Side.AFTER, Change.Truth.NEVER));
    }

    /** The condition right before the first mention of {@code name} always holds: what it guards is always done. */
    public Edit guardOpenBefore(String name) {
      return to(new Change.Guard(name, Change.Side.BEFORE, Change.Truth.ALWAYS));
    }

    /** The first condition after the first mention of {@code name} always holds. */
    public Edit guardOpenAfter(String name) {
      return to(new Change.Guard(name, Change.Side.AFTER, Change.Truth.ALWAYS));
    }

    /** The condition right before the first mention of {@code name} holds when it should not, and the reverse. */
    public Edit guardInvertedBefore(String name) {
      return to(new Change.Guard(name, Change.Side.BEFORE, Change.Truth.INVERTED));
    }

    /** The first condition after the first mention of {@code name} holds when it should not, and the reverse. */
    public Edit guardInvertedAfter(String name) {
      return to(new Change.Guard(name, Change.Side.AFTER, Change.Truth.INVERTED));
    }

    /** Every call of {@code name} is left out; {@code value} stands for its result. */
    public Edit callGives(String name, @Nullable Object value) {
      return to(new Change.Call(name, value, Change.NO_ARGUMENT));
    }

    /** Every call of {@code name}, which has no result, is left out. */
    public Edit callRemoved(String name) {
      return to(new Change.Call(name, null, Change.NO_ARGUMENT));
    }

    /** Every call of {@code name} is left out; its argument number {@code index}, from 0, stands for its result. */
    public Edit callGivesArgument(String name, int index) {
      return to(new Change.Call(name, null, index));
    }

    /** Every assignment to the field {@code name} is left out. */
    public Edit writeRemoved(String name) {
      return to(new Change.Write(name));
    }

    /** Every reading of the field {@code name} gives {@code value}. */
    public Edit readGives(String name, @Nullable Object value) {
      return to(new Change.Read(name, value));
    }

    /** Every constant {@code from} is {@code to} instead; both of one type, Integer or Long. */
    public Edit constant(Number from, Number to) {
      return to(new Change.Constant(from, to));
    }
  }

  /** Begins an edit. */
  public static Place in(Class<?> type, String method) {
    return new Place(type.getName(), method);
  }

  /** Class and method for people: without package and parameters. */
  String where() {
    int bracket = method.indexOf('(');
    return className.substring(className.lastIndexOf('.') + 1) + "." + method.substring(0, bracket < 0
        ? method.length() : bracket);
  }
}
