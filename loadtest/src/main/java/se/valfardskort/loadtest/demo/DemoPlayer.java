package se.valfardskort.loadtest.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Answer;
import se.valfardskort.loadtest.client.CardNumber;
import se.valfardskort.loadtest.client.Endpoint;
import se.valfardskort.loadtest.client.IsoClient;
import se.valfardskort.loadtest.client.Purses;
import se.valfardskort.loadtest.client.Request;
import se.valfardskort.loadtest.client.RequestBuilder;
import se.valfardskort.loadtest.client.TraceNumbers;

/**
 * Plays the script's rows against a server, one after the other, as a shop's terminal would. Used by one thread.
 *
 * <p>Three connections: two to the binary link, so that a repeat comes by another way than its original, one to the
 * ASCII link. Before and after every row the purses are asked for by a balance inquiry, which moves nothing.
 */
final class DemoPlayer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String PIN_BLOCK = "0F1E2D3C4B5A6978";

  private final IsoClient binary;
  private final IsoClient secondBinary;
  private final IsoClient ascii;
  private final TraceNumbers traceNumbers = new TraceNumbers();
  private final Map<String, Request> sent = new HashMap<>();
  private final Map<String, Answer> answered = new HashMap<>();

  DemoPlayer(Endpoint binaryLink, Endpoint asciiLink) {
    this.binary = IsoClient.connect(binaryLink, PATIENCE);
    this.secondBinary = IsoClient.connect(binaryLink, PATIENCE);
    this.ascii = IsoClient.connect(asciiLink, PATIENCE);
  }

  /** Plays every row and tells each outcome as it comes. */
  void play(DemoScript script, Consumer<Outcome> told) {
    for (DemoScript.Purchase purchase : script.purchases()) {
      told.accept(play(purchase));
    }
  }

  private Outcome play(DemoScript.Purchase purchase) {
    Request request = requestOf(purchase);
    boolean repeat = purchase.kind() == DemoScript.Kind.REPEAT;
    IsoClient client = purchase.ascii() ? ascii : repeat ? secondBinary : binary;

    final Purses before = inquire(purchase);
    Answer answer = client.ask(request);
    final Purses after = inquire(purchase);

    sent.put(purchase.id(), request);
    answered.put(purchase.id(), answer);
    DemoScript.Purchase original = purchase.original();
    boolean identical = true;
    if (repeat && original != null && answer.isApproved()) {
      Answer first = answered.get(original.id());
      identical = first != null && Arrays.equals(first.frame(), answer.frame());
    }
    return new Outcome(purchase, answer, before, answer.purses(), after, identical);
  }

  private Request requestOf(DemoScript.Purchase purchase) {
    DemoScript.Purchase original = purchase.original();
    if (original == null) {
      return traceNumbers.stamp(builderOf(purchase, purchase.message()));
    }
    Request earlier = sent.get(original.id());
    if (earlier == null) {
      throw new IllegalStateException(purchase.place() + ": " + original.id() + " was not sent");
    }
    if (purchase.kind() == DemoScript.Kind.REVERSAL) {
      return traceNumbers.stamp(builderOf(purchase, 400).original(earlier));
    }
    return purchase.amountMinor() == original.amountMinor() ? earlier
        : earlier.withAmountMinor(purchase.amountMinor());
  }

  private static RequestBuilder builderOf(DemoScript.Purchase purchase, int mti) {
    RequestBuilder builder = RequestBuilder.of(mti)
        .pan(CardNumber.panOf(purchase.person().card()))
        .expiry(purchase.person().expiry())
        .processingCode(purchase.processing())
        .mcc(purchase.mcc())
        .merchant(purchase.merchant())
        .merchantName(purchase.shop())
        .country(purchase.country());
    if (purchase.kind() != DemoScript.Kind.INQUIRY) {
      builder.amountMinor(purchase.amountMinor());
    }
    return purchase.pin() ? builder.field(52, PIN_BLOCK) : builder;
  }

  private @Nullable Purses inquire(DemoScript.Purchase purchase) {
    return binary.ask(traceNumbers.stamp(RequestBuilder.of(100)
        .pan(CardNumber.panOf(purchase.person().card()))
        .expiry(purchase.person().expiry())
        .processingCode("310000")
        .mcc("5411")
        .merchant("MATHALL00000001"))).purses();
  }

  @Override
  public void close() {
    binary.close();
    secondBinary.close();
    ascii.close();
  }
}
