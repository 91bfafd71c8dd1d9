package se.valfardskort.authorizer.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.independent.WireLink;

/** {@code kills.amount} kills, one in every build, and what its audit would say of a server that forgot something. */
@Timeout(7_200)
class KillsTrialTest {
  /** Its plan begins with a kill in a stop, and one under load should the stop be faster. */
  private static final long SEED = 1;
  /** So many that the first of them is answered long since: no client has more than six on their way. */
  private static final int REQUESTS = 100;

  private static final int COMMANDS = 20;
  private static final int FIRST_OF_CASEWORKER = 12_000;

  @TempDir private Path folder;

  @Test
  void shouldKeepEveryAnswerThroughKills() throws Exception {
    List<String> progress = new ArrayList<>();
    int kills = Integer.getInteger("kills.amount", 1);

    Findings findings = new KillsTrial().run(new TrialSettings(SEED, kills, folder), progress::add);

    assertEquals(List.of(), findings.failures(), () -> "seed " + SEED + ", " + progress);
    assertTrue(findings.counts().getOrDefault("kills", 0L) >= kills, () -> findings.counts().toString());
    assertTrue(findings.counts().getOrDefault("answers checked", 0L) > 0, () -> findings.counts().toString());
  }

  @Test
  void shouldNoticeALostAnswerOreAndAnApprovalThatAreMissing() throws Exception {
    Counts load = new Counts();
    Clients clients = new Clients(1, SEED, load, System::nanoTime);
    Counts counts = new Counts();
    Installation installation = Installation.in(folder);
    Caseworker caseworker = new Caseworker(installation, new Random(SEED), FIRST_OF_CASEWORKER, load);
    clients.join(caseworker);
    try (Host host = new Host(installation)) {
      host.start();
      clients.begin(host);
      boolean ended = false;
      while (!ended && (load.of("requests") < REQUESTS || load.of("caseworker's commands") < COMMANDS)) {
        ended = host.endsWithin(20);
      }
      assertFalse(ended, "it ended by itself");
      host.letClientsGo();
      clients.join();

      check(host, clients.tellers().getFirst(), counts);
      caseworker.audit(host, "before the test", true);
      caseworker.believeInAnotherApproval();
      caseworker.audit(host, "in a test", true);
    }

    // His card is looked at twice.
    assertEquals(2, load.of("lost"), () -> load.findings().toString());
    assertEquals(2, load.findings().failures().size(), () -> load.findings().toString());
    assertEquals(1, counts.of("lost"), () -> counts.findings().toString());
    assertEquals(1, counts.of("unexplained"), () -> counts.findings().toString());
    assertEquals(1, counts.of("doubled"), () -> counts.findings().toString());
  }

  /** As if another answer had been given to the first request, and one more ore were on the card. */
  private static void check(Host host, Teller teller, Counts counts) throws IOException {
    CardLife card = teller.cards.getFirst();
    Exchange first = card.history.getFirst();
    byte[] answer = first.answer;
    if (answer == null) {
      throw new AssertionError("no answer to the first of many requests");
    }
    try (WireLink link = host.link(teller.layout)) {
      Balances left = settle(card, link, teller);
      first.undoneBy = null;
      answer[answer.length - 1]++;
      Audit.Claim claim = new Audit.Claim(card, 1, List.of(first), null, left.plus(1, false));
      new Audit(link, teller.layout, counts, "in a test").check(List.of(claim));
    }
  }

  /** What the card has when its last request, which the end may have overtaken, is answered as well. */
  private static Balances settle(CardLife card, WireLink link, Teller teller) throws IOException {
    Counts counts = new Counts();
    Audit.Claim known = Audit.Claim.of(card);
    new Audit(link, teller.layout, counts, "before the test").check(List.of(known));
    assertEquals(List.of(), counts.findings().failures());
    Exchange inDoubt = known.inDoubt();
    return inDoubt == null ? known.balances() : inDoubt.after;
  }
}
