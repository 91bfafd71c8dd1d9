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
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;

/** Reads what a caseworker approves, and knows it again in what was granted before. Any thread. */
final class ApprovalForm {
  private static final Pattern KEY = Pattern.compile("[!-~]{8,64}");
  private static final Pattern CATEGORY = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern MCC = Pattern.compile("[0-9]{4}");
  private static final Pattern MERCHANT = Pattern.compile("([0-9]{1,11})/([A-Za-z0-9][A-Za-z0-9 ./_-]{0,14})");

  private final CountryWords countries;

  ApprovalForm(CountryWords countries) {
    this.countries = countries;
  }

  /** @param keys values of {@code Idempotency-Key}, of which there must be one */
  ApprovalTerms read(Body body, List<String> keys) throws Problem {
    if (keys.size() != 1 || !KEY.matcher(keys.get(0)).matches()) {
      throw new Problem(
          400,
          "no-idempotency-key",
          "the request has no Idempotency-Key of 8 to 64 printable characters without spaces",
          "draw one for each approval, and send the same one in each try: it is granted once");
    }
    final ApprovalReason reason =
        body.word("reason", Body.without(ApprovalReason.NULL_VAL, ApprovalReason.values()));
    final LocalDate first = body.day("firstDay");
    final LocalDate last = body.day("lastDay");
    if (last == null) {
      throw Body.bad("lastDay", "is missing", "give the last day on which it holds: 2026-12-31");
    }
    final long amountMinor = body.number("amountMinor", Category.NO_LIMIT);
    if (amountMinor < 0 && amountMinor != Category.NO_LIMIT) {
      throw Body.bad("amountMinor", "is below 0", "give minor units (ore), or leave it out: no limit");
    }
    final long uses = body.number("uses", 0);
    if (uses < 0 || uses > Integer.MAX_VALUE) {
      throw Body.bad("uses", "is no number of purchases", "give 1 to 10000, or leave it out: any number");
    }
    final List<Integer> numbers = countries(body.texts("countries", ApprovalTerms.MOST_COUNTRIES));
    final List<Covered> scope = scope(body);
    final boolean thisCardOnly = body.flag("thisCardOnly");
    final boolean opensSavings = body.flag("opensSavings");
    body.end();
    return new ApprovalTerms(
        hash(keys.get(0)),
        thisCardOnly,
        opensSavings,
        reason,
        first == null ? 0 : startOf(first),
        startOf(last.plusDays(1)),
        amountMinor,
        (int) uses,
        numbers,
        scope,
        AdminKey.NAME);
  }

  private List<Integer> countries(List<String> words) throws Problem {
    List<Integer> numbers = new ArrayList<>();
    for (String word : words) {
      int number = countries.number(word);
      if (number == 0) {
        throw Body.bad("countries", "holds what is no country", "give two capital letters: [\"NO\"], or [\"any\"]");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private static List<Covered> scope(Body body) throws Problem {
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
      Matcher parts = MERCHANT.matcher(merchant);
      if (!parts.matches()) {
        throw Body.bad("merchants", "holds what is no merchant", "give acquirer and DE 42: [\"123456/BUTIK0001\"]");
      }
      scope.add(Covered.merchant(Long.parseLong(parts.group(1)), parts.group(2)));
    }
    if (scope.size() > ApprovalTerms.MOST_ENTRIES) {
      throw Body.bad(
          "categories",
          "with mccs and merchants are " + scope.size(),
          "give at most " + ApprovalTerms.MOST_ENTRIES);
    }
    return scope;
  }

  /** Whether a grant before, with the same key, was of the same. */
  static boolean isSame(ApprovalTerms terms, CardView.Allowance before) {
    return terms.reason() == before.reason()
        && terms.thisCardOnly() == before.thisCardOnly()
        && terms.opensSavings() == before.opensSavings()
        && terms.validFromMs() == before.validFromMs()
        && terms.validUntilMs() == before.validUntilMs()
        && terms.amountMinor() == before.grantedMinor()
        && terms.uses() == before.uses()
        && terms.countries().equals(before.countries())
        && terms.scope().stream().map(ApprovalForm::words).toList().equals(before.covers());
  }

  /** As a card's view names it. */
  private static String words(Covered covered) {
    if (covered.kind() == ScopeKind.CATEGORY) {
      return covered.category();
    }
    return covered.kind() == ScopeKind.MCC
        ? String.format(Locale.ROOT, "MCC %04d", covered.mcc())
        : "merchant " + covered.acquirer() + " " + covered.merchantId();
  }

  private static long startOf(LocalDate day) {
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
