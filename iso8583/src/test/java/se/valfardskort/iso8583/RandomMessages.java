package se.valfardskort.iso8583;

import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Seeded legal messages of a dialect: a random subset of DE 2 to 128, each with a random legal value. */
final class RandomMessages {
  private static final int[] TYPES = {100, 110, 120, 200, 210, 220, 400, 410, 420, 500, 800, 810};

  private final Dialect dialect;
  private final Random random;

  RandomMessages(Dialect dialect, long seed) {
    this.dialect = dialect;
    this.random = new Random(seed);
  }

  int messageType() {
    return dialect.mtiVersion() * 1000 + TYPES[random.nextInt(TYPES.length)];
  }

  /** Values in Latin-1, bytes for binary fields, by data element. */
  SortedMap<Integer, byte[]> fields() {
    SortedMap<Integer, byte[]> fields = new TreeMap<>();
    int density = 1 + random.nextInt(100);
    int last = random.nextBoolean() ? 64 : 128;
    for (int de = 2; de <= last; de++) {
      if (dialect.defines(de) && dialect.op[de] != FieldClass.NOTHING && random.nextInt(100) < density) {
        fields.put(de, value(de));
      }
    }
    if (fields.isEmpty()) {
      fields.put(11, value(11));
    }
    return fields;
  }

  byte[] value(int de) {
    int max = dialect.maxLength(de);
    int length = dialect.isFixed(de) ? max : 1 + random.nextInt(Math.min(max, random.nextInt(10) == 0 ? max : 40));
    byte[] value = new byte[length];
    int op = dialect.op[de];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) switch (op) {
        case FieldClass.PRINTABLE_ASCII, FieldClass.PRINTABLE_EBCDIC -> 0x20 + random.nextInt(0x5F);
        case FieldClass.TEXT_ASCII, FieldClass.BINARY, FieldClass.HEX_ASCII, FieldClass.HEX_EBCDIC ->
            random.nextInt(256);
        case FieldClass.TEXT_EBCDIC -> 0x20 + random.nextInt(0x5F);
        case FieldClass.AMOUNT_ASCII, FieldClass.AMOUNT_BCD, FieldClass.AMOUNT_EBCDIC ->
            i == 0 ? (random.nextBoolean() ? 'C' : 'D') : digit();
        case FieldClass.TRACK_ASCII, FieldClass.TRACK_BCD_LEFT, FieldClass.TRACK_BCD_RIGHT,
            FieldClass.TRACK_BCD_RIGHT_F, FieldClass.TRACK_EBCDIC -> i == 16 ? '=' : digit();
        default -> digit();
      };
    }
    return value;
  }

  private int digit() {
    return '0' + random.nextInt(10);
  }
}
