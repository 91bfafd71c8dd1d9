package se.valfardskort.independent.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * Sends one message for each of its cards at a time, over one connection a layout, and waits for all answers: so the
 * order of each card's messages is known, and many cards are under way. What a broken connection leaves unanswered is
 * sent again, to the byte, as a network would. One thread.
 */
final class Teller implements AutoCloseable {
  private static final int MOST_TRIES = 100;

  private final HostLinks links;

  Teller(Host host) {
    links = new HostLinks(host);
  }

  /** Plays one command on each card that has one, and returns the plays that went wrong. */
  List<Play> play(Map<Play, Command> commands) {
    Map<String, Play> waiting = new HashMap<>();
    for (Map.Entry<Play, Command> entry : commands.entrySet()) {
      Play.Exchange exchange = entry.getKey().begin(entry.getValue());
      if (waiting.put(exchange.request.require(2), entry.getKey()) != null) {
        throw new AssertionError("two cards of one number");
      }
    }
    List<Play> failed = new ArrayList<>();
    exchange(waiting, failed);
    return failed;
  }

  private void exchange(Map<String, Play> waiting, List<Play> failed) {
    for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
      try {
        Map<Layout, Integer> due = send(waiting);
        receive(due, waiting, failed);
        if (waiting.isEmpty()) {
          return;
        }
      } catch (IOException broken) {
        close();
      }
    }
    throw new AssertionError("no answer in " + MOST_TRIES + " tries");
  }

  private Map<Layout, Integer> send(Map<String, Play> waiting) throws IOException {
    Map<Layout, Integer> due = new EnumMap<>(Layout.class);
    for (Play play : new ArrayList<>(waiting.values())) {
      Play.Exchange exchange = play.exchanges.getLast();
      Layout layout = exchange.command.link();
      links.of(layout).sendBody(exchange.frame);
      if (exchange.command.answered()) {
        due.merge(layout, 1, Integer::sum);
      } else {
        waiting.remove(exchange.request.require(2));
      }
    }
    return due;
  }

  private void receive(Map<Layout, Integer> due, Map<String, Play> waiting, List<Play> failed) throws IOException {
    for (Map.Entry<Layout, Integer> entry : due.entrySet()) {
      for (int i = 0; i < entry.getValue(); i++) {
        byte[] body = links.of(entry.getKey()).receiveBody();
        WireMessage answer = WireMessage.decode(entry.getKey(), body);
        String pan = answer.require(2);
        if (Codes.isTryAgain(answer)) {
          // Nothing was booked and nothing is remembered: the sender may try again.
          continue;
        }
        Play play = waiting.remove(pan);
        if (play == null) {
          throw new AssertionError("an answer that nobody waits for: " + answer.without(2));
        }
        if (!play.end(body)) {
          failed.add(play);
        }
      }
    }
  }

  @Override
  public void close() {
    links.close();
  }
}
