package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import se.valfardskort.authorizer.reliability.TailFamilies.Family;
import se.valfardskort.authorizer.reliability.TailOracle.Recovered;

/**
 * A sealed journal is cut at every byte, followed by nothing, zeros, random bytes and an older generation of itself;
 * every bit is flipped, with and without its CRC mended; the anchor too. What is recovered must be exactly what an
 * oracle says, or the start is refused where it says; what is recovered is written on, and recovered again.
 *
 * <p>One thread, in memory. {@link TrialSettings#amount} is how many damages are drawn by the dice; 0: all are tried.
 */
public final class TailTrial implements Trial {
  private static final int MOST_FAILURES = 20;
  /** One of so many that are recovered is also decided again by the engine. */
  private static final int DECIDED_AGAIN = 512;
  private static final long PROGRESS_NS = TimeUnit.SECONDS.toNanos(5);

  private final int journalBytes;
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private long tried;
  private long nextProgressNs;

  /** On a journal of this length, 16 KiB or more. */
  public TailTrial(int journalBytes) {
    this.journalBytes = journalBytes;
  }

  @Override
  public String name() {
    return "tail-" + journalBytes / 1024 + "k";
  }

  @Override
  public Findings run(TrialSettings settings, Consumer<String> progress) throws IOException {
    return run(settings, progress, "", MOST_FAILURES);
  }

  /** Only the families whose names begin so, and no further than to so many failures. */
  Findings run(TrialSettings settings, Consumer<String> progress, String familiesBegin, int mostFailures)
      throws IOException {
    TailExhibit exhibit = TailExhibit.of(settings.seed(), journalBytes);
    TailOracle oracle = new TailOracle(exhibit);
    TailRecovery recovery = new TailRecovery(exhibit, oracle);
    List<Family> families =
        new TailFamilies(exhibit, oracle, settings.seed())
            .all().stream().filter(family -> family.name().startsWith(familiesBegin)).toList();
    long all = families.stream().mapToLong(Family::size).sum();
    nextProgressNs = System.nanoTime() + PROGRESS_NS;
    SplittableRandom dice = new SplittableRandom(settings.seed());
    for (Family family : families) {
      int size = family.size();
      int count = settings.amount() == 0 ? size : (int) Math.min(size, 1 + settings.amount() * (long) size / all);
      for (int i = 0; i < count && failures.size() < mostFailures; i++) {
        attempt(family, settings.amount() == 0 ? i : dice.nextInt(size), recovery);
        tell(progress, settings.amount() == 0 ? all : settings.amount());
      }
    }
    counts.put("journal: records", (long) exhibit.entries.size());
    counts.put("journal: bytes", (long) exhibit.files.stream().mapToInt(file -> file.bytes().length).sum());
    counts.put("written on and recovered again", recovery.writtenOn());
    return new Findings(counts, failures);
  }

  private void attempt(Family family, int index, TailRecovery recovery) throws IOException {
    TailDamage damage = family.at().apply(index);
    if (damage == null) {
      return;
    }
    tried++;
    try {
      TailRecovery.Outcome outcome = recovery.run(damage, index % 2 == 0);
      count("outcome: " + outcome.words);
      count(damage.count() + ": " + outcome.words);
      if (damage.verdict() instanceof Recovered expected && tried % DECIDED_AGAIN == 0) {
        recovery.decideAgain(damage, expected);
        count("decided again by the engine");
      }
    } catch (TailRecovery.Broken broken) {
      failures.add(String.valueOf(broken.getMessage()));
    }
  }

  private void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  private void tell(Consumer<String> progress, long all) {
    long nowNs = System.nanoTime();
    if (nowNs - nextProgressNs >= 0) {
      nextProgressNs = nowNs + PROGRESS_NS;
      progress.accept(tried + " of about " + all + " damages, " + failures.size() + " failures");
    }
  }
}
