package se.valfardskort.independent.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.ServerProcess;

/** Plays the messages of a card that went wrong again, alone, and finds out which of them it takes. */
final class Replay {
  private static final int MOST_TRIES = 400;
  private static final int STANS_A_TRY = 10;
  private static final int MOST_FRESH_SERVERS = 60;

  private final Path folder;
  private final Laws laws;
  private int servers;
  private int tries;

  Replay(Path folder, Laws laws) {
    this.folder = folder;
    this.laws = laws;
  }

  /** The smallest transcript that was found to fail. */
  String explain(Play failed) throws IOException {
    List<Command> all = failed.exchanges.stream().map(exchange -> exchange.command).toList();
    List<Command> timeless = all.stream().filter(command -> !command.isTime()).toList();
    if (failed.card.isOrdinary()) {
      String shrunk = shrunkOnOneServer(failed, timeless);
      if (shrunk != null) {
        return shrunk;
      }
    }
    String shrunk = shrunk(failed, all, commands -> playOnAFreshServer(failed, commands), MOST_FRESH_SERVERS);
    return shrunk != null
        ? shrunk
        : "It does not fail when the card's messages are played alone, so this is all there is:\n"
            + failed.transcript();
  }

  /** Of which card's messages the totals come to differ. */
  String explainTotals(List<Play> plays, String complaint) throws IOException {
    try (ServerProcess server = startServer(plays.size() + MOST_TRIES + 100, plays.getFirst().startMs)) {
      Host host = new Host(server);
      int[] card = {50};
      for (Play play : plays) {
        List<Command> all =
            play.exchanges.stream().map(exchange -> exchange.command).filter(command -> !command.isTime()).toList();
        if (play.card.isOrdinary() && playAlone(host, Card.of(card[0]++), all).hasFailed()) {
          return shrunk(play, all, commands -> playAlone(host, Card.of(card[0]++), commands), MOST_TRIES)
              + "\nThe clerk's messages:\n" + complaint;
        }
      }
    }
    return "No card's messages do it alone; the clerk's messages:\n" + complaint;
  }

  /** One ordinary card is like another: each try takes the next. */
  private @Nullable String shrunkOnOneServer(Play failed, List<Command> all) throws IOException {
    try (ServerProcess server = startServer(MOST_TRIES + 100, failed.startMs)) {
      Host host = new Host(server);
      int[] card = {50};
      return shrunk(failed, all, commands -> playAlone(host, Card.of(card[0]++), commands), MOST_TRIES);
    }
  }

  /** On a server for which no time has passed. */
  private Play playOnAFreshServer(Play failed, List<Command> commands) {
    try (ServerProcess server = startServer(100, failed.startMs)) {
      Card card = failed.card.isOrdinary() ? Card.of(50) : failed.card;
      return playAlone(new Host(server), card, commands);
    } catch (IOException e) {
      throw new AssertionError("no server to play again on", e);
    }
  }

  /** How commands are played on a card that has seen nothing yet. */
  private interface Stage {
    Play play(List<Command> commands);
  }

  /** Null where they do not fail alone. */
  private static @Nullable String shrunk(Play failed, List<Command> all, Stage stage, int mostTries) {
    Play again = stage.play(all);
    if (!again.hasFailed()) {
      return null;
    }
    List<Command> fewer = again.exchanges.stream().map(exchange -> exchange.command).toList();
    Play[] smallest = {again};
    new Shrinker<Command>(
            commands -> {
              Play play = stage.play(commands);
              if (play.hasFailed()) {
                smallest[0] = play;
              }
              return play.hasFailed();
            },
            mostTries)
        .shrink(fewer);
    return "Of " + all.size() + " messages of card " + failed.card.number() + ", these are enough:\n"
        + smallest[0].transcript();
  }

  /** Plays until something is wrong. */
  private Play playAlone(Host host, Card card, List<Command> commands) {
    ReasonBook reasons = new ReasonBook();
    Settlement settlement = new Settlement(laws);
    Play play = new Play(card, laws, reasons, host.timeMs(), settlement);
    int firstStan = Clerk.FIRST_STAN + STANS_A_TRY * tries++;
    try (Clerk clerk = new Clerk(host, laws, settlement, firstStan, reasons, firstStan)) {
      clerk.begin();
      if (playAll(host, play, commands)) {
        clerk.reconcileAll();
        if (clerk.hasFailed()) {
          play.endsWrong("and then the totals differ:\n" + clerk.transcript());
        }
      }
    }
    return play;
  }

  /** True where all was as expected. */
  private static boolean playAll(Host host, Play play, List<Command> commands) {
    try (Teller teller = new Teller(host)) {
      for (Command command : commands) {
        if (command.isTime()) {
          host.timePasses(command.passesMs());
          play.timePasses(command);
        } else if (!teller.play(Map.of(play, command)).isEmpty()) {
          return false;
        }
      }
    } catch (IOException e) {
      throw new AssertionError("the server did not take the time", e);
    }
    return true;
  }

  private ServerProcess startServer(int cards, long timeMs) throws IOException {
    return ServerProcess.startClocked(folder.resolve("again-" + servers++), cards, timeMs);
  }

  /** Of several failures the one with the fewest messages. */
  static Play shortest(List<Play> failed) {
    List<Play> sorted = new ArrayList<>(failed);
    sorted.sort((left, right) -> Integer.compare(left.exchanges.size(), right.exchanges.size()));
    return sorted.getFirst();
  }
}
