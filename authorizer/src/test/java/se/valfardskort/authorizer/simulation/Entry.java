package se.valfardskort.authorizer.simulation;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.pipeline.Journal;

/** One record as it was handed to the journal. Immutable; the buffers are its own. */
final class Entry {
  /** Of a request: who repeats it. */
  record Key(long high, long low) {}

  final Journal.Kind kind;
  final long sequence;
  final long timeMs;
  final UnsafeBuffer command;
  final UnsafeBuffer decision;
  /** Null for commands of our own. */
  final @Nullable Key key;
  /** DE 11; 0 for what is no card's request. */
  final int stan;
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
    decided.wrapAndApplyHeader(this.decision, 0, header);
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
