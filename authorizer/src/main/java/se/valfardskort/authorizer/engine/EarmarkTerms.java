package se.valfardskort.authorizer.engine;

import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantEncoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/**
 * A drawing right on the programme's pool. Immutable.
 *
 * @param grantKey drawn by the sender, the same in each try
 * @param validFromMs milliseconds since the epoch
 * @param validUntilMs the first moment at which it no longer pays
 * @param amountMinor ore; 0 where it counts visits that cost nothing
 * @param uses how many purchases; 0: any number
 * @param usesAWeek how many purchases a civil week, Monday to Sunday; 0: any number
 * @param countries ISO 3166-1 numbers, at most four, 65534 for any; none: at home
 * @param scope what it pays for, one to eight
 * @param author name of the operator's key, at most 32 ASCII characters
 */
public record EarmarkTerms(
    long grantKey,
    EarmarkKind kind,
    long validFromMs,
    long validUntilMs,
    long amountMinor,
    int uses,
    int usesAWeek,
    List<Integer> countries,
    List<Covered> scope,
    String author) {
  /** Most purchases a week that can be told. */
  public static final int MOST_A_WEEK = 100;

  /** Refuses what no command could carry. */
  public EarmarkTerms {
    countries = List.copyOf(countries);
    scope = List.copyOf(scope);
    ApprovalTerms.requireFit(countries, scope, author);
    if (usesAWeek < 0 || usesAWeek > MOST_A_WEEK) {
      throw new IllegalArgumentException(usesAWeek + " uses a week; give 0 to " + MOST_A_WEEK);
    }
  }

  /** Writes the command that grants it; returns its length. */
  int write(MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset) {
    EarmarkGrantEncoder encoder = new EarmarkGrantEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .grantKey(grantKey)
        .kind(kind)
        .usesAWeek((short) usesAWeek)
        .validFromMs(validFromMs)
        .validUntilMs(validUntilMs)
        .amountMinor(amountMinor)
        .uses(uses)
        .country1(ApprovalTerms.country(countries, 0))
        .country2(ApprovalTerms.country(countries, 1))
        .country3(ApprovalTerms.country(countries, 2))
        .country4(ApprovalTerms.country(countries, 3))
        .putAuthor(ApprovalTerms.padded(author, EarmarkGrantEncoder.authorLength()), 0);
    int place = encoder.offset() + EarmarkGrantEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    EarmarkGrantEncoder.ScopeEncoder entries = encoder.scopeCount(scope.size());
    for (Covered covered : scope) {
      entries
          .next()
          .kind(covered.kind())
          .mcc(covered.mcc())
          .acquirer(covered.acquirer())
          .putMerchantId(ApprovalTerms.padded(covered.merchantId(), MerchantTable.MERCHANT_ID_LENGTH), 0)
          .putCategory(ApprovalTerms.padded(covered.category(), ApprovalTerms.CATEGORY_LENGTH), 0);
    }
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }
}
