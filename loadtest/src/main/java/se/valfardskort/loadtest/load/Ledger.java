package se.valfardskort.loadtest.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import se.valfardskort.loadtest.client.UserError;

/**
 * The client's own book: every request that was sent and every answer that came, in lines of text, so that after the
 * server died and came back each answered request can be sent again, byte for byte, and its answer held against the
 * first one. Cards stand here by their nine digits, never as a whole PAN. Appends; owned by one thread.
 *
 * <pre>
 *   R tag                                                          a run begins; the tag is part of DE 41
 *   Q number kind stan epochSecond card amount connection [stan epochSecond of the original]
 *   A number DE39 DE38 digest                                      64 bits of the answer's SHA-256
 * </pre>
 */
final class Ledger implements AutoCloseable {
  private static final int LONGEST_LINE = 256;

  private final FileChannel file;
  private final Path path;
  private final ByteBuffer lines = ByteBuffer.allocateDirect(256 * 1024);
  private final MessageDigest sha256 = newSha256();
  private byte[] scratch = new byte[1024];
  private final byte[] digest = new byte[32];

  Ledger(Path path, String tag) {
    this.path = path;
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
    text("R ");
    text(tag);
    lines.put((byte) '\n');
  }

  /** Notes a request that is about to be sent. */
  void request(LoadMessage message) {
    reserve();
    text("Q ");
    number(message.number);
    number(message.kind.code);
    number(message.stan);
    number(message.epochSecond);
    number(message.card);
    number(message.amountMinor);
    number(message.connection);
    if (message.originalStan != LoadMessage.NONE) {
      number(message.originalStan);
      number(message.originalEpochSecond);
    }
    lines.put((byte) '\n');
  }

  /**
   * Notes an answer.
   *
   * @param code DE 39, two characters, first one times 256 plus second one
   * @param authorization DE 38 in the first {@code authorizationLength} bytes
   */
  void answer(long number, int code, byte[] authorization, int authorizationLength, ByteBuf buf, int offset,
      int length) {
    reserve();
    text("A ");
    number(number);
    lines.put((byte) (code >> 8)).put((byte) code).put((byte) ' ');
    if (authorizationLength == 0) {
      lines.put((byte) '-');
    }
    lines.put(authorization, 0, authorizationLength);
    lines.put((byte) ' ');
    if (length > scratch.length) {
      scratch = new byte[length];
    }
    buf.getBytes(offset, scratch, 0, length);
    sha256.update(scratch, 0, length);
    try {
      sha256.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 gives 32 bytes", e);
    }
    for (int i = 0; i < 8; i++) {
      lines.put(hex(digest[i] >> 4)).put(hex(digest[i]));
    }
    lines.put((byte) '\n');
  }

  /** The digest by which answers are compared: 64 bits of the SHA-256, in hexadecimal. */
  static String digestOf(byte[] answer) {
    byte[] all = newSha256().digest(answer);
    StringBuilder text = new StringBuilder(16);
    for (int i = 0; i < 8; i++) {
      text.append((char) hex(all[i] >> 4)).append((char) hex(all[i]));
    }
    return text.toString();
  }

  @Override
  public void close() {
    flush();
    try {
      file.close();
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  private void reserve() {
    if (lines.remaining() < LONGEST_LINE) {
      flush();
    }
  }

  private void flush() {
    lines.flip();
    try {
      while (lines.hasRemaining()) {
        file.write(lines);
      }
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
    lines.clear();
  }

  /** A number and a space. */
  private void number(long value) {
    long divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      lines.put((byte) ('0' + value / divisor % 10));
    }
    lines.put((byte) ' ');
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      lines.put((byte) text.charAt(i));
    }
  }

  private static byte hex(int value) {
    int digit = value & 0xF;
    return (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static UserError cannotWrite(Path path, IOException e) {
    return new UserError(UserError.IO_ERROR, "the ledger " + path + " cannot be written (" + e.getMessage()
        + "); check the folder, its space and its rights", e);
  }
}
