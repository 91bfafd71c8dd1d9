package se.valfardskort.loadtest.certify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import se.valfardskort.loadtest.client.TestIssuer;

/** Folders of scripts that a test writes. */
final class TestScripts {
  private TestScripts() {}

  /** The shipped sheet of the binary partner with one script of the test's own, and no other link. */
  static Partner partner(Path folder, String script) throws IOException {
    Path shipped = TestIssuer.home().resolve("config").resolve("certify").resolve("iso87-binary");
    Path own = Files.createDirectories(folder.resolve("own"));
    String sheet = Files.readString(shipped.resolve("partner.yaml"))
        .replace("../../dialects/iso87-binary.xml",
            shipped.resolve("../../dialects/iso87-binary.xml").normalize().toString())
        .replaceFirst("(?m)^other-link: .*\n", "");
    Files.writeString(own.resolve("partner.yaml"), sheet);
    Files.writeString(own.resolve("script.yaml"), script);
    return Partner.read(own);
  }
}
