package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;

/**
 * What the real engine decided, command by command, as it would be journaled: configuration, cards, loads, then
 * requests of many kinds.
 */
public final class RecordedRun {
  private static final EngineCapacity CAPACITY = new EngineCapacity(50, 50, 6_000, 10_000, 100, 4, 1 << 16);
  private static final int CARDS = 4;
  private static final int MOST_STEP_MS = 90;

  private final SplittableRandom kinds;
  private final SplittableRandom amounts;
  private final EngineFixture fixture = EngineFixture.configured(CAPACITY);
  private final List<TestRequest> holds = new ArrayList<>();
  private final List<TestRequest> purchases = new ArrayList<>();

  /** A command with its time and decision. */
  public static final class Entry {
    private final long timeMs;
    private final byte[] command;
    private final byte[] decision;

    Entry(EngineFixture.Applied applied) {
      timeMs = applied.timeMs;
      command = applied.command;
      decision = applied.decision;
    }

    /** When it was decided, milliseconds since the epoch. */
    public long timeMs() {
      return timeMs;
    }

    /** Its bytes; not to be changed. */
    public byte[] command() {
      return command;
    }

    /** Bytes of the decision; not to be changed. */
    public byte[] decision() {
      return decision;
    }

    /** Rolling digest after it. */
    public long digest() {
      return new DecisionDecoder()
          .wrapAndApplyHeader(new UnsafeBuffer(decision), 0, new MessageHeaderDecoder())
          .digest();
    }
  }

  private RecordedRun(long kinds, long amounts) {
    this.kinds = new SplittableRandom(kinds);
    this.amounts = new SplittableRandom(amounts);
  }

  /**
   * A run of {@code requests} requests.
   *
   * @param kinds seed of what comes when: two runs with the same have commands of the same kind, length and time
   * @param amounts seed of the amounts
   */
  public static List<Entry> of(long kinds, long amounts, int requests) {
    RecordedRun run = new RecordedRun(kinds, amounts);
    for (int card = 1; card <= CARDS; card++) {
      run.fixture.card(card);
    }
    for (int i = 0; i < requests; i++) {
      run.fixture.timeMs += run.kinds.nextLong(MOST_STEP_MS) + 1;
      run.step();
    }
    return run.fixture.journal.stream().map(Entry::new).toList();
  }

  /** A fresh engine that decides as the recorded one did. */
  public static Engine engine() {
    return new Engine(new ArrayStore(), CAPACITY);
  }

  private void step() {
    TestRequest request = fixture.request(1 + kinds.nextInt(CARDS));
    request.amount = amounts.nextLong(150_00) + 1;
    switch (kinds.nextInt(8)) {
      case 0, 1 -> send(request, holds);
      case 2, 3 -> {
        request.messageClass = MessageClass.FINANCIAL;
        send(request, purchases);
      }
      case 4 -> later(holds, hold -> hold.completion(fixture.newKey(), request.amount));
      case 5 -> later(holds, hold -> hold.reversal(fixture.newKey()));
      case 6 -> later(purchases, purchase -> purchase.refund(fixture.newKey(), Math.min(100, request.amount)));
      default -> fixture.tick(10);
    }
  }

  private void send(TestRequest request, List<TestRequest> kept) {
    fixture.send(request);
    kept.add(request);
  }

  private void later(List<TestRequest> earlier, UnaryOperator<TestRequest> naming) {
    if (earlier.isEmpty()) {
      fixture.tick(10);
    } else {
      fixture.send(naming.apply(earlier.get(kinds.nextInt(earlier.size()))));
    }
  }
}
