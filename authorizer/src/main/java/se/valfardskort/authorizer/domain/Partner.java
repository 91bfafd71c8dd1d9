package se.valfardskort.authorizer.domain;

import java.util.List;
import java.util.Map;

/**
 * What the engine must know of a partner to decide and to answer it. Immutable.
 *
 * @param id 1 to 65534, stable
 * @param name stable key of the partner
 * @param acquirers DE 32 values that it may use
 * @param responseCodes DE 39, two or three characters, by stable reason code (0: approved); complete
 * @param unknownOriginalDeclined 0400 of an unknown original is answered 25 rather than 00
 * @param verificationCode DE 39 for an account verification that went well: {@code 85}, or {@code 00}
 */
public record Partner(
    int id,
    String name,
    List<Long> acquirers,
    Map<Integer, String> responseCodes,
    boolean unknownOriginalDeclined,
    String verificationCode) {}
