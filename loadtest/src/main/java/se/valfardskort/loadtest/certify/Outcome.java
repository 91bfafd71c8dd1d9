package se.valfardskort.loadtest.certify;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of one exchange. All texts are masked.
 *
 * @param partner folder's name
 * @param topic its script
 * @param group within the script
 * @param exchange what was tried
 * @param problems what is wrong, in lines for a person; empty where it passed
 * @param sent the request, decoded
 * @param received the answer, decoded, or what came instead
 * @param micros from sending to the answer's last byte; 0 where none came or none was to come
 */
record Outcome(String partner, String topic, String group, Exchange exchange, List<String> problems, String sent,
    String received, long micros) {
  Outcome {
    problems = List.copyOf(problems);
  }

  /** The same exchange, spoilt by what came to light after it. */
  Outcome withProblems(List<String> more) {
    List<String> all = new ArrayList<>(problems);
    all.addAll(more);
    return new Outcome(partner, topic, group, exchange, all, sent, received, micros);
  }

  /** Whether both are about the same exchange of the same run. */
  boolean isOf(Outcome other) {
    return partner.equals(other.partner) && exchange.place().equals(other.exchange.place());
  }

  boolean passed() {
    return problems.isEmpty();
  }
}
