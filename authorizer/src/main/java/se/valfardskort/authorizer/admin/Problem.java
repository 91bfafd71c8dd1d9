package se.valfardskort.authorizer.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why a request was not done, as RFC 9457 has it: what is wrong, and how to mend it. Never quotes a card's number. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String name;
  private final String mend;
  private final int code;

  /**
   * A problem of the port's own.
   *
   * @param status of HTTP
   * @param name stable, small letters and hyphens
   */
  Problem(int status, String name, String what, String mend) {
    this(status, name, 0, what, mend);
  }

  /** @param code of a command's refusal; 0: none */
  Problem(int status, String name, int code, String what, String mend) {
    super(what, null, false, false);
    this.status = status;
    this.name = name;
    this.code = code;
    this.mend = mend;
  }

  int status() {
    return status;
  }

  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "urn:valfardskort:problem:" + name);
    members.put("title", name);
    members.put("status", status);
    members.put("detail", String.valueOf(getMessage()));
    members.put("mend", mend);
    if (code != 0) {
      members.put("code", code);
    }
    return members;
  }
}
