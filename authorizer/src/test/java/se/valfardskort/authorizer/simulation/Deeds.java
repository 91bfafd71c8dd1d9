package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;

/**
 * What operators' commands have come to, by the journal alone: each approval, freeze and move to or from SAVINGS that
 * was accepted counts once, and the state must be what they add up to, after every start.
 */
final class Deeds {
  private static final int TOKEN = 32;
  private static final int EDUCATION = 8220;

  /** A status and the day on which it is reviewed. */
  private record Status(CardStatus status, int reviewDay) {}

  /** An approval as it was granted, and whether it was taken back. */
  private static final class Approval {
    private final int account;
    private final long key;
    private boolean revoked;

    Approval(int account, long key) {
      this.account = account;
      this.key = key;
    }
  }

  private final World world;
  private final Map<String, Status> statuses = new HashMap<>();
  private final Map<Long, Approval> approvals = new TreeMap<>();
  private final Map<Integer, Long> savings = new HashMap<>();
  private final Map<Integer, Long> lastMoves = new HashMap<>();

  Deeds(World world) {
    this.world = world;
  }

  /** A record that is certain. */
  void note(Entry entry) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    DecisionDecoder decided = entry.decided;
    if (decided.reason() != 0) {
      return;
    }
    int account = decided.accountId();
    switch (header.wrap(entry.command, 0).templateId()) {
      case ApprovalGrantDecoder.TEMPLATE_ID -> {
        long key = new ApprovalGrantDecoder().wrapAndApplyHeader(entry.command, 0, header).grantKey();
        boolean again = approvals.values().stream().anyMatch(each -> each.key == key);
        if (again || approvals.put((long) decided.originalId(), new Approval(account, key)) != null) {
          throw world.violation("sequence " + entry.sequence + " grants an approval a second time");
        }
      }
      case ApprovalRevokeDecoder.TEMPLATE_ID -> {
        long number = new ApprovalRevokeDecoder().wrapAndApplyHeader(entry.command, 0, header).number();
        Approval approval = approvals.get(number);
        if (approval == null || approval.revoked) {
          throw world.violation("sequence " + entry.sequence + " revokes what is no approval any more: " + number);
        }
        approval.revoked = true;
      }
      case CardStatusChangeDecoder.TEMPLATE_ID -> change(entry, header);
      case PurseMoveDecoder.TEMPLATE_ID -> move(entry, header, account);
      case CardRequestDecoder.TEMPLATE_ID -> request(entry, header, account);
      default -> {
        // The rest is others' business.
      }
    }
  }

  private static String hex(byte[] token) {
    return HexFormat.of().formatHex(token);
  }

  private void change(Entry entry, MessageHeaderDecoder header) {
    CardStatusChangeDecoder command =
        new CardStatusChangeDecoder().wrapAndApplyHeader(entry.command, 0, header);
    byte[] token = new byte[TOKEN];
    command.getPanToken(token, 0, TOKEN);
    int reviewDay = command.status() == CardStatus.FROZEN ? command.reviewDay() : 0;
    Status newer = new Status(command.status(), reviewDay);
    if (newer.equals(statuses.put(hex(token), newer))) {
      throw world.violation("sequence " + entry.sequence + " makes a change of status a second time");
    }
  }

  private void move(Entry entry, MessageHeaderDecoder header, int account) {
    PurseMoveDecoder command = new PurseMoveDecoder().wrapAndApplyHeader(entry.command, 0, header);
    if (command.moveNumber() <= lastMoves.getOrDefault(account, 0L)) {
      throw world.violation("sequence " + entry.sequence + " makes move " + command.moveNumber() + " again");
    }
    lastMoves.put(account, command.moveNumber());
    boolean saves = command.direction() == PurseMoveDirection.TO_SAVINGS;
    savings.merge(account, saves ? command.amountMinor() : -command.amountMinor(), Long::sum);
    requireSavings(entry, account);
  }

  private void requireSavings(Entry entry, int account) {
    Long there = savings.get(account);
    if (there != null && entry.decided.savingsAvailableMinor() != there) {
      throw world.violation(
          "after sequence " + entry.sequence + " SAVINGS is " + entry.decided.savingsAvailableMinor()
              + ", the moves come to " + there);
    }
  }

  /** Nobody buys with a frozen card, nor a course that no approval covers. */
  private void request(Entry entry, MessageHeaderDecoder header, int account) {
    CardRequestDecoder request = new CardRequestDecoder().wrapAndApplyHeader(entry.command, 0, header);
    requireSavings(entry, account);
    Effect effect = entry.decided.effect();
    boolean buys = effect == Effect.HOLD || effect == Effect.POST || effect == Effect.RAISE;
    if (request.flags().advice() || !buys) {
      return;
    }
    byte[] token = new byte[TOKEN];
    request.getPanToken(token, 0, TOKEN);
    Status status = statuses.get(hex(token));
    if (status != null && status.status != CardStatus.ACTIVE) {
      throw world.violation("sequence " + entry.sequence + " pays with a card that is " + status.status);
    }
    if (request.mcc() == EDUCATION) {
      boolean approved =
          approvals.values().stream().anyMatch(each -> each.account == account && !each.revoked);
      if (!approved || !entry.decided.flags().byApproval()) {
        throw world.violation("sequence " + entry.sequence + " pays a course that nobody has approved");
      }
      world.tally.count("bought by an approval");
    }
  }

  /** The state must be what the commands have come to. */
  void check(Engine engine) {
    List<String> pans = new ArrayList<>(world.sharedCards());
    pans.addAll(world.cards());
    for (String pan : pans) {
      byte[] token = Setting.shared().token(pan);
      CardView view = engine.card(new UnsafeBuffer(token), 0);
      if (view != null) {
        check(view, statuses.getOrDefault(hex(token), new Status(CardStatus.ACTIVE, 0)));
      }
    }
  }

  private void check(CardView view, Status status) {
    if (view.status() != status.status || view.reviewDay() != status.reviewDay) {
      throw world.violation(
          "card " + view.cardId() + " is " + view.status() + " until " + view.reviewDay() + ", its last change was "
              + status);
    }
    Long there = view.savingsMinor();
    if (!String.valueOf(there).equals(String.valueOf(savings.get(view.accountId())))) {
      throw world.violation("SAVINGS of account " + view.accountId() + " is " + there + ", not what was moved there");
    }
    Map<Long, Boolean> kept = new TreeMap<>();
    view.allowances().forEach(each -> kept.put(each.grantKey(), each.revoked()));
    Map<Long, Boolean> granted = new TreeMap<>();
    approvals.values().stream()
        .filter(each -> each.account == view.accountId())
        .forEach(each -> granted.put(each.key, each.revoked));
    if (!kept.equals(granted) || view.allowances().size() != granted.size()) {
      throw world.violation(
          "account " + view.accountId() + " has the approvals " + kept + ", but was granted " + granted);
    }
  }
}
