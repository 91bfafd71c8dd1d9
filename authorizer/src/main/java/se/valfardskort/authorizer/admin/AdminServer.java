package se.valfardskort.authorizer.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;

/**
 * The admin command port: HTTP/1.1 on 127.0.0.1, a virtual thread a request.
 *
 * <p>The JDK's own server below it reads heads and bodies (docs/internals/decisions.md says why). Its limits are
 * properties of the process, which it reads when its first class is loaded: they are set here, so that nobody can
 * forget them.
 */
public final class AdminServer implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int LARGEST_BODY = 64 * 1024;
  /** A batch of loads, each with the longest of everything. */
  private static final int LARGEST_BATCH = 1024 * 1024;
  private static final int STOP_SECONDS = 2;
  private static final String JSON = "application/json";

  static {
    limit("jdk.httpserver.maxConnections", 128);
    limit("sun.net.httpserver.maxReqHeaders", 32);
    limit("sun.net.httpserver.maxReqHeaderSize", 16 * 1024);
    // Seconds for a whole request to arrive, and for its answer to be taken: the answer waits for the disk.
    limit("sun.net.httpserver.maxReqTime", 10);
    limit("sun.net.httpserver.maxRspTime", 60);
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Guard guard;
  private final CardEndpoints endpoints;
  private final HistoryEndpoints histories;
  private final LoadEndpoints loads;
  private final PrintStream log;

  private AdminServer(
      HttpServer server,
      Guard guard,
      CardEndpoints endpoints,
      HistoryEndpoints histories,
      LoadEndpoints loads,
      PrintStream log) {
    this.server = server;
    this.guard = guard;
    this.endpoints = endpoints;
    this.histories = histories;
    this.loads = loads;
    this.log = log;
    this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
  }

  private static void limit(String property, int value) {
    System.setProperty(property, Integer.toString(value));
  }

  /**
   * Opens the port.
   *
   * @param port 0: a free one
   * @param evidence what explanations are made from
   * @param haltCause why nothing is answered any more; null: all is well
   * @param log gets a line for what a person should know; nothing of a request's content
   * @throws IOException when the port is taken
   */
  public static AdminServer start(
      int port,
      AdminKey key,
      CommandRing ring,
      Clock clock,
      Supplier<@Nullable Throwable> haltCause,
      CountryWords countries,
      Evidence evidence,
      PrintStream log)
      throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
    Guard guard = new Guard(key, server.getAddress().getPort());
    CommandDesk desk = new CommandDesk(ring, clock, haltCause);
    AdminServer admin =
        new AdminServer(
            server,
            guard,
            new CardEndpoints(desk, countries),
            new HistoryEndpoints(desk, evidence, log),
            new LoadEndpoints(desk, new LoadFeed(ring, clock, haltCause)),
            log);
    server.createContext("/", admin::serve);
    server.setExecutor(admin.threads);
    server.start();
    return admin;
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = replyTo(exchange);
      byte[] body = (JsonObject.of(reply.members()) + "\n").getBytes(StandardCharsets.UTF_8);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", reply.status() < 400 ? JSON : "application/problem+json");
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      if (reply.status() == 401) {
        headers.set("WWW-Authenticate", "Bearer");
      }
      if (reply.status() == 503) {
        headers.set("Retry-After", "1");
      }
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Reply replyTo(HttpExchange exchange) throws IOException {
    try {
      guard.admit(exchange.getRequestHeaders());
      Request request = read(exchange);
      if (LoadEndpoints.has(request.path())) {
        return loads.answer(request);
      }
      Reply history = histories.answer(request);
      return history != null ? history : endpoints.answer(request);
    } catch (Problem problem) {
      return new Reply(problem.status(), problem.members());
    } catch (RuntimeException defect) {
      log.println("admin port: a request failed by a defect of ours, " + defect.getClass().getName() + " at "
          + (defect.getStackTrace().length == 0 ? "an unknown place" : defect.getStackTrace()[0]) + "; report it");
      return new Reply(
          500, Map.of("type", "urn:valfardskort:problem:defect", "title", "defect", "status", 500, "detail",
              "a defect of the authorizer; its log names the place", "mend", "report it"));
    }
  }

  private static Request read(HttpExchange exchange) throws IOException, Problem {
    URI uri = exchange.getRequestURI();
    String path = uri.getRawPath();
    if (path == null || uri.isAbsolute() || uri.getRawAuthority() != null || uri.getRawQuery() != null) {
      throw new Problem(404, "not-found", "there is nothing at this path", "ask for a plain path, without a query");
    }
    Headers headers = exchange.getRequestHeaders();
    String method = exchange.getRequestMethod();
    int largest = LoadEndpoints.isBatch(path) ? LARGEST_BATCH : LARGEST_BODY;
    String body = method.equals("POST") ? body(exchange, headers, largest) : noBody(headers);
    List<String> keys = headers.get("Idempotency-Key");
    return new Request(method, path, keys == null ? List.of() : List.copyOf(keys), body);
  }

  private static String noBody(Headers headers) throws Problem {
    String length = headers.getFirst("Content-Length");
    if (headers.containsKey("Transfer-Encoding") || (length != null && !length.equals("0"))) {
      throw new Problem(400, "unexpected-body", "this request has a body", "send it without one");
    }
    return "";
  }

  private static String body(HttpExchange exchange, Headers headers, int largest) throws IOException, Problem {
    List<String> lengths = headers.get("Content-Length");
    if (headers.containsKey("Transfer-Encoding") || lengths == null || lengths.size() != 1) {
      throw new Problem(411, "no-length", "the body does not say how long it is", "send it with a Content-Length");
    }
    String type = String.valueOf(headers.getFirst("Content-Type"));
    if (!type.equals(JSON) && !type.equals(JSON + "; charset=utf-8")) {
      throw new Problem(415, "not-json", "the body is not said to be JSON", "send Content-Type: " + JSON);
    }
    byte[] bytes = exchange.getRequestBody().readNBytes(largest + 1);
    if (bytes.length > largest) {
      throw new Problem(413, "too-large", "the body is too large", "send at most " + largest + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new Problem(400, "bad-json", "the body is not UTF-8", "send one JSON object in UTF-8");
    }
  }

  /** Accepts nothing more, lets what is under way finish for a moment, and closes. */
  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    threads.shutdownNow();
  }
}
