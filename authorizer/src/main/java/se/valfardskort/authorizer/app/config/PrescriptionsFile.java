package se.valfardskort.authorizer.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import se.valfardskort.authorizer.domain.Activity;

/**
 * Reads {@code prescriptions/*.yaml}: what a programme's caseworkers may prescribe, and for how much (domain.md section
 * 4). No decision depends on it: a prescription's command carries its price.
 */
final class PrescriptionsFile {
  private static final long HIGHEST_PRICE_MINOR = 600_00;

  private PrescriptionsFile() {}

  /**
   * Reads all of a folder's; none where there is no such folder.
   *
   * @param programmes names that there are
   * @return by the programme's name, the activities by their keys in the file's order
   */
  static Map<String, Map<String, Activity>> readAll(Path folder, Collection<String> programmes, Problems problems) {
    Map<String, Map<String, Activity>> all = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException unreadable) {
      problems.add(
          new Place(folder.toString(), 0), "the folder cannot be read (" + unreadable + ")", "mend its permissions");
      return all;
    }
    for (Path file : files) {
      Section root = Section.read(file, problems);
      Scalar programme = root.scalar("programme");
      String name = programme.text(Words.KEY, Words.KEY_WORDS);
      if (!programmes.contains(name)) {
        programme.refuse("there is no programme '" + name + "'", "name one of programmes/*.yaml");
      } else if (all.containsKey(name)) {
        programme.refuse("programme '" + name + "' has its activities in an earlier file", "keep one of the two");
      }
      all.put(name, read(root));
    }
    return all;
  }

  private static Map<String, Activity> read(Section root) {
    Map<String, Activity> activities = new LinkedHashMap<>();
    for (Section section : root.sections("activities")) {
      Scalar keyScalar = section.scalar("key");
      String key = keyScalar.text(Words.KEY, Words.KEY_WORDS);
      Section names = section.section("name");
      final String swedish = names.scalar("sv").text();
      final String english = names.scalar("en").text();
      names.end();
      Scalar price = section.scalar("price");
      long priceMinor = price.amountMinor();
      if (priceMinor > HIGHEST_PRICE_MINOR) {
        price.refuse("a period of an activity costs more than 600.00 kr", "write 0.00 kr to 600.00 kr");
      }
      section.end();
      if (activities.put(key, new Activity(key, swedish, english, priceMinor)) != null) {
        keyScalar.refuse("the activity '" + key + "' is described twice", "keep one of the two");
      }
    }
    root.end();
    return activities;
  }
}
