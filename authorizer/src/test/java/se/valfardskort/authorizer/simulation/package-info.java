/** The whole authorizer in worlds of dice: one seed drives clock, disk, network, clients and faults. */
@org.jspecify.annotations.NullMarked
package se.valfardskort.authorizer.simulation;
