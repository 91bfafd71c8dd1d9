package se.valfardskort.authorizer.reliability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.reliability.DiskLog.Kind;
import se.valfardskort.authorizer.reliability.DiskLog.Operation;
import se.valfardskort.authorizer.reliability.PlatterImage.Loss;

/** What a power cut may leave, and what it must. */
class PlatterImageTest {
  private static final String FOLDER = "/data/journal";
  private static final String FILE = FOLDER + "/log";

  @TempDir private Path folder;

  private final PlatterImage platter = new PlatterImage(Path.of("/data"));

  @Test
  void shouldKeepWhatASyncHasCoveredAndLoseTheRest() throws Exception {
    create();
    write(0, "AA");
    sync(FILE, 2);
    write(2, "BB");

    assertEquals("AA", cut(Loss.EVERYTHING));
  }

  @Test
  void shouldNotCoverWhatWasWrittenAfterASyncBegan() throws Exception {
    create();
    write(0, "AA");
    feed(Kind.SYNC_BEGIN, FILE, 7, "");
    write(2, "BB");
    feed(Kind.SYNC_BEGIN, FILE, 8, "");
    write(4, "CC");
    feed(Kind.SYNC_END, FILE, 7, "");
    feed(Kind.SYNC_END, FILE, 8, "");

    assertEquals("AABB", cut(Loss.EVERYTHING));
  }

  @Test
  void shouldNotKnowANameWhoseFolderWasNotSynced() throws Exception {
    create();
    write(0, "AA");
    sync(FILE, 2);
    feed(Kind.RENAME, FILE, 0, FOLDER + "/other");
    platter.cut(folder.resolve("cut"), Loss.EVERYTHING, new Random(1));

    assertEquals("AA", Files.readString(folder.resolve("cut/journal/log")));
    assertFalse(Files.exists(folder.resolve("cut/journal/other")));
  }

  @Test
  void shouldLoseWholeSectorsOnly() throws Exception {
    create();
    write(0, "A".repeat(4 * 512));
    sync(FILE, 2);
    write(0, "B".repeat(4 * 512));

    byte[] left = cut(Loss.ANY_SECTORS).getBytes(StandardCharsets.UTF_8);

    for (int sector = 0; sector < 4; sector++) {
      byte[] whole = new byte[512];
      Arrays.fill(whole, left[sector * 512]);
      assertArrayEquals(whole, Arrays.copyOfRange(left, sector * 512, (sector + 1) * 512));
    }
  }

  @Test
  void shouldLoseNothingWhereTheCacheWasSaved() throws Exception {
    create();
    write(0, "AAAA");
    feed(Kind.TRUNCATE, FILE, 3, "");

    assertEquals("AAA", cut(Loss.NOTHING));
  }

  private void create() {
    feed(Kind.CREATE, FILE, 0, "");
    sync(FOLDER, 1);
  }

  private void write(long offset, String what) {
    feed(Kind.WRITE, FILE, offset, what);
  }

  private void sync(String path, long number) {
    feed(Kind.SYNC_BEGIN, path, number, "");
    feed(Kind.SYNC_END, path, number, "");
  }

  private void feed(Kind kind, String path, long number, String data) {
    platter.feed(new Operation(0, kind, path, number, ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8))));
  }

  private String cut(Loss loss) throws IOException {
    platter.cut(folder.resolve("cut"), loss, new Random(1));
    return Files.readString(folder.resolve("cut/journal/log"));
  }
}
