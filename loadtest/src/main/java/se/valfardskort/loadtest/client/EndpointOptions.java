package se.valfardskort.loadtest.client;

import picocli.CommandLine.Option;

/** Where a command's server is and how it is spoken to: the options that every command with a server of its own has. */
public final class EndpointOptions {
  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Where the server is.")
  private String host = "";

  @Option(names = "--port", paramLabel = "N", defaultValue = "0", description = "Its port (default: 8583, ascii 8584).")
  private int port;

  @Option(names = "--dialect", paramLabel = "binary|ascii|FILE", defaultValue = "binary",
      description = "Field layout (default: ${DEFAULT-VALUE}).")
  private String dialect = "";

  @Option(names = "--framing", paramLabel = "SPEC", defaultValue = "",
      description = "For example binary2 or ascii4 (default: the dialect's).")
  private String framing = "";

  /**
   * Reads the dialect.
   *
   * @throws UserError where an option cannot be meant; says how to mend it
   */
  public Endpoint endpoint() {
    return Endpoint.of(Home.path(), host, port, dialect, framing);
  }
}
