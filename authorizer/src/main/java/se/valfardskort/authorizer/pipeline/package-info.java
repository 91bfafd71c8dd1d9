@NullMarked
package se.valfardskort.authorizer.pipeline;

import org.jspecify.annotations.NullMarked;
