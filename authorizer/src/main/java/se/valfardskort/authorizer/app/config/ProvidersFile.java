package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;

/** Reads {@code providers.yaml}: the neighbourhoods (BAZ) and the community providers that they recognise. */
final class ProvidersFile {
  private static final Pattern CARD_NUMBER = Pattern.compile("[0-9]{9}");
  private static final Map<String, ProviderStatus> STATUSES =
      Map.of(
          "accredited", ProviderStatus.ACCREDITED,
          "suspended", ProviderStatus.SUSPENDED,
          "withdrawn", ProviderStatus.WITHDRAWN);

  /** An owner's card number as written, to be turned into a token once the BIN is known. */
  private record Entry(Provider provider, List<Scalar> owners) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Integer> bazIndexes = new LinkedHashMap<>();

  private ProvidersFile() {}

  static ProvidersFile read(Path file, Set<String> categories, Problems problems) {
    ProvidersFile reader = new ProvidersFile();
    Section root = Section.read(file, problems);
    for (Scalar baz : root.scalars("baz")) {
      String name = baz.text(Words.KEY, Words.KEY_WORDS);
      if (reader.bazIndexes.putIfAbsent(name, reader.bazIndexes.size()) != null) {
        baz.refuse("BAZ '" + name + "' is written twice", "keep one of the two");
      }
    }
    Map<String, Place> seen = new HashMap<>();
    for (Section section : root.sections("providers")) {
      reader.readProvider(section, categories, seen);
    }
    root.end();
    return reader;
  }

  /** Index of each BAZ by name; the order in the file is the order of the indexes, so new ones go last. */
  Map<String, Integer> bazIndexes() {
    return bazIndexes;
  }

  /** The registry, with owners as tokens. */
  List<Provider> providers(String bin, CardTokens tokens) {
    List<Provider> providers = new ArrayList<>();
    for (Entry entry : entries) {
      List<byte[]> owners = new ArrayList<>();
      for (Scalar owner : entry.owners) {
        if (bin.isEmpty()) {
          owner.refuse("the owner's card has no BIN", "add cards.yaml with 'bin', or remove the owners");
        } else if (CARD_NUMBER.matcher(owner.raw()).matches()) {
          owners.add(tokens.token(bin, Long.parseLong(owner.raw())));
        }
      }
      Provider provider = entry.provider;
      providers.add(
          new Provider(
              provider.acquirer(),
              provider.merchantId(),
              provider.bazIds(),
              provider.status(),
              provider.category(),
              List.copyOf(owners),
              provider.monthlyCeilingMinor()));
    }
    return List.copyOf(providers);
  }

  private void readProvider(Section section, Set<String> categories, Map<String, Place> seen) {
    final long acquirer = section.scalar("acquirer").integer(1, Words.MAXIMUM_ACQUIRER);
    Scalar merchant = section.scalar("merchant");
    final String merchantId = merchant.text(Words.MERCHANT, Words.MERCHANT_WORDS);
    Place earlier = seen.putIfAbsent(acquirer + "/" + merchantId, merchant.place());
    if (earlier != null) {
      merchant.refuse("provider " + merchantId + " is already in line " + earlier.line(), "keep one of the two");
    }
    section.scalar("name").text();
    List<Integer> bazIds = new ArrayList<>();
    for (Scalar baz : section.scalars("baz")) {
      int index = baz.choice(bazIndexes, 0);
      if (bazIds.contains(index)) {
        baz.refuse("BAZ '" + baz.raw() + "' is written twice", "keep one of the two");
      }
      bazIds.add(index);
    }
    final ProviderStatus status = section.scalar("status").choice(STATUSES, ProviderStatus.SUSPENDED);
    Scalar category = section.scalar("category");
    if (!categories.isEmpty() && !categories.contains(category.raw())) {
      category.refuse(
          "not every programme has a category '" + category.raw() + "'",
          "write a category that all of programmes/*.yaml have");
    }
    final long ceiling = section.scalar("a-month-at-most").limitMinor();
    List<Scalar> owners = List.of();
    if (section.has("owner-cards")) {
      owners = section.scalars("owner-cards");
      for (Scalar owner : owners) {
        owner.text(CARD_NUMBER, "the nine digits of a card number, without BIN and check digit");
      }
    }
    section.end();
    entries.add(
        new Entry(
            new Provider(acquirer, merchantId, List.copyOf(bazIds), status, category.raw(), List.of(), ceiling),
            owners));
  }
}
