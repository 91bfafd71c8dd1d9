package se.valfardskort.authorizer.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundDecoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * What a process does by commands before its ports open: the configuration, then the cards with their money, as much of
 * it as the journal does not hold yet. Also what an operator does now and then.
 */
final class Chores implements ReplyTarget {
  /** Kronor and Hjartan of an ordinary card of the demonstration, minor units. */
  private static final long CASH = 700_000;

  private static final long HJARTAN = 300_000;
  private static final long MONTHLY_CASH = 50_000;
  private static final long MONTHLY_HJARTAN = 10_000;
  private static final long POOL = 100_000_000_000L;
  private static final int PROGRAMME = 1;
  private static final int FITTJA = 0;
  private static final int EXPIRY = 3012;
  private static final int PIN_TRIES = 3;
  private static final int IN_FLIGHT = 6;

  /** A card and a month (YYMM). */
  record Load(String pan, int period) {}

  /** Writes one command; returns its length. */
  interface Writer {
    int write(MutableDirectBuffer command);
  }

  private final World world;
  /** What is to be sent; an order, or nobody's in particular. */
  private record Wish(Writer writer, Orders.@Nullable Order order) {}

  private final Deque<Wish> waiting = new ArrayDeque<>();
  private final Deque<Wish> sent = new ArrayDeque<>();
  private final Set<Long> opened = new HashSet<>();
  private final Set<Long> loaded = new HashSet<>();
  private boolean poolFunded;
  private boolean treasuryFunded;
  private boolean prepared;

  Chores(World world) {
    this.world = world;
  }

  /** What was journaled is done already. */
  void survey(List<Entry> entries) {
    entries.forEach(this::note);
  }

  private void note(Entry entry) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    if (entry.kind != Journal.Kind.DECIDED || entry.decided.reason() != 0) {
      return;
    }
    byte[] token = new byte[CardOpenDecoder.panTokenLength()];
    switch (header.wrap(entry.command, 0).templateId()) {
      case CardOpenDecoder.TEMPLATE_ID -> {
        new CardOpenDecoder().wrapAndApplyHeader(entry.command, 0, header).getPanToken(token, 0, token.length);
        opened.add(keyOf(token));
      }
      case LoadDecoder.TEMPLATE_ID -> {
        new LoadDecoder().wrapAndApplyHeader(entry.command, 0, header).getPanToken(token, 0, token.length);
        loaded.add(keyOf(token));
      }
      case PoolFundDecoder.TEMPLATE_ID -> poolFunded = true;
      case TreasuryFundDecoder.TEMPLATE_ID -> treasuryFunded = true;
      default -> {
        // The rest was done by others.
      }
    }
  }

  private static long keyOf(byte[] token) {
    return new UnsafeBuffer(token).getLong(0);
  }

  /**
   * Collects what is to be done.
   *
   * @param configured whether the journal holds the configuration
   * @param cards PANs, each with an account of its own
   * @param shared PANs of further cards of the last one's account
   */
  void prepare(boolean configured, List<String> cards, List<String> shared) {
    byte[] content = Setting.shared().configuration;
    if (!configured) {
      for (int i = 0; i < Commands.configurationChunks(content.length); i++) {
        int index = i;
        add(command -> Commands.configurationChunk(command, 0, content, index));
      }
      add(command -> Commands.configurationActivate(command, 0, content));
    }
    if (!poolFunded) {
      add(command -> Commands.poolFund(command, 0, PROGRAMME, POOL));
    }
    if (!treasuryFunded) {
      add(command -> Commands.treasuryFund(command, 0, POOL));
    }
    for (int i = 0; i < cards.size(); i++) {
      open(cards.get(i), -1);
    }
    for (String pan : shared) {
      open(pan, cards.size() - 1);
    }
    for (String pan : cards) {
      UnsafeBuffer token = new UnsafeBuffer(Setting.shared().token(pan));
      if (!loaded.contains(token.getLong(0))) {
        add(command -> Commands.load(command, 0, token, 0, 0, CASH, HJARTAN));
      }
    }
    prepared = true;
  }

  private void open(String pan, int account) {
    UnsafeBuffer token = new UnsafeBuffer(Setting.shared().token(pan));
    if (!opened.contains(token.getLong(0))) {
      add(command -> Commands.cardOpen(
          command, 0, token, 0, account, PROGRAMME, FITTJA, EXPIRY, CardStatus.ACTIVE, PIN_TRIES));
    }
  }

  /** Pays a month's money onto an account; a second time for the same month is refused. */
  void load(Load load) {
    UnsafeBuffer token = new UnsafeBuffer(Setting.shared().token(load.pan()));
    add(command -> Commands.load(command, 0, token, 0, load.period(), MONTHLY_CASH, MONTHLY_HJARTAN));
  }

  private void add(Writer writer) {
    waiting.add(new Wish(writer, null));
  }

  /** What a caseworker or holder wants done. */
  void order(Orders.Order order) {
    waiting.add(new Wish(order.writer, order));
  }

  boolean areDone() {
    return prepared && waiting.isEmpty() && sent.isEmpty();
  }

  /** Sends what the ring has room for. */
  void goOn(Server server) {
    while (!waiting.isEmpty() && sent.size() < IN_FLIGHT && server.send(waiting.getFirst().writer, this)) {
      sent.add(waiting.removeFirst());
    }
  }

  @Override
  public void reply(Slot slot) {
    // There is one order in the ring, and answers leave in it.
    Wish wish = sent.removeFirst();
    DecisionDecoder decision =
        new DecisionDecoder().wrapAndApplyHeader(slot.decision, 0, new MessageHeaderDecoder());
    int reason = decision.reason();
    if (wish.order != null) {
      world.orders.answered(wish.order, decision);
    } else if (reason != 0 && reason != CommandRefusal.PERIOD_ALREADY_LOADED.code) {
      throw world.violation("a command of our own was refused: " + reason);
    }
  }

  @Override
  public void silence(Slot slot) {
    throw world.violation("a command of our own met silence");
  }

  @Override
  public void endOfBatch() {
    // Nothing is flushed.
  }
}
