package se.valfardskort.independent.model;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage.Layout;

/** One player's links to the host, each opened when it is first needed. One thread. */
final class HostLinks implements AutoCloseable {
  private final Host host;
  private final Map<Layout, WireLink> links = new EnumMap<>(Layout.class);

  HostLinks(Host host) {
    this.host = host;
  }

  WireLink of(Layout layout) throws IOException {
    @Nullable WireLink link = links.get(layout);
    if (link == null) {
      link = host.link(layout);
      links.put(layout, link);
    }
    return link;
  }

  /** What is asked for afterwards is opened anew. */
  @Override
  public void close() {
    for (WireLink link : links.values()) {
      try {
        link.close();
      } catch (IOException ignored) {
        // It is of no use any more, closed or not.
      }
    }
    links.clear();
  }
}
