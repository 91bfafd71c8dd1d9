package se.valfardskort.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import se.valfardskort.iso8583.MessagePrinter;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.loadtest.client.Answer;
import se.valfardskort.loadtest.client.CardNumber;
import se.valfardskort.loadtest.client.Endpoint;
import se.valfardskort.loadtest.client.EndpointOptions;
import se.valfardskort.loadtest.client.IsoClient;
import se.valfardskort.loadtest.client.Json;
import se.valfardskort.loadtest.client.Kronor;
import se.valfardskort.loadtest.client.PlainWords;
import se.valfardskort.loadtest.client.Purses;
import se.valfardskort.loadtest.client.Request;
import se.valfardskort.loadtest.client.RequestBuilder;
import se.valfardskort.loadtest.client.TraceNumbers;
import se.valfardskort.loadtest.client.UserError;

/** {@code ./run send}: one message, shown decoded and masked both ways. */
@Command(name = "send", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Sends one authorization (or another message) and shows both messages decoded and masked.",
    footer = {"", "Examples:",
        "  ./run send --card 000000007 --mcc 5411 --amount 25.50",
        "  ./run send --card 000000007 --mcc 8351 --amount 100 --merchant BARNKOOP0000001",
        "  ./run send --card 000000007 --mcc 5411 --amount 100 --processing-code 009800   Hjartan forced",
        "  ./run send --card 000000007 --processing-code 310000                           balance inquiry",
        "  ./run send --pan 9752000000000076 --mcc 5411 --amount 25.50 --dialect ascii --port 8584",
        "", "Ends with 0 when an answer came, whatever it says; 69 when nobody listens, 75 when no answer came."})
final class SendCommand implements Callable<Integer> {
  private static final String BALANCE_INQUIRY = "310000";

  /** Which card. */
  static final class Card {
    @Option(names = "--pan", required = true, paramLabel = "DIGITS", description = "The whole card number (DE 2).")
    String pan = "";

    @Option(names = "--card", required = true, paramLabel = "NINE",
        description = "A demo card by its nine digits, for example 900000001.")
    String number = "";
  }

  @ArgGroup(exclusive = true, multiplicity = "1")
  Card card = new Card();

  @Option(names = "--mcc", paramLabel = "FOUR", defaultValue = "5411",
      description = "Merchant category code, DE 18 (default: ${DEFAULT-VALUE}, groceries).")
  String mcc = "";

  @Option(names = "--amount", paramLabel = "KRONOR", defaultValue = "",
      description = "For example 347 or 347.50; needed unless a balance is asked for.")
  String amount = "";

  @Option(names = "--merchant", paramLabel = "ID", defaultValue = "BUTIK0000000001", description = "DE 42.")
  String merchant = "";

  @Option(names = "--terminal", paramLabel = "ID", defaultValue = "SEND0001", description = "DE 41.")
  String terminal = "";

  @Option(names = "--acquirer", paramLabel = "ID", defaultValue = RequestBuilder.DEFAULT_ACQUIRER,
      description = "DE 32 (default: ${DEFAULT-VALUE}).")
  String acquirer = "";

  @Option(names = "--country", paramLabel = "XX", defaultValue = "SE",
      description = "The merchant's country in DE 43 (default: ${DEFAULT-VALUE}).")
  String country = "";

  @Option(names = "--processing-code", paramLabel = "SIX", defaultValue = "000000",
      description = "DE 3: 000000 purchase, 009600 CASH only, 009800 HJARTAN only, 310000 balance.")
  String processingCode = "";

  @Option(names = "--mti", paramLabel = "0100", defaultValue = "0100", description = "0100, 0200, 0400, 0800 ...")
  String mti = "";

  @Option(names = "--expiry", paramLabel = "YYMM", defaultValue = RequestBuilder.DEFAULT_EXPIRY,
      description = "DE 14 (default: ${DEFAULT-VALUE}); empty: left out.")
  String expiry = "";

  @Option(names = "--field", paramLabel = "DE=VALUE",
      description = "Any further field, for example --field 60=0000000001; an empty value leaves a field out.")
  Map<Integer, String> further = new LinkedHashMap<>();

  @Mixin
  EndpointOptions server = new EndpointOptions();

  @Option(names = "--timeout", paramLabel = "MS", defaultValue = "5000",
      description = "How long to wait for the answer (default: ${DEFAULT-VALUE}).")
  int timeoutMs;

  @Option(names = "--lang", paramLabel = "en|sv", defaultValue = "EN", description = "Language of the explanation.")
  PlainWords.Language language = PlainWords.Language.EN;

