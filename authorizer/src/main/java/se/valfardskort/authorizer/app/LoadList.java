package se.valfardskort.authorizer.app;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.domain.LoadCalculator;
import se.valfardskort.authorizer.domain.LoadNeed;
import se.valfardskort.authorizer.domain.LoadRules;
import se.valfardskort.authorizer.domain.LoadStatement;
import se.valfardskort.authorizer.engine.LoadTerms;

/**
 * A list of cards and what their month's load is worked out from, as a CSV file; read whole before anything is done
 * with it. Immutable. No line is left out in silence: a list with one bad line is a bad list.
 */
final class LoadList {
  /** The first line. */
  static final List<String> COLUMNS =
      List.of("card", "adults", "children", "rent", "special-needs", "earned", "month", "ring", "supplements");

  /** Nine digits, a whole card number, or a panToken. */
  private static final Pattern CARD = Pattern.compile("[0-9]{9}|[0-9]{12,19}|[0-9a-f]{64}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}\\.[0-9]{2}");
  private static final Pattern SUPPLEMENT = Pattern.compile("([a-z][a-z0-9-]{0,39}):([0-9]{1,9}\\.[0-9]{2})");
  private static final int BIN_DIGITS = 6;
  private static final int LAST_DIGITS = 4;
  private static final int LONGEST_NUMBER = 19;
  private static final int TOKEN_SHOWN = 8;
  private static final int MOST_MISTAKES = 100;
  private static final int NINE = CardPlan.NUMBER_DIGITS;
  /** With the six others that a load can have: what one command has room for. */
  private static final int MOST_SUPPLEMENTS = LoadTerms.MOST_COMPONENTS - 6;

  private final Path file;
  private final LoadRules rules;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, Long> lines = new HashMap<>();

  /**
   * One card's load.
   *
   * @param line where it stands in the file
   * @param card nine digits (a card's number without BIN and check digit), a whole card number, or a panToken
   */
  record Entry(long line, String card, LoadStatement statement) {
    /** What may be shown of the card. */
    String shown() {
      return shownOf(card);
    }
  }

  private LoadList(Path file, LoadRules rules) {
    this.file = file;
    this.rules = rules;
  }

