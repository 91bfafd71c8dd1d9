package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Disks that fail under the real process: full, read-only, with syncs and writes that fail, or taken by another
 * instance. Each time the process must end by itself with the right exit code and a last line that says what, where and
 * how to mend it; nothing may have been answered that was not durable; and once the disk is mended all answers are
 * there.
 */
public final class DiskTrial implements Trial {
  private static final int CLIENTS = 3;
  private static final int CARDS = 1_000;
  private static final int LOAD_MS = 1_200;
  private static final int ENDS_WITHIN_MS = 90_000;
  private static final int IO_ERROR = 74;
  private static final int CANNOT_CREATE = 73;
  private static final int LOCKED = 75;
  private static final Pattern MEND =
      Pattern.compile("mend|make room|restart|start again|--data|stop that one|permission");

  /**
   * A fault of {@link DiskLayer}.
   *
   * @param what in words
   * @param line its control line
   */
  private record Fault(String what, String line) {}

  private static final List<Fault> WHILE_RUNNING =
      List.of(
          new Fault("fdatasync of the journal fails (EIO)", "fdatasync 5 /journal/journal-"),
          new Fault("write to the journal fails (EIO)", "write 5 /journal/journal-"),
          new Fault("write to the journal finds no room (ENOSPC)", "write 28 /journal/journal-"),
          new Fault("all becomes read-only under it (EROFS)", "write 30 /"));

  private static final List<Fault> AT_A_START =
      List.of(
          new Fault("fdatasync fails at a start (EIO)", "fdatasync 5 /journal/"),
          new Fault("fsync of the folder fails at a start (EIO)", "fsync 5 /journal"),
          new Fault("write fails at a start (EIO)", "write 5 /journal/"),
          new Fault("rename fails at a start (EIO)", "rename 5 /journal/"),
          new Fault("no file can be made at a start (EROFS)", "create 30 /journal/"));

  /** What is done to a server of its own. */
  @FunctionalInterface
  private interface Scenario {
    void run(Rig rig) throws IOException, InterruptedException;
  }

  /** A server, its clients, and what spoils its disk. */
  private record Rig(Path scratch, Installation installation, Host host, Clients clients, String what) {}

  /** One fault, with all that it needs. */
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private final boolean lying;
  private final Counts counts = new Counts("faults tried", "NOT TRIED");
  private final Counts load = new Counts();
  private Consumer<String> progress = _ -> { };
  private long seed;

  /** On disks that keep what they have synced until they fail. */
  public DiskTrial() {
    this(false);
  }

  /** @param lying under load the journal's disk says that it has synced, and has not: answers will be lost */
  DiskTrial(boolean lying) {
    this.lying = lying;
  }

  @Override
  public String name() {
    return "disk";
  }

  /** The amount is how many of the faults, in their order; 0: all there are. */
  @Override
  public Findings run(TrialSettings settings, Consumer<String> words) throws Exception {
    progress = words;
    counts.tell(words);
    seed = settings.seed();
    List<Step> steps = steps(settings.scratch());
    for (Step step : steps.subList(0, settings.amount() == 0 ? steps.size() : settings.amount())) {
      step.run();
    }
    Findings found = load.findings();
    found.failures().forEach(failure -> counts.fail("unexplained", failure));
    for (String kind : List.of("requests", "answers checked", "in doubt, had been booked",
        "in doubt, had not been booked", "purses compared", "lost", "doubled")) {
      counts.add(kind, load.of(kind));
    }
    counts.add("unexplained", 0);
    return counts.findings();
  }

  private List<Step> steps(Path scratch) {
    List<Step> steps = new ArrayList<>();
    for (Fault fault : WHILE_RUNNING) {
      steps.add(() -> withLayer(scratch, fault.what, (rig, layer) -> breakWhileRunning(rig, layer, fault)));
    }
    steps.add(() -> withLayer(scratch, "writes are short", this::shortWrites));
    for (Fault fault : AT_A_START) {
      steps.add(() -> withLayer(scratch, fault.what, (rig, layer) -> breakAtAStart(rig, layer, fault)));
    }
    steps.add(() -> withMounts(scratch, "the disk is full (tmpfs of 48 MiB)", this::fillUp));
    steps.add(() -> withMounts(scratch, "the data folder is read-only at a start", this::readOnly));
    steps.add(() -> withMounts(scratch, "the journal's folder is read-only at a start", this::journalReadOnly));
    steps.add(() -> with(scratch, "a second instance on the same data", scratch.resolve("second/data"), List.of(),
        Map.of(), this::secondInstance));
    return steps;
  }

