package se.valfardskort.iso8583;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A partner's field layout, compiled from a file in jPOS's GenericPackager format into flat tables that are indexed by
 * the number of the data element (DE).
 *
 * <p>Immutable; one dialect serves any number of threads.
 *
 * <p>The format has no place for the message type's version digit, so a processing instruction that jPOS ignores says
 * it: {@code <?valfardskort mti-version="1"?>}. Without one the version is 0 (ISO 8583:1987).
 *
 * <p>DE 65 is never defined: it would announce a third bitmap, which neither edition uses.
 */
public final class Dialect {
  /** The highest data element. */
  public static final int MAX_DE = 128;

  final int[] op = new int[MAX_DE + 1];
  /** Longest value: digits, characters or bytes; exact for fields of fixed length. */
  final int[] maxLength = new int[MAX_DE + 1];
  /** Bytes on the wire of a field of fixed length. */
  final int[] fixedWire = new int[MAX_DE + 1];
  final int[] prefixKind = new int[MAX_DE + 1];
  final int[] prefixBytes = new int[MAX_DE + 1];
  /**
   * What the reader needs of a data element in one load.
   *
   * <pre>
   *   bit 63       40 39       16 15        12 11      8 7   0
   *       | fixedWire | maxLength | prefixKind | prefix  | op |
   * </pre>
   */
  final long[] plan = new long[MAX_DE + 1];
  final int mtiOp;
  final int mtiBytes;
  final int bitmapOp;
  /** Bytes of one half of the bitmap on the wire. */
  final int bitmapHalf;
  final boolean secondaryAllowed;
  private final int mtiVersion;
  private final String name;
  private final @Nullable String[] fieldNames = new String[MAX_DE + 1];

  Dialect(String name, int mtiVersion, @Nullable FieldSpec[] specs, FieldSpec mti, FieldSpec bitmap) {
    this.name = name;
    this.mtiVersion = mtiVersion;
    this.mtiOp = mti.op();
    this.mtiBytes = FieldClass.wireBytes(mtiOp, mti.length());
    this.bitmapOp = bitmap.op();
    this.bitmapHalf = bitmapOp == FieldClass.BITMAP_BINARY ? 8 : 16;
    this.secondaryAllowed = bitmap.length() == 16;
    fieldNames[0] = mti.name();
    fieldNames[1] = bitmap.name();
    for (int de = 2; de <= MAX_DE; de++) {
      FieldSpec spec = specs[de];
      if (spec == null || de == 65) {
        continue;
      }
      fieldNames[de] = spec.name();
      op[de] = spec.op();
      maxLength[de] = spec.length();
      prefixKind[de] = spec.fieldClass().prefixKind();
      prefixBytes[de] = spec.fieldClass().prefixBytes();
      fixedWire[de] = FieldClass.wireBytes(spec.op(), spec.length());
      plan[de] = ((long) fixedWire[de] << 40) | ((long) maxLength[de] << 16) | ((long) prefixKind[de] << 12)
          | ((long) prefixBytes[de] << 8) | op[de];
    }
  }

  /**
   * Reads and compiles a dialect file. Nothing outside the file is read: a DTD is recognised and never fetched.
   *
   * @throws DialectException where the file cannot be read or used; names file, line and mend
   */
  public static Dialect load(Path file) {
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return load(in, file.toString());
    } catch (IOException e) {
      throw new DialectException(file + ": cannot be read (" + e + "); check the path and that the file is UTF-8", e);
    }
  }

  /**
   * Compiles a dialect from text.
   *
   * @param source what to call the text in messages
   */
  public static Dialect load(Reader in, String source) {
    return new DialectParser(source).parse(in);
  }

  /** The file's name without its ending, such as {@code iso87-binary}. */
  public String name() {
    return name;
  }

  /** The first digit of every message type: 0 for the edition of 1987, 1 for that of 1993. */
  public int mtiVersion() {
    return mtiVersion;
  }

  /** Whether the dialect has this data element, 2 to 128. */
  public boolean defines(int de) {
    return de >= 2 && de <= MAX_DE && op[de] != FieldClass.UNDEFINED;
  }

  /** The longest value in digits, characters or bytes, 0 for an undefined data element. */
  public int maxLength(int de) {
    return maxLength[de];
  }

  /** Whether the data element has no length prefix. */
  public boolean isFixed(int de) {
    return prefixBytes[de] == 0;
  }

  /** Whether the data element holds bytes rather than digits or characters. */
  public boolean isBinary(int de) {
    return op[de] == FieldClass.BINARY || op[de] == FieldClass.HEX_ASCII || op[de] == FieldClass.HEX_EBCDIC;
  }

  /** The dialect file's name of a data element, 0 (message type) to 128. */
  public String fieldName(int de) {
    String fieldName = fieldNames[de];
    return fieldName == null ? "not defined" : fieldName;
  }

  @Override
  public String toString() {
    return "Dialect[" + name + "]";
  }

  /** One line of the dialect file. */
  record FieldSpec(String name, int length, int op, FieldClass fieldClass) {}
}
