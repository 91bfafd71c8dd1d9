package se.valfardskort.authorizer.admin;

import java.util.List;

/**
 * A request that was let in. Immutable.
 *
 * @param path as it was sent: nothing is decoded
 * @param keys values of {@code Idempotency-Key}
 * @param body text; empty: none
 */
record Request(String method, String path, List<String> keys, String body) {}
