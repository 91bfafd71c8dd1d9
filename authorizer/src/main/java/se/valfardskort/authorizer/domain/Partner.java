package se.valfardskort.authorizer.domain;

import java.util.List;
import java.util.Map;

/**
 * What the engine must know of a partner to decide and to answer it. Immutable.
 *
 * @param id 1 to 65534, stable
 * @param name stable key of the partner
 * @param acquirers DE 32 values that it may use
 * @param approvals DE 39, two or three characters, for each kind of approval; complete
 * @param declines DE 39 by stable reason code; complete
 * @param unknownOriginalDeclined 0400 of an unknown original is answered 25 rather than 00
 * @param adjustments 0220 with DE 3 = 02 or 22 are booked rather than answered 12
 * @param adviceLimitMinor what the partner's advices may overdraw in all before a person is told; they are booked
 *     even then. {@link Category#NO_LIMIT}: any amount
 */
public record Partner(
    int id,
    String name,
    List<Long> acquirers,
    Map<Approval, String> approvals,
    Map<Integer, String> declines,
    boolean unknownOriginalDeclined,
    boolean adjustments,
    long adviceLimitMinor) {}
