package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * Journals as released formats wrote them, which must load for ever. The files of a format are never written again: a
 * change that alters them is a new format with a folder of its own. Commands and decisions are plain texts here: what
 * is kept is the journal's own format, not the records inside.
 */
final class JournalFixturesTest {
  private static final String SEGMENT = JournalFormat.nameOf(1, 1);

  private final Path folder;

  JournalFixturesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static byte[] fixture(String name) throws IOException {
    try (InputStream in = JournalFixturesTest.class.getResourceAsStream("/journal/format-1/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the fixture " + name + " is missing");
      }
      return in.readAllBytes();
    }
  }

  @Test
  void shouldLoadFormat1() throws Exception {
    Files.write(folder.resolve("anchor"), fixture("anchor"));
    Files.write(folder.resolve(SEGMENT), fixture(SEGMENT));
    List<String> records = new ArrayList<>();

    Position end;
    int answers;
    long keyCheck;
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(folder))) {
      end = new JournalReader(locked, JournalReader.Mode.RECOVER).readAll(record -> records.add(describe(record)));
      answers = locked.answersRemembered();
      keyCheck = locked.keyCheck();
    }

    assertEquals(new Position(5, 5000), end);
    assertEquals(10_000, answers);
    assertEquals(0x0807_0605_0403_0201L, keyCheck);
    assertEquals(
        List.of(
            "DECIDED 1 at 1000 epoch 1 engine 1: first command -> first decision",
            "DECIDED 2 at 2000 epoch 1 engine 1: a second, longer command -> second decision",
            "POISON 3 at 3000 epoch 1 engine 1: third command -> ",
            "DECIDED 4 at 3000 epoch 1 engine 1: 4 -> fourth decision",
            "DECIDED 5 at 5000 epoch 1 engine 1: fifth command -> fifth decision"),
        records);
  }

  private static String describe(JournalRecord record) {
    return record.kind + " " + record.sequence + " at " + record.timeMs + " epoch " + record.epoch + " engine "
        + record.engineVersion + ": "
        + record.buffer.getStringWithoutLengthAscii(record.commandOffset, record.commandLength) + " -> "
        + record.buffer.getStringWithoutLengthAscii(record.decisionOffset, record.decisionLength);
  }
}
