package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The real process, killed with SIGKILL at random moments while several clients talk to it over TCP, and started again
 * on the same data. After each start every answer about the cards in use is asked for again, at the end every answer
 * that any client ever got.
 */
public final class KillsTrial implements Trial {
  /** In what the process is killed. */
  private enum Moment {
    UNDER_LOAD("kills under load"),
    IN_A_START("kills during start or recovery"),
    BESIDE_THE_FOLLOWER("kills while the follower made a snapshot"),
    IN_A_STOP("kills during a clean stop");

    final String counted;

    Moment(String counted) {
      this.counted = counted;
    }
  }

  private static final int CLIENTS = 6;
  private static final int FIRST_OF_CASEWORKER = 12_000;
  private static final int LONGEST_LOAD_MS = 2_500;
  private static final int LONGEST_START_MS = 4_000;
  private static final int LONGEST_STOP_MS = 1_200;
  private static final int FOLLOWER_COMES_WITHIN_MS = 15_000;
  private static final int FOLLOWER_TAKES_MS = 2_000;
  private static final int LOOK_EVERY_MS = 20;
  private static final int STOP_WITHIN_MS = 120_000;
  /** After so many, at the latest, a start has begun with the snapshot of the clean stop before them. */
  private static final int KILLS_PAST_A_SNAPSHOT = 3;

  private final Counts counts = new Counts(
      "kills", Moment.UNDER_LOAD.counted, Moment.IN_A_START.counted, Moment.BESIDE_THE_FOLLOWER.counted,
      Moment.IN_A_STOP.counted, "starts from a snapshot", "starts that cut off a torn tail",
      "followers killed, the server going on", "stops that ended first", "requests", "repeats", "told to try again",
      "answers checked", "in doubt, had been booked", "in doubt, had not been booked", "in doubt, moved nothing",
      "caseworker's commands", "caseworker in doubt, had been done", "caseworker in doubt, had not been done",
      "caseworker's cards compared", "purses compared", "journals verified", "lost", "doubled", "unexplained");
  private Random random = new Random(0);
  private Consumer<String> progress = _ -> { };

  @Override
  public String name() {
    return "kills";
  }

  @Override
  public Findings run(TrialSettings settings, Consumer<String> words) throws Exception {
    random = new Random(settings.seed());
    progress = words;
    counts.tell(words);
    Installation installation = Installation.in(settings.scratch());
    Clients clients = new Clients(CLIENTS, settings.seed(), counts, System::nanoTime);
    clients.join(new Caseworker(installation, new Random(settings.seed() * 31 + CLIENTS), FIRST_OF_CASEWORKER, counts));
    try (Host host = new Host(installation)) {
      try {
        host.start();
        run(settings, installation, host, clients);
      } catch (IOException broken) {
        counts.fail("unexplained", "it could not go on: " + broken + "; " + host.describeEnd());
      }
    }
    return counts.findings();
  }

  private void run(TrialSettings settings, Installation installation, Host host, Clients clients)
      throws IOException, InterruptedException {
    stopOnce(host, clients);
    recover(installation, host, clients);
    for (Moment moment : plan(settings.amount())) {
      // A kill in a start comes after one under load.
      if (counts.of("kills") < settings.amount()) {
        crash(host, clients, moment);
        recover(installation, host, clients);
      }
    }
    while (counts.of("kills") < settings.amount()) {
      crash(host, clients, Moment.UNDER_LOAD);
      recover(installation, host, clients);
    }
    clients.audit(host, "at the end", true);
    stopCleanly(host);
    if (counts.of("kills") >= KILLS_PAST_A_SNAPSHOT && counts.of("starts from a snapshot") == 0) {
      counts.fail("unexplained", "no start began with a snapshot, though a clean stop came before all kills");
    }
  }

  /** Its snapshot is what later starts begin with, until a follower has made a newer one. */
  private void stopOnce(Host host, Clients clients) throws IOException, InterruptedException {
    clients.begin(host);
    host.endsWithin(LONGEST_LOAD_MS);
    stopCleanly(host);
    clients.join();
  }

