package se.valfardskort.authorizer.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Activity;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.LoadRules;
import se.valfardskort.authorizer.domain.Programme;

/**
 * Reads a configuration folder whole and compiles it.
 *
 * <pre>
 *   authorizer.yaml      how the process runs
 *   partners.yaml        who may connect, and the words of our answers
 *   providers.yaml       neighbourhoods and their community providers
 *   programmes/*.yaml    one municipality's policy each
 *   cards.yaml           the cards of a demonstration; optional
 *   loads/*.yaml         a programme's figures for the monthly load; optional
 *   prescriptions/*.yaml what a programme prescribes, and for how much; optional
 * </pre>
 *
 * <p>Either all of it is sound, or {@link ConfigurationException} names every mistake found.
 */
public final class ConfigurationFolder {
  /** Categories of one programme that may have a monthly cap: their counters lie in every account's row. */
  public static final int CAPPED_CATEGORIES = 8;

  /**
   * What the folder says. Immutable.
   *
   * @param settings how the process runs
   * @param configuration what decisions depend on
   * @param links what the gateway opens
   * @param cards the demonstration's cards; null without cards.yaml
   * @param loads figures for the monthly load, by programme; no decision depends on them
   * @param policies what people call the categories of each programme, and its languages, by its name
   * @param prescriptions activities by their keys, by programme; no decision depends on them
   */
  public record Loaded(
      AuthorizerSettings settings,
      Configuration configuration,
      List<NamedLink> links,
      @Nullable CardPlan cards,
      Map<String, LoadRules> loads,
      Map<String, PolicyFile> policies,
      Map<String, Map<String, Activity>> prescriptions) {}

  private ConfigurationFolder() {}

  /**
   * Reads and compiles.
   *
   * @param folder the folder
   * @param portOffset added to every configured port that is not 0
   */
  public static Loaded read(Path folder, int portOffset) throws ConfigurationException {
    return read(folder, portOffset, null);
  }

  /**
   * As above, with another file in the place of the one that describes the same programme; where there is none, beside
   * the others.
   *
   * @param candidate such a file; null: the folder as it is
   */
  public static Loaded read(Path folder, int portOffset, @Nullable Path candidate) throws ConfigurationException {
    Problems problems = new Problems();
    if (!Files.isDirectory(folder)) {
      problems.add(
          new Place(folder.toString(), 0),
          "there is no such configuration folder",
          "begin with a copy of config/demo, or try the demonstration: ./run start --demo");
      problems.throwIfAny();
    }
    AuthorizerSettings settings = AuthorizerFile.read(folder.resolve("authorizer.yaml"), portOffset, problems);
    Map<String, Integer> programmeIds = new LinkedHashMap<>();
    Map<String, PolicyFile> policies = new TreeMap<>();
    List<ProgrammeFile.Loaded> read =
        readProgrammes(folder.resolve("programmes"), candidate, policies, programmeIds, problems);
    List<Programme> programmes =
        policies.values().stream().map(PolicyFile::programme).sorted(Comparator.comparingInt(Programme::id)).toList();
    PartnersFile.Loaded partners = PartnersFile.read(folder.resolve("partners.yaml"), portOffset, problems);
    ProvidersFile providers =
        ProvidersFile.read(folder.resolve("providers.yaml"), categoriesOfAll(programmes), problems);
    checkNeighbourhoods(read, providers.bazIndexes().keySet());
    Path cardsFile = folder.resolve("cards.yaml");
    CardPlan cards =
        Files.exists(cardsFile) ? CardsFile.read(cardsFile, providers.bazIndexes(), policies, problems) : null;
    Map<String, LoadRules> loads = LoadsFile.readAll(folder.resolve("loads"), programmeIds.keySet(), problems);
    Map<String, Map<String, Activity>> prescriptions =
        PrescriptionsFile.readAll(folder.resolve("prescriptions"), programmeIds.keySet(), problems);
    CardTokens tokens = new CardTokens(settings.panTokenKey());
    Configuration configuration =
        new Configuration(
            programmes,
            List.copyOf(providers.bazIndexes().keySet()),
            providers.providers(cards == null ? "" : cards.bin(), tokens),
            partners.partners(),
            StockholmTime.through2100());
    problems.throwIfAny();
    return new Loaded(settings, configuration, partners.links(), cards, loads, policies, prescriptions);
  }

  private static List<ProgrammeFile.Loaded> readProgrammes(
      Path folder,
      @Nullable Path candidate,
      Map<String, PolicyFile> policies,
      Map<String, Integer> ids,
      Problems problems) {
    List<ProgrammeFile.Loaded> all = new ArrayList<>();
    try (Stream<Path> listed = Files.list(folder)) {
      listed.filter(file -> file.toString().endsWith(".yaml")).sorted()
          .forEach(file -> all.add(ProgrammeFile.read(file, problems)));
    } catch (IOException unreadable) {
      all.clear();
    }
    if (all.isEmpty()) {
      problems.add(
          new Place(folder.toString(), 0),
          "there is no programme in this folder",
          "add one file a municipality, beginning with a copy of config/demo/programmes/botkyrka.yaml");
    }
    if (candidate != null) {
      ProgrammeFile.Loaded other = ProgrammeFile.read(candidate, problems);
      all.removeIf(each -> each.programme().name().equals(other.programme().name()));
      all.add(other);
    }
    Map<Integer, Place> seen = new HashMap<>();
    for (ProgrammeFile.Loaded loaded : all) {
      Programme programme = loaded.programme();
      if (programme.name().isEmpty()) {
        continue;
      }
      Place earlier = seen.putIfAbsent(programme.id(), loaded.place());
      if (earlier != null) {
        problems.add(
            loaded.place(), "programme id " + programme.id() + " is already that of " + earlier, "give each its own");
      }
      if (ids.putIfAbsent(programme.name(), programme.id()) != null) {
        problems.add(
            loaded.place(), "there is another programme '" + programme.name() + "'", "give each its own name");
      }
      policies.put(programme.name(), loaded.policy());
    }
    return all;
  }

  /** A neighbourhood lies in one municipality. */
  private static void checkNeighbourhoods(List<ProgrammeFile.Loaded> programmes, Set<String> known) {
    Map<String, Place> claimed = new HashMap<>();
    for (ProgrammeFile.Loaded programme : programmes) {
      for (Scalar baz : programme.baz()) {
        Place earlier = claimed.putIfAbsent(baz.raw(), baz.place());
        if (!known.contains(baz.raw())) {
          baz.refuse("there is no BAZ '" + baz.raw() + "'", "name one of those in providers.yaml, or add it there");
        } else if (earlier != null) {
          baz.refuse("the BAZ '" + baz.raw() + "' is claimed already in " + earlier, "keep one of the two");
        }
      }
    }
  }

  private static Set<String> categoriesOfAll(List<Programme> programmes) {
    Set<String> common = new HashSet<>();
    for (int i = 0; i < programmes.size(); i++) {
      Set<String> names = new HashSet<>();
      for (Category category : programmes.get(i).categories()) {
        names.add(category.name());
      }
      if (i == 0) {
        common.addAll(names);
      } else {
        common.retainAll(names);
      }
    }
    return common;
  }
}