  /** A scenario that also needs the layer. */
  @FunctionalInterface
  private interface LayerScenario {
    void run(Rig rig, DiskLayer layer) throws IOException, InterruptedException;
  }

  /** A scenario that also needs mounts. */
  @FunctionalInterface
  private interface MountScenario {
    void run(Rig rig, MountSpace space) throws IOException, InterruptedException;
  }

  private void withLayer(Path scratch, String what, LayerScenario scenario) throws Exception {
    Path data = Files.createDirectories(scratch.resolve(folderFor(what))).resolve("data");
    Optional<DiskLayer> layer = DiskLayer.build(data.resolveSibling(".").normalize(), data);
    if (layer.isEmpty()) {
      notTried(what, "there is no C compiler (cc) here, or this is not Linux");
      return;
    }
    with(scratch, what, data, List.of(), layer.get().environment(), rig -> scenario.run(rig, layer.get()));
  }

  private void withMounts(Path scratch, String what, MountScenario scenario) throws Exception {
    Path mount = Files.createDirectories(scratch.resolve(folderFor(what)).resolve("mount"));
    Optional<MountSpace> opened = MountSpace.open(mount, "48m");
    if (opened.isEmpty()) {
      notTried(what, "this machine gives us no mount namespace with a tmpfs (unshare, nsenter)");
      return;
    }
    try (MountSpace space = opened.get()) {
      with(scratch, what, mount.resolve("data"), space.entering(), Map.of(), rig -> scenario.run(rig, space));
    }
  }

  private static String folderFor(String what) {
    return what.replaceAll("[^a-z]+", "-");
  }

  private void notTried(String what, String why) {
    progress.accept("NOT TRIED: " + what + ": " + why);
    counts.count("NOT TRIED");
    counts.count("NOT TRIED: " + what);
  }

  private void with(
      Path scratch, String what, Path data, List<String> prefix, Map<String, String> environment, Scenario scenario)
      throws IOException, InterruptedException {
    Path root = Files.createDirectories(scratch.resolve(folderFor(what)).resolve("host"));
    Installation installation = Installation.in(root, data, CARDS);
    Clients clients = new Clients(CLIENTS, seed, load, System::nanoTime);
    int before = counts.findings().failures().size() + load.findings().failures().size();
    try (Host host = new Host(installation, prefix, environment)) {
      host.start();
      scenario.run(new Rig(root, installation, host, clients, what));
    }
    counts.count("faults tried");
    counts.count(what);
    int after = counts.findings().failures().size() + load.findings().failures().size();
    progress.accept(what + (after == before ? ": as it should be" : ": FAILED"));
  }

  private void breakWhileRunning(Rig rig, DiskLayer layer, Fault fault) throws IOException, InterruptedException {
    if (lying) {
      layer.breakDown("fdatasync 0 /journal/journal-");
    }
    load(rig);
    layer.breakDown(fault.line);
    expectEnd(rig, Set.of(IO_ERROR));
    layer.mend();
    onThePlatter(rig, layer);
    recover(rig);
  }

  /** What a power cut right after the end would have left must have every answer: none left before its sync. */
  private void onThePlatter(Rig rig, DiskLayer layer) throws IOException {
    PlatterImage platter = new PlatterImage(rig.installation.data());
    DiskLog.read(layer.log()).operations.forEach(platter::feed);
    Path data = rig.scratch.resolve("platter");
    platter.cut(data, PlatterImage.Loss.EVERYTHING, new Random(seed));
    Installation image = Installation.in(rig.scratch.resolve("platter-host"), data, CARDS).hurried();
    PowerTrial.recover(image, rig.clients, Exchange.NEVER - 1, PlatterImage.Loss.EVERYTHING,
        rig.what + ", what was synced", load);
    Folders.remove(data);
  }

  private void breakAtAStart(Rig rig, DiskLayer layer, Fault fault) throws IOException, InterruptedException {
    load(rig);
    rig.host.kill();
    rig.clients.join();
    layer.breakDown(fault.line);
    rig.host.launch();
    expectEnd(rig, Set.of(IO_ERROR, CANNOT_CREATE));
    layer.mend();
    recover(rig);
  }

