package se.valfardskort.loadtest.demo;

import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Answer;
import se.valfardskort.loadtest.client.Purses;

/**
 * What one row of the demo came to. Immutable.
 *
 * @param purchase the row
 * @param answer what the server answered
 * @param before the purses before, from a balance inquiry; null where it tells none
 * @param told the purses as the answer itself tells them; null where it does not
 * @param after the purses afterwards, from a balance inquiry; null where it tells none
 * @param identical for an unaltered repeat: whether the answer is the original's, byte for byte; else true
 */
record Outcome(
    DemoScript.Purchase purchase,
    Answer answer,
    @Nullable Purses before,
    @Nullable Purses told,
    @Nullable Purses after,
    boolean identical) {}
