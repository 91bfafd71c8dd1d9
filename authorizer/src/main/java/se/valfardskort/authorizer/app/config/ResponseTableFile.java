package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;

/**
 * Reads a response-code table: DE 39 for every decline reason (wire.md section 3).
 *
 * <p>A reason that a caseworker's approval can lift must not leave as a code that networks read as "the issuer will
 * never approve": they would stop the merchant from trying again, after the approval too.
 */
final class ResponseTableFile {
  private static final Pattern CODE = Pattern.compile("[0-9A-Z]{2}|[0-9]{3}");
  private static final Set<String> NEVER_APPROVE_1987 =
      Set.of("03", "04", "07", "12", "14", "15", "34", "35", "36", "37", "38", "41", "43", "46", "57", "59", "62", "67",
          "R0", "R1", "R3");
  private static final Set<String> NEVER_APPROVE_1993 =
      Set.of("101", "102", "104", "109", "111", "118", "119", "124", "125", "902", "904");

  /** DE 39 for each kind of approval, and by stable reason code for each decline. */
  record Table(Map<Approval, String> approvals, Map<Integer, String> declines) {}

  private ResponseTableFile() {}

  static Table read(Path file, Problems problems) {
    Section root = Section.read(file, problems);
    Map<Integer, String> codes = new TreeMap<>();
    String approved = code(root.scalar("approved"));
    Map<Approval, String> approvals = new EnumMap<>(Approval.class);
    for (Approval approval : Approval.values()) {
      approvals.put(approval, approval == Approval.APPROVED ? approved : approval(root, approval, approved));
    }
    Section declined = root.section("declined");
    for (DeclineReason reason : DeclineReason.values()) {
      Scalar scalar = declined.scalar(Words.word(reason));
      String code = code(scalar);
      if (isOfOneKind(scalar, code, approved)) {
        checkDecline(scalar, reason, code, approved);
      }
      codes.put(reason.code, code);
    }
    declined.end();
    root.end();
    return new Table(approvals, codes);
  }

  private static void checkDecline(Scalar scalar, DeclineReason reason, String code, String approved) {
    if (code.equals(approved)) {
      scalar.refuse("a decline cannot be answered '" + code + "', which means approved", "write another code");
    } else if (reason.lift == DeclineReason.Lift.BY_APPROVAL && readsAsNever(code)) {
      scalar.refuse(
          "'" + code + "' tells the network that the issuer will never approve, but an approval can lift '"
              + Words.word(reason) + "'",
          "write a code that lets the merchant try again, for example 05 or 61 (1993: 100 or 121)");
    }
  }

  /** What the table does not say is answered like any approval; that less is paid than was asked for must be said. */
  private static String approval(Section root, Approval approval, String approved) {
    String word = "approved-" + Words.word(approval);
    if (approval != Approval.IN_PART && !root.has(word)) {
      return approved;
    }
    Scalar scalar = root.scalar(word);
    String code = code(scalar);
    if (isOfOneKind(scalar, code, approved) && approval == Approval.IN_PART && code.equals(approved)) {
      scalar.refuse(
          "'" + code + "' is what 'approved' says, so that the terminal would take the whole amount for paid",
          "write 10 (1993: 002)");
    }
    return code;
  }

  private static boolean isOfOneKind(Scalar scalar, String code, String approved) {
    if (code.length() == approved.length() || !CODE.matcher(code).matches()) {
      return true;
    }
    scalar.refuse(
        "'" + code + "' and '" + approved + "' of 'approved' differ in length",
        "write two characters everywhere (1987) or three digits everywhere (1993)");
    return false;
  }

  private static String code(Scalar scalar) {
    return scalar.text(CODE, "a response code of two characters (1987) or three digits (1993)");
  }

  private static boolean readsAsNever(String code) {
    return code.length() == 2
        ? NEVER_APPROVE_1987.contains(code)
        : code.startsWith("2") || NEVER_APPROVE_1993.contains(code);
  }
}
