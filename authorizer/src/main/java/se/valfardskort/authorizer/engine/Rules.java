package se.valfardskort.authorizer.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;

/** The active configuration, compiled for the hot path. Replaced as a whole by an activation. */
final class Rules {
  final Configuration configuration;
  final CivilTime civilTime;
  final ProviderRules providers;
  final PartnerRules partners;

  /** By programme id. */
  private final @Nullable ProgrammeRules[] programmes;

  /** Compiles a configuration in which {@link ConfigurationCheck} found no fault; adds the merchants that it names. */
  Rules(Configuration configuration, EngineState state) {
    this.configuration = configuration;
    civilTime = configuration.civilTime();
    for (Programme programme : configuration.programmes()) {
      for (MerchantRule rule : programme.merchantRules()) {
        state.merchants.findOrAdd(rule.acquirer(), rule.merchantId());
      }
    }
    for (Provider provider : configuration.providers()) {
      state.merchants.findOrAdd(provider.acquirer(), provider.merchantId());
    }
    providers = new ProviderRules(configuration.providers(), state.merchants, state.cards);
    partners = new PartnerRules(configuration.partners(), state.settlement);
    for (Partner partner : configuration.partners()) {
      state.makeRoomForPartner(partner.id());
    }

    List<String> categories = configuration.providers().stream().map(Provider::category).toList();
    int ids = configuration.programmes().stream().mapToInt(Programme::id).max().orElse(0) + 1;
    programmes = new ProgrammeRules[ids];
    for (Programme programme : configuration.programmes()) {
      programmes[programme.id()] =
          new ProgrammeRules(programme, state.merchants, categories, state.cappedNames(programme));
    }
  }

  /** What holds before the first activation: no programme, no partner, UTC. */
  static Configuration none() {
    return new Configuration(
        List.of(), List.of(), List.of(), List.of(), new CivilTime(new long[0], new int[] {0}));
  }

  boolean knowsProgramme(int programmeId) {
    return programmeId < programmes.length && programmes[programmeId] != null;
  }

  boolean knowsBaz(int bazId) {
    return bazId < configuration.bazNames().size();
  }

  /**
   * Returns a programme's rules.
   *
   * @throws IllegalStateException when there are none: accounts exist only in programmes that are configured
   */
  ProgrammeRules programme(int programmeId) {
    ProgrammeRules rules = programmeId < programmes.length ? programmes[programmeId] : null;
    if (rules == null) {
      throw new IllegalStateException("programme " + programmeId + " is not configured");
    }
    return rules;
  }
}
