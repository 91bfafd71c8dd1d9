/**
 * The admin command port: HTTP on loopback for people and programs that run a programme. It holds no state of its own;
 * what it is asked to do goes through the ring as a command.
 */
@NullMarked
package se.valfardskort.authorizer.admin;

import org.jspecify.annotations.NullMarked;
