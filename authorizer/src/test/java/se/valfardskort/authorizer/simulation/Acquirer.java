package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.gateway.SteppedGateway;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * A naive acquirer: asks, repeats until it is answered, reverses what it has given up, and sends its advices until they
 * are acknowledged. Checks what it is told against what is certain.
 */
final class Acquirer {
  /** What a client sets about. */
  enum Saga {
    PURCHASE,
    PURCHASE_REVERSED,
    PURCHASE_REFUNDED,
    HOLD_COMPLETED,
    HOLD_COMPLETED_FOR_MORE,
    HOLD_REVERSED,
    HOLD_REVERSED_IN_PART,
    HOLD_RAISED,
    HOLD_REPLACED,
    STAND_IN_HOLD,
    STAND_IN_PURCHASE,
    REVERSAL_BEFORE_PURCHASE,
    OTHER_CONTENT,
    INQUIRY,
    RECONCILIATION,
    CUT_OVER,
    ECHO,
    /** Not the acquirer's: an operator pays a month's money onto an account. */
    LOAD,
    /** Nor this: a caseworker or a holder gives an {@link Orders order}. */
    ORDER
  }

  private static final Saga[] HOLDS = {
    Saga.HOLD_COMPLETED, Saga.HOLD_COMPLETED_FOR_MORE, Saga.HOLD_REVERSED, Saga.HOLD_REVERSED_IN_PART, Saga.HOLD_RAISED
  };
  private static final int MOST_TRIES = 3;
  /** January to March 2027. */
  private static final int FIRST_PERIOD = 2701;

  private static final int PERIODS = 3;
  private static final long PATIENCE_MS = 1_500;
  private static final long NS_PER_MS = 1_000_000L;

  final int number;
  final Words words;
  private final World world;
  private final int link;
  private final List<String> cards;
  private final SplittableRandom dice;
  private final List<@Nullable Wire> wires = new ArrayList<>(Arrays.asList(null, null));
  private final Map<Wire, byte[]> arrived = new HashMap<>();
  /** What the network between does for now. */
  int losesOneIn;

  int doublesOneIn;
  long slowNetworkMs;

  Acquirer(World world, int number, int link, Layout layout, String acquirer, List<String> cards) {
    this.world = world;
    this.number = number;
    this.link = link;
    this.words = new Words(layout, acquirer, world.clock);
    this.cards = cards;
    this.dice = world.dice.split();
  }

  // Sagas

  /** Sets about something. */
  void begin(Saga saga, SplittableRandom own) {
    String pan = cards.get(own.nextInt(cards.size()));
    long amount = own.nextInt(6) == 0 ? 1 + own.nextLong(900_000) : 100 + own.nextLong(60_000);
    world.tally.count("saga: " + saga);
    switch (saga) {
      case PURCHASE, PURCHASE_REVERSED, PURCHASE_REFUNDED, OTHER_CONTENT -> {
        WireMessage purchase = words.purchase("0200", world.nextStan(), pan, amount, own);
        ask(purchase, answer -> afterPurchase(saga, purchase, amount, answer, own));
      }
      case HOLD_COMPLETED, HOLD_COMPLETED_FOR_MORE, HOLD_REVERSED, HOLD_REVERSED_IN_PART, HOLD_RAISED,
          HOLD_REPLACED -> {
        WireMessage hold = words.purchase("0100", world.nextStan(), pan, amount, own);
        ask(hold, answer -> afterHold(saga, hold, amount, answer, own));
      }
      case STAND_IN_HOLD -> {
        WireMessage hold = words.standIn("0120", world.nextStan(), pan, amount, own);
        insist(hold, _ -> insist(words.completion(hold, world.nextStan(), part(amount, own), hold.require(38))));
      }
      case STAND_IN_PURCHASE -> insist(words.standIn("0220", world.nextStan(), pan, amount, own));
      case REVERSAL_BEFORE_PURCHASE -> {
        WireMessage purchase = words.purchase("0200", world.nextStan(), pan, amount, own);
        insist(words.reversal(purchase, true, world.nextStan(), 0));
        ask(purchase, _ -> { });
      }
      case INQUIRY -> ask(words.inquiry(world.nextStan(), pan, own), _ -> { });
      case RECONCILIATION -> insist(words.reconciliation(world.nextStan()));
      case CUT_OVER -> insist(words.network(world.nextStan(), true));
      case ECHO -> insist(words.network(world.nextStan(), false));
      case ORDER -> world.orders.want(own, buyer -> {
        WireMessage course = words.course(world.nextStan(), buyer, amount, own);
        ask(course, answer -> afterHold(HOLDS[own.nextInt(HOLDS.length)], course, amount, answer, own));
      });
      case LOAD -> world.load(new Chores.Load(cards.getLast(), FIRST_PERIOD + own.nextInt(PERIODS)));
    }
  }

