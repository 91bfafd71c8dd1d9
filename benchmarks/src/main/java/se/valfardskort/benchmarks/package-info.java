@NullMarked
package se.valfardskort.benchmarks;

import org.jspecify.annotations.NullMarked;
