package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedApproval;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedCard;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedEarmark;
import se.valfardskort.authorizer.app.config.CardPlan.Status;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Programme;

/** Reads {@code cards.yaml}: the cards with which a demonstration begins (wire.md section 7). */
final class CardsFile {
  private static final Pattern BIN = Pattern.compile("[0-9]{6}");
  private static final Pattern EXPIRY = Pattern.compile("[0-9]{2}(0[1-9]|1[0-2])");
  private static final Map<String, Status> STATUSES = statuses();
  /** For the keys of grants alone. */
  private static final long GRANTS_OF_A_CARD = 100;

  private static final long FIRST_EARMARK = 50;
  private static final int MOST_CARDS = 10_000_000;

  /** Those to which a card of the programme may belong. */
  private final Map<String, Integer> bazIndexes;

  private final Map<String, PolicyFile> policies;
  private final Map<String, Integer> programmeIds = new HashMap<>();
  private final Map<Integer, Set<String>> categories = new HashMap<>();

  private CardsFile(Map<String, Integer> bazIndexes, Map<String, PolicyFile> policies) {
    this.bazIndexes = new HashMap<>(bazIndexes);
    this.policies = policies;
    for (PolicyFile policy : policies.values()) {
      Programme each = policy.programme();
      programmeIds.put(each.name(), each.id());
      categories.put(each.id(), each.categories().stream().map(Category::name).collect(Collectors.toSet()));
    }
  }

  static CardPlan read(
      Path file, Map<String, Integer> bazIndexes, Map<String, PolicyFile> policies, Problems problems) {
    return new CardsFile(bazIndexes, policies).read(Section.read(file, problems));
  }

  private CardPlan read(Section root) {
    final String bin = root.scalar("bin").text(BIN, "a BIN of six digits");
    final Scalar named = root.scalar("programme");
    final int programme = named.choice(programmeIds, 1);
    PolicyFile policy = policies.get(named.raw());
    if (policy != null && !policy.baz().isEmpty()) {
      // Others are known, and no card of this programme belongs there.
      bazIndexes.keySet().retainAll(policy.baz());
    }
    final Set<String> known = categories.getOrDefault(programme, Set.of());
    final long pool = root.scalar("pool-per-card").amountMinor();
    final long backing = root.scalar("backing-per-card").amountMinor();
    Section ordinarySection = root.section("ordinary");
    final int count = ordinarySection.scalar("count").smallInteger(0, MOST_CARDS);
    final PlannedCard ordinary = readOrdinary(ordinarySection);
    ordinarySection.end();
    List<PlannedCard> special = new ArrayList<>();
    List<PlannedApproval> approvals = new ArrayList<>();
    List<PlannedEarmark> earmarks = new ArrayList<>();
    Map<Long, Place> seen = new HashMap<>();
    for (Section section : root.sections("special")) {
      Scalar number = section.scalar("number");
      long value = number.integer(0, 999_999_999);
      if (value < MOST_CARDS) {
        number.refuse(
            "card number " + number.raw() + " lies among the ordinary cards", "write one from 010000000 upwards");
      }
      Place earlier = seen.putIfAbsent(value, number.place());
      if (earlier != null) {
        number.refuse("card number " + number.raw() + " is already in line " + earlier.line(), "give each its own");
      }
      section.scalar("story").text();
      special.add(readSpecial(section, value, ordinary));
      readApprovals(section, value, known, approvals);
      readEarmarks(section, value, known, earmarks);
      section.end();
    }
    root.end();
    return new CardPlan(
        bin, programme, count, ordinary, List.copyOf(special), List.copyOf(approvals), List.copyOf(earmarks), pool,
        backing);
  }

  private PlannedCard readOrdinary(Section section) {
    return new PlannedCard(
        0,
        section.scalar("baz").choice(bazIndexes, 0),
        expiry(section.scalar("expires")),
        section.scalar("status").choice(STATUSES, Status.FROZEN),
        section.scalar("pin-tries-left").smallInteger(0, 9),
        section.scalar("cash").amountMinor(),
        section.scalar("hjartan").amountMinor());
  }

  /** What a special card does not say, it has in common with the ordinary ones. */
  private PlannedCard readSpecial(Section section, long number, PlannedCard like) {
    return new PlannedCard(
        number,
        section.has("baz") ? section.scalar("baz").choice(bazIndexes, 0) : like.bazId(),
        section.has("expires") ? expiry(section.scalar("expires")) : like.expiryYearMonth(),
        section.has("status") ? section.scalar("status").choice(STATUSES, Status.FROZEN) : like.status(),
        section.has("pin-tries-left") ? section.scalar("pin-tries-left").smallInteger(0, 9) : like.pinTriesLeft(),
        section.has("cash") ? section.scalar("cash").amountMinor() : like.cashMinor(),
        section.has("hjartan") ? section.scalar("hjartan").amountMinor() : like.hjartanMinor());
  }

  private static void readApprovals(
      Section section, long number, Set<String> known, List<PlannedApproval> approvals) {
    if (section.has("approvals")) {
      long key = number * GRANTS_OF_A_CARD;
      for (Section approval : section.sections("approvals")) {
        approvals.add(new PlannedApproval(number, ApprovalSection.read(approval, key++, known)));
      }
    }
  }

  private static void readEarmarks(Section section, long number, Set<String> known, List<PlannedEarmark> earmarks) {
    if (section.has("earmarks")) {
      long key = number * GRANTS_OF_A_CARD + FIRST_EARMARK;
      for (Section earmark : section.sections("earmarks")) {
        earmarks.add(new PlannedEarmark(number, EarmarkSection.read(earmark, key++, known)));
      }
    }
  }

  private static int expiry(Scalar scalar) {
    String text = scalar.text(EXPIRY, "an expiry as YYMM, for example 3012");
    return EXPIRY.matcher(text).matches() ? Integer.parseInt(text) : 1;
  }

  private static Map<String, Status> statuses() {
    Map<String, Status> statuses = new HashMap<>();
    for (Status status : Status.values()) {
      statuses.put(Words.word(status), status);
    }
    return Map.copyOf(statuses);
  }
}
