package se.valfardskort.loadtest.certify;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.CardNumber;
import se.valfardskort.loadtest.client.Kronor;
import se.valfardskort.loadtest.client.UserError;

/**
 * Plays one partner's scripts against a host, an exchange at a time, and judges what comes back. Used by one thread.
 *
 * <p>The judgement knows bytes and nothing of ISO 8583: what is expected stands in the script.
 */
final class Player implements AutoCloseable {
  private static final int CONNECTIONS = 2;
  /** After the echo's answer, how long a forbidden answer may still come. */
  private static final int SILENCE_MS = 150;
  /** What the demonstration's cards are opened with (wire.md section 7). */
  private static final long FULL_CASH_MINOR = 700_000;
  private static final long FULL_HJARTAN_MINOR = 300_000;

  private final Partner partner;
  private final String host;
  private final int port;
  private final int patienceMs;
  private final RunSeed seed;
  private final Shown shown;
  private final @Nullable RawLink[] links = new RawLink[CONNECTIONS];

  /**
   * Connects.
   *
   * @throws se.valfardskort.loadtest.client.UserError where nobody answers
   */
  Player(Partner partner, String host, int port, int patienceMs, RunSeed seed) {
    this.partner = partner;
    this.host = host;
    this.port = port;
    this.patienceMs = patienceMs;
    this.seed = seed;
    this.shown = partner.shown();
    links[0] = RawLink.connect(host, port, partner.header(), patienceMs);
  }

  /**
   * Plays groups, and tells each outcome as it comes.
   *
   * @param tag a group's tag or a topic's name; empty: every group
   */
  void play(String tag, Consumer<Outcome> told) {
    for (Exchange.Topic topic : partner.topics()) {
      for (Exchange.Group group : topic.groups()) {
        if (tag.isEmpty() || tag.equalsIgnoreCase(topic.name()) || group.tags().contains(tag)) {
          play(topic, group, told);
        }
      }
    }
  }

  private void play(Exchange.Topic topic, Exchange.Group group, Consumer<Outcome> told) {
    Values values = new Values();
    group.cards().forEach((name, which) ->
        values.text(name, which.equals("fresh") ? freshCard() : CardNumber.panOf(which)));
    seed.stampDay(values);
    Map<String, Sent> sent = new HashMap<>();
    for (Exchange exchange : group.exchanges()) {
      told.accept(new Attempt(topic, group, exchange, values, sent).play());
    }
  }

  /** The next card from which no run has spent. */
  private String freshCard() {
    for (int i = 0; i < RunSeed.CARDS; i++) {
      String card = seed.nextCard();
      if (isUntouched(card)) {
        return card;
      }
    }
    throw new UserError(UserError.UNAVAILABLE, "earlier runs have spent from every card that the scripts use; start the"
        + " host on a fresh data folder");
  }

  /** An inquiry that fails lets the card pass: the exchanges will tell what is wrong. */
  private boolean isUntouched(String card) {
    Values own = new Values();
    seed.stamp(own);
    own.text("card", card);
    try {
      RawLink link = link(1);
      link.send(withHeader(encodeOwn(partner.inquiry(), own)));
      byte[] received = link.receive();
      Block expected = answerOf(partner.inquiry());
      if (expected.render(own).firstDifference(received) >= 0) {
        return true;
      }
      expected.capture(received, own);
      return own.amountOf("cash") >= FULL_CASH_MINOR && own.amountOf("hjartan") >= FULL_HJARTAN_MINOR;
    } catch (IOException e) {
      drop(1);
      return true;
    }
  }

  private byte[] encodeOwn(Exchange own, Values known) {
    if (!(own.request() instanceof Exchange.Fields fields)) {
      throw new IllegalArgumentException(own.place() + ": must be given by fields");
    }
    SortedMap<Integer, String> filled = new TreeMap<>();
    fields.fields().forEach((de, value) -> filled.put(de, known.fill(value)));
    return partner.layout().encode(fields.mti(), filled);
  }

  private static Block answerOf(Exchange own) {
    if (!(own.expected() instanceof Exchange.Answer expected)) {
      throw new IllegalArgumentException(own.place() + ": must have an answer");
    }
    return expected.block();
  }

  /** Fields as they were sent. */
  private record Sent(String mti, SortedMap<Integer, String> fields) {}

  /** One exchange while it is tried. */
  private final class Attempt {
    private final Exchange.Topic topic;
    private final Exchange.Group group;
    private final Exchange exchange;
    private final Values values;
    private final Map<String, Sent> sent;
    private final List<String> problems = new ArrayList<>();
    private String request = "(not sent)";
    private String answer = "(nothing)";
    private long micros;

    Attempt(Exchange.Topic topic, Exchange.Group group, Exchange exchange, Values values, Map<String, Sent> sent) {
      this.topic = topic;
      this.group = group;
      this.exchange = exchange;
      this.values = values;
      this.sent = sent;
    }

    Outcome play() {
      try {
        seed.stamp(values);
        Exchange.PurseChange change = exchange.purses();
        if (change != null) {
          readPurses("before", values);
        }
        values.rememberAs(exchange.id());
        if (problems.isEmpty()) {
          judge(send());
        }
        values.rememberAs(exchange.id());
        if (change != null && problems.isEmpty()) {
          comparePurses(change);
        }
      } catch (IOException e) {
        problems.add(String.valueOf(e.getMessage()));
        drop(exchange.connection());
      } catch (Values.UnknownName e) {
        problems.add(e.getMessage() + ": the exchange that gives it its value failed, or comes later");
      } catch (IllegalArgumentException e) {
        problems.add("the script cannot be played: " + e.getMessage());
      }
      return new Outcome(partner.name(), topic.name(), group.title(), exchange, problems, request, answer, micros);
    }

