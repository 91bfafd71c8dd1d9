/**
 * ISO 8583 on the wire: dialects, reading, writing, framing, and showing a message to a person.
 *
 * <pre>
 *   dialect file --&gt; Dialect (flat tables, shared)
 *                      |               |
 *   frame -&gt; MessageReader   MessageWriter -&gt; frame     each owned by one thread
 *                      |
 *               MessagePrinter                          masked, for people
 * </pre>
 *
 * <p>Reader and writer are flyweights: made once a link or thread, used for every message, 0 bytes allocated. What is
 * expected on a network is a value ({@link se.valfardskort.iso8583.DecodeResult},
 * {@link se.valfardskort.iso8583.Fault}); what is a bug of ours is an exception.
 */
@NullMarked
package se.valfardskort.iso8583;

import org.jspecify.annotations.NullMarked;
