package se.valfardskort.authorizer.reliability;

import java.util.List;
import java.util.Map;

/**
 * What a trial came to.
 *
 * @param counts how often what was tried, and what became of it
 * @param failures promises that were broken, in words; empty: none
 */
public record Findings(Map<String, Long> counts, List<String> failures) {}
