@NullMarked
package se.valfardskort.loadtest.demo;

import org.jspecify.annotations.NullMarked;
