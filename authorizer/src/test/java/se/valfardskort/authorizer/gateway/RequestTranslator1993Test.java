package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;

/** What a message of 1993 becomes, where it says things elsewhere than one of 1987. */
class RequestTranslator1993Test {
  private static final int NO_CONDITION = CardRequestDecoder.conditionCodeNullValue();

  private final MessageReader reader = new MessageReader(Links.dialectOf1993());
  private final RequestTranslator translator =
      new RequestTranslator(Links.of1993().settings(), reader.dialect(), new PanTokenizer(Links.KEY));

  private CardRequestDecoder translate(Wire1993 message) {
    read(message);
    assertEquals(0, translator.missingKeyField(reader));
    byte[] command = new byte[translator.translate(reader)];
    translator.command().getBytes(0, command);
    return new CardRequestDecoder().wrapAndApplyHeader(new UnsafeBuffer(command), 0, new MessageHeaderDecoder());
  }

  private void read(Wire1993 message) {
    byte[] body = message.body();
    assertEquals(DecodeResult.OK, reader.wrap(Unpooled.wrappedBuffer(body), 0, body.length), reader::faultMessage);
  }

  private static Wire1993 purchase() {
    return Wire1993.purchase();
  }

  private static String key(CardRequestDecoder request) {
    return request.requestKeyHigh() + "/" + request.requestKeyLow();
  }

  @Test
  void shouldTakeEveryFieldOfAPurchase() {
    CardRequestDecoder request = translate(purchase());

    byte[] token = new byte[32];
    new PanTokenizer(Links.KEY).tokenize(Wire.ascii("9752000000000001"), 0, 16, token, 0);
    byte[] sent = new byte[32];
    request.getPanToken(sent, 0, 32);
    assertArrayEquals(token, sent);
    assertEquals(MessageClass.AUTHORIZATION, request.messageClass());
    assertEquals(0, request.faultDe());
    assertEquals(12_345, request.amountMinor());
    assertEquals(752, request.amountCurrency());
    assertEquals(5411, request.mcc());
    assertEquals(752, request.merchantCountry());
    assertEquals(3012, request.expiryYearMonth());
    assertEquals(123, request.stan());
    assertEquals(1_122_093_000L, request.transmissionTime());
    assertEquals(261_122_103_000L, request.identityTime());
    assertEquals(123_456, request.acquirer());
    assertEquals("632612000123", request.rrn());
    assertEquals("TERM0001", request.terminalId());
    assertEquals("ICAKVANTUM00001", request.merchantId());
    // DE 25 is a reason there, never a condition.
    assertEquals(NO_CONDITION, request.conditionCode());
    assertEquals(CardRequestDecoder.replacementMinorNullValue(), request.replacementMinor());
    assertFalse(request.flags().increment());
    assertFalse(request.flags().contactless());
    assertFalse(request.flags().declinedElsewhere());
  }

  @ParameterizedTest
  @CsvSource({
    "1100, 100, 255, false", "1100, 101, 6, false", "1101, 103, 6, false", "1100, 102, 255, false",
    "1100, 106, 255, true", "1101, 107, 255, true", "1100, 108, 51, false", "1200, 101, 255, false",
    "1200, 106, 255, false", "1220, 201, 255, false", "1220, 202, 255, false",
  })
  void shouldReadTheFunctionCode(int mti, String function, int condition, boolean increment) {
    CardRequestDecoder request = translate(purchase().copy(mti).with(24, function));

    assertEquals(condition, request.conditionCode());
    assertEquals(increment, request.flags().increment());
    assertEquals(0, request.faultDe());
  }

  @ParameterizedTest
  @CsvSource({
    "1100, AUTHORIZATION, false, false", "1101, AUTHORIZATION, true, false", "1120, AUTHORIZATION, false, true",
    "1121, AUTHORIZATION, true, true", "1200, FINANCIAL, false, false", "1201, FINANCIAL, true, false",
    "1220, FINANCIAL, false, true", "1400, REVERSAL, false, false", "1401, REVERSAL, true, false",
    "1420, REVERSAL, false, true", "1421, REVERSAL, true, true",
  })
  void shouldReadTheMessageType(int mti, MessageClass messageClass, boolean repeat, boolean advice) {
    CardRequestDecoder request = translate(Wire1993.reversal().copy(mti));

    assertEquals(messageClass, request.messageClass());
    assertEquals(repeat, request.flags().repeatRequest());
    assertEquals(advice, request.flags().advice());
  }

  @Test
  void shouldTakeTheCategoryOfDe26ElseOfDe18() {
    assertEquals(5411, translate(purchase().with(18, "5921")).mcc());
    assertEquals(5921, translate(purchase().without(26).with(18, "5921")).mcc());
    assertEquals(26, translate(purchase().without(26)).faultDe());
    assertEquals(26, translate(purchase().with(26, "0000")).faultDe());
  }

