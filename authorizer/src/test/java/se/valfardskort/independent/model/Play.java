package se.valfardskort.independent.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/** One card's part of a run: what was sent for it, what the model says to that, and what came back. One thread. */
final class Play {
  /** A command on the wire. */
  static final class Exchange {
    final Command command;
    final WireMessage request;
    final byte[] frame;
    final @Nullable Expected expected;
    byte @Nullable [] answer;
    List<String> differences = List.of();

    Exchange(Command command, WireMessage request, @Nullable Expected expected) {
      this.command = command;
      this.request = request;
      this.expected = expected;
      frame = command.isTime() ? new byte[0] : request.encode(command.link());
    }
  }

  final Card card;
  final long startMs;
  final CardModel model;
  final List<Exchange> exchanges = new ArrayList<>();
  private final ReasonBook reasons;
  private final Map<Integer, String> codes = new HashMap<>();
  private final Map<Integer, Exchange> byCommand = new HashMap<>();

  /** @param startMs the server's time */
  Play(Card card, Laws laws, ReasonBook reasons, long startMs, Settlement settlement) {
    this.card = card;
    this.reasons = reasons;
    this.startMs = startMs;
    model = new CardModel(card, laws, startMs, settlement);
  }

  /** It is later for the server. */
  void timePasses(Command command) {
    exchanges.add(new Exchange(command, command.message(), null));
    model.book.timePasses(command.passesMs());
  }

  /** Decides the command in the model and makes it ready to be sent. */
  Exchange begin(Command command) {
    WireMessage request = command.resolve(card, codes);
    Expected expected = command.answered() ? model.answer(request, command.id()) : null;
    Exchange exchange = new Exchange(command, request, expected);
    exchanges.add(exchange);
    byCommand.put(command.id(), exchange);
    return exchange;
  }

  /** Compares the answer of the latest exchange; true where it is as expected. */
  boolean end(byte[] answer) {
    Exchange exchange = exchanges.getLast();
    exchange.answer = answer;
    exchange.differences = new ArrayList<>(compare(exchange, answer));
    Exchange first = byCommand.get(exchange.command.repeats());
    if (first != null && first.answer != null && Arrays.equals(first.frame, exchange.frame)
        && Objects.equals(first.expected, exchange.expected) && !Arrays.equals(first.answer, answer)) {
      exchange.differences.add(
          "not the bytes of the first answer: " + HexFormat.of().formatHex(first.answer) + " then "
              + HexFormat.of().formatHex(answer));
    }
    purseRules(exchange);
    return exchange.differences.isEmpty();
  }

  private List<String> compare(Exchange exchange, byte[] bytes) {
    Expected expected = exchange.expected;
    if (expected == null) {
      return List.of("answered, though it is never answered");
    }
    WireMessage answer;
    try {
      answer = WireMessage.decode(exchange.command.link(), bytes);
    } catch (AssertionError | RuntimeException unreadable) {
      return List.of("unreadable: " + unreadable + " in " + HexFormat.of().formatHex(bytes));
    }
    String code = answer.get(38);
    if (expected.minted() && code != null) {
      if (!codes.containsKey(exchange.command.id())) {
        codes.put(exchange.command.id(), code);
      }
      model.learn(code);
    }
    return expected.differences(exchange.request, answer, reasons);
  }

  /** architecture.md section 7: no purse below nothing but by force; what was loaded is there, held or spent. */
  private void purseRules(Exchange exchange) {
    Book book = model.book;
    long taken = 0;
    boolean forced = false;
    for (Row row : book.rows) {
      taken += row.hjartan + row.cash;
      forced |= row.request.isAdvice() || row.kind == Row.Kind.REFUND;
    }
    if (book.hjartan() < 0 || (book.cash() < 0 && !forced)) {
      exchange.differences.add("the model's purses fell to " + book.balances());
    }
    if (card.cash() + card.hjartan() != book.cash() + book.hjartan() + taken) {
      exchange.differences.add("the model's purses do not add up: " + book.balances());
    }
  }

  /** What was found wrong when all had been played. */
  void endsWrong(String difference) {
    Exchange last = exchanges.getLast();
    last.differences = new ArrayList<>(last.differences);
    last.differences.add(difference);
  }

  boolean hasFailed() {
    return !exchanges.isEmpty() && !exchanges.getLast().differences.isEmpty();
  }

  /** In words, one line a message; cards are not named. */
  String transcript() {
    StringBuilder text = new StringBuilder();
    for (Exchange exchange : exchanges) {
      Command command = exchange.command;
      text.append(
          String.format(
              "#%d %s on %s%n   sent     %s%n", command.id(), command.kind(), command.link(), command.message()));
      byte[] answer = exchange.answer;
      if (answer != null) {
        text.append(String.format("   received %s%n", readable(command, answer)));
      }
      if (exchange.expected != null && !exchange.differences.isEmpty()) {
        text.append(String.format("   expected %s%n", exchange.expected));
      }
      for (String difference : exchange.differences) {
        text.append(String.format("   *** %s%n", difference));
      }
    }
    return text.toString();
  }

  private static String readable(Command command, byte[] answer) {
    try {
      return WireMessage.decode(command.link(), answer).without(2).toString();
    } catch (AssertionError | RuntimeException unreadable) {
      return HexFormat.of().formatHex(answer);
    }
  }
}
