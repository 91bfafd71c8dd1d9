package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.app.RecoveredApp;
import se.valfardskort.independent.WireLink;

/**
 * States of a real process's data folder that a power cut could have left, each started from.
 *
 * <p>{@link DiskLayer} writes down what the process and its follower do to the disk while clients talk to them, through
 * a kill and a clean stop. Of that, {@link PlatterImage} makes states at random moments, and the authorizer starts on
 * each, in this process but with all that a start does. What any client had been answered by that moment must be there.
 */
public final class PowerTrial implements Trial {
  private static final int CLIENTS = 4;
  private static final int CARDS = 1_000;
  private static final int STOPPED_LIFE = 2;
  private static final int STOP_WITHIN_MS = 60_000;
  private static final int IMAGES_BETWEEN_WORDS = 25;
  private static final int MOST_MENDS = 3;
  private static final List<PlatterImage.Loss> LOSSES = List.of(PlatterImage.Loss.values());
  private static final Pattern BY_HAND =
      Pattern.compile("^(\\S+), offset .* shorten it to (\\d+) bytes", Pattern.DOTALL);

  /**
   * What the images are made of.
   *
   * @param durability the server's
   * @param lives of the process: the first ends with a kill, the second with a clean stop, the third with a kill
   * @param loadMs how long clients work in each
   */
  record Recording(String durability, int lives, int loadMs) {
    static final Recording LONG = new Recording("fsync", 3, 4_000);
  }

  private final Recording recording;
  private final Path memory;
  private final Counts counts = new Counts(
      "images", "images that lost all that was not synced", "images that lost nothing",
      "images that lost what came last", "images with any sectors lost", "starts from a snapshot",
      "torn tails cut off", "torn batches refused, shortened as the message says", "answers checked",
      "in doubt, had been booked", "in doubt, had not been booked", "in doubt, moved nothing", "purses compared",
      "lost", "doubled", "unexplained");

  /** All of it. */
  public PowerTrial() {
    this(Recording.LONG, Path.of("/dev/shm"));
  }

  /** @param memory a file system in memory, for the images; where it is not there they are made in scratch */
  PowerTrial(Recording recording, Path memory) {
    this.recording = recording;
    this.memory = memory;
  }

  @Override
  public String name() {
    return "power";
  }

  @Override
  public Findings run(TrialSettings settings, Consumer<String> progress) throws Exception {
    Installation installation =
        Installation.in(settings.scratch(), settings.scratch().resolve("data"), CARDS)
            .withDurability(recording.durability);
    Optional<DiskLayer> built = DiskLayer.build(settings.scratch(), installation.data());
    if (built.isEmpty()) {
      progress.accept("NOT TRIED: there is no C compiler (cc) here, or this is not Linux");
      counts.count("NOT TRIED: no C compiler");
      return counts.findings();
    }
    DiskLayer layer = built.get();
    counts.tell(progress);
    Counts load = new Counts();
    Clients clients = new Clients(CLIENTS, settings.seed(), load, layer::logged);
    record(installation, layer, clients);
    load.findings().failures().forEach(failure -> counts.fail("unexplained", "while it was recorded: " + failure));
    DiskLog log = DiskLog.read(layer.log());
    progress.accept(String.format(Locale.ROOT, "%,d operations of the disk, %,d requests", log.operations.size(),
        load.of("requests")));
    counts.add("requests recorded", load.of("requests"));
    counts.add("operations of the disk recorded", log.operations.size());
    Random random = new Random(settings.seed());
    try (Images images = Images.near(settings.scratch(), memory, progress)) {
      for (int i = 1; i <= settings.amount(); i++) {
        image(settings, installation, clients, log, random, images.folder().resolve("image-" + i));
        if (i % IMAGES_BETWEEN_WORDS == 0) {
          progress.accept(String.format(Locale.ROOT, "%,d images, %,d answers checked, %,d lost, %,d doubled, %,d"
              + " unexplained", i, counts.of("answers checked"), counts.of("lost"), counts.of("doubled"),
              counts.of("unexplained")));
        }
      }
      if (counts.findings().failures().isEmpty()) {
        images.areOfNoUse();
      }
    }
    return counts.findings();
  }

