package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * Journals as released formats wrote them, which must load for ever. The files of a format are never written again: a
 * change that alters them is a new format with a folder of its own. Commands and decisions are plain texts here: what
 * is kept is the journal's own format, not the records inside.
 */
final class JournalFixturesTest {
  private static final String SEGMENT = JournalFormat.nameOf(1, 1);

  private static final byte[] SECRET = new byte[32];

  private final Path folder;

  JournalFixturesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static byte[] fixture(int format, String name) throws IOException {
    String resource = "/journal/format-" + format + "/" + name;
    try (InputStream in = JournalFixturesTest.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the fixture " + resource + " is missing");
      }
      return in.readAllBytes();
    }
  }

  /** Format 2 is the same journal with seals, under a key of {@link #SECRET}, and by version 2 of the engine. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldLoad(int format) throws Exception {
    Files.write(folder.resolve("anchor"), fixture(format, "anchor"));
    Files.write(folder.resolve(SEGMENT), fixture(format, SEGMENT));
    List<String> records = new ArrayList<>();

    Position end;
    int answers;
    long keyCheck;
    long sealedTo;
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(folder), SealKey.derivedFrom(SECRET))) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.RECOVER);
      end = reader.readAll(record -> records.add(describe(record)));
      sealedTo = reader.sealing().to();
      answers = locked.answersRemembered();
      keyCheck = locked.keyCheck();
    }

    assertEquals(new Position(5, 5000), end);
    assertEquals(format == 1 ? 0 : 5, sealedTo);
    assertEquals(10_000, answers);
    assertEquals(0x0807_0605_0403_0201L, keyCheck);
    assertEquals(
        List.of(
            "DECIDED 1 at 1000 epoch 1 engine " + format + ": first command -> first decision",
            "DECIDED 2 at 2000 epoch 1 engine " + format + ": a second, longer command -> second decision",
            "POISON 3 at 3000 epoch 1 engine " + format + ": third command -> ",
            "DECIDED 4 at 3000 epoch 1 engine " + format + ": 4 -> fourth decision",
            "DECIDED 5 at 5000 epoch 1 engine " + format + ": fifth command -> fifth decision"),
        records);
  }

  private static String describe(JournalRecord record) {
    return record.kind + " " + record.sequence + " at " + record.timeMs + " epoch " + record.epoch + " engine "
        + record.engineVersion + ": "
        + record.buffer.getStringWithoutLengthAscii(record.commandOffset, record.commandLength) + " -> "
        + record.buffer.getStringWithoutLengthAscii(record.decisionOffset, record.decisionLength);
  }
}
