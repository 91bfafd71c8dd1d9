package se.valfardskort.authorizer.mutation;

import java.util.List;
import java.util.stream.Collectors;

/** The attacks as rows of the table in docs/internals/attacks.md. */
final class AttackTable {
  private AttackTable() {}

  /** A row: number, attack, defence, where in the code, mutants, test. */
  static String row(Attack attack, Class<?> test) {
    return "| %d | **%s**: %s, to %s | %s | %s | %s | %s |"
        .formatted(
            attack.number(),
            attack.title(),
            attack.attacker(),
            attack.prize(),
            attack.defence(),
            where(attack),
            attack.mutants().stream().map(AttackTable::mutant).collect(Collectors.joining("; ")),
            code(test.getSimpleName()));
  }

  private static String where(Attack attack) {
    return attack.mutants().stream()
        .flatMap(mutant -> mutant.edits().stream())
        .map(Edit::where)
        .distinct()
        .map(AttackTable::code)
        .collect(Collectors.joining(", "));
  }

  private static String mutant(Mutant mutant) {
    return mutant.fate() == Mutant.Fate.IS_STOPPED ? mutant.why() + " (an invariant stops it)" : mutant.why();
  }

  private static String code(String name) {
    return "`" + name + "`";
  }

  /** The rows of a page. */
  static List<String> rows(List<String> page) {
    return page.stream().filter(line -> line.matches("\\| \\d+ \\|.*")).toList();
  }
}
