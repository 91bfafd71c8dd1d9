package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.Programme;

/**
 * What a backtest does to an engine of its own and a journaled one never sees: other rules in the place of those that
 * came by command. Owned by the engine's thread; allocates.
 */
public final class WhatIf {
  private final EngineState state;
  private final ConfigurationHandler configurations;
  private final Request request = new Request();
  private final Place place = new Place();

  WhatIf(EngineState state, ConfigurationHandler configurations) {
    this.state = state;
    this.configurations = configurations;
  }

  /**
   * Makes a configuration the law without a command. What is on its way in chunks stays on its way.
   *
   * @return why it cannot be, in words for people; empty: it is in force
   */
  public String assume(Configuration configuration) {
    byte[] bytes = ConfigurationCodec.encode(configuration);
    String fault = new ConfigurationCheck(configuration, state).fault();
    if (fault.isEmpty()) {
      state.activate(configuration, bytes);
    }
    return fault;
  }

  /** The configuration that has come in chunks, whole, since the last activation; null: there is none. */
  public @Nullable Configuration sent() {
    byte[] bytes = configurations.pending();
    return bytes.length == 0 || configurations.received() != bytes.length
        ? null
        : ConfigurationCodec.decode(new UnsafeBuffer(bytes), 0, bytes.length);
  }

  /**
   * In which category a programme sees what a card's request buys: by the shop's accreditation or registration, else by
   * its code.
   *
   * @param command a CardRequest with its header, at {@code offset}
   * @return the category's key; empty: it lies in none, or the programme is not configured
   */
  public String categoryOf(int programmeId, DirectBuffer command, int offset) {
    if (!state.rules.knowsProgramme(programmeId)) {
      return "";
    }
    request.read(command, offset);
    ProgrammeRules programme = state.rules.programme(programmeId);
    place.resolve(state, programme, request);
    return place.category == programme.unlisted() ? "" : nameOf(programmeId, place.category);
  }

  private String nameOf(int programmeId, int category) {
    for (Programme programme : state.rules.configuration.programmes()) {
      if (programme.id() == programmeId) {
        return programme.categories().get(category).name();
      }
    }
    throw new IllegalStateException("programme " + programmeId + " is compiled and not configured");
  }
}
