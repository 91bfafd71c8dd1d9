package se.valfardskort.authorizer.simulation;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.pipeline.Journal;

/** One record as it was handed to the journal. Immutable; the buffers are its own. */
final class Entry {
  /** Of a request: who repeats it. */
  record Key(long high, long low) {}

  /** Of a monthly load: whose, and for which month. */
  record Load(String panToken, int period) {}

  final Journal.Kind kind;
  final long sequence;
  final long timeMs;
  final UnsafeBuffer command;
  final UnsafeBuffer decision;
  /** Null for commands of our own. */
  final @Nullable Key key;
  /** DE 11; 0 for what is no card's request. */
  final int stan;
  /** Of a monthly load; null for all else. */
  final @Nullable Load load;
  final DecisionDecoder decided = new DecisionDecoder();

  Entry(Journal.Kind kind, long sequence, long timeMs, byte[] command, byte[] decision) {
    this.kind = kind;
    this.sequence = sequence;
    this.timeMs = timeMs;
    this.command = new UnsafeBuffer(command);
    this.decision = new UnsafeBuffer(decision);
    this.key = keyOf(this.command);
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    if (header.wrap(this.command, 0).templateId() == CardRequestDecoder.TEMPLATE_ID) {
      stan = (int) new CardRequestDecoder().wrapAndApplyHeader(this.command, 0, header).stan();
    } else {
      stan = 0;
    }
    load = loadOf(this.command, header);
    decided.wrapAndApplyHeader(this.decision, 0, header);
  }

  private static @Nullable Load loadOf(UnsafeBuffer command, MessageHeaderDecoder header) {
    if (header.wrap(command, 0).templateId() != LoadDecoder.TEMPLATE_ID) {
      return null;
    }
    LoadDecoder load = new LoadDecoder().wrapAndApplyHeader(command, 0, header);
    byte[] token = new byte[LoadDecoder.panTokenLength()];
    load.getPanToken(token, 0, token.length);
    return load.period() == 0 ? null : new Load(HexFormat.of().formatHex(token), load.period());
  }

  static @Nullable Key keyOf(UnsafeBuffer command) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    int template = header.wrap(command, 0).templateId();
    if (template == CardRequestDecoder.TEMPLATE_ID) {
      CardRequestDecoder request = new CardRequestDecoder().wrapAndApplyHeader(command, 0, header);
      return new Key(request.requestKeyHigh(), request.requestKeyLow());
    }
    if (template == SettlementRequestDecoder.TEMPLATE_ID) {
      SettlementRequestDecoder request = new SettlementRequestDecoder().wrapAndApplyHeader(command, 0, header);
      return new Key(request.requestKeyHigh(), request.requestKeyLow());
    }
    return null;
  }

  /** DE 39. */
  String responseCode() {
    byte[] code = new byte[DecisionDecoder.responseCodeLength()];
    decided.getResponseCode(code, 0);
    return new String(code, StandardCharsets.US_ASCII).replace("\0", "");
  }

  /** DE 38; empty: none. */
  String authCode() {
    byte[] code = new byte[DecisionDecoder.authCodeLength()];
    decided.getAuthCode(code, 0);
    return new String(code, StandardCharsets.US_ASCII).replace("\0", "");
  }
}
