/** Trials of the promise that nothing is lost and damage is refused: each runs for minutes, and counts what it met. */
@org.jspecify.annotations.NullMarked
package se.valfardskort.authorizer.reliability;