  private void stopCleanly(Host host) throws IOException {
    host.terminate();
    host.endsWithin(STOP_WITHIN_MS);
    if (host.isAlive() || host.exitCode() != 0) {
      counts.fail("unexplained", "a stop is not clean: " + host.describeEnd());
    }
  }

  /** All moments in turn, in an order of chance. */
  private List<Moment> plan(int kills) {
    List<Moment> plan = new ArrayList<>();
    while (plan.size() < kills) {
      List<Moment> turn = new ArrayList<>(List.of(Moment.values()));
      Collections.shuffle(turn, random);
      plan.addAll(turn);
    }
    return plan;
  }

  private void crash(Host host, Clients clients, Moment moment) throws IOException, InterruptedException {
    clients.begin(host);
    boolean ended = host.endsWithin(100 + random.nextInt(LONGEST_LOAD_MS));
    if (ended) {
      counts.fail("unexplained", "it ended by itself: " + host.describeEnd());
    } else {
      switch (moment) {
        case UNDER_LOAD -> killNow(host, moment);
        case IN_A_START -> killInAStart(host);
        case BESIDE_THE_FOLLOWER -> killBesideTheFollower(host);
        case IN_A_STOP -> killInAStop(host);
      }
    }
    clients.join();
  }

  private void killNow(Host host, Moment moment) {
    host.kill();
    counts.count("kills");
    counts.count(moment.counted);
  }

  private void killInAStart(Host host) throws IOException {
    host.letClientsGo();
    killNow(host, Moment.UNDER_LOAD);
    host.launch();
    host.letClientsGo();
    if (host.endsWithin(random.nextInt(LONGEST_START_MS))) {
      counts.fail("unexplained", "the start after a kill fails: " + host.describeEnd());
      return;
    }
    killNow(host, host.isReady() ? Moment.UNDER_LOAD : Moment.IN_A_START);
  }

  private void killBesideTheFollower(Host host) {
    List<ProcessHandle> followers = List.of();
    for (int waited = 0; followers.isEmpty() && waited < FOLLOWER_COMES_WITHIN_MS; waited += LOOK_EVERY_MS) {
      host.endsWithin(LOOK_EVERY_MS);
      followers = host.children();
    }
    host.endsWithin(random.nextInt(FOLLOWER_TAKES_MS));
    boolean there = followers.stream().anyMatch(ProcessHandle::isAlive);
    if (there && random.nextInt(3) == 0) {
      followers.forEach(ProcessHandle::destroyForcibly);
      counts.count("followers killed, the server going on");
      if (host.endsWithin(random.nextInt(LONGEST_LOAD_MS))) {
        counts.fail("unexplained", "the server ended with its follower");
      }
      there = false;
    }
    killNow(host, there ? Moment.BESIDE_THE_FOLLOWER : Moment.UNDER_LOAD);
  }

  private void killInAStop(Host host) {
    host.terminate();
    if (host.endsWithin(random.nextInt(LONGEST_STOP_MS))) {
      counts.count("stops that ended first");
    } else {
      killNow(host, Moment.IN_A_STOP);
    }
  }

  private void recover(Installation installation, Host host, Clients clients)
      throws IOException, InterruptedException {
    String when = "after kill " + counts.of("kills");
    String soundness = installation.verifyJournal();
    host.start();
    for (String line : host.lines()) {
      if (line.startsWith("loaded the snapshot")) {
        counts.count("starts from a snapshot");
      } else if (line.startsWith("cut off a torn tail")) {
        counts.count("starts that cut off a torn tail");
      }
    }
    clients.audit(host, when, false);
    counts.count("journals verified");
    if (!soundness.isEmpty()) {
      counts.fail("unexplained", "journal verify " + when + ": " + soundness);
    }
    progress.accept(String.format(Locale.ROOT,
        "%,d kills, %,d requests, %,d answers checked, %,d lost, %,d doubled, %,d unexplained",
        counts.of("kills"), counts.of("requests"), counts.of("answers checked"), counts.of("lost"),
        counts.of("doubled"), counts.of("unexplained")));
  }
}
