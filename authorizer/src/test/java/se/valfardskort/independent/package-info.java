/**
 * A client that knows only the published interface (docs/partner/wire.md) and imports nothing of the authorizer: what a
 * partner's own tester would write. Its layouts are typed in from ISO 8583:1987, its expectations from the interface.
 */
@NullMarked
package se.valfardskort.independent;

import org.jspecify.annotations.NullMarked;
