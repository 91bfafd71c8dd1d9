package se.valfardskort.independent.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the demo programme pays for, typed in from domain.md section 3 and wire.md section 7. */
final class Programme {
  /** A category and what is special about it; every category that is not in the table is simply allowed. */
  enum Category {
    PLAIN(null),
    RESTAURANTS(null),
    CLOTHES(null),
    FUEL(null),
    JOURNEY(Reason.JOURNEY),
    EDUCATION(Reason.EDUCATION),
    WORK_TOOLS(Reason.WORK_TOOLS),
    MOVING(Reason.MOVING),
    DEBT(Reason.DEBT),
    ALCOHOL_TOBACCO(Reason.ALCOHOL_TOBACCO),
    GAMBLING(Reason.GAMBLING),
    LUXURY(Reason.LUXURY_GOODS),
    DUTY_FREE(Reason.DUTY_FREE),
    OTHER_SERVICES(Reason.OTHER_SERVICES),
    CASH(Reason.QUASI_CASH);

    final @Nullable Reason refusal;

    Category(@Nullable Reason refusal) {
      this.refusal = refusal;
    }
  }

  static final String ACQUIRER = "123456";
  static final String SECOND_ACQUIRER = "654321";

  private static final String MCCS =
      """
      RESTAURANTS 5812 5814
      CLOTHES 5611 5621 5641 5651 5655 5661 5691 5699
      FUEL 5541 5542 5552 7523 4784
      JOURNEY 3000 3001 3350 4511 4411 4722 5962
      EDUCATION 8211 8220 8241 8244 8249 8299
      WORK_TOOLS 5045 5732 5734 5137
      MOVING 4214 7513
      DEBT 6012
      ALCOHOL_TOBACCO 5921 5715 5813 5993
      GAMBLING 7995 7800 7801 7802 9406
      LUXURY 5944 5094 5681 5932 5937 5971 5972
      DUTY_FREE 5309
      OTHER_SERVICES 5967 7273 7297
      CASH 6010 6011 6050 6051 6211 4829 6532 6533 6536 6537 6538 6540
      """;

  private static final Map<String, Category> BY_MCC = new HashMap<>();

  /** DE 42 of the providers; all are the first acquirer's. */
  private static final Set<String> ACCREDITED =
      Set.of(
          "BARNKOOP0000001",
          "ODLING000000001",
          "VERKTYG00000001",
          "KONSTRUM0000001",
          "CYKEL0000000001",
          "ANNANBAZ0000001",
          "EGENFIRMA000001");

  static {
    for (String line : MCCS.lines().toList()) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        BY_MCC.put(words[i], Category.valueOf(words[0]));
      }
    }
  }

  private Programme() {}

  /** An accreditation or a merchant's registration decides, else the MCC. */
  static Category category(String acquirer, String merchant, @Nullable String mcc) {
    boolean registered = acquirer.equals(ACQUIRER);
    if (registered && (ACCREDITED.contains(merchant) || merchant.equals("KIOSKEN00000001"))) {
      return Category.PLAIN;
    }
    return mcc == null ? Category.PLAIN : BY_MCC.getOrDefault(mcc, Category.PLAIN);
  }

  static boolean denies(String acquirer, String merchant) {
    return acquirer.equals(ACQUIRER) && merchant.equals("LYXMODE00000001");
  }

  /** Why the card's Hjartan cannot be used here; null: they can. */
  static @Nullable Reason hjartanRefusal(Card card, String acquirer, String merchant) {
    if (acquirer.equals(ACQUIRER) && merchant.equals("SUSPENDED000001")) {
      return Reason.PROVIDER_SUSPENDED;
    }
    if (!acquirer.equals(ACQUIRER) || !ACCREDITED.contains(merchant)) {
      return Reason.NOT_ACCREDITED;
    }
    String baz = merchant.equals("ANNANBAZ0000001") ? "baz-annan" : "baz-fittja";
    if (!card.baz().equals(baz)) {
      return Reason.OTHER_BAZ;
    }
    return merchant.equals("EGENFIRMA000001") && card.number() == 42 ? Reason.OWN_HOUSEHOLD : null;
  }
}
