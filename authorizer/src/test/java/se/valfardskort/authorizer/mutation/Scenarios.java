package se.valfardskort.authorizer.mutation;

import java.util.List;

/**
 * Scenarios that are run against the code under test as it is, and again for each planted fault in a world of its own.
 * An implementation is public, has a public constructor without parameters, and gives the same list each time; it may
 * use whatever its package may, since its whole package is loaded anew with it.
 */
public interface Scenarios {
  /** Each throws when it does not find what it expects. */
  List<? extends Runnable> all();
}
