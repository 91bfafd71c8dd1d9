package se.valfardskort.authorizer.engine.leaky;

import se.valfardskort.authorizer.domain.leaky.LeakyDomain;

/** The allowed half of a cycle; the other half is {@link LeakyDomain.KnowsTheEngine}. */
public abstract class KnowsTheDomain {
  abstract LeakyDomain.KnowsTheEngine other();
}