  private void record(Installation installation, DiskLayer layer, Clients clients)
      throws IOException, InterruptedException {
    try (Host host = new Host(installation, List.of(), layer.environment())) {
      for (int life = 1; life <= recording.lives; life++) {
        host.start();
        if (life > 1) {
          String end = life == STOPPED_LIFE + 1 ? "a stop" : "a kill";
          clients.audit(host, "while it was recorded, after " + end, false);
        }
        clients.begin(host);
        host.endsWithin(recording.loadMs);
        if (life == STOPPED_LIFE) {
          host.terminate();
          host.endsWithin(STOP_WITHIN_MS);
        } else {
          host.kill();
        }
        clients.join();
      }
    }
  }

  private void image(
      TrialSettings settings, Installation installation, Clients clients, DiskLog log, Random random, Path data)
      throws IOException {
    int cut = 1 + random.nextInt(log.operations.size());
    PlatterImage platter = new PlatterImage(installation.data());
    log.operations.subList(0, cut).forEach(platter::feed);
    PlatterImage.Loss loss = LOSSES.get(random.nextInt(LOSSES.size()));
    platter.cut(data, loss, random);
    counts.count("images");
    counts.count(switch (loss) {
      case EVERYTHING -> "images that lost all that was not synced";
      case NOTHING -> "images that lost nothing";
      case THE_LAST -> "images that lost what came last";
      case ANY_SECTORS -> "images with any sectors lost";
    });
    String when = "seed " + settings.seed() + ", cut after operation " + cut + " losing " + loss;
    Installation again =
        Installation.in(data.resolveSibling("config-" + data.getFileName()), data, CARDS).hurried();
    long before = counts.of("lost") + counts.of("doubled") + counts.of("unexplained");
    recover(again, clients, log.operations.get(cut - 1).end(), loss, when, counts);
    if (counts.of("lost") + counts.of("doubled") + counts.of("unexplained") == before) {
      Folders.remove(data);
    }
    Folders.remove(again.root());
  }

  /**
   * Starts from a folder, in this process, and checks all that clients knew.
   *
   * @param time on the scale of their exchanges
   * @param loss what the cut took: only where it left later writes without earlier ones may a batch stand out of order
   */
  static void recover(
      Installation installation, Clients clients, long time, PlatterImage.Loss loss, String when, Counts counts)
      throws IOException {
    boolean inOrder = loss == PlatterImage.Loss.EVERYTHING || loss == PlatterImage.Loss.NOTHING;
    for (int mends = 0; ; mends++) {
      try (RecoveredApp app =
          RecoveredApp.open(installation.config(), installation.data(), installation.portOffset())) {
        if (app.log().contains("loaded the snapshot")) {
          counts.count("starts from a snapshot");
        }
        if (app.log().contains("cut off a torn tail")) {
          counts.count("torn tails cut off");
        }
        audit(installation, clients, time, when, counts);
        return;
      } catch (RecoveredApp.RefusedException refused) {
        Matcher byHand = BY_HAND.matcher(refused.getMessage());
        if (inOrder || mends == MOST_MENDS || !byHand.find()) {
          counts.fail("unexplained", when + ": the start is refused: " + refused.getMessage());
          return;
        }
        counts.count("torn batches refused, shortened as the message says");
        try (FileChannel file = FileChannel.open(Path.of(byHand.group(1)), StandardOpenOption.WRITE)) {
          file.truncate(Long.parseLong(byHand.group(2)));
        }
      }
    }
  }

  private static void audit(Installation installation, Clients clients, long time, String when, Counts counts)
      throws IOException {
    for (Teller teller : clients.tellers()) {
      List<Audit.Claim> claims = new ArrayList<>();
      for (CardLife card : teller.cards) {
        Audit.Claim claim = Audit.Claim.at(time, card);
        if (claim.answered() > 0 || claim.inDoubt() != null) {
          claims.add(claim);
        }
      }
      try (WireLink link = Host.link(teller.layout, installation)) {
        new Audit(link, teller.layout, counts, when).check(claims);
      }
    }
  }
}
