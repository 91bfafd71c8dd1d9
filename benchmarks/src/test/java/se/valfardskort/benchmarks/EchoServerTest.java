package se.valfardskort.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link EchoServer} over a real socket. */
final class EchoServerTest {
  @Test
  void shouldSendEveryFrameBackAsItCame() throws IOException, InterruptedException {
    try (EchoServer server = new EchoServer(0);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      Random random = new Random(752);

      for (int length : new int[] {0, 1, 160, 65_535, 3}) {
        byte[] frame = new byte[2 + length];
        random.nextBytes(frame);
        frame[0] = (byte) (length >>> 8);
        frame[1] = (byte) length;
        // In two pieces: the header is torn from its body, or in half.
        out.write(frame, 0, 1);
        out.flush();
        out.write(frame, 1, frame.length - 1);
        out.flush();

        byte[] answer = new byte[frame.length];
        in.readFully(answer);
        assertArrayEquals(frame, answer);
      }
    }
  }
}
