package se.valfardskort.loadtest.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.RequestBuilder;
import se.valfardskort.loadtest.client.UserError;

/**
 * The demo's people and purchases, from {@code config/demo/demo.yaml}. Immutable.
 *
 * @param people by card number
 * @param purchases in order
 */
record DemoScript(Map<String, Person> people, List<Purchase> purchases) {
  private static final Set<String> PERSON_NAMES = Set.of("card", "holder", "about", "om", "expiry");
  private static final Set<String> PURCHASE_NAMES = Set.of("id", "card", "shop", "what", "vad", "merchant", "mcc",
      "amount", "message", "processing", "country", "link", "pin", "inquiry");
  private static final Set<String> AGAIN_NAMES = Set.of("id", "what", "vad", "repeats", "reverses", "amount");

  /**
   * A card and who holds it in the story.
   *
   * @param card nine digits
   * @param holder first name
   * @param about what is special about the card
   * @param om the same in Swedish
   * @param expiry DE 14, YYMM
   */
  record Person(String card, String holder, String about, String om, String expiry) {}

  /** What a row sends. */
  enum Kind {
    /** A message of its own. */
    PURCHASE,
    /** The bytes of an earlier row, possibly with another amount. */
    REPEAT,
    /** A 0400 for an earlier row. */
    REVERSAL,
    /** A balance inquiry. */
    INQUIRY
  }

  /**
   * One row.
   *
   * @param id its name
   * @param kind what it sends
   * @param original the earlier row that it repeats or reverses, else null
   * @param person who buys
   * @param shop the shop's name
   * @param what what is bought, in words
   * @param vad the same in Swedish
   * @param merchant DE 42
   * @param mcc DE 18
   * @param amountMinor minor units; of a repeat: the original's unless another is stated
   * @param message MTI as a number
   * @param processing DE 3
   * @param country two letters
   * @param ascii whether it goes to the ASCII link
   * @param pin whether it carries a DE 52
   * @param place file and line
   */
  record Purchase(
      String id,
      Kind kind,
      @Nullable Purchase original,
      Person person,
      String shop,
      String what,
      String vad,
      String merchant,
      String mcc,
      long amountMinor,
      int message,
      String processing,
      String country,
      boolean ascii,
      boolean pin,
      String place) {}

  /**
   * Reads the script.
   *
   * @throws UserError names file, line and mend
   */
  static DemoScript read(Path file) {
    YamlPart top = YamlPart.read(file);
    top.allowOnly(Set.of("people", "purchases"));
    Map<String, Person> people = new LinkedHashMap<>();
    for (YamlPart part : top.list("people")) {
      part.allowOnly(PERSON_NAMES);
      String card = part.digits("card", 9);
      String expiry = part.has("expiry") ? part.digits("expiry", 4) : RequestBuilder.DEFAULT_EXPIRY;
      if (people.put(card, personOf(part, card, expiry)) != null) {
        throw part.complaint("card", card + " stands here twice; give every card one line");
      }
    }
    Map<String, Purchase> purchases = new LinkedHashMap<>();
    for (YamlPart part : top.list("purchases")) {
      boolean again = part.has("repeats") || part.has("reverses");
      Purchase purchase = again ? again(part, purchases) : purchase(part, people);
      if (purchases.put(purchase.id(), purchase) != null) {
        throw part.complaint("id", purchase.id() + " stands here twice; give every row its own name");
      }
    }
    return new DemoScript(people, new ArrayList<>(purchases.values()));
  }

  private static Person personOf(YamlPart part, String card, String expiry) {
    String about = part.text("about");
    return new Person(card, part.text("holder"), about, part.text("om", about), expiry);
  }

  private static Purchase purchase(YamlPart part, Map<String, Person> people) {
    part.allowOnly(PURCHASE_NAMES);
    String card = part.digits("card", 9);
    Person person = people.get(card);
    if (person == null) {
      throw part.complaint("card", card + " is nobody's; add it to 'people'");
    }
    String message = part.text("message", "0100");
    if (!message.equals("0100") && !message.equals("0200")) {
      throw part.complaint("message", "'" + message + "' is neither 0100 nor 0200");
    }
    boolean inquiry = yes(part, "inquiry");
    String processing = part.has("processing") ? part.digits("processing", 6) : "000000";
    return new Purchase(part.text("id"), inquiry ? Kind.INQUIRY : Kind.PURCHASE, null, person, part.text("shop"),
        part.text("what"), part.text("vad", part.text("what")), part.text("merchant"), part.digits("mcc", 4),
        part.amountMinor("amount"),
        Integer.parseInt(message), inquiry ? "310000" : processing, part.text("country", "SE"), ascii(part),
        yes(part, "pin"), part.place());
  }

  private static Purchase again(YamlPart part, Map<String, Purchase> earlier) {
    part.allowOnly(AGAIN_NAMES);
    String name = part.has("repeats") ? "repeats" : "reverses";
    Purchase original = earlier.get(part.text(name));
    if (original == null) {
      throw part.complaint(name, "no earlier row is called '" + part.text(name) + "'");
    }
    boolean reversal = name.equals("reverses");
    long amountMinor = part.has("amount") ? part.amountMinor("amount") : original.amountMinor();
    return new Purchase(part.text("id"), reversal ? Kind.REVERSAL : Kind.REPEAT, original, original.person(),
        original.shop(), part.text("what"), part.text("vad", part.text("what")), original.merchant(), original.mcc(),
        amountMinor,
        reversal ? 400 : original.message(), original.processing(), original.country(), original.ascii(),
        original.pin(), part.place());
  }

  private static boolean ascii(YamlPart part) {
    String link = part.text("link", "binary");
    if (!link.equals("ascii") && !link.equals("binary")) {
      throw part.complaint("link", "'" + link + "' is neither ascii nor binary");
    }
    return link.equals("ascii");
  }

  private static boolean yes(YamlPart part, String name) {
    String value = part.text(name, "no");
    if (!value.equals("yes") && !value.equals("no")) {
      throw part.complaint(name, "'" + value + "' is neither yes nor no");
    }
    return value.equals("yes");
  }
}