  /** Asks what everybody must be able to ask. */
  void probe() {
    ask(words.inquiry(world.nextStan(), cards.getFirst(), dice), answer -> {
      if (answer == null || Answers.saysTryAgain(answer)) {
        throw world.violation("client " + number + " is not served though nothing is wrong any more: "
            + (answer == null ? "no answer" : answer.require(39)));
      }
    });
  }

  private static long part(long amount, SplittableRandom own) {
    return own.nextInt(3) == 0 ? amount : 1 + own.nextLong(amount);
  }

  private static boolean isApproved(WireMessage answer) {
    String code = answer.require(39);
    return code.equals("00") || code.equals("000");
  }

  private void afterPurchase(
      Saga saga, WireMessage purchase, long amount, @Nullable WireMessage answer, SplittableRandom own) {
    if (answer == null) {
      insist(words.reversal(purchase, true, world.nextStan(), 0));
    } else if (isApproved(answer) && saga == Saga.OTHER_CONTENT) {
      transmit(words.frame(purchase.copyAs(purchase.mti).set(4, Words.twelve(amount + 1))));
    } else if (isApproved(answer) && saga == Saga.PURCHASE_REVERSED) {
      long remains = own.nextBoolean() || amount < 2 ? 0 : 1 + own.nextLong(amount - 1);
      insist(words.reversal(purchase, own.nextBoolean(), world.nextStan(), remains));
    } else if (isApproved(answer) && saga == Saga.PURCHASE_REFUNDED) {
      WireMessage refund = words.refund(purchase, world.nextStan(), part(amount, own));
      ask(refund, given -> {
        int then = given == null ? 0 : own.nextInt(3);
        if (then < 2) {
          insist(words.reversal(then == 0 ? refund : purchase, true, world.nextStan(), 0));
        } else {
          ask(words.refund(purchase, world.nextStan(), amount), _ -> { });
        }
      });
    }
  }

  private void afterHold(
      Saga saga, WireMessage hold, long amount, @Nullable WireMessage answer, SplittableRandom own) {
    if (answer == null) {
      insist(words.reversal(hold, true, world.nextStan(), 0));
      return;
    }
    if (!isApproved(answer)) {
      return;
    }
    String code = answer.require(38);
    long later = 200 + own.nextLong(3_000);
    world.after(later * NS_PER_MS, () -> {
      switch (saga) {
        case HOLD_COMPLETED -> complete(hold, part(amount, own), code, own);
        case HOLD_COMPLETED_FOR_MORE -> complete(hold, amount + 1 + own.nextLong(amount), code, own);
        case HOLD_REVERSED -> insist(words.reversal(hold, own.nextBoolean(), world.nextStan(), 0));
        case HOLD_REVERSED_IN_PART -> {
          long remains = 1 + own.nextLong(amount);
          insist(words.reversal(hold, true, world.nextStan(), remains),
              _ -> complete(hold, part(remains, own), code, own));
        }
        case HOLD_RAISED -> raise(hold, amount, code, own);
        case HOLD_REPLACED -> insist(words.advice(hold, world.nextStan(), part(2 * amount, own), code));
        default -> throw world.violation(saga + " has no hold");
      }
    });
  }

  private void complete(WireMessage hold, long amount, String code, SplittableRandom own) {
    WireMessage completion = words.completion(hold, world.nextStan(), amount, code);
    insist(completion, _ -> {
      if (own.nextInt(4) == 0) {
        insist(words.reversal(completion, true, world.nextStan(), 0));
      }
    });
  }

  private void raise(WireMessage hold, long amount, String code, SplittableRandom own) {
    WireMessage increment = words.increment(hold, world.nextStan(), part(amount, own), code);
    ask(increment, raised -> {
      if (raised == null) {
        insist(words.reversal(increment, true, world.nextStan(), 0));
      }
      complete(hold, part(2 * amount, own), code, own);
    });
  }

