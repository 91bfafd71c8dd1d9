package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;

/** Many requests on one connection, their answers found by DE 11, which no two of them may share. One thread. */
final class Conversation {
  private static final Set<String> TRY_AGAIN = Set.of("91", "96", "907", "909");
  private static final int AT_ONCE = 64;
  private static final int MOST_TRIES = 200;

  private Conversation() {}

  /** DE 39: nothing was booked, repeat. */
  static boolean isTryAgain(WireMessage answer) {
    return TRY_AGAIN.contains(answer.require(39));
  }

  /**
   * Sends them in order, repeats those that are told to try again.
   *
   * @param requests by DE 11
   * @return the answers' bytes by DE 11
   */
  static Map<String, byte[]> askAll(WireLink link, WireMessage.Layout layout, Map<String, byte[]> requests)
      throws IOException {
    Map<String, byte[]> answers = new HashMap<>();
    List<String> left = new ArrayList<>(requests.keySet());
    for (int attempt = 0; !left.isEmpty(); attempt++) {
      if (attempt > MOST_TRIES) {
        throw new IOException("told to try again " + MOST_TRIES + " times");
      }
      for (int from = 0; from < left.size(); from += AT_ONCE) {
        List<String> window = left.subList(from, Math.min(left.size(), from + AT_ONCE));
        for (String stan : window) {
          link.sendBody(bodyOf(requests, stan));
        }
        for (int i = 0; i < window.size(); i++) {
          byte[] body = link.receiveBody();
          WireMessage answer = WireMessage.decode(layout, body);
          if (!isTryAgain(answer)) {
            answers.put(answer.require(11), body);
          }
        }
      }
      left = left.stream().filter(stan -> !answers.containsKey(stan)).toList();
    }
    return answers;
  }

  static byte[] bodyOf(Map<String, byte[]> bodies, String stan) {
    byte[] body = bodies.get(stan);
    if (body == null) {
      throw new IllegalStateException("nothing with STAN " + stan);
    }
    return body;
  }
}
