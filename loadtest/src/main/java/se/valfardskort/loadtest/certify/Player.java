package se.valfardskort.loadtest.certify;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final int CONNECTIONS = 3;
  /** How long an answer may still come that must not, or that comes behind one that was not its own. */
  private static final int SILENCE_MS = 150;
  /** What the demonstration's cards are opened with (wire.md section 7). */
  private static final long FULL_CASH_MINOR = 700_000;
  private static final long FULL_HJARTAN_MINOR = 300_000;

  private final Partner partner;
  private final CertifyCommand.Addresses addresses;
  private final int patienceMs;
  private final RunSeed seed;
  private final Shown shown;
  private final @Nullable RawLink[] links = new RawLink[CONNECTIONS];
  /** The exchange before, on each connection. */
  private final @Nullable Outcome[] before = new Outcome[CONNECTIONS];
  private Consumer<Outcome> told = outcome -> { };

  /**
   * Connects.
   *
   * @throws se.valfardskort.loadtest.client.UserError where nobody answers
   */
  Player(Partner partner, CertifyCommand.Addresses addresses, int patienceMs, RunSeed seed) {
    this.partner = partner;
    this.addresses = addresses;
    this.patienceMs = patienceMs;
    this.seed = seed;
    this.shown = partner.shown();
    link(1);
  }

  /**
   * Plays groups, and tells each outcome as it comes. One is told again, spoilt, where a further answer comes after it.
   *
   * @param tag a group's tag or a topic's name; empty: every group
   */
  void play(String tag, Consumer<Outcome> told) {
    this.told = told;
    for (Exchange.Topic topic : partner.topics()) {
      for (Exchange.Group group : topic.groups()) {
        if (tag.isEmpty() || tag.equalsIgnoreCase(topic.name()) || group.tags().contains(tag)) {
          play(topic, group);
        }
      }
    }
    for (int connection = 1; connection <= CONNECTIONS; connection++) {
      lookBehindTheLast(connection);
    }
  }

  private void play(Exchange.Topic topic, Exchange.Group group) {
    Values values = new Values();
    group.cards().forEach((name, which) ->
        values.text(name, which.equals("fresh") ? freshCard() : CardNumber.panOf(which)));
    seed.stampDay(values);
    Map<String, Sent> sent = new HashMap<>();
    for (Exchange exchange : group.exchanges()) {
      Outcome outcome = new Attempt(topic, group, exchange, values, sent).play();
      before[exchange.connection() - 1] = outcome;
      told.accept(outcome);
    }
  }

  private void lookBehindTheLast(int connection) {
    RawLink link = links[connection - 1];
    if (link == null) {
      return;
    }
    try {
      byte[] further = link.receiveWithin(SILENCE_MS);
      if (further != null) {
        spoil(connection, further);
      }
    } catch (IOException ended) {
      drop(connection);
    }
  }

  /** What nothing asked for is the fault of the exchange before it, not of the one that finds it in its way. */
  private void spoil(int connection, byte[] further) {
    drop(connection);
    Outcome earlier = before[connection - 1];
    if (earlier == null) {
      return;
    }
    List<String> problems = new ArrayList<>();
    problems.add("a further answer came after it on this connection, which nothing asked for:");
    problems.addAll(on(connection).shown().message(further).lines().toList());
    Outcome spoilt = earlier.withProblems(problems);
    before[connection - 1] = spoilt;
    told.accept(spoilt);
  }

  /** Drops the connection where something lies in it already. */
  private void clear(int connection) throws IOException {
    RawLink link = links[connection - 1];
    if (link == null || !link.hasUnread()) {
      return;
    }
    try {
      spoil(connection, link.receive());
    } catch (IOException unreadable) {
      spoil(connection, new byte[0]);
    }
  }

  /**
   * The message to judge: the one that came, unless the expected one comes right behind it. After one that is not as
   * expected the connection is dropped, so that an answer too many spoils no exchange but its own.
   */
  private byte[] receive(int connection, RawLink link, Block.Rendered expected) throws IOException {
    byte[] received = link.receive();
    if (expected.firstDifference(received) < 0) {
      return received;
    }
    byte[] behind = null;
    try {
      behind = link.receiveWithin(SILENCE_MS);
    } catch (IOException ended) {
      // Then what came first is all there is to judge.
    }
    boolean surplus = behind != null && before[connection - 1] != null && expected.firstDifference(behind) < 0;
    if (!surplus) {
      drop(connection);
      return received;
    }
    spoil(connection, received);
    return Objects.requireNonNull(behind);
  }

  /** The link that a connection leads to. */
  private Partner on(int connection) {
    if (connection != Exchange.OTHER_LINK) {
      return partner;
    }
    Partner other = partner.otherLink();
    if (other == null) {
      throw new IllegalArgumentException("partner.yaml names no other-link");
    }
    return other;
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
      clear(1);
      RawLink link = link(1);
      link.send(encodeOwn(partner, partner.inquiry(), own));
      Block expected = answerOf(partner.inquiry());
      Block.Rendered rendered = expected.render(own);
      byte[] received = receive(1, link, rendered);
      if (rendered.firstDifference(received) >= 0) {
        return true;
      }
      expected.capture(received, own);
      return own.amountOf("cash") >= FULL_CASH_MINOR && own.amountOf("hjartan") >= FULL_HJARTAN_MINOR;
    } catch (IOException e) {
      drop(1);
      return true;
    }
  }

  private static byte[] encodeOwn(Partner spoken, Exchange own, Values known) {
    if (!(own.request() instanceof Exchange.Fields fields)) {
      throw new IllegalArgumentException(own.place() + ": must be given by fields");
    }
    SortedMap<Integer, String> filled = new TreeMap<>();
    fields.fields().forEach((de, value) -> filled.put(de, known.fill(value)));
    return withHeader(spoken, spoken.layout().encode(fields.mti(), filled));
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
    private final List<Block.Rendered> echoes = new ArrayList<>();
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
          clear(exchange.connection());
          RawLink link = link(exchange.connection());
          judge(link, send(link));
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

    /** Gives the moment after which the answer is awaited, nanoseconds. */
    private long send(RawLink link) throws IOException {
      byte[] message;
      Exchange.Way way = Exchange.Way.WHOLE;
      boolean framed = true;
      switch (exchange.request()) {
        case Exchange.Bytes bytes -> {
          message = bytes.block().render(values).bytes();
          framed = bytes.framed();
        }
        case Exchange.Fields fields -> {
          message = encode(fields);
          way = fields.way();
        }
      }
      request = framed ? shownHere().message(message) : "(" + message.length + " bytes without framing)";
      byte[] bytes = framed ? link.framed(message) : message;
      long sentNs = System.nanoTime();
      switch (way) {
        case WHOLE -> link.sendRaw(bytes);
        case BYTE_BY_BYTE -> {
          for (byte one : bytes) {
            link.sendRaw(new byte[] {one});
          }
        }
        case BETWEEN_ECHOES -> sendBetweenEchoes(link, bytes);
      }
      return sentNs;
    }

    private void sendBetweenEchoes(RawLink link, byte[] bytes) throws IOException {
      ByteArrayOutputStream segment = new ByteArrayOutputStream();
      for (int i = 0; i < 2; i++) {
        Values own = new Values();
        seed.stamp(own);
        segment.writeBytes(link.framed(encodeOwn(here(), here().echo(), own)));
        echoes.add(answerOf(here().echo()).render(own));
        if (i == 0) {
          segment.writeBytes(bytes);
        }
      }
      link.sendRaw(segment.toByteArray());
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
      return withHeader(here(), here().layout().encode(mti, all));
    }

    private void judge(RawLink link, long sentNs) throws IOException {
      switch (exchange.expected()) {
        case Exchange.Answer expected -> {
          byte[] received = echoes.isEmpty() ? receive(exchange.connection(), link, expected.block().render(values))
              : receiveAmongEchoes(link);
          micros = (System.nanoTime() - sentNs) / 1000;
          answer = shownHere().message(received);
          compare(expected.block(), received, values);
        }
        case Exchange.Silence ignored -> expectSilence(link);
        case Exchange.Closed ignored -> expectClosed(link);
      }
    }

    /** One of as many answers as went out together, in any order: the one that answers no echo test. */
    private byte[] receiveAmongEchoes(RawLink link) throws IOException {
      byte[] found = null;
      for (int left = echoes.size() + 1; left > 0; left--) {
        byte[] received = link.receive();
        if (!echoes.removeIf(echo -> echo.firstDifference(received) < 0) && found == null) {
          found = received;
        }
      }
      if (found == null || !echoes.isEmpty()) {
        drop(exchange.connection());
        throw new IOException("the echo tests in the same segment were not answered as they must be");
      }
      return found;
    }

    private Partner here() {
      return on(exchange.connection());
    }

    private Shown shownHere() {
      return exchange.connection() == Exchange.OTHER_LINK ? here().shown() : shown;
    }

    private boolean compare(Block expected, byte[] received, Values known) {
      Block.Rendered rendered = expected.render(known);
      int at = rendered.firstDifference(received);
      if (at >= 0) {
        problems.addAll(shownHere().difference(rendered, received, at));
        return false;
      }
      expected.capture(received, known);
      return true;
    }

    /** An echo test is answered, and nothing else comes: the message was taken and met with silence. */
    private void expectSilence(RawLink link) throws IOException {
      Values own = new Values();
      seed.stamp(own);
      link.send(encodeOwn(here(), here().echo(), own));
      int before = problems.size();
      if (!compareOwn(here().echo(), link.receive(), own)) {
        problems.add(before, "expected silence; something else than the answer to the echo test after it came:");
        drop(exchange.connection());
        return;
      }
      try {
        if (link.receiveWithin(SILENCE_MS) == null) {
          answer = "(silence; an echo test after it was answered)";
          return;
        }
        problems.add("expected silence; something came after the answer to the echo test that followed");
      } catch (EOFException closed) {
        problems.add("expected silence; after the answer to the echo test that followed " + closed.getMessage());
      }
      drop(exchange.connection());
    }

    private void expectClosed(RawLink link) throws IOException {
      try {
        byte[] received = link.receive();
        answer = shownHere().message(received);
        problems.add("expected the connection to be closed; an answer came:");
        problems.addAll(answer.lines().toList());
      } catch (EOFException e) {
        answer = "(" + e.getMessage() + ")";
      } finally {
        drop(exchange.connection());
      }
    }

    /** Asks what the purses hold, on a connection of its own exchanges' kind, byte for byte like all else. */
    private boolean readPurses(String when, Values into) throws IOException {
      Values own = new Values();
      seed.stamp(own);
      own.text("card", values.textOf(exchange.card()));
      clear(1);
      RawLink link = link(1);
      link.send(encodeOwn(partner, partner.inquiry(), own));
      int before = problems.size();
      byte[] received = receive(1, link, answerOf(partner.inquiry()).render(own));
      if (!compareOwn(partner.inquiry(), received, own)) {
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

  private static byte[] withHeader(Partner spoken, byte[] message) {
    byte[] header = HexFormat.of().parseHex(spoken.fixedHeader());
    byte[] both = Arrays.copyOf(header, header.length + message.length);
    System.arraycopy(message, 0, both, header.length, message.length);
    return both;
  }

  private RawLink link(int connection) {
    RawLink link = links[connection - 1];
    if (link == null) {
      Partner spoken = on(connection);
      CertifyCommand.Address address = addresses.of(spoken);
      link = RawLink.connect(address.host(), address.port(), spoken.header(), patienceMs);
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
