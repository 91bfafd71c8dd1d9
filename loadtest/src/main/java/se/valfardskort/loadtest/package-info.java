@NullMarked
package se.valfardskort.loadtest;

import org.jspecify.annotations.NullMarked;
