package se.valfardskort.loadtest.certify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import se.valfardskort.loadtest.client.UserError;
import se.valfardskort.loadtest.demo.ServerProcess;

/** A demonstration server of this run's own: fresh data, free ports, gone afterwards. Used by one thread. */
final class OwnServer implements AutoCloseable {
  private static final int CARDS = 10_000;
  private static final long START_SECONDS = 180;
  private static final int[] PORTS = {8583, 8584, 8593, 8580};
  private static final int TRIES = 200;

  private final ServerProcess process;
  private final Path data;
  private final Map<String, String> ready;

  private OwnServer(ServerProcess process, Path data, Map<String, String> ready) {
    this.process = process;
    this.data = data;
    this.ready = ready;
  }

  /** Starts it and waits until it answers. */
  static OwnServer start(Path home) {
    Path data = newFolder();
    ServerProcess process = ServerProcess.start(home, data, freeOffset(), CARDS, line -> { });
    try {
      Thread cleaning = Thread.ofPlatform().name("delete-data").unstarted(() -> {
        process.stopQuietly();
        discard(data);
      });
      Runtime.getRuntime().addShutdownHook(cleaning);
      return new OwnServer(process, data, process.awaitReady(START_SECONDS));
    } catch (UserError e) {
      process.close();
      discard(data);
      throw e;
    }
  }

  /** Where it listens for a partner. */
  CertifyCommand.Address addressOf(Partner partner) {
    String address = ready.get(partner.name());
    if (address == null || address.indexOf(':') < 0) {
      throw new UserError(UserError.UNAVAILABLE, "the demo server opened no link called " + partner.name()
          + "; add it to config/demo/partners.yaml, or name other partners with --partner");
    }
    int colon = address.lastIndexOf(':');
    return new CertifyCommand.Address(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  @Override
  public void close() {
    process.close();
    discard(data);
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("valfardskort-certify-");
    } catch (IOException e) {
      throw new UserError(UserError.IO_ERROR, "no temporary folder can be made (" + e.getMessage()
          + "); check the space and the rights of " + System.getProperty("java.io.tmpdir"), e);
    }
  }

  /** What to add to every port so that all of the demonstration's are free. */
  private static int freeOffset() {
    Random random = new Random();
    for (int i = 0; i < TRIES; i++) {
      int offset = 1_000 + random.nextInt(20_000);
      if (allFree(offset)) {
        return offset;
      }
    }
    throw new UserError(UserError.UNAVAILABLE, "no free ports were found; start a server by hand, say --host");
  }

  private static boolean allFree(int offset) {
    for (int port : PORTS) {
      try (ServerSocket socket = new ServerSocket(port + offset, 1, InetAddress.getLoopbackAddress())) {
        if (!socket.isBound()) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static synchronized void discard(Path data) {
    if (!Files.exists(data)) {
      return;
    }
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("the data folder " + data + " could not be deleted (" + e.getMessage() + "); delete it");
    }
  }
}
