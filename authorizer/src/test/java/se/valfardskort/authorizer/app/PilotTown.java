package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import se.valfardskort.authorizer.app.PilotScript.Act;
import se.valfardskort.authorizer.app.PilotScript.Row;

/** Who lives in the story's three municipalities: the told people, and everybody else by the number of the card. */
final class PilotTown {
  private final List<Row> programmes;
  private final Map<String, Row> people = new LinkedHashMap<>();
  private final Map<String, Row> households = new LinkedHashMap<>();
  private final Map<String, Integer> cards = new LinkedHashMap<>();

  /**
   * A line of a month's list, and what it must come to.
   *
   * @param line as the list has it
   */
  record Load(long card, String line, long cashMinor, long hjartanMinor) {}

  /** @param asked cards in all, in the story's proportions */
  PilotTown(PilotScript script, int asked) {
    programmes = script.table("programmes");
    script.table("people").forEach(person -> people.put(person.get("who"), person));
    script.table("households").forEach(one -> households.put(one.get("programme") + " " + one.get("kind"), one));
    for (Row programme : programmes) {
      int told = (int) people.values().stream().filter(each -> isIn(each, programme)).count();
      int share = (int) ((long) Integer.parseInt(programme.get("cards")) * asked / PilotMonth.CARDS);
      cards.put(programme.get("name"), Math.max(share, told + 2));
    }
  }

  private static boolean isIn(Row person, Row programme) {
    return programme.get("name").equals(person.get("programme"));
  }

  List<Row> programmes() {
    return programmes;
  }

  int cards() {
    return cards.values().stream().mapToInt(Integer::intValue).sum();
  }

  int cardsOf(Row programme) {
    return cards.getOrDefault(programme.get("name"), 0);
  }

  long card(String who) {
    return Long.parseLong(person(who).get("card"));
  }

  private Row person(String who) {
    Row person = people.get(who);
    if (person == null) {
      throw new IllegalArgumentException("nobody is called '" + who + "'");
    }
    return person;
  }

  Row programmeOf(String who) {
    return programmes.stream().filter(each -> isIn(person(who), each)).findFirst().orElseThrow();
  }

  /** How many ordinary cards there are. */
  int ordinary() {
    return ordinaryUpTo(programmes.getLast());
  }

  /** The first ordinary card that is not of this programme or one before it. */
  int ordinaryUpTo(Row programme) {
    int sum = 0;
    for (Row each : programmes) {
      sum += cardsOf(each) - (int) people.values().stream().filter(person -> isIn(person, each)).count();
      if (each.equals(programme)) {
        return sum;
      }
    }
    throw new IllegalArgumentException("no such programme: " + programme);
  }

  /** Numbers of the ordinary cards of programmes. */
  List<Long> ordinaryOf(List<String> names) {
    List<Long> numbers = new ArrayList<>();
    long first = 0;
    for (Row programme : programmes) {
      long end = ordinaryUpTo(programme);
      for (long number = first; names.contains(programme.get("name")) && number < end; number++) {
        numbers.add(number);
      }
      first = end;
    }
    return numbers;
  }

  /**
   * A {@code cards.yaml}.
   *
   * @param ordinary cards, those of earlier programmes included
   * @param earmarks to be granted, by who gets them
   */
  String plan(
      Row programme, int ordinary, long poolMinor, long backingMinor, Map<String, String> earmarks) {
    StringBuilder plan = new StringBuilder();
    plan.append("bin: \"975200\"\nprogramme: ").append(programme.get("name"));
    plan.append("\npool-per-card: ").append(kronor(poolMinor));
    plan.append("\nbacking-per-card: ").append(kronor(backingMinor));
    plan.append("\nordinary:\n  count: ").append(ordinary).append("\n  baz: ").append(programme.get("baz"));
    plan.append("\n  expires: \"3012\"\n  status: active\n  pin-tries-left: 3\n  cash: 0.00 kr\n  hjartan: 0.00 kr\n");
    plan.append("special:\n");
    people.values().stream().filter(person -> isIn(person, programme)).forEach(person -> {
      plan.append("  - number: \"").append(person.get("card")).append("\"\n    story: \"");
      plan.append(person.get("shown as")).append("\"\n");
      String granted = earmarks.get(person.get("who"));
      if (granted != null) {
        plan.append("    earmarks:\n").append(granted);
      }
    });
    return plan.toString();
  }

  /** An earmark as {@code cards.yaml} has it. */
  static String earmark(Act act) {
    StringBuilder text = new StringBuilder(200);
    text.append("      - for: ").append(act.word("for")).append('\n');
    if (act.words().containsKey("mccs")) {
      text.append("        mccs: [\"").append(act.word("mccs").replace(" ", "\", \"")).append("\"]\n");
    }
    if (act.words().containsKey("shop")) {
      text.append("        merchants:\n          - acquirer: \"123456\"\n            merchant: ");
      text.append(act.word("shop")).append('\n');
    }
    text.append("        amount: ").append(kronor(act.minor("amount"))).append('\n');
    text.append("        uses: ").append(act.word("uses")).append('\n');
    text.append("        uses-a-week: ").append(act.word("a-week")).append('\n');
    return text.append("        until: \"").append(act.word("until")).append("\"\n").toString();
  }

  private static String kronor(long minor) {
    return String.format(Locale.ROOT, "%d.%02d kr", minor / 100, minor % 100);
  }

  /** A month's list of a programme, the told people first. */
  List<Load> loads(Row programme, Act act) {
    List<Load> loads = new ArrayList<>();
    for (Row row : act.rows()) {
      if (programmeOf(row.get("who")).equals(programme)) {
        long card = card(row.get("who"));
        String line =
            String.join(
                ",", "%09d".formatted(card), row.get("adults"), row.get("children"), row.get("rent"),
                row.get("special"), row.get("earned"), row.get("month"), row.get("ring"),
                row.get("supplements").replace("-", ""));
        loads.add(new Load(card, line, PilotScript.minor(row.get("cash")), PilotScript.minor(row.get("hjartan"))));
      }
    }
    for (long card : ordinaryOf(List.of(programme.get("name")))) {
      Row household =
          Objects.requireNonNull(households.get(programme.get("name") + (card % 2 == 0 ? " even" : " odd")));
      String line =
          String.join(
              ",", "%09d".formatted(card), household.get("adults"), household.get("children"), household.get("rent"),
              "0.00", "0.00", act.word("month"), "no", "");
      loads.add(
          new Load(
              card, line, PilotScript.minor(household.get("cash")), PilotScript.minor(household.get("hjartan"))));
    }
    if (loads.size() != cardsOf(programme)) {
      throw new IllegalArgumentException("the list has " + loads.size() + " of " + cardsOf(programme) + " cards");
    }
    return loads;
  }

  static List<String> csv(List<Load> loads) {
    List<String> lines = new ArrayList<>();
    lines.add("card,adults,children,rent,special-needs,earned,month,ring,supplements");
    loads.forEach(load -> lines.add(load.line()));
    return lines;
  }
}
