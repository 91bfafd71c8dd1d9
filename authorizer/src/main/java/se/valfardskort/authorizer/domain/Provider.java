package se.valfardskort.authorizer.domain;

import java.util.List;

/**
 * A community provider as its BAZ council registered it (domain.md section 5). Immutable.
 *
 * @param acquirer DE 32 as a number
 * @param merchantId DE 42 without trailing spaces
 * @param bazIds every BAZ that recognises it
 * @param status standing
 * @param category key of the category that its accreditation gives it, looked up in the card's programme
 * @param ownerTokens panTokens (32 bytes each) of cards whose accounts or households own it
 * @param monthlyCeilingMinor most Hjartan it may take a calendar month; {@link Category#NO_LIMIT}: none
 */
public record Provider(
    long acquirer,
    String merchantId,
    List<Integer> bazIds,
    ProviderStatus status,
    String category,
    List<byte[]> ownerTokens,
    long monthlyCeilingMinor) {}
