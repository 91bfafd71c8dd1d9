@NullMarked
package se.valfardskort.authorizer.domain;

import org.jspecify.annotations.NullMarked;
