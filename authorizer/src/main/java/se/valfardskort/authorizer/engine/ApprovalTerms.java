package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantEncoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;

/**
 * What a caseworker approves. Immutable.
 *
 * @param grantKey drawn by the sender, the same in each try
 * @param thisCardOnly else every card of the account
 * @param opensSavings an approved investment, which SAVINGS may pay
 * @param validFromMs milliseconds since the epoch
 * @param validUntilMs the first moment at which it no longer holds
 * @param amountMinor ore, all purchases together; {@link Category#NO_LIMIT}: no limit
 * @param uses how many purchases; 0: any number
 * @param countries ISO 3166-1 numbers, at most four, 65534 for any; none: at home
 * @param scope what it covers, at most eight; none: anything
 * @param author name of the operator's key, at most 32 ASCII characters
 */
public record ApprovalTerms(
    long grantKey,
    boolean thisCardOnly,
    boolean opensSavings,
    ApprovalReason reason,
    long validFromMs,
    long validUntilMs,
    long amountMinor,
    int uses,
    List<Integer> countries,
    List<Covered> scope,
    String author) {
  /** In the place of a country: any. */
  public static final int ANY_COUNTRY = AllowanceTable.ANY_COUNTRY;

  /** Countries one approval may name. */
  public static final int MOST_COUNTRIES = AllowanceTable.COUNTRIES;

  /** Categories, merchant category codes and merchants one approval may name, together. */
  public static final int MOST_ENTRIES = Scope.MOST_ENTRIES;

  private static final int AUTHOR_LENGTH = 32;
  static final int CATEGORY_LENGTH = 40;

  /**
   * One category, MCC or merchant. Immutable.
   *
   * @param category key in the programme's policy; empty for another kind
   * @param mcc 0 for another kind
   * @param acquirer DE 32; 0 for another kind
   * @param merchantId DE 42; empty for another kind
   */
  public record Covered(ScopeKind kind, String category, int mcc, long acquirer, String merchantId) {
    /** A category of the programme's policy. */
    public static Covered category(String key) {
      return new Covered(ScopeKind.CATEGORY, key, 0, 0, "");
    }

    /** A merchant category code. */
    public static Covered mcc(int mcc) {
      return new Covered(ScopeKind.MCC, "", mcc, 0, "");
    }

    /** A single merchant. */
    public static Covered merchant(long acquirer, String merchantId) {
      return new Covered(ScopeKind.MERCHANT, "", 0, acquirer, merchantId);
    }
  }

  /** Refuses what no command could carry. */
  public ApprovalTerms {
    countries = List.copyOf(countries);
    scope = List.copyOf(scope);
    requireFit(countries, scope, author);
  }

  /** Refuses what no command's fields have room for. */
  static void requireFit(List<Integer> countries, List<Covered> scope, String author) {
    if (countries.size() > MOST_COUNTRIES || scope.size() > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          countries.size() + " countries and " + scope.size() + " categories, MCCs and merchants; give at most "
              + MOST_COUNTRIES + " and " + MOST_ENTRIES);
    }
    requireLength("the author", author, AUTHOR_LENGTH);
    for (Covered covered : scope) {
      requireLength("a category", covered.category, CATEGORY_LENGTH);
      requireLength("a merchant id", covered.merchantId, MerchantTable.MERCHANT_ID_LENGTH);
    }
  }

  private static void requireLength(String what, String text, int most) {
    if (text.length() > most) {
      throw new IllegalArgumentException(what + " has " + text.length() + " characters; give at most " + most);
    }
  }

  /** Writes the command that grants it; returns its length. */
  int write(MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset) {
    ApprovalGrantEncoder encoder = new ApprovalGrantEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .grantKey(grantKey)
        .thisCardOnly((short) (thisCardOnly ? 1 : 0))
        .opensSavings((short) (opensSavings ? 1 : 0))
        .reason(reason)
        .validFromMs(validFromMs)
        .validUntilMs(validUntilMs)
        .amountMinor(amountMinor == Category.NO_LIMIT ? ApprovalGrantEncoder.amountMinorNullValue() : amountMinor)
        .uses(uses)
        .country1(country(countries, 0))
        .country2(country(countries, 1))
        .country3(country(countries, 2))
        .country4(country(countries, 3))
        .putAuthor(padded(author, AUTHOR_LENGTH), 0);
    int place = encoder.offset() + ApprovalGrantEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    ApprovalGrantEncoder.ScopeEncoder entries = encoder.scopeCount(scope.size());
    for (Covered covered : scope) {
      entries
          .next()
          .kind(covered.kind)
          .mcc(covered.mcc)
          .acquirer(covered.acquirer)
          .putMerchantId(padded(covered.merchantId, MerchantTable.MERCHANT_ID_LENGTH), 0)
          .putCategory(padded(covered.category, CATEGORY_LENGTH), 0);
    }
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }

  static int country(List<Integer> countries, int index) {
    return index < countries.size() ? countries.get(index) : 0;
  }

  static byte[] padded(String text, int length) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length);
  }
}
