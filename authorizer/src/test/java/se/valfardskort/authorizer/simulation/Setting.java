package se.valfardskort.authorizer.simulation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.app.config.NamedLink;
import se.valfardskort.authorizer.engine.ConfigurationCodec;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.gateway.LinkSettings;
import se.valfardskort.authorizer.gateway.PanTokenizer;
import se.valfardskort.authorizer.gateway.SteppedGateway;
import se.valfardskort.authorizer.storage.SealKey;

/** What all worlds share: the shipped demonstration, with links that are narrower than those. */
final class Setting {
  static final int BINARY = 0;
  static final int ASCII = 1;
  static final int EDITION_1993 = 2;
  static final int WRITE_BUFFER = 1500;
  static final int FRAME_DEADLINE_MS = 3_000;

  private static final int FRAMES_IN_FLIGHT = 3;
  private static final int CONNECTIONS = 6;
  private static final int UNREADABLE_FRAMES = 5;
  private static final int ROOM = 600;

  private static final Setting SHARED = read();

  final byte[] configuration;
  final byte[] key;
  final long keyCheck;
  final SealKey sealKey;
  final SteppedGateway.Links links;

  private Setting(ConfigurationFolder.Loaded loaded) {
    configuration = ConfigurationCodec.encode(loaded.configuration());
    key = loaded.settings().panTokenKey().bytes();
    keyCheck = loaded.settings().panTokenKey().check();
    sealKey = SealKey.derivedFrom(key);
    List<LinkSettings> narrow = new ArrayList<>();
    for (NamedLink link : loaded.links()) {
      narrow.add(narrow(link.settings()));
    }
    links = new SteppedGateway.Links(narrow);
  }

  static Setting shared() {
    return SHARED;
  }

  private static Setting read() {
    Path demo = Path.of(System.getProperty("project.root", ".")).resolve("config").resolve("demo");
    try {
      return new Setting(ConfigurationFolder.read(demo, 0));
    } catch (ConfigurationException unreadable) {
      throw new IllegalStateException("the shipped configuration cannot be read", unreadable);
    }
  }

  private static LinkSettings narrow(LinkSettings link) {
    return new LinkSettings(
        link.partnerId(), link.partnerName(), link.address(), link.port(), link.dialectFile(), link.framing(),
        link.signOnRequired(), link.acquirers(), link.homeCountry(), link.balances(), link.partialApproval(),
        link.reasonInDe60(), link.codes(), link.transmissionWindowHours(), link.deadlineMs(), link.maximumFrame(),
        CONNECTIONS, FRAMES_IN_FLIGHT, link.messagesPerSecond(), FRAME_DEADLINE_MS, link.idleMs(), WRITE_BUFFER,
        UNREADABLE_FRAMES, link.upkeep());
  }

  /** Room for one world. */
  EngineCapacity capacity(boolean cramped) {
    int originals = cramped ? 24 : ROOM;
    int requests = cramped ? 40 : ROOM;
    return new EngineCapacity(24, 24, originals, requests, 64, 8, Math.max(1 << 15, configuration.length));
  }

  /** The 32 bytes that stand for a PAN. */
  byte[] token(String pan) {
    byte[] digits = pan.getBytes(StandardCharsets.US_ASCII);
    byte[] token = new byte[PanTokenizer.TOKEN_LENGTH];
    new PanTokenizer(key).tokenize(digits, 0, digits.length, token, 0);
    return token;
  }
}
