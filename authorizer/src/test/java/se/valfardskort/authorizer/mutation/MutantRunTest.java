package se.valfardskort.authorizer.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Planted faults do what they say, and one that cannot be planted says so. */
final class MutantRunTest {
  private static final List<String> UNCHANGED =
      List.of(
          "take true leaves 69",
          "overdraft false leaves 69",
          "negative refused,refused,fine,",
          "word YESNO",
          "name onenull",
          "most 5",
          "between insideoutside",
          "large false");

  private static Edit.Place in(String method) {
    return Edit.in(Specimen.class, method);
  }

  static Stream<Arguments> edits() {
    return Stream.of(
        Arguments.of(in("take").returns(true), List.of("take true leaves 100", "overdraft true leaves 100")),
        Arguments.of(in("note").doesNothing(), List.of("take true leaves 70", "overdraft false leaves 70")),
        Arguments.of(in("word").returns(Specimen.Word.NO), List.of("word NONO")),
        Arguments.of(in("name").returns(null), List.of("name nullnull")),
        Arguments.of(in("most(long,long)").returns(7L), List.of("most 7")),
        Arguments.of(in("take").guardOffAfter("balance"), List.of("overdraft true leaves -22")),
        Arguments.of(
            in("take").guardInvertedAfter("balance"), List.of("take false leaves 100", "overdraft false leaves 100")),
        Arguments.of(in("refusal").guardOffBefore("refused,"), List.of("negative fine,fine,fine,")),
        Arguments.of(in("refusal").guardOpenBefore("refused,"), List.of("negative refused,refused,refused,")),
        Arguments.of(
            in("take").guardOpenAfter("balance"), List.of("take false leaves 100", "overdraft false leaves 100")),
        Arguments.of(in("between").guardOffBefore("inside"), List.of("between outsideoutside")),
        Arguments.of(in("between").guardOpenBefore("inside"), List.of("between insideinside")),
        Arguments.of(in("take").callRemoved("note"), List.of("take true leaves 70", "overdraft false leaves 70")),
        Arguments.of(in("isLarge").callGives("most", 2_000L), List.of("large true")),
        Arguments.of(in("most(long,long)").callGivesArgument("max", 0), List.of("most 1")),
        Arguments.of(in("note").writeRemoved("balance"), List.of("take true leaves 70", "overdraft false leaves 70")),
        Arguments.of(in("note").readGives("balance", 3L), List.of("take true leaves 2", "overdraft false leaves 2")),
        Arguments.of(in("isLarge").constant(1_000L, 9L), List.of("large true")));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void shouldChangeWhatItNamesAndNothingElse(Edit edit, List<String> changed) throws InterruptedException {
    List<String> expected = UNCHANGED.stream().map(line -> changedLine(line, changed)).toList();

    assertEquals(String.join("; ", expected), said(List.of(edit)));
  }

  /** The changed line that begins as this one does, or this one. */
  private static String changedLine(String line, List<String> changed) {
    String word = line.substring(0, line.indexOf(' '));
    return changed.stream().filter(other -> other.startsWith(word + " ")).findFirst().orElse(line);
  }

  @Test
  void shouldChangeNothingWithoutAnEdit() throws InterruptedException {
    assertEquals(String.join("; ", UNCHANGED), said(List.of()));
  }

  @Test
  void shouldMakeSeveralEdits() throws InterruptedException {
    String said = said(List.of(in("word").returns(Specimen.Word.NO), in("take").returns(true),
        in("name").returns("another")));

    assertTrue(said.contains("word NONO; name anotheranother"), said);
    assertTrue(said.contains("take true leaves 100"), said);
  }

  private static String said(List<Edit> edits) throws InterruptedException {
    Throwable thrown = MutantRun.run(edits, Specimen.class, 0);
    return String.valueOf(thrown == null ? null : thrown.getMessage());
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of(in("gone").returns(true), "has 0 methods gone"),
        Arguments.of(in("most").returns(1L), "has 2 methods most"),
        Arguments.of(in("take").callRemoved("settle"), "changes nothing"),
        Arguments.of(in("take").writeRemoved("money"), "changes nothing"),
        Arguments.of(in("take").readGives("money", 1), "changes nothing"),
        Arguments.of(in("isLarge").constant(5L, 9L), "changes nothing"),
        Arguments.of(in("take").guardOffBefore("money"), "does not mention money"),
        Arguments.of(in("note").guardOffAfter("balance"), "no condition stands after that"),
        Arguments.of(in("take").guardOffBefore("note"), "no condition guards note"),
        Arguments.of(in("refusal").guardInvertedBefore("refused,"), "cannot invert"),
        Arguments.of(in("between").guardInvertedBefore("inside"), "cannot invert"),
        Arguments.of(in("take").returns(null), "null is no boolean"),
        Arguments.of(in("note").returns(true), "returns nothing"),
        Arguments.of(Edit.in(Mutant.class, "where").returns(""), "was never loaded"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void shouldRefuseAnEditThatCannotBeMade(Edit edit, String why) {
    MutationException refusal =
        assertThrows(MutationException.class, () -> MutantRun.run(List.of(edit), Specimen.class, 0));

    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal.getMessage());
  }
}
