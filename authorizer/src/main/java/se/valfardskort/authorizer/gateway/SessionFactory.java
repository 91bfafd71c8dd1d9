package se.valfardskort.authorizer.gateway;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Clock;

/** Makes a link's sessions, with one {@link Reception} and one {@link NetworkClient} an event loop. Any event loop. */
final class SessionFactory {
  private final Link link;
  private final Sessions sessions;
  private final Clock clock;
  private final FastThreadLocal<Reception> receptions;
  private final FastThreadLocal<NetworkClient> clients;

  /** @param key of the panTokens; copied */
  SessionFactory(Link link, CommandPort port, Sessions sessions, Clock clock, byte[] key) {
    this.link = link;
    this.sessions = sessions;
    this.clock = clock;
    byte[] ownKey = key.clone();
    receptions = new FastThreadLocal<>() {
      @Override
      protected Reception initialValue() {
        return new Reception(link, port, clock, new PanTokenizer(ownKey));
      }
    };
    clients = new FastThreadLocal<>() {
      @Override
      protected NetworkClient initialValue() {
        return new NetworkClient(link, clock);
      }
    };
  }

  /** @param dialer who makes the connections; null where the other side does */
  ChannelInitializer<SocketChannel> initializer(@Nullable Dialer dialer) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel.pipeline()
            .addLast(new Session(link, channel, receptions.get(), clients.get(), sessions, clock, dialer));
      }
    };
  }
}
