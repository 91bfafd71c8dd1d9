package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.app.config.ConfigFixture;

/** {@code ./run pilot}: the pilot month as a story to watch. */
@Command(
    name = "pilot",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Plays a pilot month against the real authorizer on free ports and in a folder of its own: 5,000 cards in"
          + " three municipalities, December 2026 and the turn of the year. Tells what happens, and shows the books"
          + " after each step. The story stands in config/pilot-month/story.yaml, with each amount worked out by hand."
          + " Ends by itself and leaves nothing behind.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run pilot                       the whole story in Swedish",
      "  ./run pilot --lang en --cards 500 in English, with fewer cards",
      "",
      "Exit code 0: all came out as the story says; 1: something did not, and is named; 64: wrong usage."
    })
final class PilotCommand implements Callable<Integer> {
  private static final int USAGE = 64;
  private static final long SEED = 20_261_201;
  private static final int LEAST_CARDS = 500;
  private static final int MOST_CARDS = 100_000;

  @Option(names = "--lang", paramLabel = "LANG", description = "sv or en (sv)")
  private String language = "sv";

  @Option(names = "--cards", paramLabel = "N", description = "cards in all, 500 to 100000 (5000)")
  private int cards = PilotMonth.CARDS;

  @Option(names = "--seed", paramLabel = "S", description = "of the small purchases (20261201)")
  private long seed = SEED;

  private final PrintStream out;
  private final PrintStream err;

  PilotCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** The launcher's way in; its first argument is the command's name. */
  public static void main(String[] arguments) {
    String[] own =
        arguments.length > 0 && arguments[0].equals("pilot")
            ? Arrays.copyOfRange(arguments, 1, arguments.length)
            : arguments;
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(execute(out, System.err, own));
  }

  static int execute(PrintStream out, PrintStream err, String... arguments) {
    return new CommandLine(new PilotCommand(out, err))
        .setParameterExceptionHandler((wrong, _) -> {
          err.println(wrong.getMessage() + "; ./run pilot --help says what there is");
          return USAGE;
        })
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    if (!List.of("sv", "en").contains(language) || cards < LEAST_CARDS || cards > MOST_CARDS) {
      err.println("give --lang sv or en, and --cards " + LEAST_CARDS + " to " + MOST_CARDS);
      return USAGE;
    }
    Path folder = Files.createTempDirectory("pilot-month");
    try (PilotMonth month =
        new PilotMonth(
            PilotScript.read(ConfigFixture.shipped().resolve("pilot-month/story.yaml")), folder, cards, seed, language,
            out)) {
      month.play();
      return 0;
    } catch (AssertionError different) {
      err.println("not as the story says: " + different.getMessage());
      return 1;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
