package se.valfardskort.authorizer.app;

import java.util.List;
import java.util.Locale;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.NamedLink;
import se.valfardskort.authorizer.gateway.GatewayServer;
import se.valfardskort.authorizer.pipeline.PipelineSettings.Wiring;

/** The one line that says that requests are answered: programs wait for it and read the ports from it. */
final class ReadyLine {
  private ReadyLine() {}

  /** @param adminPort {@link AuthorizerSettings#NO_ADMIN_PORT}: there is none */
  static String of(
      List<NamedLink> links,
      List<GatewayServer.BoundLink> bound,
      int adminPort,
      AuthorizerSettings settings,
      Wiring wiring,
      int cards,
      long sequence) {
    StringBuilder line = new StringBuilder("ready");
    for (int i = 0; i < bound.size(); i++) {
      boolean dials = bound.get(i).settings().upkeep().dials();
      line.append(' ')
          .append(links.get(i).name())
          .append(dials ? "=dial " : "=")
          .append(bound.get(i).settings().address())
          .append(':')
          .append(bound.get(i).address().getPort())
          .append(dials ? " (connecting)" : "");
    }
    if (adminPort != AuthorizerSettings.NO_ADMIN_PORT) {
      line.append(" admin=127.0.0.1:").append(adminPort);
    }
    return line.append(" durability=")
        .append(settings.durability().name().toLowerCase(Locale.ROOT))
        .append(" pipeline=")
        .append(wiring.name().toLowerCase(Locale.ROOT))
        .append(" cards=")
        .append(cards)
        .append(" sequence=")
        .append(sequence)
        .toString();
  }
}
