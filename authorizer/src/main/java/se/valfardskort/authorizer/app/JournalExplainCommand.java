package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import se.valfardskort.authorizer.admin.CardJson;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.explain.Explainer;
import se.valfardskort.authorizer.explain.Language;
import se.valfardskort.authorizer.explain.RecordFields;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;

/** {@code journal explain}: why it was decided so. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Why was this decided so: the command, the card's purses, holds and counters right before it and right after, "
          + "and the decision in plain words. Decides all again up to it, so it takes as long as a start does.",
      "A repeat has no sequence of its own: it got the answer of the one that is explained here.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {JournalTask.OK_LINE, JournalTask.USAGE_LINE, JournalTask.DATA_LINE,
        "66:there is no such journal, or no such sequence in it", JournalTask.IO_LINE, JournalTask.TRY_AGAIN_LINE,
        JournalTask.CONFIGURATION_LINE})
final class JournalExplainCommand extends JournalTask {
  @Parameters(paramLabel = "SEQ", description = "the sequence")
  private long sequence;

  @Option(names = "--json", description = "one JSON object; amounts in minor units")
  private boolean json;

  /** Of the sentences that are not for the holder. */
  private static final String LANGUAGE = "en";

  private final RecordFields fields = new RecordFields();
  private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[Slot.DECISION_CAPACITY]);
  private final Map<String, Object> story = new LinkedHashMap<>();
  private final UnsafeBuffer command = new UnsafeBuffer(new byte[0]);
  private long timeMs;
  private Map<String, Object> explanation = Map.of();

  /** In which the card's programme tells its holders. */
  private List<String> languages = Language.LANGUAGES;
  private @Nullable CardView before;
  private @Nullable CardView after;

  @Override
  int run(Path journal, AuthorizerSettings settings) throws IOException, StartFailure {
    SkipList skips = SkipList.read(FolderDisk.readOnly(journal), sealKey(settings));
    try (JournalFolder folder = follow(journal, settings);
        ReplayRun run = new ReplayRun(journal, folder, settings, sequence - 1)) {
      Position end =
          run.to(sequence, JournalReader.Mode.FOLLOW, skips, new Onlooker(run.engine(), skips));
      if (story.isEmpty()) {
        return fail(ExitCode.NO_INPUT,
            "the journal in " + journal + " has no sequence " + sequence + "; it ends at " + end.sequence());
      }
      tellTheRest(run.engine());
    }
    if (json) {
      CardJson cards = new CardJson(AdminPort.countries());
      story.put("before", before == null ? null : cards.card(before));
      story.put("after", after == null ? null : cards.card(after));
      out().println(JsonObject.of(story));
    } else {
      print();
    }
    return ExitCode.OK;
  }

  /** Looks at the card before and after the one record. */
  private final class Onlooker implements BoundedJournal.Watcher {
    private final Engine engine;
    private final SkipList skips;

    Onlooker(Engine engine, SkipList skips) {
      this.engine = engine;
      this.skips = skips;
    }

    @Override
    public void before(JournalRecord record) {
      if (record.sequence == sequence) {
        before = card(record);
      }
    }

    @Override
    public void after(JournalRecord record) {
      if (record.sequence != sequence) {
        return;
      }
      after = card(record);
      story.putAll(fields.of(record));
      explanation = new Explainer(engine.activeConfiguration(), skips).of(record, after, null).members();
      languages = languages(engine);
      story.put("explanation", explanation);
      byte[] bytes = new byte[record.commandLength];
      record.buffer.getBytes(record.commandOffset, bytes);
      command.wrap(bytes);
      timeMs = record.timeMs;
    }

    /** Those of the card's programme; all where there is no card. */
    private List<String> languages(Engine engine) {
      CardView card = after;
      if (card != null) {
        for (Programme programme : engine.activeConfiguration().programmes()) {
          PolicyFile policy = configuration().policies().get(programme.name());
          if (programme.id() == card.programmeId() && policy != null) {
            return policy.languages();
          }
        }
      }
      return Language.LANGUAGES;
    }

    private @Nullable CardView card(JournalRecord record) {
      int token = RecordFields.tokenOffset(record);
      return token < 0 ? null : engine.card(record.buffer, token);
    }
  }

  /** What can only be asked when the replay is over; the engine stands right after the command. */
  private void tellTheRest(Engine engine) {
    boolean poison = "poison".equals(story.get("kind"));
    boolean remembered = !poison && engine.remembers(command, 0, command.capacity(), scratch, 0);
    story.put("repeat", remembered
        ? "A repeat of it right afterwards got the same answer from memory, and no sequence of its own."
        : "It is not remembered: sent again, it is decided anew.");
    if (poison) {
      story.put("again", again(engine));
    }
  }

  /** What this program makes of a poisoned command: deciding changes nothing. */
  private String again(Engine engine) {
    try {
      int code = engine.decide(command, 0, command.capacity(), timeMs, scratch, 0);
      return "This program does not fail on it: it would say " + RecordFields.reasonName(code) + ".";
    } catch (RuntimeException | StackOverflowError | AssertionError thrown) {
      return "This program fails on it too: " + thrown + ".";
    }
  }

  private void print() {
    out().println("Sequence " + sequence + ", " + story.get("time") + ", epoch " + story.get("epoch"));
    out().println();
    out().println("  asked    " + line("command"));
    out().println("  decided  " + line("decision"));
    out().println();
    out().println(ExplanationText.verdict(explanation, LANGUAGE));
    if (story.containsKey("again")) {
      out().println(story.get("again"));
    }
    out().println(story.get("repeat"));
    out().println();
    printHolderWords();
    CardView was = before;
    CardView is = after;
    if (was == null && is == null) {
      out().println("No card of ours is named in it.");
      return;
    }
    CardChange.table(was, is).forEach(out()::println);
    originals(was == null ? List.of() : was.originals(), is == null ? List.of() : is.originals());
  }

  /** What a caseworker can read to the holder. */
  private void printHolderWords() {
    for (String language : languages) {
      List<String> words = ExplanationText.words(explanation, language);
      for (int i = 0; i < words.size(); i++) {
        out().println((i == 0 ? "  " + language : "    ") + "  " + words.get(i));
      }
    }
    List<String> left = ExplanationText.left(explanation, LANGUAGE);
    if (!left.isEmpty()) {
      out().println();
      left.forEach(out()::println);
      out().println();
    }
  }

  private void originals(List<CardView.OriginalView> was, List<CardView.OriginalView> is) {
    for (CardView.OriginalView original : is) {
      if (!was.contains(original)) {
        boolean known = was.stream().anyMatch(each -> each.number() == original.number());
        out().println((known ? "  changed  " : "  new      ") + CardChange.describe(original));
      }
    }
    was.stream().filter(original -> is.stream().noneMatch(each -> each.number() == original.number()))
        .forEach(original -> out().println("  gone     " + CardChange.describe(original)));
    out().println("  " + is.size() + " holds, postings and the like of the card are on record after it");
  }

  private String line(String part) {
    return story.get(part) instanceof Map<?, ?> map ? RecordLine.of(map) : "no decision could be made of it";
  }
}
