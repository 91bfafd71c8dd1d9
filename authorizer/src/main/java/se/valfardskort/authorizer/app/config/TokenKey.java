package se.valfardskort.authorizer.app.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import se.valfardskort.authorizer.gateway.PanTokenizer;

/**
 * The key under which card numbers become panTokens. Immutable; never printed.
 *
 * <p>Its file holds comment lines ({@code #}) and one line: the word {@code secret-key} or {@code public-demo-key}, a
 * blank and 64 hex digits. The word is there because a token made with a key that everybody has is no secret: six
 * known digits and nine unknown ones are searched in minutes.
 */
public final class TokenKey {
  private static final int KEY_BYTES = 32;

  private final Path file;
  private final byte[] key;
  private final boolean publicDemoKey;

  private TokenKey(Path file, byte[] key, boolean publicDemoKey) {
    this.file = file;
    this.key = key;
    this.publicDemoKey = publicDemoKey;
  }

  /** Where the key was read. */
  public Path file() {
    return file;
  }

  /** Tells this key from others, without revealing it: {@link PanTokenizer#keyCheck}. */
  public long check() {
    return new PanTokenizer(key).keyCheck();
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return key.clone();
  }

  /** Whether everybody has this key. */
  public boolean isPublicDemoKey() {
    return publicDemoKey;
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return publicDemoKey ? "public demo key" : "secret key";
  }

  static TokenKey read(Path file, Problems problems) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      problems.add(
          new Place(file.toString(), 0),
          "the key file cannot be read (" + unreadable.getClass().getSimpleName() + ")",
          "make one: (printf 'secret-key '; openssl rand -hex 32) > " + file + " && chmod 600 " + file);
      return new TokenKey(file, new byte[KEY_BYTES], true);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      boolean demo = line.startsWith("public-demo-key ");
      if (demo || line.startsWith("secret-key ")) {
        String hex = line.substring(line.indexOf(' ') + 1).strip();
        if (hex.matches("[0-9a-fA-F]{64}")) {
          return new TokenKey(file, HexFormat.of().parseHex(hex), demo);
        }
      }
      problems.add(
          new Place(file.toString(), i + 1),
          "this is not a key line",
          "write the word secret-key, a blank and 64 hex digits");
      return new TokenKey(file, new byte[KEY_BYTES], true);
    }
    problems.add(
        new Place(file.toString(), 0), "there is no key line", "write the word secret-key, a blank and 64 hex digits");
    return new TokenKey(file, new byte[KEY_BYTES], true);
  }
}
