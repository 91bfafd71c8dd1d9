package se.valfardskort.authorizer.app;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import se.valfardskort.authorizer.domain.LoadStatement;

/**
 * Writes what each card of a run was loaded with and why, as CSV: a line a component, then the load's two parts. It is
 * readable for its owner alone, and appears whole or not at all. Card numbers are masked.
 */
final class LoadStatements {
  private LoadStatements() {}

  /** @param results of {@link LoadRun#sendAll}, in the cards' order */
  static void write(Path file, List<LoadRun.Card> cards, List<String> results) throws IOException {
    Path target = file.toAbsolutePath();
    Path beside = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (CsvWriter csv = CsvWriter.builder().build(Files.newBufferedWriter(beside, StandardCharsets.UTF_8))) {
      csv.writeRecord("line", "card", "result", "component", "amount");
      for (int i = 0; i < cards.size(); i++) {
        write(csv, cards.get(i), results.get(i));
      }
    }
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(CsvWriter csv, LoadRun.Card card, String result) {
    LoadStatement statement = card.entry().statement();
    statement.components().forEach(each -> write(csv, card, result, LoadTotals.words(each), each.amountMinor()));
    write(csv, card, result, "load in kronor", statement.cashMinor());
    write(csv, card, result, "load in Hjartan", statement.hjartanMinor());
  }

  private static void write(CsvWriter csv, LoadRun.Card card, String result, String what, long amountMinor) {
    String line = String.format(Locale.ROOT, "%d", card.entry().line());
    csv.writeRecord(line, card.masked(), result, what, BigDecimal.valueOf(amountMinor, 2).toPlainString());
  }
}
