package se.valfardskort.loadtest.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Answer;
import se.valfardskort.loadtest.client.Endpoint;
import se.valfardskort.loadtest.client.IsoClient;
import se.valfardskort.loadtest.client.UserError;

/**
 * Sends every answered request of a ledger again, byte for byte, and demands the same answer, byte for byte: after a
 * crash and a restart, every approval that a client received must still be there (wire.md section 4).
 *
 * <p>Two exceptions, both of wire.md: 91 and 96 are not remembered, so those are left out; a hold that was reversed
 * since answers 94.
 */
final class LedgerVerifier {
  private static final int WINDOW = 64;
  private static final int SHOWN = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final List<String> differences = new ArrayList<>();
  private long identical;
  private long reversedSince;
  private long notRemembered;
  private long different;
  private long unanswered;

  LedgerVerifier(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Verifies a ledger; gives the exit code. */
  int verify(Path file, PrintStream out) {
    List<LedgerBook.Run> runs = LedgerBook.read(file);
    try (IsoClient client = IsoClient.connect(endpoint, PATIENCE)) {
      Semaphore window = new Semaphore(WINDOW);
      for (LedgerBook.Run run : runs) {
        LoadFrames frames = new LoadFrames(endpoint, run.tag());
        for (LedgerBook.Entry entry : run.entries()) {
          String code = entry.code;
          if (code == null) {
            continue;
          }
          if (code.equals("91") || code.equals("96")) {
            notRemembered++;
            continue;
          }
          window.acquireUninterruptibly();
          var _ = client.send(messageOf(frames, entry)).whenComplete((answer, failure) -> {
            judge(entry, answer, failure);
            window.release();
          });
        }
      }
      window.acquireUninterruptibly(WINDOW);
    }
    return report(out);
  }

  private synchronized void judge(LedgerBook.Entry entry, @Nullable Answer answer, @Nullable Throwable failure) {
    if (answer == null) {
      unanswered++;
      note(entry, failure == null ? "no answer" : String.valueOf(failure.getMessage()));
    } else if (Ledger.digestOf(answer.frame()).equals(entry.digest)) {
      identical++;
      if (entry.reversed) {
        note(entry, "the hold was reversed, so that a repeat must answer 94");
        identical--;
        different++;
      }
    } else if (entry.reversalSent && answer.responseCode().equals("94")) {
      reversedSince++;
    } else {
      different++;
      note(entry, "first DE 39 " + entry.code + " DE 38 " + entry.authorization + ", now DE 39 "
          + answer.responseCode() + " DE 38 " + (answer.field(38).isEmpty() ? "-" : answer.field(38))
          + (answer.responseCode().equals(entry.code) ? "; other bytes differ" : ""));
    }
  }

  private void note(LedgerBook.Entry entry, String what) {
    if (differences.size() < SHOWN) {
      differences.add("message " + entry.message.number + " (STAN " + entry.message.stan + "): " + what);
    }
  }

  private synchronized int report(PrintStream out) {
    out.println("answered requests sent again: " + (identical + reversedSince + different + unanswered)
        + ", identical answers " + identical + ", reversed since (94) " + reversedSince + ", different " + different
        + ", unanswered " + unanswered + "; left out, since 91 and 96 are not remembered: " + notRemembered);
    differences.forEach(line -> out.println("  " + line));
    return different == 0 && unanswered == 0 ? 0 : UserError.MISMATCH;
  }

  private static byte[] messageOf(LoadFrames frames, LedgerBook.Entry entry) {
    ByteBuf out = Unpooled.buffer(512);
    frames.message(entry.message, out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }
}
