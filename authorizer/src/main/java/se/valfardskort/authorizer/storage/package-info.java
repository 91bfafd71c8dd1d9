@NullMarked
package se.valfardskort.authorizer.storage;

import org.jspecify.annotations.NullMarked;
