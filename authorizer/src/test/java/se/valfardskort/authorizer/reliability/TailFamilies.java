package se.valfardskort.authorizer.reliability;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.reliability.TailExhibit.File;
import se.valfardskort.authorizer.reliability.TailExhibit.Item;
import se.valfardskort.authorizer.reliability.TailOracle.Refused;
import se.valfardskort.authorizer.reliability.TailOracle.Verdict;

/** All damages that are tried on one exhibit: each family has one for every byte, or for every bit. */
final class TailFamilies {
  private static final int CRC_AT = 44;
  private static final int HEADER_CRC_AT = 60;
  private static final int FIRST_KEYED_SEED = 7_919;

  /**
   * Damages of one kind.
   *
   * @param size how many there are
   * @param at makes one of them; null: that one is not defined
   */
  record Family(String name, int size, IntFunction<@Nullable TailDamage> at) {}

  private final TailExhibit exhibit;
  private final TailOracle oracle;
  private final long seed;

  TailFamilies(TailExhibit exhibit, TailOracle oracle, long seed) {
    this.exhibit = exhibit;
    this.oracle = oracle;
    this.seed = seed;
  }

  List<Family> all() {
    List<Family> all = new ArrayList<>();
    File older = exhibit.olderFile();
    File last = exhibit.lastFile();
    int anchorLength = exhibit.anchor.length;
    for (Follower follower : Follower.values()) {
      String name = "cut, then " + follower.words;
      all.add(new Family(name, last.bytes().length, at -> cutLast(name, follower, at)));
      String end = "cut in the older file, the last one lost, then " + follower.words;
      all.add(new Family(end, older.bytes().length, at -> cutOlder(end, follower, at, false)));
      String inside = "cut in the older file, the last one there, then " + follower.words;
      all.add(new Family(inside, older.bytes().length, at -> cutOlder(inside, follower, at, true)));
      String anchor = "anchor cut, then " + follower.words;
      all.add(new Family(anchor, anchorLength, at -> cutAnchor(anchor, follower, at)));
    }
    for (File file : List.of(last, older)) {
      all.add(new Family("bit flipped", Byte.SIZE * file.bytes().length, bit -> flip(file, bit)));
      all.add(new Family("byte changed, CRC mended", file.bytes().length, at -> forge(file, at)));
    }
    all.add(new Family("bit of the anchor flipped", Byte.SIZE * anchorLength, bit -> flipAnchor(bit, false)));
    all.add(new Family("bit of the anchor flipped, CRC mended", Byte.SIZE * (anchorLength - 4),
        bit -> flipAnchor(bit, true)));
    all.add(new Family("cut, start from a snapshot", last.bytes().length, this::cutWithSnapshot));
    return all;
  }

  private Map<String, byte[]> with(String name, byte[] bytes) {
    Map<String, byte[]> files = new TreeMap<>(exhibit.images());
    files.put(name, bytes);
    return files;
  }

  private long dice(long of) {
    return seed * 31 + of * FIRST_KEYED_SEED;
  }

  private byte[] cut(File file, Follower follower, int at) {
    return follower.behind(file.bytes(), at, file.older(), dice(at));
  }

  private TailDamage cutLast(String name, Follower follower, int at) {
    File file = exhibit.lastFile();
    byte[] damaged = cut(file, follower, at);
    Verdict verdict = oracle.lastFile(damaged);
    // What stands in the way is older, so that nothing is lost when it is cut off: decision 16. Where the first of it
    // is whole, no power cut tore it, and nobody is told to shorten the file.
    boolean shorten = follower == Follower.OLDER_GENERATION
        && at >= file.items().getFirst().end()
        && verdict instanceof Refused refused
        && !oracle.olderStandsAt(refused.from(), damaged);
    return new TailDamage(
        name + ": " + file.name() + " at " + at, name, with(file.name(), damaged), file.name(), verdict, 0, shorten);
  }

  private TailDamage cutOlder(String name, Follower follower, int at, boolean lastIsThere) {
    File file = exhibit.olderFile();
    byte[] damaged = cut(file, follower, at);
    Map<String, byte[]> files = with(file.name(), damaged);
    Verdict verdict = lastIsThere ? oracle.olderFile(damaged) : oracle.endOfOlderFile(damaged);
    if (!lastIsThere) {
      files.remove(exhibit.lastFile().name());
    }
    String last = lastIsThere ? exhibit.lastFile().name() : file.name();
    return new TailDamage(name + ": " + file.name() + " at " + at, name, files, last, verdict, 0, false);
  }

