package se.valfardskort.authorizer.reliability;

import java.nio.file.Path;

/**
 * How a trial is to be run.
 *
 * @param seed the same seed makes the same plan
 * @param amount how much: kills, images, worlds, KiB of journal, as the trial counts
 * @param scratch an empty folder of its own, removed by the caller
 */
public record TrialSettings(long seed, int amount, Path scratch) {}
