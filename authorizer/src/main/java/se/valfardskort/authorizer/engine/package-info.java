@NullMarked
package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.NullMarked;
