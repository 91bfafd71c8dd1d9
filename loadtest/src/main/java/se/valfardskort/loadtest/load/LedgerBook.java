package se.valfardskort.loadtest.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.UserError;

/** What a {@link Ledger} file says, run by run. Immutable once read. */
final class LedgerBook {
  /** One run's tag and its requests. */
  record Run(String tag, List<Entry> entries) {}

  /** A request, and the answer that came, if any. */
  static final class Entry {
    final LoadMessage message;
    /** DE 39, or null where no answer was received. */
    @Nullable String code;
    /** DE 38, or {@code -}. */
    String authorization = "-";
    /** The answer's digest. */
    String digest = "";
    /** A reversal of this request was sent. */
    boolean reversalSent;
    /** A reversal of this request was answered 00. */
    boolean reversed;

    Entry(LoadMessage message) {
      this.message = message;
    }
  }

  private LedgerBook() {}

  /**
   * Reads a ledger. A last line that was cut off, since the client was killed, is left out.
   *
   * @throws UserError names file, line and mend
   */
  static List<Run> read(Path file) {
    List<Run> runs = new ArrayList<>();
    Map<Long, Entry> byNumber = new HashMap<>();
    int lineNumber = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        lineNumber++;
        String[] words = line.strip().split(" ", -1);
        if (words[0].equals("R") && words.length == 2) {
          link(byNumber);
          byNumber = new LinkedHashMap<>();
          runs.add(new Run(words[1], new ArrayList<>()));
        } else if (words[0].equals("Q") && !runs.isEmpty() && (words.length == 8 || words.length == 10)) {
          Entry entry = new Entry(messageOf(words));
          byNumber.put(entry.message.number, entry);
          runs.getLast().entries().add(entry);
        } else if (words[0].equals("A") && words.length == 5 && words[4].length() == 16) {
          Entry entry = byNumber.get(Long.parseLong(words[1]));
          if (entry == null) {
            throw wrong(file, lineNumber, "an answer to message " + words[1] + ", which was not sent");
          }
          entry.code = words[2];
          entry.authorization = words[3];
          entry.digest = words[4];
        } else if (lines.read() >= 0) {
          throw wrong(file, lineNumber, "no line of a ledger");
        }
      }
    } catch (NumberFormatException e) {
      throw wrong(file, lineNumber, "a number is wrong");
    } catch (IOException e) {
      throw new UserError(UserError.NO_INPUT, "the ledger " + file + " cannot be read (" + e + "); check the path", e);
    }
    link(byNumber);
    if (runs.isEmpty()) {
      throw wrong(file, 1, "no run");
    }
    return runs;
  }

  /** Tells each hold of its reversal. */
  private static void link(Map<Long, Entry> byNumber) {
    Map<Integer, Entry> holds = new HashMap<>();
    for (Entry entry : byNumber.values()) {
      LoadMessage message = entry.message;
      if (message.kind == LoadMessage.Kind.HOLD) {
        holds.put(message.stan, entry);
      }
      Entry original = message.originalStan == LoadMessage.NONE ? null : holds.get(message.originalStan);
      if (original != null && original.message.epochSecond == message.originalEpochSecond) {
        original.reversalSent = true;
        original.reversed |= "00".equals(entry.code);
      }
    }
  }

  private static LoadMessage messageOf(String[] words) {
    LoadMessage message = new LoadMessage();
    message.number = Long.parseLong(words[1]);
    message.kind = kindOf(Integer.parseInt(words[2]));
    message.stan = Integer.parseInt(words[3]);
    message.epochSecond = Long.parseLong(words[4]);
    message.card = Integer.parseInt(words[5]);
    message.amountMinor = Long.parseLong(words[6]);
    message.connection = Integer.parseInt(words[7]);
    if (words.length == 10) {
      message.originalStan = Integer.parseInt(words[8]);
      message.originalEpochSecond = Long.parseLong(words[9]);
    }
    return message;
  }

  private static LoadMessage.Kind kindOf(int code) {
    if (code < 0 || code >= LoadMessage.Kind.values().length) {
      throw new NumberFormatException("no kind " + code);
    }
    return LoadMessage.Kind.of(code);
  }

  private static UserError wrong(Path file, int line, String what) {
    return new UserError(UserError.BAD_DATA, file + ":" + line + ": " + what
        + "; this is not a file that loadtest --ledger wrote, or it was changed");
  }
}
