package se.valfardskort.authorizer.simulation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * One folder of a disk that does what disks do, by the dice: loses, tears, fails, fills up, hangs.
 *
 * <p>A new, renamed or deleted name is the disk's only when the directory was forced, which a rename does at its end;
 * what was not may be lost at a power cut. {@link DiskFaults} says what goes wrong; each fault is counted where it
 * strikes. Several processes may see the folder, each through a {@link #seenBy view} of its own; the folder itself is
 * the authorizer's view.
 */
final class SimDisk implements Disk {
  /** The world that the disk stands in. */
  interface Surroundings {
    /** A process waits for the disk, and the rest of the world goes on. */
    void waitFor(long ns);

    /** The power went, in the midst of an operation. */
    void powerWent();
  }

  /** A process that holds files and locks for as long as it lives. */
  static final class Life {
    private boolean over;

    /** The process is gone. */
    void end() {
      over = true;
    }
  }

  /** A change of the directory that was not forced: {@code from} goes, {@code to} appears; either may be empty. */
  private record Renaming(String from, String to, Platter platter) {}

  final DiskFaults faults;
  private final SplittableRandom dice;
  private final Tally tally;
  private final Surroundings world;
  private TreeMap<String, Platter> names = new TreeMap<>();
  private TreeMap<String, Platter> keptNames = new TreeMap<>();
  private final List<Renaming> unforced = new ArrayList<>();
  private final Map<String, Life> locks = new HashMap<>();
  private View own;

  /** @param faults of the disk that the folder is on */
  SimDisk(SplittableRandom dice, DiskFaults faults, Tally tally, Surroundings world) {
    this.faults = faults;
    this.dice = dice;
    this.tally = tally;
    this.world = world;
    own = new View(new Life(), 0);
  }

  /**
   * The folder as another process sees it.
   *
   * @param between each operation of it takes up to so many nanoseconds; 0: none
   */
  Disk seenBy(Life life, long between) {
    return new View(life, between);
  }

  // The port, for the authorizer

  @Override
  public DiskFile create(String name) throws IOException {
    return own.create(name);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return own.open(name);
  }

  @Override
  public List<String> list() {
    return own.list();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    own.rename(from, to);
  }

  @Override
  public void forceNames() throws IOException {
    own.forceNames();
  }

  @Override
  public void delete(String name) {
    own.delete(name);
  }

  @Override
  public Closeable lock(String name) throws IOException {
    return own.lock(name);
  }

  @Override
  public String describe(String name) {
    return own.describe(name);
  }

  private final class View implements Disk {
    private final Life life;
    private final long between;

    View(Life life, long between) {
      this.life = life;
      this.between = between;
    }

    private void operation() {
      if (between > 0 && dice.nextInt(4) == 0) {
        world.waitFor(1 + dice.nextLong(between));
      }
      if (life.over) {
        throw new PowerCut();
      }
      if (faults.isTheLast()) {
        world.powerWent();
        throw new PowerCut();
      }
    }

    @Override
    public DiskFile create(String name) throws IOException {
      operation();
      if (names.containsKey(name)) {
        throw new IOException(name + " exists");
      }
      Platter platter = new Platter();
      change(new Renaming("", name, platter));
      return new SimFile(name, platter, this);
    }

    @Override
    public DiskFile open(String name) throws IOException {
      operation();
      return new SimFile(name, find(name), this);
    }

    @Override
    public List<String> list() {
      operation();
      return List.copyOf(names.keySet());
    }

    @Override
    public void rename(String from, String to) throws IOException {
      operation();
      change(new Renaming(from, to, find(from)));
      forceNames();
    }

    @Override
    public void forceNames() throws IOException {
      operation();
      if (faults.strikes(DiskFaults.Kind.FAILED_RENAME, dice)) {
        tally.count("fault: rename fails");
        throw new IOException("Input/output error");
      }
      keepNames();
    }

    @Override
    public void delete(String name) {
      operation();
      Platter platter = names.get(name);
      if (platter != null) {
        change(new Renaming(name, "", platter));
      }
    }

    @Override
    public Closeable lock(String name) throws IOException {
      operation();
      Life holder = locks.get(name);
      if (holder != null && !holder.over) {
        throw new IOException("another instance uses this folder: " + name);
      }
      locks.put(name, life);
      return () -> locks.remove(name, life);
    }

    @Override
    public String describe(String name) {
      return name;
    }
  }

  private Platter find(String name) throws NoSuchFileException {
    Platter platter = names.get(name);
    if (platter == null) {
      throw new NoSuchFileException(name);
    }
    return platter;
  }

  private void keepNames() {
    unforced.clear();
    keptNames = new TreeMap<>(names);
  }

  private void change(Renaming change) {
    apply(change, names);
    unforced.add(change);
  }

  private static void apply(Renaming change, Map<String, Platter> directory) {
    if (!change.from().isEmpty()) {
      directory.remove(change.from(), change.platter());
    }
    if (!change.to().isEmpty()) {
      directory.put(change.to(), change.platter());
    }
  }

  // What happens to it

  /** The authorizer's process is gone; the operating system lives and shows what was written. */
  void losesProcess() {
    own.life.end();
    own = new View(new Life(), 0);
  }

  /** The machine is gone, and with it some of what was not forced. */
  void cutPower() {
    losesProcess();
    boolean inOrder = dice.nextBoolean();
    int reached = inOrder ? dice.nextInt(unforced.size() + 1) : unforced.size();
    for (int i = 0; i < unforced.size(); i++) {
      if (inOrder ? i < reached : dice.nextBoolean()) {
        apply(unforced.get(i), keptNames);
      } else {
        tally.count("fault: un-forced name lost");
      }
    }
    unforced.clear();
    names = new TreeMap<>(keptNames);
    for (Map.Entry<String, Platter> file : names.entrySet()) {
      if (file.getValue().cutPower(dice)) {
        tally.count(isJournal(file.getKey()) ? "fault: torn journal"
            : file.getKey().startsWith("snapshot-") ? "fault: torn snapshot" : "fault: torn other file");
      }
    }
  }

  static boolean isJournal(String name) {
    return name.startsWith("journal-");
  }

  /** A whole segment, and no copy in the making. */
  static boolean isSegment(String name) {
    return isJournal(name) && !name.endsWith(".tmp");
  }

  /** The sequence that a snapshot's name says; 0: it is not the name of one that may be used. */
  static long snapshotAt(String name) {
    boolean isOne = name.startsWith("snapshot-") && name.endsWith(".snap");
    return isOne ? Long.parseLong(name.substring("snapshot-".length(), name.length() - ".snap".length())) : 0;
  }

  /** The files as processes see them, by name. */
  NavigableMap<String, Platter> names() {
    return names;
  }

  /** The files as the disk itself has them, by name. */
  NavigableMap<String, Platter> kept() {
    return keptNames;
  }

  /** Takes a file away while the machine is off; the answer is what was there, for {@link #putBack}. */
  Platter takeAway(String name) throws NoSuchFileException {
    Platter platter = find(name);
    names.remove(name);
    keptNames.remove(name);
    return platter;
  }

  /** Puts a file where it was, or where it belongs. */
  void putBack(String name, Platter platter) {
    names.put(name, platter);
    keptNames.put(name, platter);
  }

  /** All that the disk itself has, as a backup would hold it. */
  Map<String, Platter> copy() {
    Map<String, Platter> files = new TreeMap<>();
    keptNames.forEach((name, platter) -> files.put(name, platter.copy()));
    return files;
  }

  /** What a backup holds takes the place of all that is there. Only while the machine is off. */
  void restore(Map<String, Platter> files) {
    keptNames = new TreeMap<>(files);
    names = new TreeMap<>(files);
  }

  /** Somebody shortens a file by hand, and is careful. */
  void shorten(String name, int length) throws IOException {
    Platter platter = find(name);
    platter.truncate(length);
    platter.force();
  }

  private final class SimFile implements DiskFile {
    private final String name;
    private final Platter platter;
    private final View view;

    SimFile(String name, Platter platter, View view) {
      this.name = name;
      this.platter = platter;
      this.view = view;
    }

    private void touch() {
      view.operation();
    }

    @Override
    public long size() {
      touch();
      return platter.length();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      touch();
      if (faults.strikes(DiskFaults.Kind.FAILED_READ, dice)) {
        tally.count("fault: read fails");
        throw new IOException("Input/output error reading " + name);
      }
      if (position >= platter.length()) {
        return -1;
      }
      int count = part(into.remaining(), DiskFaults.Kind.SHORT_READ, "fault: short read");
      byte[] bytes = new byte[count];
      int read = platter.read(bytes, 0, count, (int) position);
      into.put(bytes, 0, read);
      return read;
    }

    private int part(int asked, DiskFaults.Kind kind, String what) {
      if (asked < 2 || !faults.strikes(kind, dice)) {
        return asked;
      }
      tally.count(what);
      return 1 + dice.nextInt(asked - 1);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      touch();
      if (faults.strikes(DiskFaults.Kind.FAILED_WRITE, dice)) {
        tally.count("fault: write fails");
        throw new IOException("Input/output error writing " + name);
      }
      if (faults.isFull() && position + from.remaining() > platter.length()) {
        tally.count("fault: disk full");
        throw new IOException("No space left on device");
      }
      int count = part(from.remaining(), DiskFaults.Kind.SHORT_WRITE, "fault: short write");
      byte[] bytes = new byte[count];
      from.get(bytes);
      platter.write(bytes, 0, count, (int) position);
      return count;
    }

    @Override
    public void force() throws IOException {
      touch();
      world.waitFor(faults.forceNs(dice, tally));
      touch();
      if (faults.strikes(DiskFaults.Kind.FAILED_FORCE, dice)) {
        tally.count("fault: force fails");
        platter.failToForce(dice);
        throw new IOException("Input/output error forcing " + name);
      }
      platter.force();
    }

    @Override
    public void truncate(long size) {
      touch();
      platter.truncate((int) size);
    }

    @Override
    public void close() {}
  }
}
