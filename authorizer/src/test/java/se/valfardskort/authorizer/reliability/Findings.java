package se.valfardskort.authorizer.reliability;

import java.util.List;
import java.util.Map;

/**
 * What a trial did and what it found wrong.
 *
 * @param counts by kind, in the order they are to be shown
 * @param failures one line for each; empty: none
 */
public record Findings(Map<String, Long> counts, List<String> failures) {}
