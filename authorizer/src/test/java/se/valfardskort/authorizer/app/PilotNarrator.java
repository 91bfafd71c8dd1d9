package se.valfardskort.authorizer.app;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import se.valfardskort.authorizer.app.PilotScript.Act;
import se.valfardskort.authorizer.app.PilotScript.Row;
import se.valfardskort.authorizer.app.PilotScript.Step;

/** Tells the pilot month as it is played, in Swedish or English. */
final class PilotNarrator {
  private static final int WIDTH = 110;
  private static final Map<String, String> SV =
      Map.ofEntries(
          Map.entry("begin", "En pilotmånad: %,d kort i tre kommuner. Tärningens frö: %d."),
          Map.entry("end", "Allt blev som berättelsen säger, och böckerna stämmer på öret."),
          Map.entry("same-answer", "samma svar som förra gången"),
          Map.entry("same-state", "samma böcker och samma tillstånd före och efter"),
          Map.entry("approved", "godkännande"),
          Map.entry("granted", "öronmärkning"),
          Map.entry("load", "%s: %d kort, %s kr och %s hjärtan"),
          Map.entry("crowd", "%s köp, %d dragna för granskning (väntat %.0f, gränser %s till %s)"),
          Map.entry("POOL", "kommunernas potter"),
          Map.entry("CASH_AVAILABLE", "på korten, kronor"),
          Map.entry("CASH_HELD", "reserverat"),
          Map.entry("EARMARK_AVAILABLE", "öronmärkt"),
          Map.entry("SETTLEMENT_DUE", "betalt i butiker"),
          Map.entry("TREASURY_BACKING", "kassan bakom hjärtana"),
          Map.entry("BANK", "inbetalt"),
          Map.entry("HJARTAN_AVAILABLE", "på korten, hjärtan"),
          Map.entry("PROVIDER_HJARTAN", "hos föreningarna, hjärtan"),
          Map.entry("HJARTAN_ISSUED", "utgivna hjärtan"));
  private static final Map<String, String> EN =
      Map.ofEntries(
          Map.entry("begin", "A pilot month: %,d cards in three municipalities. Seed of the dice: %d."),
          Map.entry("end", "All came out as the story says, and the books balance to the öre."),
          Map.entry("same-answer", "the same answer as before"),
          Map.entry("same-state", "the same books and the same state before and after"),
          Map.entry("approved", "approval"),
          Map.entry("granted", "earmark"),
          Map.entry("load", "%s: %d cards, %s kr and %s Hjärtan"),
          Map.entry("crowd", "%s purchases, %d drawn for review (expected %.0f, bounds %s to %s)"),
          Map.entry("POOL", "the municipalities' pools"),
          Map.entry("CASH_AVAILABLE", "on the cards, kronor"),
          Map.entry("CASH_HELD", "held"),
          Map.entry("EARMARK_AVAILABLE", "earmarked"),
          Map.entry("SETTLEMENT_DUE", "paid in shops"),
          Map.entry("TREASURY_BACKING", "treasury behind the Hjärtan"),
          Map.entry("BANK", "paid in"),
          Map.entry("HJARTAN_AVAILABLE", "on the cards, Hjärtan"),
          Map.entry("PROVIDER_HJARTAN", "with the providers, Hjärtan"),
          Map.entry("HJARTAN_ISSUED", "Hjärtan issued"));

  private final String language;
  private final Map<String, String> words;
  private final PrintStream out;

  /** @param language sv or en */
  PilotNarrator(String language, PrintStream out) {
    this.language = language;
    this.words = language.equals("sv") ? SV : EN;
    this.out = out;
  }

  private String word(String name) {
    return words.getOrDefault(name, name);
  }

  void begin(int cards, long seed) {
    out.println(String.format(Locale.ROOT, word("begin"), cards, seed));
  }

  void end() {
    out.println();
    out.println(word("end"));
  }

  void step(Step step) {
    out.println();
    out.println(step.at() + "  " + step.title().get(language));
    StringBuilder line = new StringBuilder();
    for (String word : step.text().get(language).split(" ", -1)) {
      if (line.length() + word.length() > WIDTH) {
        out.println("  " + line.toString().strip());
        line.setLength(0);
      }
      line.append(word).append(' ');
    }
    out.println("  " + line.toString().strip());
  }

  void purchase(Row row, String answer) {
    out.println(
        String.format(
            Locale.ROOT, "    %-7s %10s  %s  %-15s  %-7s  %-15s  %s", row.get("who"), row.get("kronor"), row.get("mcc"),
            row.get("shop"), answer, row.get("paid by"), row.get("what")));
  }

  void line(String what, String more) {
    out.println("    " + word(what) + ": " + more);
  }

  void load(Row programme, int cards, long cashMinor, long hjartanMinor) {
    out.println(
        "    "
            + String.format(
                Locale.ROOT, word("load"), programme.get("shown as"), cards, Kronor.of(cashMinor),
                Kronor.of(hjartanMinor)));
  }

  void crowd(Act act, int drawn) {
    double expected = act.number("purchases") * act.number("percent") / 100.0;
    out.println(
        "    "
            + String.format(
                Locale.ROOT, word("crowd"), act.word("purchases"), drawn, expected, act.word("at-least"),
                act.word("at-most")));
  }

  /** The books as both have them. */
  void books(Map<?, ?> replayed, PilotBooks books) {
    Map<String, Long> ledger = new LinkedHashMap<>(books.ledger());
    out.println(
        String.format(
            Locale.ROOT, "    %-30s %18s      %-30s %18s", "#" + replayed.get("sequence"), "kr",
            replayed.get("stateHash"), "Hjärtan"));
    row(ledger, "BANK", "HJARTAN_ISSUED");
    row(ledger, "POOL", "HJARTAN_AVAILABLE");
    row(ledger, "TREASURY_BACKING", "PROVIDER_HJARTAN");
    for (String kronor : new String[] {"CASH_AVAILABLE", "CASH_HELD", "EARMARK_AVAILABLE", "SETTLEMENT_DUE"}) {
      out.println(String.format(Locale.ROOT, "    %-30s %18s", word(kronor), amount(ledger, kronor)));
    }
  }

  private void row(Map<String, Long> ledger, String kronor, String hjartan) {
    out.println(
        String.format(
            Locale.ROOT, "    %-30s %18s      %-30s %18s", word(kronor), amount(ledger, kronor), word(hjartan),
            amount(ledger, hjartan)));
  }

  private static String amount(Map<String, Long> ledger, String account) {
    return Kronor.of(ledger.getOrDefault(account, 0L));
  }
}
