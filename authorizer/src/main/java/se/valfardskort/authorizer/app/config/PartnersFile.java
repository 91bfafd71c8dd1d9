package se.valfardskort.authorizer.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.gateway.LinkSettings;
import se.valfardskort.authorizer.gateway.LinkSettings.Balances;
import se.valfardskort.authorizer.gateway.LinkUpkeep;
import se.valfardskort.authorizer.gateway.PartialApproval;
import se.valfardskort.authorizer.gateway.ResponseCodes;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.DialectException;
import se.valfardskort.iso8583.FrameFormat;

/** Reads {@code partners.yaml}: who may connect, how, and in which words it is answered (wire.md section 1). */
final class PartnersFile {
  private static final Map<String, Balances> BALANCES =
      Map.of("always", Balances.ALWAYS, "inquiry", Balances.INQUIRY, "never", Balances.NEVER);

  private static final Pattern PARTIAL_APPROVAL = Pattern.compile("never|([0-9]{1,3})/([0-9]{1,3})");
  private static final String PARTIAL_APPROVAL_WORDS = "a DE and a character in it, such as 60/10, or never";
  private static final int NEWEST_EDITION = 1;

  /** Partners for the engine, links for the gateway. */
  record Loaded(List<Partner> partners, List<NamedLink> links) {}

  /** What the links of a partner have in common. */
  private record Manners(
      int id,
      String name,
      List<Long> acquirers,
      int homeCountry,
      Balances balances,
      PartialApproval partial,
      boolean reason,
      ResponseCodes codes,
      int codeLength,
      int windowHours) {}

  private record Limits(
      int deadlineMs,
      int frameBytes,
      int connections,
      int inFlight,
      int messagesPerSecond,
      int frameDeadlineMs,
      int idleMs,
      int writeBufferBytes,
      int unreadableFrames) {}

  private final Path file;
  private final Problems problems;
  private final int portOffset;
  private final List<Partner> partners = new ArrayList<>();
  private final List<NamedLink> links = new ArrayList<>();
  private final Map<String, Place> seen = new HashMap<>();
  private final Map<Path, ResponseTableFile.Table> tables = new HashMap<>();

  private PartnersFile(Path file, int portOffset, Problems problems) {
    this.file = file;
    this.portOffset = portOffset;
    this.problems = problems;
  }

  static Loaded read(Path file, int portOffset, Problems problems) {
    PartnersFile reader = new PartnersFile(file, portOffset, problems);
    Section root = Section.read(file, problems);
    for (Section partner : root.sections("partners")) {
      reader.readPartner(partner);
    }
    root.end();
    return new Loaded(List.copyOf(reader.partners), List.copyOf(reader.links));
  }

  private void readPartner(Section section) {
    Scalar idScalar = section.scalar("id");
    final int id = idScalar.smallInteger(1, Words.MAXIMUM_ID);
    once("partner id " + id, idScalar);
    Scalar nameScalar = section.scalar("name");
    final String name = nameScalar.text(Words.KEY, Words.KEY_WORDS);
    once("partner '" + name + "'", nameScalar);
    final List<Long> acquirers = new ArrayList<>();
    for (Scalar acquirer : section.scalars("acquirers")) {
      long value = acquirer.integer(1, Words.MAXIMUM_ACQUIRER);
      if (acquirers.contains(value)) {
        acquirer.refuse("acquirer " + value + " is written twice", "keep one of the two");
      }
      acquirers.add(value);
    }
    final int homeCountry = Words.country(section.scalar("home-country"));
    final Balances balances = section.scalar("balances").choice(BALANCES, Balances.NEVER);
    @Nullable Scalar partialScalar = section.has("partial-approval") ? section.scalar("partial-approval") : null;
    final PartialApproval partial = partialScalar == null ? PartialApproval.USUAL : partialApproval(partialScalar);
    final boolean reason = section.scalar("reason-in-de60").flag();
    final int window = section.scalar("transmission-window-hours").smallInteger(0, 48);
    final boolean unknownDeclined =
        section.scalar("unknown-original").choice(Map.of("accept", false, "decline", true), false);
    final boolean adjustments =
        section.scalar("adjustments").choice(Map.of("book", true, "refuse", false), false);
    final long adviceLimit = section.scalar("advice-overdraft-alarm").limitMinor();
    final ResponseTableFile.Table table = table(section.scalar("response-codes"));
    final Limits limits = readLimits(section.section("limits"));
    ResponseCodes codes = new ResponseCodes(table.approvals(), table.declines());
    final int codeLength = table.approvals().getOrDefault(Approval.APPROVED, "").length();
    Manners manners =
        new Manners(
            id, name, List.copyOf(acquirers), homeCountry, balances, partial, reason, codes, codeLength, window);
    for (Section link : section.sections("links")) {
      Path dialect = readLink(link, manners, limits);
      if (partialScalar != null) {
        checkPartialApproval(partialScalar, partial, dialect);
      }
    }
    section.end();
    partners.add(
        new Partner(
            id,
            name,
            manners.acquirers,
            table.approvals(),
            table.declines(),
            unknownDeclined,
            adjustments,
            adviceLimit));
  }

  private ResponseTableFile.Table table(Scalar scalar) {
    Path path = beside(scalar.text());
    return tables.computeIfAbsent(path, missing -> ResponseTableFile.read(missing, problems));
  }

