/** Configuration as people write it: YAML files read strictly, every mistake named with its file and line. */
@NullMarked
package se.valfardskort.authorizer.app.config;

import org.jspecify.annotations.NullMarked;
