package se.valfardskort.loadtest.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageReader;

/**
 * A small server over real sockets, one thread a connection, for two-byte lengths and the binary dialect. What it
 * answers is the test's.
 */
public final class TestIssuer implements AutoCloseable {
  /** What to answer. */
  public interface Replies {
    /**
     * Called for every request, on the connection's thread.
     *
     * @return the answer's fields, or null for silence
     */
    @Nullable SortedMap<Integer, String> reply(Request request) throws Exception;
  }

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Replies replies;
  private final Endpoint endpoint;
  private final boolean echo;

  private TestIssuer(Replies replies, boolean echo) throws IOException {
    this.replies = replies;
    this.echo = echo;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.endpoint = Endpoint.of(home(), "127.0.0.1", listener.getLocalPort(), "binary", "");
  }

  /** Starts a server that answers as told. */
  public static TestIssuer answering(Replies replies) throws IOException {
    return started(new TestIssuer(replies, false));
  }

  /** Starts a server that sends every frame back as it came. */
  public static TestIssuer echoing() throws IOException {
    return started(new TestIssuer(request -> request.fields(), true));
  }

  private static TestIssuer started(TestIssuer issuer) {
    Thread.ofPlatform().daemon().name("test-issuer").start(issuer::accept);
    return issuer;
  }

  /** The repository. */
  public static Path home() {
    return Path.of(System.getProperty("project.root", "..")).toAbsolutePath().normalize();
  }

  /**
   * An answer's fields: what is echoed, DE 38 where the request is approved, DE 39, and DE 54.
   *
   * @param purses null: no DE 54
   */
  public static SortedMap<Integer, String> answer(Request request, String code, @Nullable Purses purses) {
    SortedMap<Integer, String> answer = new TreeMap<>();
    for (int de : new int[] {2, 3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49}) {
      if (!request.field(de).isEmpty()) {
        answer.put(de, request.field(de));
      }
    }
    if (code.equals("00")) {
      answer.put(38, request.field(11));
    }
    answer.put(39, code);
    if (purses != null) {
      answer.put(54, balance("96", purses.cashMinor()) + balance("98", purses.hjartanMinor()));
    }
    return answer;
  }

  private static String balance(String account, long minor) {
    String digits = Long.toString(Math.abs(minor));
    return account + "02752" + (minor < 0 ? "D" : "C") + "0".repeat(12 - digits.length()) + digits;
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Ends every connection, as a killed server does. */
  public void drop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    drop();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofPlatform().daemon().name("test-issuer-link").start(() -> serve(socket));
      } catch (IOException ignored) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    MessageReader reader = new MessageReader(endpoint.dialect());
    FrameEncoder encoder = new FrameEncoder(endpoint);
    try (socket; DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      while (true) {
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        ByteBuf answer = Unpooled.buffer(512);
        if (echo) {
          FrameFormat format = endpoint.framing();
          int start = format.startRequest(answer);
          answer.writeBytes(frame);
          format.finish(answer, start);
        } else {
          reader.wrap(Unpooled.wrappedBuffer(frame), 0, frame.length);
          SortedMap<Integer, String> fields =
              replies.reply(new Request(reader.mti(), new TreeMap<>(FrameDecoder.fieldsOf(reader))));
          if (fields == null) {
            continue;
          }
          encoder.frame(new Request(reader.mti() / 10 * 10 + 10, fields), answer);
        }
        byte[] bytes = new byte[answer.readableBytes()];
        answer.readBytes(bytes);
        out.write(bytes);
      }
    } catch (EOFException | SocketException ignored) {
      // The client has gone, or the test dropped it.
    } catch (Exception e) {
      throw new IllegalStateException("the test's server failed", e);
    }
  }
}
