package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Partner;

/** The partners' own response codes as flat bytes, by partner id and stable reason code. Immutable once built. */
final class PartnerRules {
  private static final int CODES = 1000;
  private static final int WIDTH = 3;
  private static final Approval[] APPROVALS = Approval.values();
  private static final byte[] UNKNOWN_PARTNER = {'9', '6', 0};

  /** By partner id: {@link #CODES} codes of declines, then those of the approvals; empty: no such partner. */
  private final byte[][] codes;

  private final Partner[] partners;

  /** By partner id: its acquirers, ascending. */
  private final long[][] acquirers;

  /** By partner id: the acquirers' rows in the settlement table. */
  private final int[][] settlementRows;

  /** Adds the acquirers that are named to the settlement table. */
  PartnerRules(List<Partner> partners, SettlementTable settlement) {
    int ids = 0;
    for (Partner partner : partners) {
      ids = Math.max(ids, partner.id() + 1);
    }
    codes = new byte[ids][0];
    this.partners = new Partner[ids];
    acquirers = new long[ids][0];
    settlementRows = new int[ids][0];
    for (Partner partner : partners) {
      byte[] table = new byte[(CODES + APPROVALS.length) * WIDTH];
      for (Map.Entry<Integer, String> entry : partner.declines().entrySet()) {
        write(table, entry.getKey(), entry.getValue());
      }
      for (Approval approval : APPROVALS) {
        write(table, CODES + approval.number, partner.approvals().getOrDefault(approval, ""));
      }
      codes[partner.id()] = table;
      this.partners[partner.id()] = partner;
      long[] ascending = partner.acquirers().stream().mapToLong(Long::longValue).sorted().distinct().toArray();
      acquirers[partner.id()] = ascending;
      settlementRows[partner.id()] =
          Arrays.stream(ascending).mapToInt(acquirer -> settlement.findOrAdd(partner.id(), acquirer)).toArray();
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
    for (Approval approval : APPROVALS) {
      if (!isCode(partner.approvals().getOrDefault(approval, ""))) {
        return "partner " + partner.name() + ": no response code for " + approval;
      }
    }
    for (DeclineReason reason : DeclineReason.values()) {
      if (!partner.declines().containsKey(reason.code)) {
        return "partner " + partner.name() + ": no response code for " + reason;
      }
    }
    for (Map.Entry<Integer, String> entry : partner.declines().entrySet()) {
      int reason = entry.getKey();
      if (reason < 1 || reason >= CODES || !isCode(entry.getValue())) {
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

  /** Writes DE 39 for the stable code of a decline reason; for a partner that is not configured, 96. */
  void writeDeclined(int partnerId, int reason, MutableDirectBuffer buffer, int offset) {
    write(partnerId, reason, buffer, offset);
  }

  /** Writes DE 39 for an approval; for a partner that is not configured, 96. */
  void writeApproved(int partnerId, Approval approval, MutableDirectBuffer buffer, int offset) {
    write(partnerId, CODES + approval.number, buffer, offset);
  }

  private void write(int partnerId, int index, MutableDirectBuffer buffer, int offset) {
    if (knows(partnerId)) {
      buffer.putBytes(offset, codes[partnerId], index * WIDTH, WIDTH);
    } else {
      buffer.putBytes(offset, UNKNOWN_PARTNER);
    }
  }

  /** True when a verification that went well is answered like any approval, and so with a DE 38. */
  boolean approvesVerifications(int partnerId) {
    byte[] table = codes[partnerId];
    int approved = (CODES + Approval.APPROVED.number) * WIDTH;
    int verified = (CODES + Approval.VERIFIED.number) * WIDTH;
    return Arrays.equals(table, approved, approved + WIDTH, table, verified, verified + WIDTH);
  }

  /** Row of a partner's acquirer in the settlement table; {@link SettlementTable#OTHERS} where it is not configured. */
  int settlementRow(int partnerId, long acquirer) {
    if (partnerId >= acquirers.length) {
      return SettlementTable.OTHERS;
    }
    int index = Arrays.binarySearch(acquirers[partnerId], acquirer);
    return index < 0 ? SettlementTable.OTHERS : settlementRows[partnerId][index];
  }

  /** Number of the partner's acquirers. */
  int acquirers(int partnerId) {
    return partnerId < acquirers.length ? acquirers[partnerId].length : 0;
  }

  /** Row in the settlement table of one of the partner's acquirers, by its place in ascending order. */
  int settlementRowAt(int partnerId, int index) {
    return settlementRows[partnerId][index];
  }

  boolean declinesUnknownOriginals(int partnerId) {
    return knows(partnerId) && partners[partnerId].unknownOriginalDeclined();
  }

  /** True when 0220 with DE 3 = 02 or 22 are booked. */
  boolean bookAdjustments(int partnerId) {
    return knows(partnerId) && partners[partnerId].adjustments();
  }

  /** What the partner's advices may overdraw in all before a person is told; {@code Category.NO_LIMIT}: any amount. */
  long adviceLimitMinor(int partnerId) {
    return knows(partnerId) ? partners[partnerId].adviceLimitMinor() : Category.NO_LIMIT;
  }
}
