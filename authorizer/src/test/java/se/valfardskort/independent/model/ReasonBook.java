package se.valfardskort.independent.model;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * DE 60 is R and a stable number (wire.md section 3). Which number is nobody's promise, but one reason has one number
 * and one number has one reason: the book learns them as they come. Any thread.
 */
final class ReasonBook {
  private final Map<Reason, String> numbers = new ConcurrentHashMap<>();
  private final Map<String, Reason> reasons = new ConcurrentHashMap<>();

  boolean agrees(Reason reason, @Nullable String precise) {
    if (precise == null || !precise.matches("R[0-9]{3}")) {
      return false;
    }
    String number = numbers.computeIfAbsent(reason, _ -> precise);
    Reason first = reasons.computeIfAbsent(precise, _ -> reason);
    return number.equals(precise) && first == reason;
  }

  String complaint(Reason reason, @Nullable String precise) {
    return reason + " was " + numbers.get(reason) + ", received " + precise
        + (precise == null ? "" : ", which was " + reasons.get(precise));
  }
}
