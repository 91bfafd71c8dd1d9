package se.valfardskort.authorizer.domain;

/**
 * Something that may be prescribed (social forskrivning, domain.md section 4). Immutable.
 *
 * @param key stable, for example {@code garden-plot}
 * @param swedish what people call it
 * @param english likewise
 * @param priceMinor ore for a whole period; 0: its visits cost nothing
 */
public record Activity(String key, String swedish, String english, long priceMinor) {}
