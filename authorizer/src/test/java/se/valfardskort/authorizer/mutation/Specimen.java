package se.valfardskort.authorizer.mutation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Code to plant faults in, one method for each shape of code that an edit must cope with. */
public final class Specimen implements Scenarios {
  /** What a purse might answer. */
  enum Word {
    YES,
    NO
  }

  private long balance = 100;

  /** Puts every result into its message. */
  @Override
  public List<Runnable> all() {
    return List.of(() -> {
      List<String> said = new ArrayList<>();
      said.add("take " + take(30) + " leaves " + balance);
      said.add("overdraft " + take(90) + " leaves " + balance);
      said.add("negative " + refusal(-1, 5) + refusal(5, -1) + refusal(5, 5));
      said.add("word " + word(5) + word(500));
      said.add("name " + name(1) + name(2));
      said.add("most " + most(1, 5));
      said.add("between " + between(5) + between(50));
      said.add("large " + isLarge(10));
      throw new AssertionError(String.join("; ", said));
    });
  }

  private boolean take(long amount) {
    if (amount > balance) {
      return false;
    }
    balance -= amount;
    note();
    return true;
  }

  private void note() {
    balance -= 1;
  }

  private static String refusal(long first, long second) {
    if (first < 0 || second < 0) {
      return "refused,";
    }
    return "fine,";
  }

  private static Word word(long amount) {
    return amount > 100 ? Word.NO : Word.YES;
  }

  private static @Nullable String name(int number) {
    return number == 1 ? "one" : null;
  }

  private static String between(int number) {
    if (number > 1 && number < 10) {
      return "inside";
    }
    return "outside";
  }

  private static long most(long first, long second) {
    return Math.max(first, second);
  }

  private static long most(long only) {
    return only;
  }

  private static boolean isLarge(int number) {
    return most(number) > 1_000L;
  }
}