  @ParameterizedTest
  @CsvSource({"510101511344, false, 0", "510101A11344, true, 0", "510101M11344, true, 0"})
  void shouldKnowContactlessByPositionSeven(String pointOfService, boolean contactless, int fault) {
    CardRequestDecoder request = translate(purchase().with(22, pointOfService));

    assertEquals(contactless, request.flags().contactless());
    assertEquals(fault, request.faultDe());
    assertEquals(CardRequestDecoder.posEntryModeNullValue(), request.posEntryMode());
  }

  @ParameterizedTest
  @CsvSource({
    "ICA\\VAGEN 1\\OSLO\\0150         NOR, 752, 578", "ICA\\VAGEN 1\\OSLO\\0150         nor, 208, 208",
    "ICA KVANTUM              OSLO         NO, 752, 578", "ICA KVANTUM, 578, 578",
    "A LONG ROW OF NAMES IN THE STREET OF NO\\1\\CITY\\12345     AB SWE, 578, 752"})
  void shouldFindTheCountryBehindTheBackslashes(String place, String acquirerCountry, int country) {
    assertEquals(country, translate(purchase().with(43, place).with(19, acquirerCountry)).merchantCountry());
  }

  @Test
  void shouldDoWithEitherTime() {
    CardRequestDecoder local = translate(purchase().without(7));
    CardRequestDecoder sent = translate(purchase().without(12));

    assertEquals(0, local.faultDe());
    assertEquals(261_122_103_000L, local.identityTime());
    assertEquals(CardRequestDecoder.transmissionTimeNullValue(), local.transmissionTime());
    assertEquals(0, sent.faultDe());
    assertEquals(0, sent.identityTime());
    read(purchase().without(7, 12));
    assertEquals(12, translator.missingKeyField(reader));
  }

  @ParameterizedTest
  @CsvSource({"261322103000", "260229103000", "261131103000", "261122240000", "261122103060", "260022103000"})
  void shouldFindFaultWithATimeThatCannotBe(String local) {
    assertEquals(12, translate(purchase().with(12, local)).faultDe());
  }

