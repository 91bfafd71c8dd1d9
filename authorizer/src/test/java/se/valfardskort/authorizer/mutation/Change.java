package se.valfardskort.authorizer.mutation;

import org.jspecify.annotations.Nullable;

/** What becomes of a method's code. {@link Edit.Place} says what each does. */
sealed interface Change {
  int NO_ARGUMENT = -1;

  /** Where a condition stands, seen from a name. */
  enum Side {
    BEFORE,
    AFTER
  }

  /** What a condition comes to. */
  enum Truth {
    NEVER,
    ALWAYS,
    INVERTED
  }

  /** The method is left at once. */
  record Returns(@Nullable Object value) implements Change {}

  /** A condition is as {@code truth} says. */
  record Guard(String name, Side side, Truth truth) implements Change {}

  /** Calls are left out; {@code value}, or the argument number {@code argument}, stands for the result. */
  record Call(String name, @Nullable Object value, int argument) implements Change {}

  /** Assignments to a field are left out. */
  record Write(String name) implements Change {}

  /** Readings of a field give {@code value}. */
  record Read(String name, @Nullable Object value) implements Change {}

  /** A constant is another one. */
  record Constant(Number from, Number to) implements Change {}
}
