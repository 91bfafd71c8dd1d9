package se.valfardskort.authorizer.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;

/** What forms of approvals and earmarks have in common. Any thread. */
final class GrantForm {
  private static final Pattern KEY = Pattern.compile("[!-~]{8,64}");
  private static final Pattern CATEGORY = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern MCC = Pattern.compile("[0-9]{4}");
  private static final Pattern MERCHANT = Pattern.compile("([0-9]{1,11})/([A-Za-z0-9][A-Za-z0-9 ./_-]{0,14})");

  private GrantForm() {}

  /**
   * The key of a grant out of its {@code Idempotency-Key}.
   *
   * @param keys values of the header, of which there must be one
   */
  static long key(List<String> keys) throws Problem {
    if (keys.size() != 1 || !KEY.matcher(keys.get(0)).matches()) {
      throw new Problem(
          400,
          "no-idempotency-key",
          "the request has no Idempotency-Key of 8 to 64 printable characters without spaces",
          "draw one for each grant, and send the same one in each try: it is done once");
    }
    return hash(keys.get(0));
  }

  /** The other answer to a key that was used before. */
  static Problem keyReused(String what) {
    return new Problem(
        409,
        "idempotency-key-reused",
        "another " + what + " was granted with this Idempotency-Key",
        "draw a new key for a new " + what);
  }

  /** The first moment at which it holds; 0: at once. */
  static long firstMoment(Body body) throws Problem {
    LocalDate first = body.day("firstDay");
    return first == null ? 0 : startOf(first);
  }

  /** The first moment at which it holds no longer. */
  static long endMoment(Body body) throws Problem {
    LocalDate last = body.day("lastDay");
    if (last == null) {
      throw Body.bad("lastDay", "is missing", "give the last day on which it holds: 2026-12-31");
    }
    return startOf(last.plusDays(1));
  }

  /** How many purchases; 0: any number. */
  static int uses(Body body) throws Problem {
    long uses = body.number("uses", 0);
    if (uses < 0 || uses > Integer.MAX_VALUE) {
      throw Body.bad("uses", "is no number of purchases", "give 1 to 10000, or leave it out: any number");
    }
    return (int) uses;
  }

  static List<Integer> countries(Body body, CountryWords words) throws Problem {
    List<Integer> numbers = new ArrayList<>();
    for (String word : body.texts("countries", ApprovalTerms.MOST_COUNTRIES)) {
      int number = words.number(word);
      if (number == 0) {
        throw Body.bad("countries", "holds what is no country", "give two capital letters: [\"NO\"], or [\"any\"]");
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** Categories, MCCs and merchants, at most eight together. */
  static List<Covered> scope(Body body) throws Problem {
    List<Covered> scope = new ArrayList<>();
    for (String category : body.texts("categories", ApprovalTerms.MOST_ENTRIES)) {
      if (!CATEGORY.matcher(category).matches()) {
        throw Body.bad("categories", "holds what is no key", "give keys of the programme's policy: [\"education\"]");
      }
      scope.add(Covered.category(category));
    }
    for (String mcc : body.texts("mccs", ApprovalTerms.MOST_ENTRIES)) {
      if (!MCC.matcher(mcc).matches()) {
        throw Body.bad("mccs", "holds what is no MCC", "give four digits each: [\"8299\"]");
      }
      scope.add(Covered.mcc(Integer.parseInt(mcc)));
    }
    for (String merchant : body.texts("merchants", ApprovalTerms.MOST_ENTRIES)) {
      scope.add(merchant("merchants", merchant));
    }
    if (scope.size() > ApprovalTerms.MOST_ENTRIES) {
      throw Body.bad(
          "categories",
          "with mccs and merchants are " + scope.size(),
          "give at most " + ApprovalTerms.MOST_ENTRIES);
    }
    return scope;
  }

  /** One shop, {@code acquirer/DE 42}. */
  static Covered merchant(String member, String text) throws Problem {
    Matcher parts = MERCHANT.matcher(text);
    if (!parts.matches()) {
      throw Body.bad(member, "holds what is no merchant", "give acquirer and DE 42: \"123456/BUTIK0001\"");
    }
    return Covered.merchant(Long.parseLong(parts.group(1)), parts.group(2));
  }

  /** As a card's view names them. */
  static List<String> words(List<Covered> scope) {
    return scope.stream().map(GrantForm::words).toList();
  }

  private static String words(Covered covered) {
    if (covered.kind() == ScopeKind.CATEGORY) {
      return covered.category();
    }
    return covered.kind() == ScopeKind.MCC
        ? String.format(Locale.ROOT, "MCC %04d", covered.mcc())
        : "merchant " + covered.acquirer() + " " + covered.merchantId();
  }

  static long startOf(LocalDate day) {
    return day.atStartOfDay(CardJson.STOCKHOLM).toInstant().toEpochMilli();
  }

  /** Two keys of one account meet here less often than a disk errs. */
  private static long hash(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.US_ASCII));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this JVM has no SHA-256", impossible);
    }
  }
}
