package se.valfardskort.loadtest.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Answer;
import se.valfardskort.loadtest.client.Kronor;
import se.valfardskort.loadtest.client.PlainWords;
import se.valfardskort.loadtest.client.Purses;

/** Prints the demo's rows for a person who sees them for the first time. Used by one thread. */
final class DemoTable {
  private static final int WHO = 8;
  private static final int WHERE = 22;
  private static final int WHAT = 27;
  private static final int AMOUNT = 9;
  private static final int ANSWER = 12;
  private static final int PURSE = 20;

  private final PrintStream out;
  private final PlainWords.Language language;
  private int number;
  private int approved;

  DemoTable(PrintStream out, PlainWords.Language language) {
    this.out = out;
    this.language = language;
  }

  /** The people, so that the rows need only first names. */
  void printPeople(DemoScript script) {
    out.println(sv() ? "Korten (kortnummer, innehavare, vad som är särskilt):"
        : "The cards (number, holder, what is special):");
    for (DemoScript.Person person : script.people().values()) {
      String about = sv() ? person.om() : person.about();
      out.println("  " + person.card() + "  " + fit(person.holder(), WHO) + "  " + about);
    }
    out.println();
  }

  void printHead(String binaryAddress, String asciiAddress) {
    out.println((sv() ? "Köpen går som ISO 8583 över TCP till " : "The purchases travel as ISO 8583 over TCP to ")
        + binaryAddress + (sv() ? ", några till " : ", some to ") + asciiAddress + ".");
    out.println();
    out.println(row("  #", sv() ? "vem" : "who", sv() ? "var" : "where", sv() ? "vad" : "what",
        right("kronor", AMOUNT), sv() ? "svar" : "answer", "CASH", "HJARTAN"));
    out.println(row("---", dashes(WHO), dashes(WHERE), dashes(WHAT), dashes(AMOUNT), dashes(ANSWER), dashes(PURSE),
        dashes(PURSE)));
  }

  /** One row, and under it the reason in plain words. */
  void print(Outcome outcome) {
    number++;
    Answer answer = outcome.answer();
    DemoScript.Purchase purchase = outcome.purchase();
    if (answer.isApproved()) {
      approved++;
    }
    String verdict = answer.isApproved() ? (sv() ? "godkänt " : "approved ") : (sv() ? "nekat " : "declined ");
    boolean amountless = purchase.kind() == DemoScript.Kind.INQUIRY;
    out.println(row(right(Integer.toString(number), 3), purchase.person().holder(), purchase.shop(),
        sv() ? purchase.vad() : purchase.what(),
        right(amountless ? "" : Kronor.format(purchase.amountMinor()), AMOUNT), verdict + answer.responseCode(),
        change(outcome, true), change(outcome, false)));
    out.println("               " + why(outcome, language));
  }

  void printSum() {
    out.println();
    out.println(sv() ? number + " rader: " + approved + " godkända, " + (number - approved) + " nekade."
        : number + " rows: " + approved + " approved, " + (number - approved) + " declined.");
  }

  /** Why the answer is what it is: the reason of a decline, the purses that paid for an approval. */
  static String why(Outcome outcome, PlainWords.Language language) {
    boolean sv = language == PlainWords.Language.SV;
    Answer answer = outcome.answer();
    if (!answer.isApproved()) {
      int reason = answer.reasonCode();
      return reason == Answer.NO_REASON ? PlainWords.ofCode(answer.responseCode(), language)
          : PlainWords.ofReason(reason, language);
    }
    Purses before = outcome.before();
    Purses after = outcome.after();
    if (before == null || after == null) {
      return sv ? "godkänt" : "approved";
    }
    String parts = parts(before, after);
    if (parts.isEmpty() && outcome.purchase().kind() == DemoScript.Kind.PURCHASE) {
      return sv ? "ett besök, kostar ingenting" : "a visit, costs nothing";
    }
    return switch (outcome.purchase().kind()) {
      case INQUIRY -> sv ? "det här finns på kortet" : "this is what the card holds";
      case REPEAT -> sv ? "samma svar igen, inget dras" : "the same answer again, nothing is taken";
      case REVERSAL -> (sv ? "tillbaka till kortet: " : "given back: ") + parts;
      case PURCHASE -> (sv ? "betalat med " : "paid with ") + parts;
    };
  }

  /** What each purse has paid or got back, in the order in which they pay. */
  private static String parts(Purses before, Purses after) {
    List<String> parts = new ArrayList<>();
    if (before.earmarksMinor() != null && after.earmarksMinor() != null) {
      part(parts, before.earmarksMinor(), after.earmarksMinor(), " EARMARK");
    }
    part(parts, before.hjartanMinor(), after.hjartanMinor(), " HJARTAN");
    part(parts, before.cashMinor(), after.cashMinor(), " CASH");
    return String.join(" + ", parts);
  }

  private static void part(List<String> parts, long beforeMinor, long afterMinor, String purse) {
    if (beforeMinor != afterMinor) {
      parts.add(Kronor.format(Math.abs(beforeMinor - afterMinor)) + purse);
    }
  }

  /** The outcome for a program. */
  static Map<String, Object> json(Outcome outcome) {
    DemoScript.Purchase purchase = outcome.purchase();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("id", purchase.id());
    all.put("card", purchase.person().card());
    all.put("merchant", purchase.merchant());
    all.put("mcc", purchase.mcc());
    all.put("amountMinor", purchase.amountMinor());
    all.put("responseCode", outcome.answer().responseCode());
    all.put("reasonCode", outcome.answer().reasonCode());
    all.put("reason", why(outcome, PlainWords.Language.EN));
    put(all, "before", outcome.before());
    put(all, "after", outcome.after());
    all.put("elapsedMicros", outcome.answer().elapsedNs() / 1000);
    return all;
  }

  private static void put(Map<String, Object> all, String name, @Nullable Purses purses) {
    if (purses != null) {
      Map<String, Object> minor = new LinkedHashMap<>();
      minor.put("cashMinor", purses.cashMinor());
      minor.put("hjartanMinor", purses.hjartanMinor());
      if (purses.earmarksMinor() != null) {
        minor.put("earmarksMinor", purses.earmarksMinor());
      }
      all.put(name, minor);
    }
  }

  private static String change(Outcome outcome, boolean cash) {
    Purses before = outcome.before();
    Purses after = outcome.after();
    if (before == null || after == null) {
      return "-";
    }
    long was = cash ? before.cashMinor() : before.hjartanMinor();
    long is = cash ? after.cashMinor() : after.hjartanMinor();
    return was == is ? Kronor.format(is) : Kronor.format(was) + " > " + Kronor.format(is);
  }

  private static String row(String number, String who, String where, String what, String amount, String answer,
      String cash, String hjartan) {
    return (number + "  " + fit(who, WHO) + "  " + fit(where, WHERE) + "  " + fit(what, WHAT) + "  " + amount + "  "
        + fit(answer, ANSWER) + "  " + fit(cash, PURSE) + "  " + fit(hjartan, PURSE)).stripTrailing();
  }

  private boolean sv() {
    return language == PlainWords.Language.SV;
  }

  private static String dashes(int count) {
    return "-".repeat(count);
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static String fit(String text, int width) {
    return text.length() > width ? text.substring(0, width) : text + " ".repeat(width - text.length());
  }
}
