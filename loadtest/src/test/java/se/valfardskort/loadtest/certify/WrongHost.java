package se.valfardskort.loadtest.certify;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.iso8583.MessageWriter;

/**
 * A host that is wrong in one thing: it passes messages on to the right one, and alters some of them on the way there
 * or back. Speaks framing binary2.
 */
final class WrongHost implements AutoCloseable {
  /** What is wrong. Called by a thread of its connection. */
  interface Fault {
    /** Gives the bytes that go back, length header included; empty: none. */
    byte[] answer(byte[] request, Right right) throws IOException;
  }

  /** The right host, behind. */
  interface Right {
    byte[] ask(byte[] request) throws IOException;
  }

  private final ServerSocket server;
  private final String host;
  private final int port;
  private final Fault fault;

  private WrongHost(ServerSocket server, String host, int port, Fault fault) {
    this.server = server;
    this.host = host;
    this.port = port;
    this.fault = fault;
  }

  static WrongHost before(int port, Fault fault) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    WrongHost wrong = new WrongHost(server, "127.0.0.1", port, fault);
    Thread.ofPlatform().daemon().name("wrong-host").start(wrong::accept);
    return wrong;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofPlatform().daemon().name("wrong-host-link").start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client; Socket right = new Socket(host, port)) {
      client.setTcpNoDelay(true);
      right.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataInputStream back = new DataInputStream(right.getInputStream());
      DataOutputStream there = new DataOutputStream(right.getOutputStream());
      while (true) {
        byte[] request = in.readNBytes(in.readUnsignedShort());
        byte[] answer = fault.answer(request, asked -> {
          there.write(framed(asked));
          return back.readNBytes(back.readUnsignedShort());
        });
        client.getOutputStream().write(answer);
      }
    } catch (IOException closed) {
      // One side is gone: so is the other.
    }
  }

  /** A message behind its length. */
  static byte[] framed(byte[] message) {
    byte[] framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    return framed;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** A message taken apart so that it can be altered. */
  static final class Parts {
    int mti;
    final SortedMap<Integer, String> fields = new TreeMap<>();

    static Parts of(Dialect dialect, byte[] message) {
      MessageReader reader = new MessageReader(dialect);
      reader.wrap(Unpooled.wrappedBuffer(message), 0, message.length);
      Parts parts = new Parts();
      parts.mti = reader.mti();
      for (int de = 2; de <= Dialect.MAX_DE; de++) {
        if (reader.readable(de)) {
          byte[] bytes = new byte[2 * reader.length(de) + 2];
          boolean binary = dialect.isBinary(de);
          int length = binary ? reader.copyBinary(de, bytes, 0) : reader.copyText(de, bytes, 0);
          parts.fields.put(de, binary ? HexFormat.of().formatHex(bytes, 0, length)
              : new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        }
      }
      return parts;
    }

    String field(int de) {
      return fields.getOrDefault(de, "");
    }

    byte[] bytes(Dialect dialect) {
      MessageWriter writer = new MessageWriter(dialect);
      ByteBuf out = Unpooled.buffer();
      writer.begin(out, mti);
      fields.forEach((de, value) -> {
        if (dialect.isBinary(de)) {
          byte[] bytes = HexFormat.of().parseHex(value);
          writer.binary(de, bytes, 0, bytes.length);
        } else {
          writer.text(de, value);
        }
      });
      writer.end();
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      return bytes;
    }
  }
}
