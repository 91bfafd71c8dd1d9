package se.valfardskort.authorizer.engine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Head of the tests about one holder: Anna has a good card with 7,000 kr and 3,000 Hjartan; the books stay sound. */
abstract class HolderTest {
  static final int ANNA = 7;

  final EngineFixture fixture = EngineFixture.configured();

  @BeforeEach
  void open() {
    fixture.card(ANNA);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }
}
