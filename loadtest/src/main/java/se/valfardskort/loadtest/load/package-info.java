@NullMarked
package se.valfardskort.loadtest.load;

import org.jspecify.annotations.NullMarked;
