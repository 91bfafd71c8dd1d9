package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.iso8583.MessageWriter;

/**
 * Writes our own network management requests and knows their answers.
 *
 * <p>One for each link and event loop, owned by that loop and shared by its sessions.
 */
final class NetworkClient {
  private final Link link;
  private final Clock clock;
  private final FrameFormat format;
  private final NetworkWords words;
  private final MessageWriter writer;

  NetworkClient(Link link, Clock clock) {
    this.link = link;
    this.clock = clock;
    format = link.format();
    words = NetworkWords.of(link.dialect());
    writer = new MessageWriter(link.dialect());
  }

  /**
   * Appends a framed request.
   *
   * @return its STAN, the link's next
   */
  int write(NetworkFunction function, ByteBuf out) {
    int stan = link.nextStan();
    int start = format.startRequest(out);
    words.write(writer, out, function, stan, clock.epochMs());
    format.finish(out, start);
    link.counters().asked.increment();
    return stan;
  }

  boolean isAnswer(MessageReader in, int stan) {
    return words.isAnswer(in, stan);
  }

  boolean approves(MessageReader in) {
    return words.approves(in);
  }
}
