package se.valfardskort.authorizer.reliability;

import java.nio.file.Path;

/**
 * How a trial is run.
 *
 * @param seed of its dice
 * @param amount how much of it; the trial says of what
 * @param scratch an empty folder of its own
 */
public record TrialSettings(long seed, int amount, Path scratch) {}
