package se.valfardskort.authorizer.domain;

/**
 * What a programme has said of one single merchant. Wins over the MCC that the merchant sends.
 *
 * @param acquirer DE 32 as a number
 * @param merchantId DE 42 without trailing spaces
 * @param denied the merchant is on the deny list
 * @param category index of the category that the merchant is registered as; -1 where {@code denied}
 */
public record MerchantRule(long acquirer, String merchantId, boolean denied, int category) {}
