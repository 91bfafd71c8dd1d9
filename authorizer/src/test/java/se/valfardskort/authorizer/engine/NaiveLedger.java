package se.valfardskort.authorizer.engine;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;

/**
 * What becomes of the purchases of {@link NaiveModel}, by wire.md section 4: reversals, completions, refunds, expiries;
 * and what caseworkers and holders do beside them: approvals, changes of status, savings.
 */
final class NaiveLedger {
  private static final long ENDED_IS_KEPT_MS = 7 * EngineFixture.DAY_MS;

  private final NaiveModel model;
  private long approvals;

  NaiveLedger(NaiveModel model) {
    this.model = model;
  }

  /** DE 95 says what remains; a reversal never takes more. */
  void reverse(NaivePurchase purchase, long remains) {
    long back = purchase.total() - remains;
    if (!purchase.isOne() || back <= 0) {
      return;
    }
    boolean anything = purchase.total() > purchase.refundedHjartan + purchase.refundedCash;
    purchase.giveBack(back);
    if (remains == 0) {
      purchase.state = NaivePurchase.State.REVERSED;
      purchase.use &= !anything;
    }
  }

  void expire(long timeMs) {
    for (NaiveAccount account : model.accounts) {
      for (NaivePurchase purchase : account.purchases) {
        if (purchase.state == NaivePurchase.State.HELD && purchase.dueMs <= timeMs) {
          purchase.giveBack(purchase.total());
          purchase.state = NaivePurchase.State.EXPIRED;
          purchase.use = false;
        }
      }
    }
  }

  /** Whether a late completion still finds the hold. */
  static boolean isRemembered(NaivePurchase hold, long timeMs) {
    return timeMs < hold.dueMs + ENDED_IS_KEPT_MS;
  }

  /** A 0220 for a hold: booked whatever the amount, in time or late. Returns the posting, if there is a new one. */
  @Nullable NaivePurchase completeByAdvice(NaivePurchase hold, TestRequest completion, long timeMs) {
    if (hold.state != NaivePurchase.State.HELD) {
      return completion.amount == 0 ? null : completeLate(hold, completion, timeMs);
    }
    if (completion.amount == 0) {
      reverse(hold, 0);
      return null;
    }
    complete(hold, completion, timeMs);
    return hold;
  }

  /** What a 0200 or 0220 does to the hold that it completes. */
  void complete(NaivePurchase hold, TestRequest completion, long timeMs) {
    long more = completion.amount - hold.total();
    if (more > 0) {
      take(hold, completion, more, timeMs);
    } else {
      hold.giveBack(-more);
    }
    hold.state = NaivePurchase.State.POSTED;
    hold.request = completion;
  }

  /** Booked anew; its hold's approval is drawn on again, as far as there is something. */
  private NaivePurchase completeLate(NaivePurchase hold, TestRequest completion, long timeMs) {
    hold.completedLate = true;
    NaivePurchase posting =
        new NaivePurchase(
            hold.card, completion, hold.category, NaiveModel.dayOf(timeMs), timeMs, hold.countsInCategory,
            model.isLimited(), hold.tolerancePercent);
    hold.card.account.purchases.add(posting);
    take(posting, completion, completion.amount, timeMs);
    if (hold.approval != null) {
      hold.approval.draw(posting, completion.amount);
    }
    return posting;
  }

  /** Hjartan where they may be used, kronor for the rest, whether there are any or not. */
  private void take(NaivePurchase purchase, TestRequest request, long amount, long timeMs) {
    long hjartan = model.hjartanPart(request, amount, purchase.card, timeMs);
    purchase.take(NaiveModel.dayOf(timeMs), hjartan, amount - hjartan);
  }

  /** To the purses that paid, narrowest money first, at most what each paid; the rest waits for a person. */
  static void refund(NaivePurchase posting, long amount) {
    long hjartan = Math.min(amount, posting.hjartan - posting.refundedHjartan);
    posting.refundedHjartan += hjartan;
    posting.refundedCash += Math.min(amount - hjartan, posting.cash - posting.refundedCash);
  }

