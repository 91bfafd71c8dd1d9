package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import se.valfardskort.authorizer.admin.AdminKey;
import se.valfardskort.authorizer.admin.AdminKeyException;
import se.valfardskort.authorizer.admin.JsonReader;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/** Speaks HTTP to an admin port by hand, a connection a request, so that a test may also say what no client would. */
final class AdminAsker {
  private static final int TIMEOUT_MS = 20_000;

  private final int port;
  private final String authorization;
  private final ConfigFixture config;

  /** An answer: HTTP's status and the members of the body. */
  record Answer(int status, String head, Map<?, ?> body) {
    Map<?, ?> map(String name) {
      return body.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    List<?> list(String name) {
      return body.get(name) instanceof List<?> list ? list : List.of();
    }

    long sequence() {
      return Long.parseLong(String.valueOf(body.get("sequence")));
    }

    String title() {
      return String.valueOf(body.get("title"));
    }
  }

  AdminAsker(int port, Path data, ConfigFixture config) throws IOException, AdminKeyException {
    this.port = port;
    this.authorization = AdminKey.read(data).authorization();
    this.config = config;
  }

  /** The admin port that a ready line tells. */
  static int portOf(String readyLine) {
    return Integer.parseInt(readyLine.replaceAll(".* admin=127\\.0\\.0\\.1:(\\d+) .*", "$1"));
  }

  int port() {
    return port;
  }

  /** Path of a card of the demonstration. */
  String card(long number) throws ConfigurationException {
    CardTokens tokens = new CardTokens(ConfigurationFolder.read(config.demo(), 0).settings().panTokenKey());
    return "/v1/cards/" + HexFormat.of().formatHex(tokens.token("975200", number));
  }

  Answer get(String path) throws IOException {
    return exchange(request("GET " + path, goodHeaders(), ""));
  }

  Answer delete(String path) throws IOException {
    return exchange(request("DELETE " + path, goodHeaders(), ""));
  }

  Answer post(String path, String body, String... moreHeaders) throws IOException {
    return exchange(postRequest(path, body, moreHeaders));
  }

  String postRequest(String path, String body, String... moreHeaders) {
    List<String> headers = goodHeaders();
    headers.add("Content-Type: application/json");
    headers.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
    headers.addAll(List.of(moreHeaders));
    return request("POST " + path, headers, body);
  }

  List<String> goodHeaders() {
    List<String> headers = new ArrayList<>();
    headers.add("Host: 127.0.0.1:" + port);
    headers.add("Authorization: " + authorization);
    return headers;
  }

  static String request(String methodAndPath, List<String> headers, String body) {
    return methodAndPath + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n" + body;
  }

  /** Sends a request and goes away. */
  void sendOnly(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }
  }

  Answer exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = all.indexOf("\r\n\r\n");
      if (end < 0 || !all.startsWith("HTTP/1.1 ")) {
        throw new AssertionError("no HTTP answer: " + all);
      }
      String body = all.substring(end + 4);
      Object json = body.startsWith("{") ? JsonReader.read(body) : Map.of();
      Map<?, ?> members = json instanceof Map<?, ?> map ? map : Map.of();
      return new Answer(Integer.parseInt(all.substring(9, 12)), all.substring(0, end), members);
    }
  }
}
