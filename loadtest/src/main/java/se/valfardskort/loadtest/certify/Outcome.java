package se.valfardskort.loadtest.certify;

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
 * @param micros from sending to the answer's last byte
 */
record Outcome(String partner, String topic, String group, Exchange exchange, List<String> problems, String sent,
    String received, long micros) {
  Outcome {
    problems = List.copyOf(problems);
  }

  boolean passed() {
    return problems.isEmpty();
  }
}
