package se.valfardskort.authorizer.domain;

import java.util.List;

/**
 * Everything outside a command that a decision depends on, as one immutable value: compiled from YAML, sent in chunks,
 * activated by a command that names its SHA-256.
 *
 * @param programmes by id
 * @param bazNames names of the neighbourhoods; a BAZ's id is its index
 * @param providers the registry of community providers
 * @param partners by id
 * @param civilTime Europe/Stockholm
 */
public record Configuration(
    List<Programme> programmes,
    List<String> bazNames,
    List<Provider> providers,
    List<Partner> partners,
    CivilTime civilTime) {}
