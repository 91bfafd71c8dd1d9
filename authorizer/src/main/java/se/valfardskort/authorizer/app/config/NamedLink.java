package se.valfardskort.authorizer.app.config;

import se.valfardskort.authorizer.gateway.LinkSettings;

/**
 * A link and what people call it. Immutable.
 *
 * @param name for example {@code iso87-binary}; unique in a configuration
 * @param settings what the gateway needs to open it
 */
public record NamedLink(String name, LinkSettings settings) {}
