package se.valfardskort.authorizer.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;

/**
 * A partner's own DE 39 for what the gateway answers by itself (wire.md section 3); decisions bring theirs along.
 *
 * <p>Any thread, no allocation. The arrays that it gives are its own: nobody writes into them.
 */
public final class ResponseCodes {
  private static final int HIGHEST_REASON = 999;

  /** By {@link Approval#number}. */
  private final byte[][] approvals = new byte[Approval.values().length][];

  /** By {@link DeclineReason#code}. */
  private final byte[][] declines = new byte[HIGHEST_REASON + 1][];

  /**
   * Of a partner's table.
   *
   * @param approvals two or three characters for each kind of approval
   * @param declines the same by stable code of each reason
   * @throws IllegalArgumentException names what the table lacks
   */
  public ResponseCodes(Map<Approval, String> approvals, Map<Integer, String> declines) {
    for (Approval approval : Approval.values()) {
      this.approvals[approval.number] = bytes(approvals.get(approval), approval.name());
    }
    for (DeclineReason reason : DeclineReason.values()) {
      this.declines[reason.code] = bytes(declines.get(reason.code), reason.name());
    }
  }

  private static byte[] bytes(@Nullable String code, String what) {
    if (code == null) {
      throw new IllegalArgumentException("the response codes have none for " + what + "; add it to the table");
    }
    return code.getBytes(StandardCharsets.US_ASCII);
  }

  byte[] of(Approval approval) {
    return approvals[approval.number];
  }

  byte[] of(DeclineReason reason) {
    return declines[reason.code];
  }
}
