package se.valfardskort.authorizer.admin;

import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.pipeline.JournalSearch;
import se.valfardskort.authorizer.pipeline.Skips;

/**
 * What explanations are made from. Immutable; any thread.
 *
 * @param search finds records in the journal that is being written
 * @param configuration the active one, whose policy names the categories
 * @param skips what a person has had left out
 */
public record Evidence(JournalSearch search, Configuration configuration, Skips skips) {}
