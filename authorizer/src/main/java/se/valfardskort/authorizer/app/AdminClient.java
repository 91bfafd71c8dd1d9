package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.AdminKey;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.admin.JsonReader;

/** Asks the admin command port of a running authorizer. Owned by one thread. */
final class AdminClient implements AutoCloseable {
  private static final Duration TO_CONNECT = Duration.ofSeconds(5);
  private static final Duration TO_ANSWER = Duration.ofSeconds(45);

  private final int port;
  private final AdminKey key;
  // What the machine says of proxies is for other machines: the key goes nowhere but to this one.
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(TO_CONNECT)
          .build();

  AdminClient(int port, AdminKey key) {
    this.port = port;
    this.key = key;
  }

  Map<?, ?> get(String path) throws StartFailure {
    return send(request(path).GET());
  }

  Map<?, ?> delete(String path) throws StartFailure {
    return send(request(path).DELETE());
  }

  /** @param idempotencyKey null: the request is none that could be done twice */
  Map<?, ?> post(String path, Map<String, Object> members, @Nullable String idempotencyKey) throws StartFailure {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JsonObject.of(members)));
    return send(idempotencyKey == null ? request : request.header("Idempotency-Key", idempotencyKey));
  }

  /** @param json an object; what it asks for can be asked for again */
  Map<?, ?> postJson(String path, String json) throws StartFailure {
    return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    client.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(TO_ANSWER)
        .header("Authorization", key.authorization());
  }

  private Map<?, ?> send(HttpRequest.Builder request) throws StartFailure {
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      if (JsonReader.read(response.body()) instanceof Map<?, ?> members) {
        if (response.statusCode() < 300) {
          return members;
        }
        throw new StartFailure(
            exitCode(response.statusCode()), members.get("detail") + "; " + members.get("mend"));
      }
      throw strange();
    } catch (ConnectException nobody) {
      throw new StartFailure(
          ExitCode.UNAVAILABLE,
          "nothing answers on 127.0.0.1:" + port + "; start the authorizer, or name its admin port with --port",
          nobody);
    } catch (IOException cut) {
      throw new StartFailure(
          ExitCode.UNAVAILABLE,
          "the connection to 127.0.0.1:" + port + " ended before the answer: it may have been done, or not", cut);
    } catch (IllegalArgumentException noJson) {
      throw strange();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure(ExitCode.UNAVAILABLE, "interrupted before the answer: it may have been done", interrupted);
    }
  }

  private StartFailure strange() {
    return new StartFailure(
        ExitCode.UNAVAILABLE,
        "what answers on 127.0.0.1:" + port + " is no authorizer; name its admin port with --port");
  }

  private static int exitCode(int status) {
    return switch (status) {
      case 400 -> ExitCode.USAGE;
      case 404 -> ExitCode.NO_INPUT;
      case 401, 403, 421 -> ExitCode.CONFIGURATION;
      case 500 -> ExitCode.SOFTWARE;
      case 503, 504 -> ExitCode.UNAVAILABLE;
      default -> ExitCode.DATA_ERROR;
    };
  }
}
