@NullMarked
package se.valfardskort.authorizer.gateway;

import org.jspecify.annotations.NullMarked;
