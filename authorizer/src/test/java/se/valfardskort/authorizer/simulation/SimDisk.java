package se.valfardskort.authorizer.simulation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * A disk that does what disks do, by the dice: loses, tears, fails, fills up, hangs.
 *
 * <p>A new, renamed or deleted name is the disk's only when the directory was forced, which a rename does at its end;
 * what was not may be lost at a power cut. {@link DiskFaults} says what goes wrong; each fault is counted where it
 * strikes.
 */
final class SimDisk implements Disk {
  /** The world that the disk stands in. */
  interface Surroundings {
    /** A process waits for the disk, and the rest of the world goes on. */
    void waitFor(long ns);

    /** The power went, in the midst of an operation. */
    void powerWent();
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
  private boolean locked;
  /** Rises with every process that loses its files. */
  private int life;

  SimDisk(SplittableRandom dice, long forceNs, Tally tally, Surroundings world) {
    this.faults = new DiskFaults(forceNs);
    this.dice = dice;
    this.tally = tally;
    this.world = world;
  }

  // The port

  @Override
  public DiskFile create(String name) throws IOException {
    operation();
    if (names.containsKey(name)) {
      throw new IOException(name + " exists");
    }
    Platter platter = new Platter();
    change(new Renaming("", name, platter));
    return new SimFile(name, platter);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    operation();
    return new SimFile(name, find(name));
  }

  private Platter find(String name) throws NoSuchFileException {
    Platter platter = names.get(name);
    if (platter == null) {
      throw new NoSuchFileException(name);
    }
    return platter;
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
    operation();
    if (faults.strikes(DiskFaults.Kind.FAILED_RENAME, dice)) {
      tally.count("fault: rename fails");
      throw new IOException("Input/output error");
    }
    forceNames();
  }

  private void forceNames() {
    unforced.clear();
    keptNames = new TreeMap<>(names);
  }

  @Override
  public void delete(String name) {
    operation();
    Platter platter = names.get(name);
    if (platter != null) {
      change(new Renaming(name, "", platter));
    }
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

  @Override
  public Closeable lock(String name) throws IOException {
    operation();
    if (locked) {
      throw new IOException("another instance uses this data folder: " + name);
    }
    locked = true;
    int holder = life;
    return () -> {
      if (holder == life) {
        locked = false;
      }
    };
  }

  @Override
  public String describe(String name) {
    return name;
  }

  // What happens to it

  private void operation() {
    if (faults.isTheLast()) {
      world.powerWent();
      throw new PowerCut();
    }
  }

  /** The process is gone; the operating system lives and shows what was written. */
  void losesProcess() {
    life++;
    locked = false;
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
        tally.count(isJournal(file.getKey()) ? "fault: torn journal" : "fault: torn other file");
      }
    }
  }

  static boolean isJournal(String name) {
    return name.startsWith("journal-");
  }

  /** The files as the disk itself has them, by name. */
  NavigableMap<String, Platter> kept() {
    return keptNames;
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
    private final int openedIn = life;

    SimFile(String name, Platter platter) {
      this.name = name;
      this.platter = platter;
    }

    private void touch() {
      if (openedIn != life) {
        throw new PowerCut();
      }
      operation();
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