  @Test
  void shouldKnowLeapDays() {
    assertEquals(0, translate(purchase().with(12, "280229103000")).faultDe());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 56, message type, STAN, DE 12, acquirer
    "110000012326112210300006123456, 1100, 123, 261122103000, 123456",
    "120000000126112210300011 00000654321, 1200, 1, 261122103000, 654321",
    "1100000123261122103000, 1100, 123, 0, 123456",
    "110000012326112210300000, 1100, 123, 0, 123456",
    "110000000026112210300006123456, 1100, 124, 0, 123456",
    "110000012300000000000006123456, 1100, 123, 0, 123456",
    "11000001232611221030000612345, 0, 0, 0, -1",
    "1100000123261122103000061234567, 0, 0, 0, -1",
    "1100000123, 0, 0, 0, -1",
  })
  void shouldReadTheOriginal(String named, int mti, int stan, long time, long acquirer) {
    CardRequestDecoder request = translate(Wire1993.reversal().with(56, named.replace(" ", "")));

    if (acquirer < 0) {
      assertEquals(56, request.faultDe());
      assertFalse(request.flags().originalDataPresent());
      return;
    }
    assertEquals(0, request.faultDe());
    assertTrue(request.flags().originalDataPresent());
    assertEquals(mti, request.originalMti());
    assertEquals(stan, request.originalStan());
    assertEquals(time, request.originalTransmissionTime());
    assertEquals(acquirer, request.originalAcquirer());
  }

  @Test
  void shouldFindFaultWithAReversalThatNamesNoOriginal() {
    Wire1993 bare = Wire1993.reversal().without(37, 38, 56);

    assertEquals(56, translate(bare).faultDe());
    assertEquals(0, translate(bare.copy(1420).with(37, "632612000123")).faultDe());
    assertEquals(0, translate(bare.copy(1400).with(38, "ABC123")).faultDe());
    assertEquals(56, translate(bare.copy(1400).with(38, "ABC123").with(24, "401")).faultDe());
    // DE 90 counts authorizations there.
    assertEquals(56, translate(bare.copy(1420).with(90, "0000000123")).faultDe());
  }

  @Test
  void shouldTakeDe4OfAPartialReversalForWhatRemains() {
    Wire1993 partial = Wire1993.reversal().with(24, "401").with(4, "000000010000")
        .with(30, "000000012345" + "000000000000");

    CardRequestDecoder some = translate(partial);
    CardRequestDecoder all = translate(partial.copy(1420).with(24, "400").with(4, "000000012345"));
    CardRequestDecoder unsaid = translate(partial.copy(1420).without(24).with(4, "000000012345"));

    assertTrue(some.flags().replacementPresent());
    assertEquals(10_000, some.replacementMinor());
    assertEquals(12_345, some.transactionAmountMinor());
    for (CardRequestDecoder full : List.of(all, unsaid)) {
      assertFalse(full.flags().replacementPresent());
      assertEquals(12_345, full.transactionAmountMinor());
    }
    CardRequestDecoder withoutOld = translate(partial.copy(1420).without(30));
    assertEquals(10_000, withoutOld.replacementMinor());
    assertEquals(CardRequestDecoder.transactionAmountMinorNullValue(), withoutOld.transactionAmountMinor());
    assertEquals(4, translate(partial.copy(1420).without(4)).faultDe());
  }

  @ParameterizedTest
  @CsvSource({"000, false", "002, false", "099, false", "100, true", "116, true", "208, true", "400, true", "907, true",
    "'', false"})
  void shouldKnowByTheActionCodeWhoDeclinedElsewhere(String action, boolean declined) {
    String told = action.isEmpty() ? null : action;

    assertEquals(declined, translate(purchase().copy(1120).with(39, told)).flags().declinedElsewhere());
    assertEquals(declined, translate(purchase().copy(1221).with(39, told)).flags().declinedElsewhere());
    assertFalse(translate(purchase().with(39, told)).flags().declinedElsewhere(), "a request tells no decision");
    assertFalse(translate(Wire1993.reversal().with(39, told)).flags().declinedElsewhere());
  }

  static Stream<Arguments> keyChanges() {
    List<Arguments> rows = new ArrayList<>();
    row(rows, "local time", 12, m -> m.with(12, "261122103001"));
    row(rows, "year", 12, m -> m.with(12, "251122103000"));
    row(rows, "no local time", 12, m -> m.without(12));
    row(rows, "acquirer", 32, m -> m.with(32, "654321"));
    row(rows, "terminal", 41, m -> m.with(41, "TERM0002"));
    row(rows, "STAN", 11, m -> m.with(11, "000124"));
    row(rows, "PAN", 2, m -> m.with(2, "9752000000000019"));
    return rows.stream();
  }

  private static void row(List<Arguments> rows, String name, int de, Consumer<Wire1993> change) {
    rows.add(Arguments.of(name, de, change));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keyChanges")
  void shouldKeyByEveryFieldOfTheKey(String name, int de, Consumer<Wire1993> change) {
    Wire1993 message = purchase();
    change.accept(message);

    assertNotEquals(key(translate(purchase())), key(translate(message)), name + ", DE " + de);
  }

  @Test
  void shouldKeyARepeatLikeItsOriginal() {
    String original = key(translate(purchase()));

    assertEquals(original, key(translate(purchase().copy(1101))));
    assertEquals(original, key(translate(purchase().with(7, "1122101500"))));
    assertEquals(original, key(translate(purchase().with(13, "2611"))), "DE 13 is the card's there");
    assertEquals(original, key(translate(purchase().with(24, "101"))));
  }

  @Test
  void shouldKeyPartialReversalsByWhatRemains() {
    Wire1993 full = Wire1993.reversal();
    String some = key(translate(full.copy(1420).with(24, "401").with(4, "000000010000")));

    assertNotEquals(key(translate(full)), some);
    assertNotEquals(some, key(translate(full.copy(1420).with(24, "401").with(4, "000000009000"))));
    assertEquals(key(translate(full)), key(translate(full.copy(1420).with(4, "000000010000"))));
    assertEquals(key(translate(full)), key(translate(full.copy(1420).with(95, "ISSUER"))));
  }

  static Stream<Arguments> contentChanges() {
    List<Arguments> rows = new ArrayList<>();
    row(rows, "processing code", 3, m -> m.with(3, "009600"));
    row(rows, "amount", 4, m -> m.with(4, "000000012346"));
    row(rows, "billing amount", 6, m -> m.with(6, "000000012345"));
    row(rows, "merchant type", 18, m -> m.with(18, "5812"));
    row(rows, "function", 24, m -> m.with(24, "101"));
    row(rows, "category", 26, m -> m.with(26, "5812"));
    row(rows, "original amounts", 30, m -> m.with(30, "0".repeat(24)));
    row(rows, "approval code", 38, m -> m.with(38, "ABC123"));
    row(rows, "action code", 39, m -> m.with(39, "000"));
    row(rows, "merchant", 42, m -> m.with(42, "ICAKVANTUM00002"));
    row(rows, "currency", 49, m -> m.with(49, "978"));
    row(rows, "additional amounts", 54, m -> m.with(54, "0040752D000000005000"));
    row(rows, "original", 56, m -> m.with(56, "1100000123261122103000"));
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contentChanges")
  void shouldSeeThatTheContentDiffers(String name, int de, Consumer<Wire1993> change) {
    Wire1993 message = purchase();
    change.accept(message);
    long original = translate(purchase()).fingerprint();

    assertNotEquals(original, translate(message).fingerprint(), name + ", DE " + de);
  }

  @Test
  void shouldNotMindAnotherReason() {
    assertEquals(translate(purchase()).fingerprint(), translate(purchase().with(25, "1511")).fingerprint());
  }
}
