package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/**
 * What caseworkers and a holder want done to the account that several cards share: approvals, freezes, savings. Each is
 * asked of every process until one has answered; some are asked again afterwards, which must change nothing.
 */
final class Orders {
  /** What an order is about. */
  enum Kind {
    GRANT,
    REVOKE,
    FREEZE,
    LIFT,
    SAVE,
    TAKE_BACK,
    /** A client buys what needs an approval. */
    BUY
  }

  /** One of them: the same command in each try. */
  static final class Order {
    final Kind kind;
    final Chores.Writer writer;

    /** Whether trying it again says so much: what was done since would else be undone. */
    private final boolean again;

    private final List<CommandRefusal> answers;
    private boolean answered;

    Order(Kind kind, boolean again, List<CommandRefusal> answers, Chores.Writer writer) {
      this.kind = kind;
      this.again = again;
      this.answers = answers;
      this.writer = writer;
    }
  }

  /** No card of the demonstration is older, and no world lasts as long. */
  private static final long VALID_MS = 5L * 366 * 86_400_000;

  private static final long DAY_MS = 86_400_000;
  private static final int REVIEW_DAYS = 200;
  private static final String AUTHOR = "caseworker-1";
  private static final int MOST_GRANTS = 12;

  private final World world;
  private final List<Order> all = new ArrayList<>();
  private int grants;
  private long moves;

  Orders(World world) {
    this.world = world;
  }

  /** Wants something done; {@code buy} buys with that card what needs an approval. */
  void want(SplittableRandom own, Consumer<String> buy) {
    List<String> cards = new ArrayList<>(world.sharedCards());
    cards.add(world.cards().getLast());
    String pan = cards.get(own.nextInt(cards.size()));
    UnsafeBuffer token = new UnsafeBuffer(Setting.shared().token(pan));
    Kind kind = Kind.values()[own.nextInt(Kind.values().length)];
    world.tally.count("order: " + kind);
    switch (kind) {
      case GRANT -> grant(token, own);
      case REVOKE -> revoke(token, own);
      case FREEZE -> change(token, CardStatus.FROZEN);
      case LIFT -> change(token, CardStatus.ACTIVE);
      case SAVE -> move(token, PurseMoveDirection.TO_SAVINGS, 1 + own.nextLong(40_000));
      case TAKE_BACK -> move(token, PurseMoveDirection.TO_CASH, 1 + own.nextLong(20_000));
      case BUY -> buy.accept(pan);
    }
  }

  private void grant(UnsafeBuffer token, SplittableRandom own) {
    if (grants == MOST_GRANTS) {
      return;
    }
    long now = world.clock.trueMs();
    ApprovalTerms terms =
        new ApprovalTerms(
            7_520_000L + ++grants, false, false, ApprovalReason.STUDIES, now - DAY_MS, now + VALID_MS,
            own.nextBoolean() ? Category.NO_LIMIT : 1 + own.nextLong(200_000), own.nextInt(4), List.of(),
            List.of(ApprovalTerms.Covered.category("education")), AUTHOR);
    Order grant =
        new Order(Kind.GRANT, true, List.of(CommandRefusal.APPROVAL_EXISTS),
            command -> Commands.approvalGrant(command, 0, token, 0, terms));
    order(grant);
    if (own.nextInt(3) == 0) {
      // Whoever presses the button twice.
      order(grant);
    }
  }

  private void revoke(UnsafeBuffer token, SplittableRandom own) {
    long number = 1L + own.nextInt(grants + 1);
    List<CommandRefusal> answers = List.of(CommandRefusal.APPROVAL_ENDED, CommandRefusal.APPROVAL_NOT_FOUND);
    order(new Order(
        Kind.REVOKE, false, answers, command -> Commands.approvalRevoke(command, 0, token, 0, number, AUTHOR)));
  }

  private void change(UnsafeBuffer token, CardStatus status) {
    boolean freezes = status == CardStatus.FROZEN;
    int reviewDay =
        freezes ? (int) (world.clock.trueMs() / DAY_MS) + REVIEW_DAYS + all.size() : Commands.NO_REVIEW;
    order(new Order(
        freezes ? Kind.FREEZE : Kind.LIFT, false, List.of(CommandRefusal.CARD_STATUS_SAME),
        command -> Commands.cardStatusChange(
            command, 0, token, 0, status, StatusReason.OTHER, AUTHOR, reviewDay)));
  }

  private void move(UnsafeBuffer token, PurseMoveDirection direction, long amount) {
    long number = ++moves;
    List<CommandRefusal> answers =
        List.of(
            CommandRefusal.MOVE_ALREADY_MADE, CommandRefusal.CASH_SHORT, CommandRefusal.SAVINGS_SHORT,
            CommandRefusal.SAVINGS_MONTH_LIMIT, CommandRefusal.SAVINGS_BUFFER_FULL);
    Kind kind = direction == PurseMoveDirection.TO_SAVINGS ? Kind.SAVE : Kind.TAKE_BACK;
    order(new Order(
        kind, true, answers, command -> Commands.purseMove(command, 0, token, 0, direction, amount, number, AUTHOR)));
  }

  private void order(Order order) {
    all.add(order);
    Server now = world.server();
    if (now != null) {
      now.order(order);
    }
  }

  /** What a new process is asked: once more some of what is answered, then all that is not, in its order. */
  List<Order> open() {
    List<Order> open = new ArrayList<>(all.stream().filter(each -> each.answered && each.again).distinct().toList());
    all.stream().filter(each -> !each.answered).forEach(open::add);
    return open;
  }

  boolean areAnswered() {
    return all.stream().allMatch(each -> each.answered);
  }

  /** A process has answered one, durably. */
  void answered(Order order, DecisionDecoder decision) {
    int reason = decision.reason();
    boolean expected = reason == 0 || order.answers.stream().anyMatch(each -> each.code == reason);
    if (!expected) {
      throw world.violation(order.kind + " was refused: " + reason);
    }
    boolean done = reason == 0;
    if (order.answered && order.again && done && order.kind == Kind.GRANT) {
      throw world.violation("an approval is granted a second time");
    }
    world.tally.count("order answered: " + order.kind + (done ? "" : " refused"));
    order.answered = true;
  }
}