  @Option(names = "--json", description = "One line of JSON instead of text.")
  boolean json;

  @Override
  public Integer call() {
    Endpoint endpoint = server.endpoint();
    Request request = request();
    try (IsoClient client = IsoClient.connect(endpoint, Duration.ofMillis(timeoutMs))) {
      byte[] sent = encoded(client, request);
      if (!json) {
        System.out.println("-> " + endpoint.address());
        System.out.println(describe(endpoint, sent));
      }
      Answer answer = client.ask(request);
      if (json) {
        System.out.println(Json.of(toJson(answer)));
      } else {
        System.out.println();
        System.out.println("<- after " + millis(answer.elapsedNs()) + " ms");
        System.out.println(describe(endpoint, answer.frame()));
        explain(answer, System.out);
      }
      return 0;
    }
  }

  private Request request() {
    try {
      RequestBuilder builder = RequestBuilder.of(messageType())
          .pan(card.number.isEmpty() ? card.pan : CardNumber.panOf(card.number))
          .processingCode(processingCode).mcc(mcc).merchant(merchant).terminal(terminal).acquirer(acquirer)
          .country(country).expiry(expiry);
      if (!amount.isEmpty()) {
        builder.amountMinor(Kronor.parseMinor(amount));
      } else if (!processingCode.equals(BALANCE_INQUIRY) && mti.length() > 1 && mti.charAt(1) < '5') {
        throw new UserError(UserError.USAGE, "--amount is missing; say for example --amount 25.50");
      }
      Request request = new TraceNumbers().stamp(builder);
      for (Map.Entry<Integer, String> field : further.entrySet()) {
        request = request.with(field.getKey(), field.getValue());
      }
      return request;
    } catch (IllegalArgumentException e) {
      throw new UserError(UserError.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private int messageType() {
    if (mti.length() != 4 || !mti.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new UserError(UserError.USAGE, "--mti '" + mti + "' is not four digits; say for example --mti 0100");
    }
    return Integer.parseInt(mti);
  }

  private static byte[] encoded(IsoClient client, Request request) {
    try {
      return client.encode(request);
    } catch (IllegalArgumentException e) {
      throw new UserError(UserError.USAGE, "the message cannot be built: " + e.getMessage(), e);
    }
  }

  private static String describe(Endpoint endpoint, byte[] message) {
    MessageReader reader = new MessageReader(endpoint.dialect());
    ByteBuf bytes = Unpooled.wrappedBuffer(message);
    reader.wrap(bytes, 0, message.length);
    return MessagePrinter.describe(reader);
  }

  private void explain(Answer answer, PrintStream out) {
    boolean sv = language == PlainWords.Language.SV;
    out.println();
    out.println((sv ? "Svar:   " : "Answer: ") + answer.responseCode() + "  "
        + PlainWords.ofCode(answer.responseCode(), language));
    if (answer.reasonCode() > 0) {
      out.println((sv ? "Skäl:   " : "Reason: ") + "R" + answer.reasonCode() + "  "
          + PlainWords.ofReason(answer.reasonCode(), language));
    }
    Purses purses = answer.purses();
    if (purses != null) {
      out.println((sv ? "Kvar:   " : "Left:   ") + purses + " kr");
    }
  }

  private static Map<String, Object> toJson(Answer answer) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("mti", "0" + answer.mti());
    all.put("responseCode", answer.responseCode());
    all.put("meaning", PlainWords.ofCode(answer.responseCode(), PlainWords.Language.EN));
    if (answer.reasonCode() != Answer.NO_REASON) {
      all.put("reasonCode", answer.reasonCode());
      all.put("reason", PlainWords.ofReason(answer.reasonCode(), PlainWords.Language.EN));
    }
    all.put("authorizationCode", answer.field(38));
    all.put("stan", answer.field(11));
    all.put("retrievalReference", answer.field(37));
    Purses purses = answer.purses();
    if (purses != null) {
      all.put("cashMinor", purses.cashMinor());
      all.put("hjartanMinor", purses.hjartanMinor());
      if (purses.earmarksMinor() != null) {
        all.put("earmarksMinor", purses.earmarksMinor());
      }
    }
    all.put("elapsedMicros", answer.elapsedNs() / 1000);
    return all;
  }

  private static String millis(long elapsedNs) {
    long micros = elapsedNs / 1000;
    String part = Long.toString(micros % 1000);
    return micros / 1000 + "." + "0".repeat(3 - part.length()) + part;
  }
}
