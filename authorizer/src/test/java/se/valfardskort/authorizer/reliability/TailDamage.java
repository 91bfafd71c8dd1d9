package se.valfardskort.authorizer.reliability;

import java.util.Map;

/**
 * A damaged journal and what must be found in it.
 *
 * @param what for people
 * @param count what is counted for it
 * @param files all of them, the anchor too, by name; not to be changed
 * @param last name of the file that the journal ends with
 * @param verdict what must be found
 * @param snapshot sequence of the snapshot that the start begins with; 0: there is none
 * @param shorten the refusal must name a length to shorten the file to, which must help
 */
record TailDamage(
    String what,
    String count,
    Map<String, byte[]> files,
    String last,
    TailOracle.Verdict verdict,
    long snapshot,
    boolean shorten) {}
