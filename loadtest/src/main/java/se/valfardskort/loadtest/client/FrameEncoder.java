package se.valfardskort.loadtest.client;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.Map;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageWriter;

/** Turns requests into bytes. Owned by one thread. */
public final class FrameEncoder {
  private final Dialect dialect;
  private final FrameFormat framing;
  private final MessageWriter writer;

  public FrameEncoder(Endpoint endpoint) {
    this.dialect = endpoint.dialect();
    this.framing = endpoint.framing();
    this.writer = new MessageWriter(dialect);
  }

  /**
   * Writes length header, fixed header and message.
   *
   * @throws IllegalArgumentException where the request does not fit the dialect; names the field, not its value
   */
  public void frame(Request request, ByteBuf out) {
    int start = framing.startRequest(out);
    message(request, out);
    framing.finish(out, start);
  }

  /** Writes the message alone; gives its length. */
  int message(Request request, ByteBuf out) {
    writer.begin(out, request.mti());
    for (Map.Entry<Integer, String> field : request.fields().entrySet()) {
      int de = field.getKey();
      if (dialect.isBinary(de)) {
        byte[] bytes = HexFormat.of().parseHex(field.getValue());
        writer.binary(de, bytes, 0, bytes.length);
      } else {
        writer.text(de, field.getValue());
      }
    }
    return writer.end();
  }
}
