package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Partner;

/** The partners' own response codes as flat bytes, by partner id and stable reason code. Immutable once built. */
final class PartnerRules {
  private static final int CODES = 1000;
  private static final int WIDTH = 3;
  private static final byte[] UNKNOWN_PARTNER = {'9', '6', 0};

  /** By partner id: {@link #CODES} codes, then that of a verification; null: no such partner. */
  private final byte[][] codes;

  private final boolean[] unknownOriginalDeclined;

  PartnerRules(List<Partner> partners) {
    int ids = 0;
    for (Partner partner : partners) {
      ids = Math.max(ids, partner.id() + 1);
    }
    codes = new byte[ids][0];
    unknownOriginalDeclined = new boolean[ids];
    for (Partner partner : partners) {
      byte[] table = new byte[(CODES + 1) * WIDTH];
      for (Map.Entry<Integer, String> entry : partner.responseCodes().entrySet()) {
        write(table, entry.getKey(), entry.getValue());
      }
      write(table, CODES, partner.verificationCode());
      codes[partner.id()] = table;
      unknownOriginalDeclined[partner.id()] = partner.unknownOriginalDeclined();
    }
  }

  private static void write(byte[] table, int index, String code) {
    byte[] text = code.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, table, index * WIDTH, text.length);
  }

  /** Says what is wrong with a partner's table; empty: nothing. */
  static String faultOf(Partner partner) {
    if (partner.id() < 1 || partner.id() > 65_534) {
      return "partner " + partner.name() + ": id " + partner.id();
    }
    String approved = partner.responseCodes().get(DeclineReason.APPROVED);
    if (approved == null || !isCode(partner.verificationCode())) {
      return "partner " + partner.name() + ": no response code for approvals";
    }
    for (DeclineReason reason : DeclineReason.values()) {
      if (!partner.responseCodes().containsKey(reason.code)) {
        return "partner " + partner.name() + ": no response code for " + reason;
      }
    }
    for (Map.Entry<Integer, String> entry : partner.responseCodes().entrySet()) {
      int reason = entry.getKey();
      if (reason < 0 || reason >= CODES || !isCode(entry.getValue())) {
        return "partner " + partner.name() + ": reason code " + reason + " with response code " + entry.getValue();
      }
    }
    return "";
  }

  private static boolean isCode(String code) {
    return code.length() == 2 || code.length() == WIDTH;
  }

  boolean knows(int partnerId) {
    return partnerId < codes.length && codes[partnerId].length > 0;
  }

  /** Writes DE 39 for a stable reason code, 0 being approval; for a partner that is not configured, 96. */
  void writeResponse(int partnerId, int reason, MutableDirectBuffer buffer, int offset) {
    if (knows(partnerId)) {
      buffer.putBytes(offset, codes[partnerId], reason * WIDTH, WIDTH);
    } else {
      buffer.putBytes(offset, UNKNOWN_PARTNER);
    }
  }

  /** Writes DE 39 for an account verification that went well. */
  void writeVerified(int partnerId, MutableDirectBuffer buffer, int offset) {
    writeResponse(partnerId, CODES, buffer, offset);
  }

  boolean declinesUnknownOriginals(int partnerId) {
    return knows(partnerId) && unknownOriginalDeclined[partnerId];
  }
}
