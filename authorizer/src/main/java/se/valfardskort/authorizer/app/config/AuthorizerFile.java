package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Capacity;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Durability;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Keeping;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.PipelineMode;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Snapshots;

/** Reads {@code authorizer.yaml}: how the process runs. */
final class AuthorizerFile {
  private static final Pattern MEBIBYTES = Pattern.compile("([0-9]{1,5}) MiB");
  static final Map<String, Durability> DURABILITIES = Map.of("fsync", Durability.FSYNC, "os", Durability.OS);
  private static final Map<String, PipelineMode> PIPELINES =
      Map.of("fused", PipelineMode.FUSED, "staged", PipelineMode.STAGED, "auto", PipelineMode.AUTO);

  private static final int DEFAULT_COPY_SECONDS = 600;
  private static final int LARGEST_PORT = 65_535;

  private AuthorizerFile() {}

  static AuthorizerSettings read(Path file, int portOffset, Problems problems) {
    Section root = Section.read(file, problems);
    Durability durability = root.scalar("durability").choice(DURABILITIES, Durability.FSYNC);
    PipelineMode pipeline = root.scalar("pipeline").choice(PIPELINES, PipelineMode.AUTO);
    Scalar slots = root.scalar("ring-slots");
    int ringSlots = slots.smallInteger(64, 1 << 20);
    if (Integer.bitCount(ringSlots) != 1) {
      slots.refuse("the ring must have a power of two of slots", "write for example 4096 or 8192");
    }
    int batch = root.scalar("commands-per-sync").smallInteger(1, 1 << 16);
    long segmentBytes = mebibytes(root.scalar("journal-segment"));
    int loops = root.scalar("gateway-threads").smallInteger(1, 64);
    int tickMs = root.scalar("tick-ms").smallInteger(10, 3_600_000);
    int expiries = root.scalar("expiries-per-tick").smallInteger(1, 100_000);
    int warmUpMs = root.scalar("warm-up-ms").smallInteger(0, 60_000);
    TokenKey key = TokenKey.read(file.resolveSibling(root.scalar("pan-token-key").text()).normalize(), problems);
    Section snapshot = root.section("snapshot");
    Snapshots snapshots =
        new Snapshots(
            snapshot.scalar("every-commands").smallInteger(0, 1_000_000_000),
            snapshot.scalar("keep").smallInteger(1, 1_000),
            snapshot.scalar("at-stop-within-ms").smallInteger(0, 3_600_000));
    snapshot.end();
    Section room = root.section("room-for");
    Capacity capacity =
        new Capacity(
            room.scalar("cards").smallInteger(1, 20_000_000),
            room.scalar("originals").smallInteger(1, 50_000_000),
            room.scalar("requests").smallInteger(1, 50_000_000),
            room.scalar("merchants").smallInteger(1, 1_000_000));
    room.end();
    Keeping keeping = root.has("journal") ? keeping(file, root.section("journal")) : Keeping.NOTHING;
    int adminPort =
        root.has("admin") ? adminPort(root.section("admin"), portOffset) : AuthorizerSettings.NO_ADMIN_PORT;
    root.end();
    return new AuthorizerSettings(
        durability, pipeline, ringSlots, batch, segmentBytes, loops, tickMs, expiries, warmUpMs, snapshots,
        capacity, key, keeping, adminPort);
  }

  private static int adminPort(Section admin, int portOffset) {
    Scalar scalar = admin.scalar("port");
    int written = scalar.smallInteger(0, LARGEST_PORT);
    admin.end();
    int port = written == 0 ? 0 : written + portOffset;
    if (port < 0 || port > LARGEST_PORT) {
      scalar.refuse(
          "with the port offset of " + portOffset + " this is no port", "choose one from 1 to " + LARGEST_PORT);
      return 0;
    }
    return port;
  }

  private static Keeping keeping(Path file, Section journal) {
    Path witness = journal.has("witness") ? path(file, journal.scalar("witness")) : null;
    Path archive = journal.has("archive") ? path(file, journal.scalar("archive")) : null;
    List<String> command = new ArrayList<>();
    int seconds = DEFAULT_COPY_SECONDS;
    if (journal.has("copy-command")) {
      List<Scalar> words = journal.scalars("copy-command");
      words.forEach(word -> command.add(word.text()));
      if (command.stream().noneMatch(word -> word.contains(Keeping.SEGMENT)) && !words.isEmpty()) {
        words.get(0).refuse("the command does not say where the segment's file goes",
            "write " + Keeping.SEGMENT + " as one of its arguments, in quotes");
      }
    }
    if (journal.has("copy-seconds")) {
      seconds = journal.scalar("copy-seconds").smallInteger(1, 86_400);
    }
    journal.end();
    return new Keeping(witness, archive, command, seconds);
  }

  private static Path path(Path file, Scalar scalar) {
    return file.resolveSibling(scalar.text()).toAbsolutePath().normalize();
  }

  private static long mebibytes(Scalar scalar) {
    Matcher matcher = MEBIBYTES.matcher(scalar.raw());
    int value = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (value < 1 || value > 1024) {
      scalar.refuse("'" + scalar.raw() + "' is not a size", "write 1 to 1024 mebibytes, for example 64 MiB");
      return 1 << 20;
    }
    return (long) value << 20;
  }
}
