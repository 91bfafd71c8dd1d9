package se.valfardskort.loadtest.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.DialectException;
import se.valfardskort.iso8583.FrameFormat;

/**
 * Where a server listens, and how it wants to be spoken to (wire.md section 1). Immutable.
 *
 * @param host name or address
 * @param port TCP port
 * @param dialect field layout
 * @param framing how messages are cut out of the stream
 */
public record Endpoint(String host, int port, Dialect dialect, FrameFormat framing) {
  /** The demo's port for {@code iso87-binary}. */
  public static final int BINARY_PORT = 8583;
  /** The demo's port for {@code iso87-ascii}. */
  public static final int ASCII_PORT = 8584;
  private static final int HIGHEST_PORT = 65_535;

  /**
   * One of the demo's two dialects at an address.
   *
   * @param home the installation, which holds {@code config/dialects}
   * @param dialectName {@code binary}, {@code ascii}, or a dialect file's path
   * @param port 0: the demo's port for the dialect
   * @param framing empty: the demo's framing for the dialect
   */
  public static Endpoint of(Path home, String host, int port, String dialectName, String framing) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new UserError(UserError.USAGE, "port " + port + " does not exist: say --port with 1 to " + HIGHEST_PORT);
    }
    String name = dialectName.toLowerCase(Locale.ROOT);
    boolean ascii = name.equals("ascii") || name.equals("iso87-ascii");
    boolean binary = name.equals("binary") || name.equals("iso87-binary");
    Path file = Path.of(dialectName);
    if (ascii || binary) {
      file = home.resolve("config").resolve("dialects").resolve(ascii ? "iso87-ascii.xml" : "iso87-binary.xml");
    }
    if (!Files.isReadable(file)) {
      throw new UserError(UserError.NO_INPUT, "no dialect '" + dialectName + "': " + file
          + " cannot be read; say --dialect binary, --dialect ascii, or the path of a dialect file");
    }
    try {
      FrameFormat format = FrameFormat.parse(!framing.isEmpty() ? framing : ascii ? "ascii4" : "binary2");
      return new Endpoint(host, port != 0 ? port : ascii ? ASCII_PORT : BINARY_PORT, Dialect.load(file), format);
    } catch (DialectException e) {
      throw new UserError(UserError.BAD_DATA, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new UserError(UserError.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Host and port, for a person. */
  public String address() {
    return host + ":" + port;
  }
}
