/**
 * A second authorizer, slow and naive, written from wire.md and domain.md alone, and what plays random messages against
 * the real one over TCP and compares every answer. It imports nothing of the authorizer (ArchitectureTest holds it).
 */
@NullMarked
package se.valfardskort.independent.model;

import org.jspecify.annotations.NullMarked;
