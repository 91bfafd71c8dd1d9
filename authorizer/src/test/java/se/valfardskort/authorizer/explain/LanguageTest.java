package se.valfardskort.authorizer.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import se.valfardskort.authorizer.domain.DeclineReason;

/** Whole in every language, kind to who reads it, and without a word that promises what cannot be. */
class LanguageTest {
  private static final int LONGEST = 160;

  @SuppressWarnings("unused") // the field source of the tests
  private static final List<String> LANGUAGES = Language.LANGUAGES;

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void shouldHaveWordsOfItsOwnForEveryReason(String language) {
    Language text = Language.in(language);
    Set<String> checked = new HashSet<>();

    for (DeclineReason reason : DeclineReason.values()) {
      Language.Words words = text.of(reason);
      assertTrue(checked.add(words.checked()), () -> reason + " says what another says: " + words.checked());
      for (String sentence : new String[] {words.checked(), words.next()}) {
        assertTrue(sentence.endsWith("."), () -> reason + ": " + sentence);
        assertTrue(sentence.length() <= LONGEST, () -> reason + " has " + sentence.length() + " letters: " + sentence);
      }
    }
    assertTrue(text.appeal().contains("2017:900"), text.appeal());
  }

  @Test
  void shouldWriteAmountsAsTheLanguageDoes() {
    assertEquals("1 234 567,05", Language.in("sv").amount(123_456_705));
    assertEquals("-1,234.50", Language.in("en").amount(-1_234_50));
    assertEquals("0,00", Language.in("sv").amount(0));
  }

  /** Whoever can be helped by an approval is sent to the caseworker, whom nothing helps is not. */
  @Test
  void shouldSendToTheCaseworkerWhatAnApprovalLifts() {
    Language swedish = Language.in("sv");
    Language english = Language.in("en");
    for (DeclineReason reason : DeclineReason.values()) {
      if (reason.lift == DeclineReason.Lift.BY_APPROVAL) {
        assertTrue(swedish.of(reason).next().contains("din handläggare"), reason::name);
        assertTrue(english.of(reason).next().contains("your caseworker"), reason::name);
      }
    }
  }

  @Test
  void shouldRefuseALanguageThatLacksAWordOrHasOneTooMany() throws Exception {
    String whole;
    try (InputStream bytes = Language.class.getResourceAsStream("reasons_en.properties")) {
      if (bytes == null) {
        throw new AssertionError("no English");
      }
      whole = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals("English", Language.read("a.properties", new StringReader(whole)).language());

    IllegalArgumentException lacking =
        assertThrows(
            IllegalArgumentException.class,
            () -> Language.read("a.properties", new StringReader(whole.replace("CARD_LOST.next", "#"))));
    IllegalArgumentException surplus =
        assertThrows(
            IllegalArgumentException.class,
            () -> Language.read("a.properties", new StringReader(whole + "\nCARD_GONE.next=x\n")));
    IllegalArgumentException absent =
        assertThrows(IllegalArgumentException.class, () -> Language.in("fi"));

    assertEquals(
        "a.properties: 'CARD_LOST.next' is missing; add a line 'CARD_LOST.next=...'", lacking.getMessage());
    assertEquals(
        "a.properties: these keys are for nothing: [CARD_GONE.next]; take them out", surplus.getMessage());
    assertEquals("there is no language 'fi'; give one of [sv, en]", absent.getMessage());
  }
}
