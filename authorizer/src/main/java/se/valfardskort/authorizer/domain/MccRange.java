package se.valfardskort.authorizer.domain;

/**
 * Merchant category codes (ISO 18245), both ends included, that belong to one category.
 *
 * @param first 1 to 9999
 * @param last {@code first} to 9999
 * @param category index into the programme's categories
 * @param abroadAlways the journey cannot be seen in the message, so even a Swedish merchant counts as abroad
 */
public record MccRange(int first, int last, int category, boolean abroadAlways) {}