  private Limits readLimits(Section section) {
    Limits limits =
        new Limits(
            section.scalar("deadline-ms").smallInteger(1, 60_000),
            section.scalar("frame-bytes").smallInteger(64, 1 << 20),
            section.scalar("connections").smallInteger(1, 100_000),
            section.scalar("in-flight-per-connection").smallInteger(1, 100_000),
            zeroForNone(section.scalar("messages-per-second-per-connection").limitCount(10_000_000)),
            section.scalar("frame-deadline-ms").smallInteger(1, 600_000),
            zeroForNone(section.scalar("idle-ms").limitCount(86_400_000)),
            section.scalar("write-buffer-bytes").smallInteger(4_096, 1 << 28),
            section.scalar("unreadable-frames").smallInteger(1, 1_000_000));
    section.end();
    return limits;
  }

  private static int zeroForNone(int limit) {
    return Math.max(0, limit);
  }

  /** Returns the link's dialect file. */
  private Path readLink(Section section, Manners manners, Limits limits) {
    Scalar nameScalar = section.scalar("name");
    String name = nameScalar.text(Words.KEY, Words.KEY_WORDS);
    once("link '" + name + "'", nameScalar);
    LinkPlace place = LinkPlace.read(section, portOffset);
    if (!place.dials() && place.port() != 0) {
      once("address " + place.scalar().raw(), place.scalar());
    }
    Scalar dialectScalar = section.scalar("dialect");
    Path dialect = beside(dialectScalar.text());
    checkDialect(dialectScalar, dialect, manners.codeLength);
    Scalar framing = section.scalar("framing");
    checkFraming(framing, limits);
    boolean signOn = place.dials()
        || section.scalar("sign-on").choice(Map.of("required", true, "not-required", false), true);
    LinkUpkeep upkeep = LinkPlace.readUpkeep(section, place.dials());
    section.end();
    links.add(
        new NamedLink(
            name,
            new LinkSettings(
                manners.id,
                manners.name,
                place.host(),
                place.port(),
                dialect,
                framing.raw(),
                signOn,
                manners.acquirers,
                manners.homeCountry,
                manners.balances,
                manners.partial,
                manners.reason,
                manners.codes,
                manners.windowHours,
                limits.deadlineMs,
                limits.frameBytes,
                limits.connections,
                limits.inFlight,
                limits.messagesPerSecond,
                limits.frameDeadlineMs,
                limits.idleMs,
                limits.writeBufferBytes,
                limits.unreadableFrames,
                upkeep)));
    return dialect;
  }

  private static PartialApproval partialApproval(Scalar scalar) {
    Matcher place = PARTIAL_APPROVAL.matcher(scalar.text(PARTIAL_APPROVAL, PARTIAL_APPROVAL_WORDS));
    if (!place.matches() || place.group(1) == null) {
      return PartialApproval.NEVER;
    }
    int de = Integer.parseInt(place.group(1));
    int position = Integer.parseInt(place.group(2));
    if (de < 2 || de > Dialect.MAX_DE || position < 1) {
      scalar.refuse("'" + scalar.raw() + "' is not " + PARTIAL_APPROVAL_WORDS, "count the characters from 1");
      return PartialApproval.NEVER;
    }
    return new PartialApproval(de, position);
  }

  private static void checkPartialApproval(Scalar scalar, PartialApproval partial, Path file) {
    if (partial.equals(PartialApproval.NEVER) || !Files.isRegularFile(file)) {
      return;
    }
    try {
      if (!partial.canBeSaidIn(Dialect.load(file))) {
        scalar.refuse(
            "DE " + partial.de() + " of " + file.getFileName() + " is no text of " + partial.position()
                + " characters or more",
            "name another place, or write never");
      }
    } catch (DialectException wrong) {
      // Told of where the link names the dialect.
      return;
    }
  }

  private static void checkDialect(Scalar scalar, Path dialect, int codeLength) {
    if (!Files.isRegularFile(dialect)) {
      scalar.refuse("there is no dialect file " + dialect, "name a file, relative to the folder of this one");
      return;
    }
    try {
      Dialect loaded = Dialect.load(dialect);
      if (loaded.mtiVersion() > NEWEST_EDITION) {
        scalar.refuse(
            "the dialect says mti-version=\"" + loaded.mtiVersion() + "\", an edition that is not spoken here",
            "0 is that of 1987, 1 that of 1993");
      } else if (loaded.isFixed(39) && loaded.maxLength(39) != codeLength) {
        scalar.refuse(
            "DE 39 of this dialect takes " + loaded.maxLength(39)
                + " characters, but the partner's response codes have " + codeLength,
            "name the table of the dialect's edition in response-codes; links of two editions need two partners");
      }
    } catch (DialectException wrong) {
      scalar.refuse("the dialect cannot be used: " + wrong.getMessage(), "mend that file");
    }
  }

  private static void checkFraming(Scalar scalar, Limits limits) {
    try {
      FrameFormat format = FrameFormat.parse(scalar.raw());
      if (limits.frameBytes > format.maxFrameLength()) {
        scalar.refuse(
            "the length header of " + scalar.raw() + " ends at " + format.maxFrameLength()
                + ", below frame-bytes " + limits.frameBytes,
            "lower frame-bytes, or use a longer header");
      }
    } catch (IllegalArgumentException wrong) {
      scalar.refuse(String.valueOf(wrong.getMessage()), "write for example binary2 or ascii4");
    }
  }

  private Path beside(String name) {
    return file.resolveSibling(name).normalize();
  }

  private void once(String what, Scalar scalar) {
    Place earlier = seen.putIfAbsent(what, scalar.place());
    if (earlier != null) {
      scalar.refuse(what + " is already in line " + earlier.line(), "give each its own");
    }
  }
}
