package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/** One command about one card, given to a running authorizer over its admin port. */
abstract class AdminTask extends PortTask {
  @Mixin private CardOption cardOption = new CardOption();

  /** @param path of the card at the port */
  abstract Map<?, ?> ask(AdminClient client, String path) throws StartFailure;

  /** Likewise, where the configuration says more; most ask without. */
  Map<?, ?> ask(AdminClient client, String path, ConfigurationFolder.Loaded loaded) throws StartFailure {
    return ask(client, path);
  }

  /** Shows the answer to a person. */
  abstract void print(AdminTable table, Map<?, ?> answer);

  @Override
  final void run(AdminClient client, ConfigurationFolder.Loaded loaded) throws IOException, StartFailure {
    CardOption.Card card = cardOption.read(isDemo(), loaded);
    Map<?, ?> answer = ask(client, "/v1/cards/" + card.panToken(), loaded);
    Map<Object, Object> all = new LinkedHashMap<>();
    all.put("pan", card.masked());
    all.putAll(answer);
    show(all, out -> print(new AdminTable(out, card.masked()), answer));
  }
}