    private RawLink send() throws IOException {
      RawLink link = link(exchange.connection());
      byte[] message;
      boolean whole = true;
      boolean framed = true;
      switch (exchange.request()) {
        case Exchange.Bytes bytes -> {
          message = bytes.block().render(values).bytes();
          framed = bytes.framed();
        }
        case Exchange.Fields fields -> {
          message = encode(fields);
          whole = !fields.byteByByte();
        }
      }
      request = framed ? shown.message(message) : "(" + message.length + " bytes without framing)";
      byte[] bytes = framed ? link.framed(message) : message;
      micros = System.nanoTime() / 1000;
      for (int at = 0; at < bytes.length; at = whole ? bytes.length : at + 1) {
        link.sendRaw(whole ? bytes : new byte[] {bytes[at]});
      }
      return link;
    }

    private byte[] encode(Exchange.Fields fields) {
      SortedMap<Integer, String> all = new TreeMap<>();
      String mti = fields.mti();
      if (!fields.like().isEmpty()) {
        Sent earlier = sent.get(fields.like());
        if (earlier == null) {
          throw new Values.UnknownName(fields.like());
        }
        all.putAll(earlier.fields());
        mti = mti.isEmpty() ? earlier.mti() : mti;
      }
      fields.fields().forEach((de, value) -> {
        if (value.isEmpty()) {
          all.remove(de);
        } else {
          all.put(de, values.fill(value));
        }
      });
      sent.put(exchange.id(), new Sent(mti, all));
      return withHeader(partner.layout().encode(mti, all));
    }

    private void judge(RawLink link) throws IOException {
      switch (exchange.expected()) {
        case Exchange.Answer expected -> {
          byte[] received = link.receive();
          micros = System.nanoTime() / 1000 - micros;
          answer = shown.message(received);
          compare(expected.block(), received, values);
        }
        case Exchange.Silence ignored -> {
          micros = 0;
          expectSilence(link);
        }
        case Exchange.Closed ignored -> {
          micros = 0;
          expectClosed(link);
        }
      }
    }

    private boolean compare(Block expected, byte[] received, Values known) {
      Block.Rendered rendered = expected.render(known);
      int at = rendered.firstDifference(received);
      if (at >= 0) {
        problems.addAll(shown.difference(rendered, received, at));
        return false;
      }
      expected.capture(received, known);
      return true;
    }

    /** An echo test is answered, and nothing else comes: the message was taken and met with silence. */
    private void expectSilence(RawLink link) throws IOException {
      Values own = new Values();
      seed.stamp(own);
      link.send(withHeader(encodeOwn(partner.echo(), own)));
      int before = problems.size();
      if (!compareOwn(partner.echo(), link.receive(), own)) {
        problems.add(before, "expected silence; something else than the answer to the echo test after it came:");
        drop(exchange.connection());
      } else if (!link.isSilentFor(SILENCE_MS)) {
        problems.add("expected silence; something came after the answer to the echo test that followed");
        drop(exchange.connection());
      } else {
        answer = "(silence; an echo test after it was answered)";
      }
    }

    private void expectClosed(RawLink link) throws IOException {
      try {
        byte[] received = link.receive();
        answer = shown.message(received);
        problems.add("expected the connection to be closed; an answer came:");
        problems.addAll(answer.lines().toList());
      } catch (EOFException e) {
        answer = "(the connection was closed)";
      } finally {
        drop(exchange.connection());
      }
    }

    /** Asks what the purses hold, on a connection of its own exchanges' kind, byte for byte like all else. */
    private boolean readPurses(String when, Values into) throws IOException {
      Values own = new Values();
      seed.stamp(own);
      own.text("card", values.textOf(exchange.card()));
      RawLink link = link(1);
      link.send(withHeader(encodeOwn(partner.inquiry(), own)));
      int before = problems.size();
      if (!compareOwn(partner.inquiry(), link.receive(), own)) {
        problems.add(before, "the balance inquiry " + when + " it was not answered as it must be:");
        return false;
      }
      into.amount("cash", own.amountOf("cash"));
      into.amount("hjartan", own.amountOf("hjartan"));
      return true;
    }

    private void comparePurses(Exchange.PurseChange change) throws IOException {
      Values after = new Values();
      if (!readPurses("after", after)) {
        return;
      }
      comparePurse("CASH", values.amountOf("cash"), values.amountOf(change.cash()), after.amountOf("cash"));
      comparePurse("HJARTAN", values.amountOf("hjartan"), values.amountOf(change.hjartan()),
          after.amountOf("hjartan"));
    }

    private void comparePurse(String purse, long before, long change, long after) {
      if (before + change != after) {
        problems.add(purse + " was " + Kronor.format(before) + " and must be " + Kronor.format(before + change)
            + " after it, but is " + Kronor.format(after));
      }
    }

    private boolean compareOwn(Exchange own, byte[] received, Values known) {
      return compare(answerOf(own), received, known);
    }
  }

  private byte[] withHeader(byte[] message) {
    byte[] header = HexFormat.of().parseHex(partner.fixedHeader());
    byte[] both = Arrays.copyOf(header, header.length + message.length);
    System.arraycopy(message, 0, both, header.length, message.length);
    return both;
  }

  private RawLink link(int connection) {
    RawLink link = links[connection - 1];
    if (link == null) {
      link = RawLink.connect(host, port, partner.header(), patienceMs);
      links[connection - 1] = link;
    }
    return link;
  }

  private void drop(int connection) {
    RawLink link = links[connection - 1];
    if (link != null) {
      link.close();
      links[connection - 1] = null;
    }
  }

  @Override
  public void close() {
    for (int connection = 1; connection <= CONNECTIONS; connection++) {
      drop(connection);
    }
  }
}
