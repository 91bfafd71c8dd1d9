package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.iso8583.MessageWriter;

/** How a version of ISO 8583 words the network management that we begin. Stateless. */
enum NetworkWords {
  /** 0800 with DE 70, approved 00. */
  ISO_1987(800, 70, "00") {
    @Override
    int code(NetworkFunction function) {
      return function.code1987;
    }
  },
  /** 1804 with DE 24 and the local time in DE 12, approved 800. */
  ISO_1993(1804, 24, "800") {
    @Override
    int code(NetworkFunction function) {
      return function.code1993;
    }
  };

  private static final int TRANSMISSION = 7;
  private static final int STAN = 11;
  private static final int LOCAL_TIME = 12;
  private static final int RESPONSE_CODE = 39;

  private final int mti;
  private final int functionField;
  private final String approved;

  NetworkWords(int mti, int functionField, String approved) {
    this.mti = mti;
    this.functionField = functionField;
    this.approved = approved;
  }

  static NetworkWords of(Dialect dialect) {
    return dialect.mtiVersion() == 0 ? ISO_1987 : ISO_1993;
  }

  abstract int code(NetworkFunction function);

  /** Whether a dialect has every field that is needed. */
  boolean canBeSaidIn(Dialect dialect) {
    return dialect.defines(TRANSMISSION) && dialect.defines(STAN) && dialect.defines(functionField);
  }

  String neededFields() {
    return "DE 7, 11 and " + functionField;
  }

  /** Appends the message without framing. */
  void write(MessageWriter writer, ByteBuf out, NetworkFunction function, int stan, long epochMs) {
    ZonedDateTime now = Instant.ofEpochMilli(epochMs).atZone(ZoneOffset.UTC);
    long time = now.getHour() * 10_000L + now.getMinute() * 100L + now.getSecond();
    long day = now.getMonthValue() * 100L + now.getDayOfMonth();
    writer.begin(out, mti);
    writer.number(TRANSMISSION, day * 1_000_000 + time);
    writer.number(STAN, stan);
    if (this == ISO_1993 && writer.dialect().defines(LOCAL_TIME)) {
      writer.number(LOCAL_TIME, (now.getYear() % 100 * 10_000L + day) * 1_000_000 + time);
    }
    writer.number(functionField, code(function));
    writer.end();
  }

  /** Whether this answers our request of that STAN. */
  boolean isAnswer(MessageReader in, int stan) {
    return in.mti() == MessageType.answerTo(mti) && in.readable(STAN) && in.number(STAN) == stan;
  }

  boolean approves(MessageReader in) {
    return in.readable(RESPONSE_CODE) && in.textEquals(RESPONSE_CODE, approved);
  }
}
