package se.valfardskort.independent.leaky;

import se.valfardskort.authorizer.domain.DeclineReason;

/** Looks inside: the control that shows that {@code ArchitectureTest} would see it. */
public abstract class KnowsTheAuthorizer {
  abstract DeclineReason reason();
}