  /** Reads a list and works it out; {@link #mistakes} says what is wrong with it. */
  static LoadList read(Path file, LoadRules rules) throws IOException {
    LoadList list = new LoadList(file, rules);
    String first;
    try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      first = line == null ? "" : line;
    }
    // What a Swedish spreadsheet writes.
    char separator = first.contains(";") ? ';' : ',';
    try (CsvReader<CsvRecord> records =
        CsvReader.builder()
            .fieldSeparator(separator)
            .detectBomHeader(true)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(file)) {
      list.readAll(records);
    } catch (CsvParseException unreadable) {
      list.mistakes.add(
          file + ": this is not CSV (" + unreadable.getMessage() + "); write it with a spreadsheet again");
    }
    return list;
  }

  /** BIN and last four digits of a card number; the beginning of a panToken; all of nine digits, which are neither. */
  static String shownOf(String card) {
    if (card.length() <= NINE) {
      return card;
    }
    int hidden = card.length() - BIN_DIGITS - LAST_DIGITS;
    return card.length() > LONGEST_NUMBER
        ? card.substring(0, TOKEN_SHOWN) + "..."
        : card.substring(0, BIN_DIGITS) + "*".repeat(hidden) + card.substring(card.length() - LAST_DIGITS);
  }

  /** Cards in the file's order. */
  List<Entry> entries() {
    return entries;
  }

  /** Each with file, line and mend; empty: the list is sound. */
  List<String> mistakes() {
    return mistakes;
  }

  private void readAll(Iterable<CsvRecord> records) {
    boolean head = true;
    for (CsvRecord each : records) {
      if (head) {
        head = false;
        if (!each.getFields().equals(COLUMNS)) {
          mistake(each, "the first line is not that of a load list", "write " + String.join(",", COLUMNS));
          return;
        }
      } else if (each.getFieldCount() != COLUMNS.size()) {
        mistake(each, "it has " + each.getFieldCount() + " fields", "write all " + COLUMNS.size() + ", the last empty");
      } else {
        readCard(each);
      }
    }
    if (entries.isEmpty() && mistakes.isEmpty()) {
      mistakes.add(file + ": there is no card in it; write one a line below " + String.join(",", COLUMNS));
    }
  }

  private void readCard(CsvRecord each) {
    int before = mistakes.size();
    String card = each.getField(0);
    if (!CARD.matcher(card).matches()) {
      // What is longer than nine characters may be most of a card number.
      mistake(
          each,
          (card.length() <= NINE ? JsonObject.of(card) : "this") + " is no card",
          "write the nine digits between BIN and check digit, the whole number, or the panToken");
    } else if (card.length() > NINE && card.length() <= LONGEST_NUMBER && !CardOption.isCardNumber(card)) {
      mistake(each, "the card number's last digit is wrong", "read the number again");
    }
    Long earlier = lines.putIfAbsent(card, each.getStartingLineNumber());
    if (earlier != null) {
      mistake(
          each,
          "card " + JsonObject.of(shownOf(card)) + " is in line " + earlier + " already",
          "keep one: once a month a card");
    }
    final int adults = number(each, 1);
    final int children = number(each, 2);
    final long rent = amount(each, 3);
    final long special = amount(each, 4);
    final long earned = amount(each, 5);
    final int month = number(each, 6);
    String ring = each.getField(7);
    if (!ring.equals("yes") && !ring.equals("no")) {
      mistake(each, JsonObject.of(ring) + " says nothing of a ring", "write yes (attested as active) or no");
    }
    final Map<String, Long> supplements = supplements(each);
    if (mistakes.size() == before) {
      try {
        LoadNeed need =
            new LoadNeed(adults, children, rent, special, earned, month, ring.equals("yes"), supplements);
        entries.add(new Entry(each.getStartingLineNumber(), card, LoadCalculator.of(rules, need)));
      } catch (IllegalArgumentException impossible) {
        mistake(each, String.valueOf(impossible.getMessage()), "amounts in this message are ore");
      }
    }
  }

  private int number(CsvRecord each, int column) {
    String field = each.getField(column);
    if (!NUMBER.matcher(field).matches()) {
      mistake(each, JsonObject.of(field) + " is no number of " + COLUMNS.get(column), "write a whole number in digits");
      return 1;
    }
    return Integer.parseInt(field);
  }

  private long amount(CsvRecord each, int column) {
    String field = each.getField(column);
    if (!AMOUNT.matcher(field).matches()) {
      mistake(each, JsonObject.of(field) + " is no amount for " + COLUMNS.get(column), "write it like 7450.00");
      return 0;
    }
    return minor(field);
  }

  private Map<String, Long> supplements(CsvRecord each) {
    Map<String, Long> supplements = new HashMap<>();
    String field = each.getField(COLUMNS.size() - 1).strip();
    for (String part : field.isEmpty() ? new String[0] : field.split(" +", -1)) {
      var matcher = SUPPLEMENT.matcher(part);
      if (!matcher.matches() || supplements.put(matcher.group(1), minor(matcher.group(2))) != null) {
        mistake(
            each, JsonObject.of(part) + " is no supplement, or one for the second time",
            "write them like mentoring:1500.00 skills:1000.00");
        return Map.of();
      }
    }
    if (supplements.size() > MOST_SUPPLEMENTS) {
      mistake(each, "it has " + supplements.size() + " supplements", "give at most " + MOST_SUPPLEMENTS + " a card");
    }
    return supplements;
  }

  private static long minor(String amount) {
    return new BigDecimal(amount).movePointRight(2).longValueExact();
  }

  private void mistake(CsvRecord each, String what, String mend) {
    mistake(each.getStartingLineNumber(), what, mend);
  }

  /** Notes what somebody else has found to be wrong with a line. */
  void mistake(long line, String what, String mend) {
    if (mistakes.size() < MOST_MISTAKES) {
      mistakes.add(file + ":" + line + ": " + what + "; " + mend);
    }
  }
}
