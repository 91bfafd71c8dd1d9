package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;

/**
 * A policy in the place of one programme's own, everything else as it is. Immutable.
 *
 * @param file the policy
 * @param name the programme whose place it takes
 */
record CandidatePolicy(PolicyFile file, String name) {
  /** The policy cannot stand where it should; says why and how to mend it. */
  static final class MisfitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MisfitException(String what) {
      super(what);
    }
  }

  /** Whether the configuration has the programme. */
  boolean isIn(Configuration live) {
    return live.programmes().stream().anyMatch(programme -> programme.name().equals(name));
  }

  /**
   * The configuration with the candidate in it.
   *
   * @throws MisfitException when a provider's category is gone with it
   */
  Configuration in(Configuration live) {
    List<Programme> programmes = new ArrayList<>();
    for (Programme programme : live.programmes()) {
      if (programme.name().equals(name)) {
        requireProviders(programme, live.providers());
        programmes.add(file.as(programme.id(), programme.name()));
      } else {
        programmes.add(programme);
      }
    }
    return new Configuration(
        List.copyOf(programmes), live.bazNames(), live.providers(), live.partners(), live.civilTime());
  }

  /** Accredited shops would silently get another category. */
  private void requireProviders(Programme programme, List<Provider> providers) {
    for (Provider provider : providers) {
      if (knows(programme, provider.category()) && !knows(file.programme(), provider.category())) {
        throw new MisfitException(
            "the policy has no category '" + provider.category() + "', which provider " + provider.merchantId()
                + " is accredited for; keep the category, or accredit the provider for another one first");
      }
    }
  }

  private static boolean knows(Programme programme, String category) {
    return programme.categories().stream().map(Category::name).anyMatch(category::equals);
  }
}
