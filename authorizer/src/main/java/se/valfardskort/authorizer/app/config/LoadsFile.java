package se.valfardskort.authorizer.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import se.valfardskort.authorizer.domain.LoadRules;
import se.valfardskort.authorizer.domain.LoadRules.PerHousehold;
import se.valfardskort.authorizer.domain.LoadRules.Supplement;

/** Reads {@code loads/*.yaml}: a programme's figures for the monthly load (domain.md section 4). */
final class LoadsFile {
  private static final int LEAST_UPLIFT = 10;
  private static final int MOST_UPLIFT = 20;
  private static final int LONGEST_UNTOUCHED = 120;
  private static final int WHOLE = 100;

  private LoadsFile() {}

  /**
   * Reads all of a folder's; none where there is no such folder.
   *
   * @param programmes names that there are
   * @return the figures by the programme's name
   */
  static Map<String, LoadRules> readAll(Path folder, Collection<String> programmes, Problems problems) {
    Map<String, LoadRules> rules = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return rules;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException unreadable) {
      problems.add(
          new Place(folder.toString(), 0), "the folder cannot be read (" + unreadable + ")", "mend its permissions");
      return rules;
    }
    for (Path file : files) {
      Section root = Section.read(file, problems);
      Scalar programme = root.scalar("programme");
      String name = programme.text(Words.KEY, Words.KEY_WORDS);
      if (!programmes.contains(name)) {
        programme.refuse("there is no programme '" + name + "'", "name one of programmes/*.yaml");
      } else if (rules.containsKey(name)) {
        programme.refuse("programme '" + name + "' has its figures in an earlier file", "keep one of the two");
      }
      rules.put(name, read(root));
    }
    return rules;
  }

  private static LoadRules read(Section root) {
    final PerHousehold base = household(root.section("base"));
    final long rent = root.scalar("rent-at-most").amountMinor();
    final int uplift = root.scalar("uplift-percent").smallInteger(LEAST_UPLIFT, MOST_UPLIFT);
    Section earnings = root.section("earnings");
    final int untouched = earnings.scalar("untouched-months").smallInteger(0, LONGEST_UNTOUCHED);
    final int taper = earnings.scalar("percent-after").smallInteger(0, WHOLE);
    earnings.end();
    final PerHousehold minimum = household(root.section("national-minimum"));
    final int hjartan = root.scalar("hjartan-percent").smallInteger(0, WHOLE);
    final long ring = root.scalar("ring").amountMinor();
    final List<Supplement> supplements = supplements(root);
    root.end();
    return new LoadRules(base, rent, uplift, untouched, taper, minimum, hjartan, ring, supplements);
  }

  private static PerHousehold household(Section section) {
    PerHousehold amounts =
        new PerHousehold(
            section.scalar("first-adult").amountMinor(),
            section.scalar("further-adult").amountMinor(),
            section.scalar("child").amountMinor());
    section.end();
    return amounts;
  }

  private static List<Supplement> supplements(Section root) {
    List<Supplement> supplements = new ArrayList<>();
    Map<String, Place> seen = new HashMap<>();
    for (Section section : root.sections("supplements")) {
      Scalar key = section.scalar("key");
      final String name = key.text(Words.KEY, Words.KEY_WORDS);
      final long from = section.scalar("from").amountMinor();
      Scalar most = section.scalar("to");
      long to = most.amountMinor();
      if (to < from) {
        most.refuse("it goes from " + Scalar.kronor(from) + " to less", "write the lesser amount first");
        to = from;
      }
      section.end();
      Place earlier = seen.putIfAbsent(name, key.place());
      if (earlier != null) {
        key.refuse("supplement '" + name + "' is already in line " + earlier.line(), "keep one of the two");
      }
      supplements.add(new Supplement(name, from, to));
    }
    return supplements;
  }
}
