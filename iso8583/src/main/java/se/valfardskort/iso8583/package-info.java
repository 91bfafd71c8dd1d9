@NullMarked
package se.valfardskort.iso8583;

import org.jspecify.annotations.NullMarked;
