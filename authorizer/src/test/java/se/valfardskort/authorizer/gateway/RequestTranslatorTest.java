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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;

/** Field by field: what an ISO 8583 message becomes. */
class RequestTranslatorTest {
  private static final String PAN = "9752000000000001";
  private static final String TRACK = PAN + "=30121010000012345";

  private static CardRequestDecoder translate(Wire message) {
    return translate(message, Links.of(true).settings(), true);
  }

  private static CardRequestDecoder translate(Wire message, LinkSettings link, boolean packed) {
    MessageReader reader = new MessageReader(Links.dialect(packed));
    RequestTranslator translator = new RequestTranslator(link, reader.dialect(), new PanTokenizer(Links.KEY));
    byte[] body = message.body();
    assertEquals(DecodeResult.OK, reader.wrap(Unpooled.wrappedBuffer(body), 0, body.length), reader::faultMessage);
    assertEquals(0, translator.missingKeyField(reader));
    int length = translator.translate(reader);
    byte[] command = new byte[length];
    translator.command().getBytes(0, command);
    return new CardRequestDecoder().wrapAndApplyHeader(new UnsafeBuffer(command), 0, new MessageHeaderDecoder());
  }

  private static Wire purchase() {
    return Links.purchase(true);
  }

  private static String key(CardRequestDecoder request) {
    return request.requestKeyHigh() + "/" + request.requestKeyLow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeEveryFieldOfAPurchase(boolean packed) {
    CardRequestDecoder request =
        translate(Links.purchase(packed).with(38, "AB12  "), Links.of(packed).settings(), packed);

    byte[] token = new byte[32];
    new PanTokenizer(Links.KEY).tokenize(Wire.ascii(PAN), 0, 16, token, 0);
    byte[] sent = new byte[32];
    request.getPanToken(sent, 0, 32);
    assertArrayEquals(token, sent);
    assertTrue(request.flags().panPresent());
    assertTrue(request.flags().panCheckDigitOk());
    assertTrue(request.flags().amountPresent());
    assertFalse(request.flags().repeatRequest());
    assertFalse(request.flags().advice());
    assertFalse(request.flags().contactless());
    assertFalse(request.flags().pinPresented());
    assertEquals(7, request.partnerId());
    assertEquals(MessageClass.AUTHORIZATION, request.messageClass());
    assertEquals(0, request.faultDe());
    assertEquals(Check.NOT_PRESENTED, request.pinCheck());
    assertEquals(0, request.conditionCode());
    assertEquals(0, request.processingCode());
    assertEquals(12_345, request.amountMinor());
    assertEquals(12_345, request.transactionAmountMinor());
    assertEquals(0, request.cashbackMinor());
    assertEquals(CardRequestDecoder.replacementMinorNullValue(), request.replacementMinor());
    assertEquals(752, request.transactionCurrency());
    assertEquals(752, request.amountCurrency());
    assertEquals(5411, request.mcc());
    assertEquals(752, request.merchantCountry());
    assertEquals(3012, request.expiryYearMonth());
    assertEquals(51, request.posEntryMode());
    assertEquals(123, request.stan());
    assertEquals(1_122_093_000L, request.transmissionTime());
    assertEquals(1_122_093_000L, request.identityTime());
    assertFalse(request.flags().increment());
    assertEquals(123_456, request.acquirer());
    assertEquals(CardRequestDecoder.originalStanNullValue(), request.originalStan());
    assertEquals("632612000123", request.rrn());
    assertEquals("AB12", request.authCode());
    assertEquals("TERM0001", request.terminalId());
    assertEquals("ICAKVANTUM00001", request.merchantId());
  }

  @Test
  void shouldKeepNoByteOfThePanInTheCommand() {
    CardRequestDecoder request = translate(purchase().with(35, TRACK).without(14));

    byte[] bytes = new byte[MessageHeaderDecoder.ENCODED_LENGTH + CardRequestDecoder.BLOCK_LENGTH];
    request.buffer().getBytes(0, bytes);
    String ascii = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    String hex = java.util.HexFormat.of().formatHex(bytes);
    assertFalse(ascii.contains("97520000"));
    assertFalse(hex.contains("97520000"));
  }

  static Stream<Arguments> faults() {
    List<Arguments> rows = new ArrayList<>();
    row(rows, "no PAN", 2, m -> m.without(2));
    row(rows, "PAN of 11", 2, m -> m.with(2, "97520000000"));
    row(rows, "PAN unlike the track's", 35, m -> m.with(35, "9752000000000019=3012101"));
    row(rows, "track without separator", 35, m -> m.with(35, "975200000000000130121010"));
    row(rows, "track PAN of 11", 35, m -> m.without(2).with(35, "97520000000=3012101"));
    row(rows, "track that ends in its expiry", 35, m -> m.without(14).with(35, PAN + "=301"));
    row(rows, "no DE 3", 3, m -> m.without(3));
    row(rows, "no DE 4", 4, m -> m.without(4));
    row(rows, "no DE 4 in a refund", 4, m -> m.with(3, "200000").without(4));
    row(rows, "month 13 in DE 7", 7, m -> m.with(7, "1322093000"));
    row(rows, "30 February in DE 7", 7, m -> m.with(7, "0230093000"));
    row(rows, "25 o'clock in DE 7", 7, m -> m.with(7, "1122250000"));
    row(rows, "no DE 7", 7, m -> m.without(7));
    row(rows, "DE 12", 12, m -> m.with(12, "103061"));
    row(rows, "30 February in DE 13", 13, m -> m.with(13, "0230"));
    row(rows, "month 13 in DE 14", 14, m -> m.with(14, "3013"));
    row(rows, "no MCC", 18, m -> m.without(18));
    row(rows, "MCC 0000", 18, m -> m.with(18, "0000"));
    row(rows, "MCC 0000 for cash", 18, m -> m.with(3, "010000").with(18, "0000"));
    row(rows, "no currency", 49, m -> m.without(49));
    row(rows, "currency of digits and letters", 49, m -> m.with(49, "7E2"));
    row(rows, "DE 54 of 19", 54, m -> m.with(54, "0040752D00000000100"));
    row(rows, "DE 54 without sign", 54, m -> m.with(54, "00407520000000010000"));
    row(rows, "chip data that overruns", 55, m -> m.with(55, "9F260811"));
    row(rows, "first of several", 18, m -> m.without(18, 49).with(55, "9F"));
    return rows.stream();
  }

  private static void row(List<Arguments> rows, String name, int de, Consumer<Wire> change) {
    rows.add(Arguments.of(name, de, change));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faults")
  void shouldNameTheFirstDataElementAtFault(String name, int de, Consumer<Wire> change) {
    Wire message = purchase();
    change.accept(message);

    CardRequestDecoder request = translate(message);

    assertEquals(de, request.faultDe(), name);
  }

  static Stream<Arguments> notAtFault() {
    List<Arguments> rows = new ArrayList<>();
    row(rows, "inquiry", 0, m -> m.with(3, "300000").without(4, 18, 49));
    row(rows, "available funds", 0, m -> m.with(3, "310000").without(4, 18, 49));
    row(rows, "refund", 0, m -> m.with(3, "200000").without(18));
    row(rows, "verification", 0, m -> m.with(4, "000000000000").with(25, "51").without(18));
    row(rows, "function that is not handled", 0, m -> m.with(3, "170000").without(18));
    row(rows, "no terminal, no merchant", 0, m -> m.without(41, 42, 43));
    row(rows, "track alone", 0, m -> m.without(2, 14).with(35, TRACK));
    row(rows, "track without expiry", 0, m -> m.without(2, 14).with(35, PAN + "=="));
    row(rows, "sound chip data", 0, m -> m.with(55, "9F2608112233445566778882021980"));
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notAtFault")
  void shouldNotAskForWhatTheFunctionDoesNotNeed(String name, int none, Consumer<Wire> change) {
    Wire message = purchase();
    change.accept(message);

    assertEquals(none, translate(message).faultDe(), name);
  }

  @Test
  void shouldTakePanAndExpiryFromTheTrack() {
    CardRequestDecoder byTrack = translate(purchase().without(2, 14).with(35, TRACK));
    CardRequestDecoder byPan = translate(purchase());

    byte[] one = new byte[32];
    byte[] other = new byte[32];
    byTrack.getPanToken(one, 0, 32);
    byPan.getPanToken(other, 0, 32);
    assertArrayEquals(other, one);
    assertEquals(3012, byTrack.expiryYearMonth());
    assertEquals(key(byPan), key(byTrack));
  }

  @Test
  void shouldNoteThatExpiryAndTrackDiffer() {
    CardRequestDecoder request = translate(purchase().with(14, "3011").with(35, TRACK));

    assertTrue(request.flags().expiryConflict());
    assertEquals(3011, request.expiryYearMonth());
  }

  @Test
  void shouldNoteAWrongCheckDigit() {
    CardRequestDecoder request = translate(purchase().with(2, "9752000000000002"));

    assertTrue(request.flags().panPresent());
    assertFalse(request.flags().panCheckDigitOk());
  }

  @Test
  void shouldCountInKronorWhateverTheShopsCurrency() {
    CardRequestDecoder billed = translate(purchase().with(49, "978").with(6, "000000140000").with(51, "752"));
    CardRequestDecoder unbilled = translate(purchase().with(49, "978"));
    CardRequestDecoder otherwise = translate(purchase().with(49, "978").with(6, "000000140000").with(51, "840"));

    assertEquals(140_000, billed.amountMinor());
    assertEquals(752, billed.amountCurrency());
    assertEquals(978, billed.transactionCurrency());
    assertEquals(12_345, billed.transactionAmountMinor());
    assertEquals(978, unbilled.amountCurrency());
    // There, so that the currency is what is wrong (12), and not the amount (30).
    assertEquals(12_345, unbilled.amountMinor());
    assertEquals(0, unbilled.faultDe());
    assertEquals(840, otherwise.amountCurrency());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "ICA KVANTUM              OSLO         NO|0|578", "ICA KVANTUM            OSLO          NOR|0|578",
    "ICA KVANTUM              OSLO         XX|0|752", "ICA KVANTUM              OSLO         XX|208|208",
    "ICA KVANTUM              OSLO         no|0|752", "ICA KVANTUM              OSLO         SE|208|752",
    "ICA KVANTUM              STORSTADEN USDK|0|208", "                                        |578|578",
    "ICA KVANTUM              OSLO         XX|999|752", "ICA KVANTUM           LONGTOWN NEW X USA|0|840"})
  void shouldFindTheMerchantsCountry(String row) {
    String[] parts = row.split("\\|", -1);
    Wire message = purchase().with(43, parts[0]).with(19, parts[1].equals("0") ? null : parts[1]);

    assertEquals(Integer.parseInt(parts[2]), translate(message).merchantCountry(), row);
  }

  @Test
  void shouldFallBackToTheSoleAcquirer() {
    MessageReader reader = new MessageReader(Links.dialect(true));
    byte[] body = purchase().without(32).body();
    reader.wrap(Unpooled.wrappedBuffer(body), 0, body.length);
    PanTokenizer tokenizer = new PanTokenizer(Links.KEY);

    RequestTranslator two = new RequestTranslator(Links.binary().settings(), reader.dialect(), tokenizer);
    RequestTranslator one =
        new RequestTranslator(Links.binary().acquirers(77L).settings(), reader.dialect(), tokenizer);

    assertEquals(32, two.missingKeyField(reader));
    assertEquals(0, one.missingKeyField(reader));
    assertEquals(77, one.acquirer(reader));
  }

  @Test
  void shouldSayThatAPinCannotBeChecked() {
    CardRequestDecoder request = translate(purchase().with(52, "0123456789ABCDEF"));

    assertEquals(Check.NO_KEY, request.pinCheck());
    assertTrue(request.flags().pinPresented());
  }

  @Test
  void shouldKnowContactlessRepeatsAdvicesAndCashback() {
    assertTrue(translate(purchase().with(22, "071")).flags().contactless());
    assertFalse(translate(purchase().with(22, "107")).flags().contactless());
    assertTrue(translate(purchase().copy("0101")).flags().repeatRequest());
    assertTrue(translate(purchase().copy("0220")).flags().advice());
    assertEquals(MessageClass.FINANCIAL, translate(purchase().copy("0220")).messageClass());
    assertEquals(5_000, translate(purchase().with(3, "090000").with(54, "0040752D000000005000")).cashbackMinor());
    assertEquals(0, translate(purchase().with(54, "0002752C000000005000")).cashbackMinor());
  }

  @ParameterizedTest
  @ValueSource(strings = {"00|false", "08|false", "10|false", "11|false", "85|false", "05|true", "51|true", "96|true",
    "01|true", "|false"})
  void shouldKnowByTheResponseCodeWhoDeclinedElsewhere(String row) {
    String[] parts = row.split("\\|", -1);
    String told = parts[0].isEmpty() ? null : parts[0];
    boolean declined = Boolean.parseBoolean(parts[1]);

    assertEquals(declined, translate(purchase().copy("0120").with(39, told)).flags().declinedElsewhere());
    assertEquals(declined, translate(purchase().copy("0221").with(39, told)).flags().declinedElsewhere());
    assertFalse(translate(purchase().with(39, told)).flags().declinedElsewhere(), "a request tells no decision");
    assertFalse(translate(Links.reversal(true).copy("0420").with(39, told)).flags().declinedElsewhere());
  }

  @Test
  void shouldReadTheOriginalOfAReversal() {
    CardRequestDecoder request = translate(Links.reversal(true)
        .with(95, "000000010000" + "000000000000" + "C00000000" + "C00000000"));

    assertEquals(MessageClass.REVERSAL, request.messageClass());
    assertEquals(100, request.originalMti());
    assertEquals(123, request.originalStan());
    assertEquals(1_122_093_000L, request.originalTransmissionTime());
    assertEquals(123_456, request.originalAcquirer());
    assertEquals(10_000, request.replacementMinor());
    assertTrue(request.flags().originalDataPresent());
    assertTrue(request.flags().replacementPresent());
    assertEquals(0, request.faultDe());
  }

  @Test
  void shouldPutTheMessagesOwnForZerosInTheOriginal() {
    CardRequestDecoder request = translate(Links.reversal(true)
        .with(90, "0100" + "000000" + "1122093000" + "00000000000" + "00000000000"));

    assertEquals(124, request.originalStan());
    assertEquals(123_456, request.originalAcquirer());
    assertEquals(0, request.originalTransmissionTime());
  }

  @Test
  void shouldFindFaultWithAReversalThatNamesNoOriginal() {
    Wire bare = Links.reversal(true).without(37, 38, 90);

    assertEquals(90, translate(bare).faultDe());
    assertEquals(0, translate(bare.copy("0400").with(37, "632612000123")).faultDe());
    assertEquals(90, translate(bare.copy("0400").with(37, "632612000123").without(41)).faultDe());
    assertEquals(0, translate(bare.copy("0420").with(38, "ABC123")).faultDe());
    assertEquals(95, translate(Links.reversal(true).with(95, "X".repeat(42))).faultDe());
  }

  @Test
  void shouldFindFaultWithAReversalWhoseReferencesAreBlank() {
    Wire bare = Links.reversal(true).without(37, 38, 90);

    assertEquals(90, translate(bare.copy("0400").with(37, " ".repeat(12))).faultDe());
    assertEquals(90, translate(bare.copy("0400").with(37, "632612000123").with(41, " ".repeat(8))).faultDe());
    assertEquals(90, translate(bare.copy("0400").with(38, " ".repeat(6))).faultDe());
  }

  @Test
  void shouldKeyARepeatLikeItsOriginal() {
    String original = key(translate(purchase()));

    assertEquals(original, key(translate(purchase().copy("0101"))));
    assertEquals(original, key(translate(purchase().with(7, "1122101500"))));
    assertEquals(original, key(translate(purchase().with(4, "000000099999"))));
    assertEquals(original,
        key(translate(Links.purchase(false), Links.ascii().settings(), false)));
  }

  static Stream<Arguments> keyChanges() {
    List<Arguments> rows = new ArrayList<>();
    row(rows, "acquirer", 32, m -> m.with(32, "654321"));
    row(rows, "terminal", 41, m -> m.with(41, "TERM0002"));
    row(rows, "STAN", 11, m -> m.with(11, "000124"));
    row(rows, "PAN", 2, m -> m.with(2, "9752000000000019"));
    row(rows, "local date", 13, m -> m.with(13, "1123"));
    row(rows, "local time", 12, m -> m.with(12, "103001"));
    row(rows, "no local time", 12, m -> m.without(12));
    row(rows, "no terminal", 41, m -> m.without(41));
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keyChanges")
  void shouldKeyByEveryFieldOfTheKey(String name, int de, Consumer<Wire> change) {
    Wire message = purchase();
    change.accept(message);

    assertNotEquals(key(translate(purchase())), key(translate(message)), name + ", DE " + de);
  }

  @Test
  void shouldKeyByClassFunctionAndPartner() {
    String original = key(translate(purchase()));
    LinkSettings other = Links.binary().settings().but().partner(8, "another").settings();

    assertNotEquals(original, key(translate(purchase().copy("0200"))));
    assertNotEquals(original, key(translate(purchase().copy("0120"))));
    assertNotEquals(original, key(translate(purchase(), other, true)));
  }

  @Test
  void shouldKeyByMerchantWhereThereIsNoTerminal() {
    String original = key(translate(purchase().without(41)));

    assertNotEquals(original, key(translate(purchase().without(41).with(42, "ICAKVANTUM00002"))));
    assertEquals(original, key(translate(purchase().with(41, "        "))));
    assertEquals(key(translate(purchase())), key(translate(purchase().with(42, "ICAKVANTUM00002"))));
  }

  @Test
  void shouldKeyByTransmissionTimeWhereThereIsNoLocalTime() {
    assertNotEquals(key(translate(purchase().without(12))),
        key(translate(purchase().without(12).with(7, "1122093001"))));
  }

  @Test
  void shouldKeyPartialReversalsByWhatRemains() {
    String rest = "0".repeat(12) + "C00000000" + "C00000000";
    String full = key(translate(Links.reversal(true)));
    String some = key(translate(Links.reversal(true).with(95, "000000010000" + rest)));

    assertNotEquals(full, some);
    assertNotEquals(some, key(translate(Links.reversal(true).with(95, "000000009000" + rest))));
    assertEquals(key(translate(purchase())), key(translate(purchase().with(95, "000000010000" + rest))));
  }

  static Stream<Arguments> contentChanges() {
    List<Arguments> rows = new ArrayList<>();
    row(rows, "processing code", 3, m -> m.with(3, "009600"));
    row(rows, "amount", 4, m -> m.with(4, "000000012346"));
    row(rows, "billing amount", 6, m -> m.with(6, "000000012345"));
    row(rows, "MCC", 18, m -> m.with(18, "5812"));
    row(rows, "function", 24, m -> m.with(24, "100"));
    row(rows, "fee", 30, m -> m.with(30, "C00000001"));
    row(rows, "approval code", 38, m -> m.with(38, "ABC123"));
    row(rows, "response code", 39, m -> m.with(39, "00"));
    row(rows, "merchant", 42, m -> m.with(42, "ICAKVANTUM00002"));
    row(rows, "currency", 49, m -> m.with(49, "978"));
    row(rows, "billing currency", 51, m -> m.with(51, "752"));
    row(rows, "additional amounts", 54, m -> m.with(54, "0040752D000000005000"));
    row(rows, "original", 90, m -> m.with(90, "0".repeat(42)));
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contentChanges")
  void shouldSeeThatTheContentDiffers(String name, int de, Consumer<Wire> change) {
    Wire message = purchase();
    change.accept(message);
    CardRequestDecoder original = translate(purchase());
    CardRequestDecoder changed = translate(message);

    assertNotEquals(original.fingerprint(), changed.fingerprint(), name + ", DE " + de);
    assertEquals(key(original), key(changed), name);
  }

  @Test
  void shouldNotMindWhatARepeatMayChange() {
    long original = translate(purchase()).fingerprint();

    assertEquals(original, translate(purchase().copy("0101").with(7, "1122101500").with(37, "632612000999"))
        .fingerprint());
    assertEquals(original, translate(Links.purchase(false), Links.ascii().settings(), false).fingerprint());
  }
}