  private void shortWrites(Rig rig, DiskLayer layer) throws IOException, InterruptedException {
    load(rig);
    layer.breakDown("write 0 /");
    if (rig.host.endsWithin(LOAD_MS)) {
      counts.fail("unexplained", rig.what + ": it ends: " + rig.host.describeEnd());
    }
    rig.host.kill();
    rig.clients.join();
    long shortened =
        DiskLog.read(layer.log()).operations.stream()
            .filter(operation -> operation.kind() == DiskLog.Kind.SHORT_WRITE)
            .count();
    counts.add("writes that were short", shortened);
    if (shortened == 0) {
      counts.fail("unexplained", rig.what + ": no write was short, so nothing was tried");
    }
    recover(rig);
    layer.mend();
  }

  private void fillUp(Rig rig, MountSpace space) throws IOException, InterruptedException {
    Path filler = rig.installation.data().resolveSibling("filler");
    load(rig);
    space.run("head -c 100m /dev/zero > " + filler + " 2> /dev/null || true");
    expectEnd(rig, Set.of(IO_ERROR));
    space.run("rm " + filler);
    recover(rig);
  }

  private void readOnly(Rig rig, MountSpace space) throws IOException, InterruptedException {
    Path mount = rig.installation.data().resolveSibling(".").normalize();
    load(rig);
    rig.host.kill();
    rig.clients.join();
    space.run("mount -o remount,ro " + mount);
    rig.host.launch();
    expectEnd(rig, Set.of(CANNOT_CREATE));
    space.run("mount -o remount,rw " + mount);
    recover(rig);
  }

  private void journalReadOnly(Rig rig, MountSpace space) throws IOException, InterruptedException {
    Path journal = rig.installation.data().resolve("journal");
    load(rig);
    rig.host.kill();
    rig.clients.join();
    space.run("mount --bind " + journal + " " + journal + " && mount -o remount,bind,ro " + journal);
    rig.host.launch();
    expectEnd(rig, Set.of(CANNOT_CREATE));
    space.run("umount " + journal);
    recover(rig);
  }

  private void secondInstance(Rig rig) throws IOException, InterruptedException {
    load(rig);
    Path root = Files.createDirectories(rig.scratch.resolve("second"));
    Installation same = new Installation(root, rig.installation.data(), rig.installation.elsewhere().portOffset());
    Files.createSymbolicLink(root.resolve("config"), rig.installation.root().resolve("config"));
    try (Host second = new Host(same)) {
      second.launch();
      expectEnd(new Rig(rig.scratch, same, second, rig.clients, rig.what), Set.of(LOCKED));
    }
    if (!rig.host.isAlive()) {
      counts.fail("unexplained", rig.what + ": the first one has ended: " + rig.host.describeEnd());
    }
    rig.host.letClientsGo();
    rig.clients.join();
    rig.clients.audit(rig.host, rig.what, true);
    stop(rig);
  }

  private static void load(Rig rig) {
    rig.clients.begin(rig.host);
    rig.host.endsWithin(LOAD_MS);
  }

  private void expectEnd(Rig rig, Set<Integer> codes) throws IOException, InterruptedException {
    Host host = rig.host;
    if (!host.endsWithin(ENDS_WITHIN_MS)) {
      counts.fail("unexplained", rig.what + ": it still runs after " + ENDS_WITHIN_MS + " ms: " + host.lastLine());
      host.kill();
    }
    String last = host.lastLine();
    progress.accept(rig.what + ": exit code " + host.exitCode() + ": " + last);
    if (!codes.contains(host.exitCode())) {
      counts.fail("unexplained", rig.what + ": exit code " + host.exitCode() + ", not one of " + codes + ": " + last);
    }
    if (!last.contains(rig.installation.data().toString()) || !MEND.matcher(last).find()) {
      counts.fail("unexplained", rig.what + ": the last line does not say where, or how to mend it: " + last);
    }
    if (codes.contains(LOCKED)) {
      return;
    }
    rig.clients.join();
  }

  private void recover(Rig rig) throws IOException, InterruptedException {
    rig.host.start();
    rig.clients.audit(rig.host, rig.what + ", after it was mended", true);
    stop(rig);
  }

  private void stop(Rig rig) throws IOException {
    rig.host.terminate();
    if (!rig.host.endsWithin(ENDS_WITHIN_MS) || rig.host.exitCode() != 0) {
      counts.fail("unexplained", rig.what + ": the stop afterwards: " + rig.host.describeEnd());
    }
    List<String> alarms = new ArrayList<>(rig.host.lines());
    alarms.removeIf(line -> !line.toLowerCase(Locale.ROOT).startsWith("alarm"));
    alarms.forEach(line -> counts.fail("unexplained", rig.what + ": " + line));
  }
}
