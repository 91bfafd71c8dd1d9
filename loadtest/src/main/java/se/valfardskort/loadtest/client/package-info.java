@NullMarked
package se.valfardskort.loadtest.client;

import org.jspecify.annotations.NullMarked;
