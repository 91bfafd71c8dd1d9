package se.valfardskort.authorizer.admin;

import java.util.Map;

/** What a request came to: HTTP's status, and the members of the answer. Immutable. */
record Reply(int status, Map<String, Object> members) {}
