package se.valfardskort.authorizer.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.valfardskort.authorizer.admin.AdminAttacks;
import se.valfardskort.authorizer.engine.AmountAttacks;
import se.valfardskort.authorizer.engine.CompletionAttacks;
import se.valfardskort.authorizer.engine.FreezeAttacks;
import se.valfardskort.authorizer.engine.LimitAttacks;
import se.valfardskort.authorizer.engine.MerchantAttacks;
import se.valfardskort.authorizer.engine.RefundAttacks;
import se.valfardskort.authorizer.engine.ReplayAttacks;
import se.valfardskort.authorizer.engine.ReversalAttacks;
import se.valfardskort.authorizer.gateway.LinkAttacks;
import se.valfardskort.authorizer.storage.JournalAttacks;

/** Each attack fails on the code as it is, and succeeds as soon as its defence is switched off. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class AttacksTest {
  private static final List<Scenarios> CATALOGUES =
      List.of(new ReplayAttacks(), new AmountAttacks(), new MerchantAttacks(), new ReversalAttacks(),
          new CompletionAttacks(), new RefundAttacks(), new FreezeAttacks(), new LimitAttacks(), new LinkAttacks(),
          new JournalAttacks(), new AdminAttacks());

  /** Those of the list of attacks that are played here. */
  private static final Set<Integer> NUMBERS =
      Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 23, 24, 25, 28, 34, 35);

  /** An attack with its place. */
  record Played(Class<? extends Scenarios> catalogue, int index, Attack attack) {
    @Override
    public String toString() {
      return attack.toString();
    }
  }

  /** One mutant of an attack. */
  record Control(Played played, Mutant mutant) {
    @Override
    public String toString() {
      return played.attack() + ": " + mutant.why();
    }
  }

  static Stream<Played> attacks() {
    List<Played> attacks = new ArrayList<>();
    for (Scenarios catalogue : CATALOGUES) {
      int index = 0;
      for (Runnable attack : catalogue.all()) {
        attacks.add(new Played(catalogue.getClass(), index++, (Attack) attack));
      }
    }
    return attacks.stream();
  }

  static Stream<Control> controls() {
    return attacks().flatMap(played -> played.attack().mutants().stream().map(mutant -> new Control(played, mutant)));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void shouldHold(Played played) {
    played.attack().run();
  }

  @ParameterizedTest
  @MethodSource("controls")
  void shouldFallWithoutItsDefence(Control control) throws InterruptedException {
    Played played = control.played();
    Mutant mutant = control.mutant();

    Throwable thrown = MutantRun.run(mutant.edits(), played.catalogue(), played.index());

    Class<? extends Throwable> expected = switch (mutant.fate()) {
      case DOES_HARM -> AssertionError.class;
      case IS_STOPPED -> IllegalStateException.class;
    };
    if (!expected.isInstance(thrown)) {
      fail("the scenario does not tell " + mutant.where() + " changed so (" + mutant.why() + ") from the real code: "
          + expected.getSimpleName() + " expected, but there was " + thrown, thrown);
    }
  }

  @Test
  void shouldBeWrittenUpRowByRow() throws IOException {
    Path page = Path.of(System.getProperty("project.root"), "docs", "internals", "attacks.md");
    List<String> expected =
        attacks()
            .sorted(Comparator.comparingInt(played -> played.attack().number()))
            .map(played -> AttackTable.row(played.attack(), played.catalogue()))
            .toList();

    assertEquals(
        String.join("\n", expected),
        String.join("\n", AttackTable.rows(Files.readAllLines(page))),
        "the rows of " + page + " differ from the tests; these are the rows that belong there");
  }

  @Test
  void shouldPlayEveryAttackOfTheList() {
    Set<Integer> numbers = new TreeSet<>();
    attacks().forEach(played -> {
      numbers.add(played.attack().number());
      assertFalse(played.attack().mutants().isEmpty(), played + " has no negative control");
    });

    assertEquals(NUMBERS, numbers);
  }
}
