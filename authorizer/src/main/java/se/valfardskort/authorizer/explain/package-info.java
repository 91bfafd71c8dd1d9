/**
 * What a journaled record says, and why it was decided so: one {@link
 * se.valfardskort.authorizer.explain.Explanation} for the admin port, {@code ./run why}, {@code ./run card history} and
 * {@code ./run journal explain}, in every language that there is a file for. Reads records and views; changes nothing.
 */
@NullMarked
package se.valfardskort.authorizer.explain;

import org.jspecify.annotations.NullMarked;
