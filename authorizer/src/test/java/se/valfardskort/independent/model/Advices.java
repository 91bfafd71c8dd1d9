package se.valfardskort.independent.model;

import org.jspecify.annotations.Nullable;

/** What wire.md says that advices do to a card's book: decided elsewhere, they are answered 00 whatever they do. */
final class Advices {
  private final Book book;
  private final Laws laws;

  Advices(Book book, Laws laws) {
    this.book = book;
    this.laws = laws;
  }

  /** Decided elsewhere: booked, never declined for what the purses or the policy say. */
  void take(Facts facts, int command) {
    long amount = facts.kronor();
    if (facts.type().equals("20")) {
      adviseRefund(facts, command);
      return;
    }
    Row named = book.named(facts);
    Row original = Book.currentOf(Book.holdOf(named));
    boolean approvedElsewhere = facts.isApprovedElsewhere();
    if (facts.messageClass() == '1' && original != null && original.isHeld()) {
      boolean increment = book.isIncrement(facts, original);
      boolean aboutIncrement = named != null && named.kind == Row.Kind.INCREMENT && facts.names(named.request);
      if (increment || aboutIncrement) {
        adviseIncrement(increment ? null : named, original, facts, command);
        return;
      }
    }
    boolean gives = approvedElsewhere && amount > 0;
    if (original != null && original.kind == Row.Kind.HOLD && original.posting != null) {
      adviseCompleted(original, facts, command);
    } else if (original == null || original.isUndone()) {
      boolean hold = facts.messageClass() == '1' && (original == null || original.kind == Row.Kind.HOLD);
      if (gives && !hold && original != null && original.kind == Row.Kind.HOLD) {
        completeAnew(original, facts, command);
      } else if (gives) {
        bookByForce(hold ? Row.Kind.HOLD : Row.Kind.POSTING, facts, command);
      }
    } else if (original.isHeld()) {
      adviseHold(original, facts, command);
    } else if (original.is(Row.Kind.POSTING, Row.State.OPEN) && !original.request.isAdvice()) {
      if (gives) {
        replace(original, facts);
      } else {
        book.reverse(original, 0);
      }
    } else if (approvedElsewhere && !laws.firstCompletionIsFinal()) {
      bookByForce(Row.Kind.POSTING, facts, command);
    }
  }

  /** The first completion was final, in time or not, unless it was reversed since. */
  private void adviseCompleted(Row hold, Facts facts, int command) {
    Row posting = hold.posting;
    boolean reversed = posting != null && !posting.forgotten && posting.state == Row.State.REVERSED;
    if (!facts.isApprovedElsewhere()) {
      return;
    }
    if (reversed && facts.messageClass() == '2') {
      if (facts.kronor() > 0) {
        completeAnew(hold, facts, command);
      }
    } else if (!laws.firstCompletionIsFinal()) {
      bookByForce(Row.Kind.POSTING, facts, command);
    }
  }

  /** The hold has nothing left, but it is what is paid for. */
  private void completeAnew(Row hold, Facts facts, int command) {
    Row posting = bookByForce(Row.Kind.POSTING, facts, command);
    posting.category = hold.category;
    posting.completed = hold;
    hold.posting = posting;
  }

  /** A refund of our own becomes DE 4; one by an advice was final; one that was reversed is made again. */
  private void adviseRefund(Facts facts, int command) {
    Row known = book.refundMeant(facts);
    if (known != null && known.state == Row.State.OPEN) {
      if (known.request.isAdvice()) {
        return;
      }
      if (!facts.isApprovedElsewhere()) {
        book.takeBack(known, known.refunded());
        known.state = Row.State.REVERSED;
      } else {
        book.replaceRefund(known, facts, facts.kronor());
      }
    } else if (facts.isApprovedElsewhere()) {
      Row refund = book.add(Row.Kind.REFUND, facts, command);
      Row again = known == null || known.posting == null || known.posting.forgotten ? null : known.posting;
      book.refund(refund, again != null ? again : book.original(facts), facts.kronor());
    }
  }

  /** Changes what the increment adds to its hold; null: the advice is an increment itself. */
  private void adviseIncrement(@Nullable Row increment, Row hold, Facts facts, int command) {
    long amount = facts.kronor();
    boolean gives = facts.isApprovedElsewhere() && amount > 0;
    if (increment == null || increment.state != Row.State.OPEN) {
      if (gives) {
        Row raise = book.add(Row.Kind.INCREMENT, facts, command);
        raise.hold = hold;
        raise.added = amount;
        raise.codes.add(facts.text(38));
        book.force(hold, facts, amount);
        hold.sent += raise.sent;
        hold.kronor += amount;
        hold.learn(facts.text(38));
      }
    } else if (gives) {
      book.become(hold, facts, hold.held() - Math.min(increment.added, hold.held()) + amount);
      hold.sent = Math.max(facts.number(4), hold.sent - increment.sent + facts.number(4));
      hold.kronor = Math.max(amount, hold.kronor - increment.kronor + amount);
      increment.sent = facts.number(4);
      increment.kronor = amount;
      increment.added = amount;
      hold.learn(facts.text(38));
    } else {
      book.takeOff(increment, 0);
    }
  }

  /** The advice's amount, in its own currency too, takes the place of ours. */
  private void replace(Row original, Facts facts) {
    book.become(original, facts, facts.kronor());
    original.sent = facts.number(4);
    original.kronor = facts.kronor();
    original.learn(facts.text(38));
  }

  private Row bookByForce(Row.Kind kind, Facts facts, int command) {
    Row row = book.add(kind, facts, command);
    row.category = Programme.category(facts.acquirer(), facts.text(42), facts.merchantCategory());
    row.codes.add(facts.text(38));
    book.force(row, facts, facts.kronor());
    return row;
  }

  private void adviseHold(Row hold, Facts facts, int command) {
    long amount = facts.kronor();
    if (!facts.isApprovedElsewhere()) {
      book.release(hold);
    } else if (!laws.advicesReplace()) {
      bookByForce(Row.Kind.HOLD, facts, command);
    } else if (facts.messageClass() == '1') {
      replace(hold, facts);
    } else if (amount == 0) {
      book.release(hold);
    } else {
      Row posting = book.complete(hold, facts, command, amount);
      posting.codes.add(facts.text(38));
    }
  }
}
