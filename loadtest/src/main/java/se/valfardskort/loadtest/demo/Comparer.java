package se.valfardskort.loadtest.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Answer;
import se.valfardskort.loadtest.client.Purses;

/** Holds what came against the literals, and keeps every difference. Used by one thread. */
final class Comparer {
  private final Map<String, Expected> literals;
  private final List<String> mismatches = new ArrayList<>();
  private int compared;

  Comparer(Map<String, Expected> literals) {
    this.literals = literals;
  }

  /** Compares one row: its code, its reason, and the purses in the answer and by the inquiry afterwards. */
  void compare(Outcome outcome) {
    DemoScript.Purchase purchase = outcome.purchase();
    Expected expected = literals.get(purchase.id());
    if (expected == null) {
      throw new IllegalStateException("no literals for " + purchase.id());
    }
    compared++;
    Answer answer = outcome.answer();
    List<String> wrong = new ArrayList<>();
    if (answer.mti() != (purchase.message() / 10 * 10 + 10)) {
      wrong.add("the answer's message type");
    }
    if (!answer.responseCode().equals(expected.code())) {
      wrong.add("the response code");
    }
    if (reason(answer) != expected.reason()) {
      wrong.add("the reason");
    }
    if (!same(outcome.after(), expected.purses())) {
      wrong.add("the purses afterwards");
    }
    if (mustTell(purchase, answer) && !same(outcome.told(), expected.purses())) {
      wrong.add("the purses in the answer's DE 54");
    }
    if (!outcome.identical()) {
      wrong.add("a repeat's answer, which is not the original's byte for byte");
    }
    String fault = answer.fault();
    if (fault != null) {
      wrong.add("the answer itself (" + fault + ")");
    }
    if (!wrong.isEmpty()) {
      mismatches.add(purchase.id() + " (" + expected.place() + "): wrong is " + String.join(", ", wrong)
          + "\n    expected  " + side(expected.code(), expected.reason(), expected.purses())
          + "\n    received  " + side(answer.responseCode(), reason(answer), outcome.after())
          + (same(outcome.told(), outcome.after()) ? "" : "\n    DE 54     " + told(outcome.told())));
    }
  }

  /** Every difference, for a person. */
  List<String> mismatches() {
    return mismatches;
  }

  int compared() {
    return compared;
  }

  /** Answers to purchases tell the purses (wire.md section 3); those of reversals and refused duplicates need not. */
  private static boolean mustTell(DemoScript.Purchase purchase, Answer answer) {
    return purchase.kind() == DemoScript.Kind.PURCHASE || purchase.kind() == DemoScript.Kind.INQUIRY
        || (purchase.kind() == DemoScript.Kind.REPEAT && answer.isApproved());
  }

  private static int reason(Answer answer) {
    return answer.reasonCode();
  }

  private static boolean same(@Nullable Purses left, @Nullable Purses right) {
    return left == null ? right == null : left.equals(right);
  }

  private static String told(@Nullable Purses purses) {
    return purses == null ? "tells no purses" : purses.toString();
  }

  private static String side(String code, int reason, @Nullable Purses purses) {
    String known = reason == Answer.NO_REASON ? "none" : "R" + reason;
    return code + "  " + known + "  " + told(purses);
  }
}
