package se.valfardskort.loadtest.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import se.valfardskort.loadtest.client.UserError;

/** The child process: started, awaited, ended, never left behind. Real processes. */
@Timeout(60)
class ServerProcessTest {
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  @Test
  void shouldReadTheReadyLineAndEndTheServer() {
    try (ServerProcess server = start("trap 'exit 0' TERM; echo opening; "
        + "echo 'ready iso87-binary=127.0.0.1:8583 durability=fsync cards=10012'; while :; do sleep 0.1; done")) {

      Map<String, String> told = server.awaitReady(30);

      assertEquals("127.0.0.1:8583", told.get("iso87-binary"));
      assertEquals("10012", told.get("cards"));
      assertEquals(0, server.stop(), "SIGTERM lets the server end by itself");
      assertTrue(lines.contains("opening"), lines::toString);
    }
  }

  @Test
  void shouldQuoteAServerThatEndsBeforeItIsReady() {
    try (ServerProcess server = start("echo 'port 8583 is taken; say --port-offset' >&2; exit 69")) {

      UserError failure = assertThrows(UserError.class, () -> server.awaitReady(30));

      assertEquals(UserError.UNAVAILABLE, failure.exitCode());
      assertTrue(failure.getMessage().contains("exit code 69"), failure.getMessage());
      assertTrue(failure.getMessage().contains("port 8583 is taken"), failure.getMessage());
    }
  }

  @Test
  void shouldTellAnUncleanEnd() {
    try (ServerProcess server = start("trap 'exit 3' TERM; echo 'ready a=b:1'; while :; do sleep 0.1; done")) {
      server.awaitReady(30);

      assertEquals(3, server.stop());
    }
  }

  @Test
  void shouldLeaveNothingRunningWhenClosed() {
    ServerProcess server = start("echo \"ready pid=$$\"; while :; do sleep 0.1; done");
    long pid = Long.parseLong(server.awaitReady(30).getOrDefault("pid", "-1"));
    assertTrue(ProcessHandle.of(pid).isPresent());

    server.close();

    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "process " + pid + " still runs");
  }

  @Test
  void shouldSayWhatCouldNotBeStarted() {
    UserError failure = assertThrows(UserError.class,
        () -> ServerProcess.start(List.of("/nowhere/run", "start"), lines::add));

    assertEquals(UserError.UNAVAILABLE, failure.exitCode());
    assertTrue(failure.getMessage().contains("/nowhere/run start"), failure.getMessage());
  }

  private ServerProcess start(String script) {
    return ServerProcess.start(List.of("sh", "-c", script), lines::add);
  }
}
