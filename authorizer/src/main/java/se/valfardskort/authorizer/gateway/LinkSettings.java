package se.valfardskort.authorizer.gateway;

import java.nio.file.Path;
import java.util.List;

/**
 * One partner's links as configured (wire.md section 1). Immutable.
 *
 * @param partnerId 1 to 65534, stable; names the partner in commands
 * @param partnerName stable key
 * @param address address to listen on, or host to dial
 * @param port port to listen on, 0: a free one (tests); or port to dial
 * @param dialectFile jPOS GenericPackager XML
 * @param framing for example {@code binary2} or {@code ascii4}
 * @param signOnRequired traffic before 0800 sign-on is answered 91; a dialled link signs on in any case
 * @param acquirers DE 32 values allowed on this link
 * @param homeCountry ISO 3166-1 numeric, for messages that carry no country
 * @param balances when DE 54 is sent
 * @param reasonInDe60 DE 60 = {@code R} and the stable reason code
 * @param codes DE 39 of what the gateway answers by itself
 * @param transmissionWindowHours DE 7 further away answers 12; 0: off
 * @param deadlineMs a request that waited longer before its decision is answered 91
 * @param maximumFrame bytes of a frame's body; a longer one closes the link before anything is allocated
 * @param maximumConnections further ones are closed
 * @param framesInFlight unanswered requests a connection; reading pauses above it
 * @param messagesPerSecond a connection; reading pauses above it; 0: no limit
 * @param frameDeadlineMs from a frame's first byte to its last
 * @param idleMs a silent connection is closed after this; 0: never
 * @param writeBufferBytes a peer that reads so slowly that more than this piles up loses its link
 * @param unreadableFrames this many in a row without a good one close the link
 * @param upkeep whether we dial, and what we ask for of our own accord
 */
public record LinkSettings(
    int partnerId,
    String partnerName,
    String address,
    int port,
    Path dialectFile,
    String framing,
    boolean signOnRequired,
    List<Long> acquirers,
    int homeCountry,
    Balances balances,
    boolean reasonInDe60,
    ResponseCodes codes,
    int transmissionWindowHours,
    int deadlineMs,
    int maximumFrame,
    int maximumConnections,
    int framesInFlight,
    int messagesPerSecond,
    int frameDeadlineMs,
    int idleMs,
    int writeBufferBytes,
    int unreadableFrames,
    LinkUpkeep upkeep) {

  /** When an answer carries DE 54; account types print on receipts, so a partner chooses. */
  public enum Balances {
    /** On every 0110 and 0210, declines too. */
    ALWAYS,
    /** On answers to a balance inquiry. */
    INQUIRY,
    /** Not at all. */
    NEVER
  }

  /** The same but for what is then named; {@link Variant#settings} gives the whole. */
  public Variant but() {
    return new Variant(this);
  }

  /** Settings that differ from others in what a caller names. Owned by the thread that asked for it. */
  public static final class Variant {
    private final LinkSettings from;
    private int partnerId;
    private String partnerName;
    private String address;
    private int port;
    private boolean signOnRequired;
    private int deadlineMs;
    private int messagesPerSecond;
    private int idleMs;
    private LinkUpkeep upkeep;

    private Variant(LinkSettings from) {
      this.from = from;
      partnerId = from.partnerId;
      partnerName = from.partnerName;
      address = from.address;
      port = from.port;
      signOnRequired = from.signOnRequired;
      deadlineMs = from.deadlineMs;
      messagesPerSecond = from.messagesPerSecond;
      idleMs = from.idleMs;
      upkeep = from.upkeep;
    }

    public Variant partner(int id, String name) {
      partnerId = id;
      partnerName = name;
      return this;
    }

    public Variant at(String otherAddress, int otherPort) {
      address = otherAddress;
      port = otherPort;
      return this;
    }

    public Variant signOnRequired(boolean other) {
      signOnRequired = other;
      return this;
    }

    public Variant deadlineMs(int other) {
      deadlineMs = other;
      return this;
    }

    public Variant messagesPerSecond(int other) {
      messagesPerSecond = other;
      return this;
    }

    public Variant idleMs(int other) {
      idleMs = other;
      return this;
    }

    public Variant upkeep(LinkUpkeep other) {
      upkeep = other;
      return this;
    }

    /** The whole. */
    public LinkSettings settings() {
      return new LinkSettings(
          partnerId, partnerName, address, port, from.dialectFile, from.framing, signOnRequired, from.acquirers,
          from.homeCountry, from.balances, from.reasonInDe60, from.codes, from.transmissionWindowHours, deadlineMs,
          from.maximumFrame, from.maximumConnections, from.framesInFlight, messagesPerSecond, from.frameDeadlineMs,
          idleMs, from.writeBufferBytes, from.unreadableFrames, upkeep);
    }
  }
}
