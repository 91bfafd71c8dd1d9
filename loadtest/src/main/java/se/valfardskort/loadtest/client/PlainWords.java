package se.valfardskort.loadtest.client;

import java.util.HashMap;
import java.util.Map;

/**
 * What the answers' codes mean, in Swedish and English, for who stands beside the card. Stateless.
 *
 * <p>The reasons are the authorizer's stable reason codes, which the demo links put into DE 60; a test keeps the two
 * lists together.
 */
public final class PlainWords {
  /** The languages. */
  public enum Language {
    /** English. */
    EN,
    /** Swedish. */
    SV
  }

  private static final Map<Integer, Words> REASONS = new HashMap<>();
  private static final Map<String, Words> CODES = new HashMap<>();

  static {
    reason(0, "approved", "godkänt");
    reason(100, "a field is missing or cannot be", "ett fält saknas eller kan inte stämma");
    reason(110, "the message's seal (MAC) is wrong", "meddelandets sigill (MAC) stämmer inte");
    reason(120, "the link has not signed on", "förbindelsen har inte loggat in");
    reason(130, "this acquirer may not use this link", "inlösaren får inte använda förbindelsen");
    reason(140, "the same key was used for another request", "samma nyckel har använts för en annan begäran");
    reason(141, "the original has been taken back", "ursprungsköpet har tagits tillbaka");
    reason(142, "it was taken back before it arrived", "det togs tillbaka innan det kom fram");
    reason(150, "this kind of message is not handled", "den sortens meddelande hanteras inte");
    reason(151, "only kronor are handled", "bara kronor hanteras");
    reason(152, "the message's time is too far from now", "meddelandets tid ligger för långt från nu");
    reason(160, "a purchase of nothing", "ett köp på noll kronor");
    reason(161, "the amount is larger than can be", "beloppet är större än det kan vara");
    reason(170, "the card number's check digit is wrong", "kortnumrets kontrollsiffra stämmer inte");
    reason(171, "there is no such card", "kortet finns inte");
    reason(180, "the card is frozen", "kortet är fryst");
    reason(181, "the card is closed", "kortet är avslutat");
    reason(182, "the card is reported lost", "kortet är anmält förlorat");
    reason(183, "the card is reported stolen", "kortet är anmält stulet");
    reason(190, "the card has expired", "kortets giltighetstid har gått ut");
    reason(191, "the expiry date is not the card's", "giltighetstiden är inte kortets");
    reason(192, "two different expiry dates were sent", "två olika giltighetstider skickades");
    reason(200, "the card's security code is wrong", "kortets säkerhetskod stämmer inte");
    reason(201, "the chip's cryptogram is wrong", "chippets kryptogram stämmer inte");
    reason(202, "the PIN was wrong too many times", "fel PIN för många gånger");
    reason(203, "a PIN came that cannot be checked here", "en PIN kom som inte kan prövas här");
    reason(204, "wrong PIN", "fel PIN");
    reason(210, "the card never gives cash", "kortet ger aldrig kontanter");
    reason(211, "the card never gives cash back", "kortet ger aldrig kontanter vid köp");
    reason(212, "the shop sells money, or what is as good", "butiken säljer pengar eller det som är lika gott");
    reason(220, "this shop is on the deny list", "butiken står på spärrlistan");
    reason(230, "alcohol and tobacco are blocked", "alkohol och tobak är spärrade");
    reason(231, "gambling is blocked", "spel om pengar är spärrat");
    reason(232, "luxury goods are blocked", "lyxvaror är spärrade");
    reason(233, "these services are blocked", "de här tjänsterna är spärrade");
    reason(234, "duty-free shops are blocked", "taxfree-butiker är spärrade");
    reason(235, "the programme blocks what it does not list", "programmet spärrar det som inte står i listan");
    reason(240, "abroad needs an approval", "köp utomlands kräver godkännande");
    reason(241, "this journey needs an approval", "resan kräver godkännande");
    reason(250, "education needs an approval", "utbildning kräver godkännande");
    reason(251, "work tools need an approval", "arbetsredskap kräver godkännande");
    reason(252, "moving costs need an approval", "flyttkostnader kräver godkännande");
    reason(253, "paying debts needs an approval", "att betala skulder kräver godkännande");
    reason(254, "this category needs an approval", "kategorin kräver godkännande");
    reason(260, "more than one such purchase may cost", "mer än vad ett sådant köp får kosta");
    reason(261, "above this month's cap for the category", "över månadens tak för kategorin");
    reason(262, "above the limit for one purchase", "över gränsen för ett köp");
    reason(263, "above the category's limit for one purchase", "över kategorins gräns för ett köp");
    reason(264, "above the limit for a day", "över gränsen för en dag");
    reason(265, "above the category's limit for a day", "över kategorins gräns för en dag");
    reason(266, "above the limit for a month", "över gränsen för en månad");
    reason(267, "above the category's limit for a month", "över kategorins gräns för en månad");
    reason(270, "too much for contactless without PIN", "för mycket för kontaktlöst utan PIN");
    reason(271, "time for a PIN: contactless too many times", "dags för PIN: kontaktlöst för många gånger");
    reason(272, "too many reservations are open", "för många reservationer är öppna");
    reason(273, "more than the reservation allows", "mer än reservationen medger");
    reason(274, "this week's visits have been made", "veckans besök är gjorda");
    reason(279, "all visits have been made", "alla besök är gjorda");
    reason(275, "too many purchases in a day", "för många köp på en dag");
    reason(276, "too many purchases in the category in a day", "för många köp i kategorin på en dag");
    reason(277, "too many purchases in a month", "för många köp på en månad");
    reason(278, "too many purchases in the category in a month", "för många köp i kategorin på en månad");
    reason(280, "Hjärtan are not accepted by this shop", "butiken tar inte emot Hjärtan");
    reason(281, "this provider is suspended", "utföraren är avstängd tills vidare");
    reason(282, "this provider belongs to another area", "utföraren hör till ett annat område");
    reason(283, "Hjärtan cannot be spent in one's own business", "Hjärtan går inte att använda i egen rörelse");
    reason(284, "the provider has had its Hjärtan this month", "utföraren har fått månadens Hjärtan");
    reason(285, "savings open with an approval only", "sparandet öppnas bara med godkännande");
    reason(286, "the card has no credit", "kortet har ingen kredit");
    reason(290, "not enough in the purses that may pay here", "pengarna som får användas här räcker inte");
    reason(291, "not enough CASH", "kontantdelen räcker inte");
    reason(292, "not enough HJARTAN", "Hjärtan räcker inte");
    reason(300, "the original was never seen", "ursprungsköpet har aldrig kommit");
    reason(310, "the totals differ", "summorna skiljer sig");
    reason(900, "overloaded: try again", "överlastat: försök igen");
    reason(901, "the answer would have come too late", "svaret skulle ha kommit för sent");
    reason(910, "the system cannot take it now: try again", "systemet kan inte ta emot det nu: försök igen");
    reason(911, "the system is full: try again", "systemet är fullt: försök igen");

    code("00", "approved", "godkänt");
    code("03", "blocked shop or category", "spärrad butik eller kategori");
    code("05", "declined; may succeed with an approval", "nekat; kan gå igenom med ett godkännande");
    code("10", "approved in part", "delvis godkänt");
    code("12", "the function is not handled", "funktionen hanteras inte");
    code("13", "the amount cannot be", "beloppet kan inte stämma");
    code("14", "no such card", "kortet finns inte");
    code("25", "the original was not found", "ursprungsköpet hittades inte");
    code("30", "a field is wrong; DE 44 names it", "ett fält är fel; DE 44 säger vilket");
    code("31", "this acquirer may not use this link", "inlösaren får inte använda förbindelsen");
    code("41", "lost card", "förlorat kort");
    code("43", "stolen card", "stulet kort");
    code("51", "not enough money", "pengarna räcker inte");
    code("53", "savings are not open", "sparandet är inte öppet");
    code("54", "expired card", "kortets giltighetstid har gått ut");
    code("55", "wrong PIN", "fel PIN");
    code("57", "no cash with this card", "inga kontanter med kortet");
    code("58", "Hjärtan cannot be used here", "Hjärtan kan inte användas här");
    code("61", "an amount limit", "en beloppsgräns");
    code("62", "frozen or closed card", "fryst eller avslutat kort");
    code("63", "the message's seal (MAC) is wrong", "meddelandets sigill (MAC) stämmer inte");
    code("65", "a count limit", "en antalsgräns");
    code("75", "the PIN tries are used up", "PIN-försöken är slut");
    code("82", "PIN or security code cannot be verified", "PIN eller säkerhetskod kan inte verifieras");
    code("85", "the card is in order", "kortet är i sin ordning");
    code("91", "overloaded or not ready; nothing was booked", "överlastat eller inte klart; inget bokades");
    code("94", "a duplicate of something else or of what was reversed", "dubblett av något annat eller återtaget");
    code("96", "the system cannot take it; nothing was booked", "systemet kan inte ta emot det; inget bokades");
  }

  private PlainWords() {}

  /** What a stable reason code means; says so where it is not known. */
  public static String ofReason(int reason, Language language) {
    Words words = REASONS.get(reason);
    return words == null ? unknown(language) + " (R" + reason + ")" : words.in(language);
  }

  /** What DE 39 means; says so where it is not known. */
  public static String ofCode(String responseCode, Language language) {
    Words words = CODES.get(responseCode);
    return words == null ? unknown(language) + " (" + responseCode + ")" : words.in(language);
  }

  /** Whether the reason code has words. */
  public static boolean knowsReason(int reason) {
    return REASONS.containsKey(reason);
  }

  private static String unknown(Language language) {
    return language == Language.SV ? "okänd kod" : "unknown code";
  }

  private static void reason(int code, String english, String swedish) {
    if (REASONS.put(code, new Words(english, swedish)) != null) {
      throw new IllegalStateException("reason code " + code + " has words twice");
    }
  }

  private static void code(String code, String english, String swedish) {
    CODES.put(code, new Words(english, swedish));
  }

  /** One meaning in both languages. */
  private record Words(String english, String swedish) {
    String in(Language language) {
      return switch (language) {
        case EN -> english;
        case SV -> swedish;
      };
    }
  }
}
