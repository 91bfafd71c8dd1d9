package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Grants that neighbours verify, and bonuses, for people, in Swedish or English. Owned by one thread. */
final class OfferText {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final String ROW = "%-7s %-20s %12s  %-17s %-17s %s%n";

  private static final Map<String, String> KINDS =
      Map.of(
          "food", "mat",
          "appliance", "vitvaror, reparation",
          "funeral", "begravning",
          "housing", "tillfälligt boende",
          "crisis", "kris");
  private static final Map<String, String> STATES_SV =
      Map.of(
          "open", "väntar på grannarnas svar",
          "paid", "beviljad: öronmärkning ",
          "ordinary", "går till vanlig handläggning hos kommunen",
          "withdrawn", "tillbakadragen");
  private static final Map<String, String> STATES_EN =
      Map.of(
          "open", "waits for the neighbours' answers",
          "paid", "granted: earmark ",
          "ordinary", "goes to the municipality's ordinary handling",
          "withdrawn", "withdrawn");

  private final PrintWriter out;
  private final boolean swedish;

  /** @param language a code; everything but {@code sv} is English here */
  OfferText(PrintWriter out, String language) {
    this.out = out;
    this.swedish = language.equals("sv");
  }

  private String say(String inSwedish, String inEnglish) {
    return swedish ? inSwedish : inEnglish;
  }

  void grants(Map<?, ?> grants) {
    Object barred = grants.get("barredUntil");
    if (barred != null) {
      out.println(
          say("Inget snabbspår före ", "No fast track before ") + barred
              + say("; vanlig handläggning gäller.", "; ordinary handling is open."));
    }
    List<Map<?, ?>> requests = AdminTable.maps(grants, "requests");
    if (requests.isEmpty()) {
      out.println(say("inga begäranden", "no requests"));
      return;
    }
    requests(requests);
  }

  void requests(List<Map<?, ?>> requests) {
    out.printf(
        Locale.ROOT, ROW, say("nummer", "number"), say("för", "for"), say("kronor", "kronor"),
        say("begärd", "requested"), say("svar före", "answer before"), say("läge", "state"));
    for (Map<?, ?> grant : requests) {
      String kind = String.valueOf(grant.get("kind"));
      String state = String.valueOf(grant.get("state"));
      out.printf(
          Locale.ROOT, ROW, grant.get("number"), swedish ? KINDS.getOrDefault(kind, kind) : kind,
          AdminTable.kronor(grant, "amountMinor"), minute(grant.get("requestedAt")), minute(grant.get("answerBefore")),
          (swedish ? STATES_SV : STATES_EN).getOrDefault(state, state)
              + (state.equals("paid") ? grant.get("earmark") : ""));
    }
  }

  private static String minute(@Nullable Object instant) {
    try {
      return MINUTE.format(Instant.parse(String.valueOf(instant)).atZone(STOCKHOLM));
    } catch (DateTimeException unreadable) {
      return "-";
    }
  }

  void answered(Map<?, ?> answer) {
    out.println(
        say("Svaret på begäran ", "The answer to request ") + answer.get("answered")
            + say(" är mottaget. Vem som svarade vad visas för ingen.",
                " is taken. Who said what is shown to nobody."));
  }

  void order(Map<?, ?> order) {
    out.println(
        say("Beställt för utbetalning: ", "Ordered for payout: ") + AdminTable.kronor(order, "amountMinor")
            + say(" kr, referens ", " kr, reference ") + order.get("reference"));
    bonus(AdminTable.map(order, "bonus"));
  }

  void bonus(Map<?, ?> bonus) {
    Object first = bonus.get("firstLoadOn");
    out.println(
        say("Första insättning: ", "First load: ") + AdminTable.or(first, say("ingen ännu", "none yet"))
            + say("; år som har gått: ", "; years that have ended: ") + bonus.get("year")
            + say(", senast utbetald bonus: år ", ", bonus last paid: year ") + bonus.get("paidYear"));
    out.println(
        say("Högst ", "At most ") + AdminTable.kronor(bonus, "mostMinor")
            + say(" kr per år; beställt för utbetalning i allt: ", " kr a year; ordered for payout in all: ")
            + AdminTable.kronor(bonus, "orderedMinor") + " kr");
  }
}
