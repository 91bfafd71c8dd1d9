@NullMarked
package se.valfardskort.loadtest.certify;

import org.jspecify.annotations.NullMarked;
