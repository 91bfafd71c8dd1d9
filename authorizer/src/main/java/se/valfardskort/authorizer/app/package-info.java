@NullMarked
package se.valfardskort.authorizer.app;

import org.jspecify.annotations.NullMarked;