  private TailDamage cutWithSnapshot(int at) {
    Follower[] followers = Follower.values();
    Follower follower = followers[Math.floorMod(at, followers.length)];
    File file = exhibit.lastFile();
    byte[] damaged = cut(file, follower, at);
    long snapshot = 1 + Math.floorMod(dice(at), (long) exhibit.entries.size());
    Verdict verdict = oracle.fromSnapshot(snapshot, oracle.lastFile(damaged));
    String of = snapshot <= exhibit.mark() ? "of the older file" : "of the last file";
    String name = "cut, start from a snapshot " + of;
    return new TailDamage(
        name + " (" + snapshot + "): " + file.name() + " at " + at + ", then " + follower.words, name,
        with(file.name(), damaged), file.name(), verdict, snapshot, false);
  }

  private TailDamage flip(File file, int bit) {
    byte[] damaged = file.bytes().clone();
    damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    Verdict verdict = file == exhibit.lastFile() ? oracle.lastFile(damaged) : oracle.olderFile(damaged);
    return new TailDamage(
        "bit " + bit % Byte.SIZE + " of byte " + bit / Byte.SIZE + " of " + file.name() + " flipped",
        "bit flipped in " + region(file, bit / Byte.SIZE), with(file.name(), damaged), exhibit.lastFile().name(),
        verdict, 0, false);
  }

  private static String region(File file, int at) {
    Item item = TailOracle.itemAt(file, at);
    if (item == null) {
      return at < TailExhibit.HEADER_LENGTH ? "a file header" : "the zeros behind the end";
    }
    if (item.seal()) {
      return "a seal";
    }
    int within = at - item.offset();
    if (within >= TailExhibit.RECORD_HEADER_LENGTH) {
      return "a record's body";
    }
    boolean length = (within >= 4 && within < 8) || (within >= 40 && within < CRC_AT);
    return length ? "a record's lengths" : within >= CRC_AT ? "a record's CRC" : "the rest of a record's header";
  }

  /** Null where no seal covers the byte, or it is of the CRC itself. */
  private @Nullable TailDamage forge(File file, int at) {
    Item item = TailOracle.itemAt(file, at);
    int within = item == null ? at : at - item.offset();
    int crcAt = item == null ? HEADER_CRC_AT : CRC_AT;
    Verdict verdict = oracle.forged(file, at);
    if (verdict == null || (within >= crcAt && within < crcAt + Integer.BYTES)) {
      return null;
    }
    byte[] damaged = file.bytes().clone();
    damaged[at] ^= (byte) (1 << Math.floorMod(dice(at), (long) Byte.SIZE));
    mendCrc(damaged, item);
    return new TailDamage(
        "byte " + at + " of " + file.name() + " changed, CRC mended", "byte changed, CRC mended",
        with(file.name(), damaged), exhibit.lastFile().name(), verdict, 0, false);
  }

  private static void mendCrc(byte[] bytes, @Nullable Item item) {
    CRC32C crc = new CRC32C();
    int start = item == null ? 0 : item.offset();
    int at = start + (item == null ? HEADER_CRC_AT : CRC_AT);
    crc.update(bytes, start, at - start);
    if (item != null) {
      crc.update(bytes, at + Integer.BYTES, item.end() - at - Integer.BYTES);
    }
    putCrc(bytes, at, crc);
  }

  private static void putCrc(byte[] bytes, int at, CRC32C crc) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) crc.getValue());
  }

  private TailDamage flipAnchor(int bit, boolean mended) {
    byte[] damaged = exhibit.anchor.clone();
    damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    if (mended) {
      CRC32C crc = new CRC32C();
      crc.update(damaged, 0, damaged.length - Integer.BYTES);
      putCrc(damaged, damaged.length - Integer.BYTES, crc);
    }
    String name = "bit of the anchor flipped" + (mended ? ", CRC mended" : "");
    return anchor(name, name + ": " + bit, damaged, Refused.SOMEHOW);
  }

  private TailDamage cutAnchor(String name, Follower follower, int at) {
    byte[] damaged = follower.behind(exhibit.anchor, at, exhibit.olderAnchor, dice(at));
    boolean same = Arrays.equals(damaged, exhibit.anchor);
    return anchor(name, name + " at " + at, damaged, same ? oracle.whole() : Refused.SOMEHOW);
  }

  private TailDamage anchor(String name, String what, byte[] damaged, Verdict verdict) {
    return new TailDamage(
        what, name, with(TailExhibit.ANCHOR, damaged), exhibit.lastFile().name(), verdict, 0, false);
  }
}
