package se.valfardskort.authorizer.admin;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Set;

/**
 * Who may ask at all; everything else is denied before anything of the request is looked at. Immutable, any thread.
 *
 * <p>The port is on loopback, where every program of the machine can reach it, a browser with a stranger's page too:
 * the key keeps out the programs, the {@code Host} keeps out names that a stranger has pointed at 127.0.0.1, and a
 * request that bears an {@code Origin} comes from a page.
 */
final class Guard {
  private static final String SCHEME = "Bearer ";

  private final AdminKey key;
  private final int port;
  private final Set<String> hosts;

  Guard(AdminKey key, int port) {
    this.key = key;
    this.port = port;
    this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
  }

  void admit(Headers headers) throws Problem {
    if (!isOurHost(all(headers, "Host"))) {
      throw new Problem(
          421, "wrong-host", "the Host header does not name this port", "ask 127.0.0.1:" + port + " by that name");
    }
    if (comesFromAPage(all(headers, "Origin"))) {
      throw new Problem(403, "cross-origin", "the request bears an Origin", "ask from a program, not from a web page");
    }
    if (!hasKey(all(headers, "Authorization"))) {
      throw new Problem(
          401,
          "wrong-key",
          "the request does not bear the key of this port",
          "send 'Authorization: Bearer KEY' with what " + AdminKey.FILE + " in the data folder holds");
    }
  }

  private static List<String> all(Headers headers, String name) {
    List<String> values = headers.get(name);
    return values == null ? List.of() : values;
  }

  private boolean isOurHost(List<String> named) {
    return named.size() == 1 && hosts.contains(named.get(0));
  }

  private static boolean comesFromAPage(List<String> origins) {
    return !origins.isEmpty();
  }

  private boolean hasKey(List<String> authorizations) {
    return authorizations.size() == 1
        && authorizations.get(0).startsWith(SCHEME)
        && key.is(authorizations.get(0).substring(SCHEME.length()));
  }
}
