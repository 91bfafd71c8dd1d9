package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/** {@code why}: the explanation of one decision, or of each that a retrieval reference number is on. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = {
      "Why was this decided so? What was checked, what would make it pass, what is left, and how to appeal. Asks a "
          + "running authorizer, which notes who looked, and at what, before it answers.",
      "'./run journal explain' says the same of a stopped one, too, with the caps and limits as they were then.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run why 632600000017 --demo             by the retrieval reference number (DE 37) on the receipt",
      "  ./run why 4711 --lang en                  by the journal's sequence, in English"
    })
final class WhyCommand extends PortTask {
  @Parameters(
      paramLabel = "RRN|SEQUENCE",
      description = "twelve letters and digits: DE 37, of which there may be several; else a sequence")
  private String asked = "";

  @Mixin private LanguageOption lang = new LanguageOption();

  @Override
  void run(AdminClient client, ConfigurationFolder.Loaded loaded) throws StartFailure {
    String language = lang.language();
    Map<?, ?> answer = client.get("/v1/why/" + checked(asked));
    show(answer, out -> print(out, answer, language));
  }

  /** What can stand in the path as it is. */
  static String checked(String asked) throws StartFailure {
    if (!asked.matches("[0-9A-Za-z]{12}|[1-9][0-9]{0,17}")) {
      throw new StartFailure(
          ExitCode.USAGE, "'" + asked.replaceAll("[^ -~]", "?") + "' is neither a retrieval reference number (twelve"
              + " letters and digits) nor a sequence; read it again");
    }
    return asked;
  }

  private static void print(PrintWriter out, Map<?, ?> answer, String language) {
    List<Map<?, ?>> explanations = AdminTable.maps(answer, "explanations");
    if (explanations.size() > 1) {
      out.println(explanations.size() + " records, newest first");
      out.println();
    }
    for (Map<?, ?> explanation : explanations) {
      out.println(ExplanationText.head(explanation, language));
      out.println("  " + ExplanationText.verdict(explanation, language));
      ExplanationText.words(explanation, language).forEach(line -> out.println("  " + line));
      List<String> left = ExplanationText.left(explanation, language);
      if (!left.isEmpty()) {
        out.println();
        left.forEach(out::println);
      }
      out.println();
    }
    if (Boolean.FALSE.equals(answer.get("whole"))) {
      out.println("Older records were not looked at yet: ask again.");
    }
    out.println("This look is sequence " + answer.get("sequence") + " of the journal.");
  }
}
