package se.valfardskort.loadtest.certify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.DialectException;
import se.valfardskort.loadtest.client.UserError;
import se.valfardskort.loadtest.demo.YamlPart;

/**
 * One folder of scripts: how the partner is spoken to, and what is said. Immutable.
 *
 * @param name the folder's, and the link's in a ready line
 * @param port where its host listens unless the command line says otherwise
 * @param header before each message
 * @param fixedHeader before each request, behind the length header; in hex, mostly empty
 * @param layout of requests
 * @param dialect for showing messages to a person, and for nothing else
 * @param inquiry asks for the purses
 * @param echo shows that a connection is still usable
 * @param topics its scripts
 * @param otherLink another link of the same partner, as its folder describes it and without scripts; null: none
 */
record Partner(String name, int port, RawLink.Header header, String fixedHeader, Layout layout, Dialect dialect,
    Exchange inquiry, Exchange echo, List<Exchange.Topic> topics, @Nullable Partner otherLink) {
  private static final String SHEET = "partner.yaml";

  Partner {
    topics = List.copyOf(topics);
  }

  /** The names of the partners under a folder, in order. */
  static List<String> names(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> Files.exists(each.resolve(SHEET))).map(each -> String.valueOf(each.getFileName()))
          .sorted().toList();
    } catch (IOException e) {
      throw new UserError(UserError.NO_INPUT, folder + " cannot be read (" + e + "); it holds the scripts", e);
    }
  }

  /** Shows this partner's messages to a person. */
  Shown shown() {
    return new Shown(dialect, fixedHeader.length() / 2);
  }

  /** Reads a folder. */
  static Partner read(Path folder) {
    return read(folder, true);
  }

  private static Partner read(Path folder, boolean withScripts) {
    Path sheet = folder.resolve(SHEET);
    YamlPart top = YamlPart.read(sheet);
    top.allowOnly(Set.of("partner", "port", "framing", "fixed-header", "dialect", "digits", "fill-digits", "fields",
        "inquiry", "echo", "other-link"));
    try {
      List<Exchange.Topic> topics = new ArrayList<>();
      Partner other = null;
      if (withScripts) {
        for (Path script : scripts(folder)) {
          topics.add(ScriptReader.read(script));
        }
        other = top.has("other-link") ? read(folder.resolveSibling(top.text("other-link")), false) : null;
      }
      return new Partner(top.text("partner"), Integer.parseInt(top.digits("port", 4)),
          RawLink.Header.valueOf(top.text("framing").toUpperCase(Locale.ROOT)),
          top.text("fixed-header", ""), layout(top),
          Dialect.load(folder.resolve(top.text("dialect")).normalize()), ScriptReader.single(top.part("inquiry")),
          ScriptReader.single(top.part("echo")), topics, other);
    } catch (DialectException e) {
      throw new UserError(UserError.BAD_DATA, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new UserError(UserError.BAD_DATA, sheet + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> scripts(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> each.toString().endsWith(".yaml") && !each.endsWith(SHEET)).sorted().toList();
    } catch (IOException e) {
      throw new UserError(UserError.NO_INPUT, folder + " cannot be read (" + e + ")", e);
    }
  }

  private static Layout layout(YamlPart top) {
    Map<Integer, String> notations = new HashMap<>();
    YamlPart fields = top.part("fields");
    for (String de : fields.names()) {
      notations.put(Integer.parseInt(de), fields.text(de));
    }
    Layout.Coding coding = switch (top.text("digits")) {
      case "packed" -> Layout.Coding.PACKED;
      case "characters" -> Layout.Coding.CHARACTERS;
      default -> throw top.complaint("digits", "'" + top.text("digits") + "' is neither packed nor characters");
    };
    return new Layout(coding, top.text("fill-digits", "left").equals("right"), notations);
  }
}