  /** Every reason why it cannot be granted; none: it is granted. */
  Set<CommandRefusal> grant(int cardNumber, ApprovalTerms terms, long timeMs) {
    NaiveCard card = model.cards.get(cardNumber);
    if (card == null) {
      return EnumSet.of(CommandRefusal.CARD_NOT_FOUND);
    }
    Set<CommandRefusal> refusals = EnumSet.noneOf(CommandRefusal.class);
    if (card.account.approvals.stream().anyMatch(each -> each.terms.grantKey() == terms.grantKey())) {
      return EnumSet.of(CommandRefusal.APPROVAL_EXISTS);
    }
    if (terms.validFromMs() >= terms.validUntilMs() || terms.validUntilMs() <= timeMs) {
      refusals.add(CommandRefusal.VALIDITY_INVALID);
    }
    if (terms.amountMinor() == 0) {
      refusals.add(CommandRefusal.AMOUNT_INVALID);
    }
    if (terms.opensSavings()) {
      refusals.add(CommandRefusal.SAVINGS_NOT_OPENED);
    }
    boolean unknown =
        terms.scope().stream()
            .anyMatch(entry -> !entry.category().isEmpty()
                && model.programme().categories().stream().noneMatch(each -> each.name().equals(entry.category())));
    if (unknown) {
      refusals.add(CommandRefusal.SCOPE_INVALID);
    }
    if (refusals.isEmpty()) {
      card.account.approvals.add(new NaiveApproval(terms, ++approvals, card));
    }
    return refusals;
  }

  @Nullable CommandRefusal revoke(int cardNumber, long number, long timeMs) {
    NaiveCard card = model.cards.get(cardNumber);
    if (card == null) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    NaiveApproval approval = card.account.approval(number);
    if (approval == null) {
      return CommandRefusal.APPROVAL_NOT_FOUND;
    }
    if (approval.revoked || timeMs >= approval.terms.validUntilMs()) {
      return CommandRefusal.APPROVAL_ENDED;
    }
    approval.revoked = true;
    return null;
  }

  /** Decision 57: active and frozen follow each other, all else is for good; a freeze has an end in sight. */
  Set<CommandRefusal> change(int cardNumber, CardStatus status, int reviewDay, long timeMs) {
    NaiveCard card = model.cards.get(cardNumber);
    if (card == null) {
      return EnumSet.of(CommandRefusal.CARD_NOT_FOUND);
    }
    Set<CommandRefusal> refusals = EnumSet.noneOf(CommandRefusal.class);
    boolean frozen = status == CardStatus.FROZEN;
    long ahead = reviewDay - NaiveModel.dayOf(timeMs).toEpochDay();
    if (frozen ? ahead < 1 || ahead > 366 : reviewDay != Commands.NO_REVIEW) {
      refusals.add(CommandRefusal.REVIEW_DAY_INVALID);
    }
    if (card.status == status && (!frozen || card.reviewDay == reviewDay)) {
      refusals.add(CommandRefusal.CARD_STATUS_SAME);
    }
    if (card.status != CardStatus.ACTIVE && card.status != CardStatus.FROZEN) {
      refusals.add(CommandRefusal.CARD_STATUS_FINAL);
    }
    if (refusals.isEmpty()) {
      card.status = status;
      card.reviewDay = frozen ? reviewDay : 0;
    }
    return refusals;
  }

  Set<CommandRefusal> move(int cardNumber, long number, long amount, long timeMs) {
    NaiveCard card = model.cards.get(cardNumber);
    return card == null
        ? EnumSet.of(CommandRefusal.CARD_NOT_FOUND)
        : card.account.move(model.programme().savings(), number, NaiveModel.dayOf(timeMs), amount);
  }

  @Nullable DeclineReason completeByRequest(NaivePurchase hold, TestRequest completion, long timeMs) {
    DeclineReason reason = model.decideCompletion(completion, hold, timeMs);
    if (reason == null) {
      complete(hold, completion, timeMs);
    }
    return reason;
  }
}
