/**
 * Real crashes of real processes, and the one command that says what they did: {@code ./run reliability}. Requests and
 * ledgers come from {@code se.valfardskort.independent}: what is checked here is checked from outside.
 */
@NullMarked
package se.valfardskort.authorizer.reliability;

import org.jspecify.annotations.NullMarked;
