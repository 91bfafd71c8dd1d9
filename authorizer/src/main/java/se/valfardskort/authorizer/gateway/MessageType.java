package se.valfardskort.authorizer.gateway;

/**
 * What a message type asks of us (wire.md section 2). Stateless.
 *
 * <pre>
 *   type   v c f o     v version (the dialect checks it)   c class
 *                      f function: 0 request, 2 advice, 4 notification, odd: an answer
 *                      o origin: even first time, odd repeat
 * </pre>
 */
final class MessageType {
  /** How the gateway takes a message of a type. */
  enum Kind {
    /** 01xx, 02xx, 04xx: for the engine. */
    CARD,
    /** 05xx: for the engine. */
    RECONCILIATION,
    /** 08xx: the session answers, or, to a cut-over, the engine. */
    NETWORK,
    /** Answerable, but not a class that is decided here: 12. */
    NOT_HANDLED,
    /** Told, not asked: never answered. */
    NOTIFICATION,
    /** An answer, which nothing here asked for. */
    ANSWER,
    /** Not a type that ISO 8583 defines. */
    UNKNOWN
  }

  private static final int LAST_ORIGIN = 5;

  private MessageType() {}

  static Kind kindOf(int mti) {
    int function = function(mti);
    int messageClass = messageClass(mti);
    if (messageClass == 0 || messageClass == 9 || function > 5 || mti % 10 > LAST_ORIGIN) {
      return Kind.UNKNOWN;
    }
    if ((function & 1) != 0) {
      return Kind.ANSWER;
    }
    if (function == 4) {
      return Kind.NOTIFICATION;
    }
    return switch (messageClass) {
      case 1, 2, 4 -> Kind.CARD;
      case 5 -> Kind.RECONCILIATION;
      case 8 -> Kind.NETWORK;
      default -> Kind.NOT_HANDLED;
    };
  }

  /** 1 authorization, 2 financial, 4 reversal, 5 reconciliation, 8 network management. */
  static int messageClass(int mti) {
    return mti / 100 % 10;
  }

  /** 0 request, 2 advice. */
  static int function(int mti) {
    return mti / 10 % 10;
  }

  static boolean isRepeat(int mti) {
    return (mti & 1) != 0;
  }

  static boolean isReversal(int mti) {
    return messageClass(mti) == 4;
  }

  static boolean isReconciliation(int mti) {
    return messageClass(mti) == 5;
  }

  static boolean isAdvice(int mti) {
    return function(mti) == 2;
  }

  /** An authorization or financial request that is to be decided, not told. */
  static boolean isDecisionRequest(int mti) {
    return messageClass(mti) <= 2 && function(mti) == 0;
  }

  /** A request whose sender can do with a 91: it neither tells what has happened nor gives money back. */
  static boolean canWait(int mti) {
    return function(mti) == 0 && !isReversal(mti);
  }

  /** Function digit + 1, repeat digit cleared: 101 gives 110, 421 gives 430. */
  static int answerTo(int mti) {
    return mti + 10 - (isRepeat(mti) ? 1 : 0);
  }
}
