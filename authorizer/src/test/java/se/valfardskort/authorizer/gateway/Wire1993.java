package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import se.valfardskort.iso8583.MessageWriter;

/** A message of 1993 as numbers and texts, written by the codec, which jPOS has judged byte by byte. */
final class Wire1993 {
  private final int mti;
  private final TreeMap<Integer, String> fields = new TreeMap<>();

  Wire1993(int mti) {
    this.mti = mti;
  }

  /** A purchase that nothing is wrong with. */
  static Wire1993 purchase() {
    return new Wire1993(1100)
        .with(2, "9752000000000001")
        .with(3, "000000")
        .with(4, "000000012345")
        .with(7, "1122093000")
        .with(11, "000123")
        .with(12, "261122103000")
        .with(14, "3012")
        .with(22, "510101511344")
        .with(24, "100")
        .with(25, "1510")
        .with(26, "5411")
        .with(32, "123456")
        .with(37, "632612000123")
        .with(41, "TERM0001")
        .with(42, "ICAKVANTUM00001")
        .with(43, "ICA KVANTUM\\HANDELSVAGEN 1\\BOTKYRKA\\14500        SWE")
        .with(49, "752");
  }

  static Wire1993 reversal() {
    return purchase().copy(1420).with(11, "000124").with(24, "400").with(26, null).with(56, "1100000123261122103000"
        + "06123456");
  }

  Wire1993 with(int de, @Nullable String value) {
    if (value == null) {
      fields.remove(de);
    } else {
      fields.put(de, value);
    }
    return this;
  }

  Wire1993 without(int... des) {
    for (int de : des) {
      fields.remove(de);
    }
    return this;
  }

  Wire1993 copy(int otherMti) {
    Wire1993 copy = new Wire1993(otherMti);
    copy.fields.putAll(fields);
    return copy;
  }

  /** The message without framing. */
  byte[] body() {
    MessageWriter writer = new MessageWriter(Links.dialectOf1993());
    ByteBuf out = Unpooled.buffer();
    writer.begin(out, mti);
    fields.forEach((de, value) -> {
      if (writer.dialect().isBinary(de)) {
        byte[] bytes = Wire.hex(value);
        writer.binary(de, bytes, 0, bytes.length);
      } else {
        writer.text(de, value);
      }
    });
    return ByteBufUtil.getBytes(out, 0, writer.end());
  }
}
