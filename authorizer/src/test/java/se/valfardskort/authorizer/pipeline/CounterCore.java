package se.valfardskort.authorizer.pipeline;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestEncoder;

/**
 * The smallest engine that can show what the pipeline owes to one: it adds amounts up, remembers keys, and throws when
 * it is told to. Deterministic, without allocation.
 */
public final class CounterCore implements Core {
  /** An amount on which deciding throws. */
  public static final long THROW_WHILE_DECIDING = -1;

  /** An amount for which there is no room. */
  public static final long NO_ROOM_FOR = -3;

  /** An amount on which applying throws. */
  public static final long THROW_WHILE_APPLYING = -2;

  private static final int MEMORY = 1 << 16;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final SettlementRequestDecoder settlement = new SettlementRequestDecoder();
  private final MessageHeaderEncoder headerOut = new MessageHeaderEncoder();
  private final DecisionEncoder decisionOut = new DecisionEncoder();
  private final DecisionDecoder decisionIn = new DecisionDecoder();
  private final long[] keys = new long[MEMORY];
  private final long[] totals = new long[MEMORY];
  private final long bias;
  private long total;
  private long digest;
  private long lastTimeMs;

  /** Adds amounts as they are. */
  public CounterCore() {
    this(0);
  }

  /** Adds {@code bias} to each amount: an engine with other rules. */
  public CounterCore(long bias) {
    this.bias = bias;
  }

  /** Encodes a request into {@code slot}. */
  public static void fill(Slot slot, long key, long amountMinor, MessageClass messageClass) {
    CardRequestEncoder encoder = new CardRequestEncoder();
    fill(slot, encoder, new MessageHeaderEncoder(), key, amountMinor, messageClass);
  }

  /** The same with the caller's encoders, so that nothing is allocated. */
  public static void fill(
      Slot slot,
      CardRequestEncoder encoder,
      MessageHeaderEncoder header,
      long key,
      long amountMinor,
      MessageClass messageClass) {
    encoder.wrapAndApplyHeader(slot.command, 0, header);
    slot.command.setMemory(MessageHeaderEncoder.ENCODED_LENGTH, CardRequestEncoder.BLOCK_LENGTH, (byte) 0);
    encoder.requestKeyLow(key).amountMinor(amountMinor).messageClass(messageClass);
    slot.commandLength = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }

  /** Encodes a reconciliation into {@code slot}. */
  public static void fillSettlement(Slot slot, boolean advice, long netMinor) {
    SettlementRequestEncoder encoder = new SettlementRequestEncoder();
    encoder.wrapAndApplyHeader(slot.command, 0, new MessageHeaderEncoder());
    encoder.netMinor(netMinor).messageClass(MessageClass.RECONCILIATION).flags().clear().advice(advice);
    slot.commandLength = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }

  /** Sum of all that was applied. */
  public long total() {
    return total;
  }

  @Override
  public int decisionLength() {
    return MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
  }

  @Override
  public boolean remembers(
      DirectBuffer command, int offset, int length, MutableDirectBuffer decision, int decisionOffset) {
    if (!isRequest(command, offset)) {
      return false;
    }
    int place = placeOf(request.requestKeyLow());
    if (keys[place] == 0) {
      return false;
    }
    write(decision, decisionOffset, 0, request.amountMinor() + bias, totals[place], Effect.HOLD);
    return true;
  }

  @Override
  public int decide(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset) {
    if (timeMs < lastTimeMs) {
      throw new IllegalStateException("time went back from " + lastTimeMs + " to " + timeMs);
    }
    if (!isRequest(command, offset)) {
      if (header.templateId() == SettlementRequestDecoder.TEMPLATE_ID
          && settlement.wrapAndApplyHeader(command, offset, header).netMinor() == THROW_WHILE_DECIDING) {
        throw new IllegalStateException("told to throw while deciding");
      }
      write(decision, decisionOffset, 0, 0, total, Effect.TICKED);
      return 0;
    }
    long amount = request.amountMinor();
    if (amount == THROW_WHILE_DECIDING) {
      throw new IllegalStateException("told to throw while deciding");
    }
    if (amount == NO_ROOM_FOR) {
      write(decision, decisionOffset, DeclineReason.CAPACITY.code, 0, total, Effect.NOTHING);
      return DeclineReason.CAPACITY.code;
    }
    write(decision, decisionOffset, 0, amount + bias, total + amount + bias, Effect.HOLD);
    return 0;
  }

  @Override
  public void apply(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset) {
    lastTimeMs = timeMs;
    long amount = 0;
    if (isRequest(command, offset)) {
      if (request.amountMinor() == THROW_WHILE_APPLYING) {
        throw new IllegalStateException("told to throw while applying");
      }
      amount = request.amountMinor() + bias;
      int place = placeOf(request.requestKeyLow());
      keys[place] = request.requestKeyLow();
      totals[place] = total + amount;
    }
    total += amount;
    digest = (digest ^ (total + timeMs)) * 0x9E37_79B9_7F4A_7C15L + 1;
    decisionOut.wrap(decision, decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH).digest(digest);
  }

  @Override
  public void refuse(
      DirectBuffer command, int offset, int length, int reason, MutableDirectBuffer decision, int decisionOffset) {
    write(decision, decisionOffset, reason, 0, total, Effect.NOTHING);
  }

  @Override
  public long digest() {
    return digest;
  }

  @Override
  public long stateHash() {
    return digest * 31 + total;
  }

  @Override
  public void checkInvariants() {
    if (total < 0) {
      throw new IllegalStateException("the total is " + total);
    }
  }

  /** Total that a decision carries. */
  public static long totalOf(DirectBuffer decision) {
    return new DecisionDecoder()
        .wrap(decision, MessageHeaderDecoder.ENCODED_LENGTH, DecisionDecoder.BLOCK_LENGTH, 0)
        .cashAvailableMinor();
  }

  /** Stable reason that a decision carries. */
  public static int reasonOf(DirectBuffer decision) {
    return new DecisionDecoder()
        .wrap(decision, MessageHeaderDecoder.ENCODED_LENGTH, DecisionDecoder.BLOCK_LENGTH, 0)
        .reason();
  }

  private boolean isRequest(DirectBuffer command, int offset) {
    header.wrap(command, offset);
    if (header.templateId() != CardRequestDecoder.TEMPLATE_ID) {
      return false;
    }
    request.wrap(command, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
    return true;
  }

  private int placeOf(long key) {
    int place = (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 48);
    while (keys[place] != 0 && keys[place] != key) {
      place = (place + 1) & (MEMORY - 1);
    }
    return place;
  }

  private void write(
      MutableDirectBuffer decision, int offset, int reason, long approved, long totalAfter, Effect effect) {
    decision.setMemory(offset, decisionLength(), (byte) 0);
    decisionOut.wrapAndApplyHeader(decision, offset, headerOut);
    decisionOut.reason(reason).effect(effect).approvedMinor(approved).cashAvailableMinor(totalAfter);
    decisionOut.cardId(decisionIn.sbeSchemaId()).digest(0);
  }
}
