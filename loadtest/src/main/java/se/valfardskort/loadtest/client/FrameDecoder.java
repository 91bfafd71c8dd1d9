package se.valfardskort.loadtest.client;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/** Takes a message apart into texts. Stateless. */
final class FrameDecoder {
  private FrameDecoder() {}

  /** Every readable field as text, binary ones in hexadecimal. */
  static Map<Integer, String> fieldsOf(MessageReader reader) {
    Map<Integer, String> fields = new HashMap<>();
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      if (!reader.readable(de)) {
        continue;
      }
      byte[] bytes = new byte[2 * reader.length(de) + 2];
      if (reader.dialect().isBinary(de)) {
        int length = reader.copyBinary(de, bytes, 0);
        fields.put(de, HexFormat.of().withUpperCase().formatHex(bytes, 0, length));
      } else {
        int length = reader.copyText(de, bytes, 0);
        fields.put(de, new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
      }
    }
    return fields;
  }
}