  // Exchanges

  private void ask(WireMessage message, Consumer<@Nullable WireMessage> then) {
    exchange(new Exchange(message, false, then));
  }

  private void insist(WireMessage message) {
    insist(message, _ -> { });
  }

  private void insist(WireMessage message, Consumer<@Nullable WireMessage> then) {
    exchange(new Exchange(message, true, then));
  }

  private void exchange(Exchange exchange) {
    world.opened(exchange);
    world.trace.note("asks", number, exchange.stan);
    if (world.trace.isSpoken()) {
      world.trace.say(exchange.words());
    }
    attempt(exchange);
  }

  private void attempt(Exchange exchange) {
    exchange.tries++;
    boolean marked = exchange.tries > 1 && dice.nextBoolean() && exchange.message.mti.charAt(1) != '8';
    transmit(words.frame(exchange.attempt(marked)));
    long patience = PATIENCE_MS + dice.nextLong(PATIENCE_MS);
    world.after(patience * NS_PER_MS, () -> timeOut(exchange));
  }

  private void timeOut(Exchange exchange) {
    if (exchange.over) {
      return;
    }
    world.tally.count("request repeated");
    if (exchange.insists || exchange.tries < MOST_TRIES) {
      attempt(exchange);
      return;
    }
    world.tally.count("request given up");
    end(exchange, null);
  }

  private void end(Exchange exchange, @Nullable WireMessage answer) {
    exchange.over = true;
    world.closed(exchange);
    exchange.then.accept(answer);
  }

  private static boolean strikes(int oneIn, SplittableRandom dice) {
    return oneIn > 0 && dice.nextInt(oneIn) == 0;
  }

  private void transmit(byte[] frame) {
    if (strikes(losesOneIn, dice)) {
      world.tally.count("fault: frame lost");
      return;
    }
    Wire wire = wire();
    if (wire == null) {
      return;
    }
    wire.send(frame);
    if (strikes(doublesOneIn, dice)) {
      Wire other = wire();
      if (other != null) {
        world.tally.count("fault: frame doubled");
        other.send(frame);
      }
    }
  }

  // The network

  /** One of the two connections, made anew where it is gone; null: nobody listens. */
  @Nullable Wire wire() {
    int index = dice.nextInt(wires.size());
    Wire wire = wires.get(index);
    if (wire == null || !wire.isOpen()) {
      SteppedGateway.Connection connection = world.connect(link);
      if (connection == null) {
        return null;
      }
      wire = new Wire(world, this, connection);
      world.wires.add(wire);
      wires.set(index, wire);
    }
    return wire;
  }

  void disconnected(Wire wire) {
    world.trace.note("disconnected", number, 0);
    wires.replaceAll(mine -> mine == wire ? null : mine);
    world.wires.remove(wire);
    arrived.remove(wire);
  }

  void receive(Wire wire, byte[] bytes) {
    byte[] before = arrived.getOrDefault(wire, new byte[0]);
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    int from = 0;
    int length = words.frameLength(all, from, all.length);
    while (length > 0) {
      if (strikes(losesOneIn, dice)) {
        world.tally.count("fault: frame lost");
      } else {
        take(Arrays.copyOfRange(all, from, from + length));
      }
      from += length;
      length = words.frameLength(all, from, all.length);
    }
    arrived.put(wire, Arrays.copyOfRange(all, from, all.length));
  }

  private void take(byte[] frame) {
    WireMessage answer = words.read(frame, 0, frame.length);
    Exchange exchange = world.exchange(Integer.parseInt(answer.require(11)));
    if (exchange == null || !answer.mti.equals(answerTo(exchange.message.mti))) {
      throw world.violation("an answer to nothing: " + answer.without(2));
    }
    String code = answer.require(39);
    world.tally.count("answer " + answer.mti + " " + code);
    world.trace.note("answered", exchange.stan, Long.parseLong(code));
    Answers.requireExplained(world, exchange, answer, frame);
    if (!exchange.over) {
      end(exchange, answer);
    }
  }

  private static String answerTo(String mti) {
    return mti.substring(0, 2) + (char) (mti.charAt(2) + 1) + (mti.endsWith("4") ? "4" : "0");
  }
}
