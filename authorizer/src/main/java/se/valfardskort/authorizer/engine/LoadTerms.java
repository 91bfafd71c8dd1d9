package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.authorizer.domain.LoadStatement;
import se.valfardskort.authorizer.domain.LoadStatement.Component;
import se.valfardskort.authorizer.engine.sbe.LoadEncoder;
import se.valfardskort.authorizer.engine.sbe.LoadKind;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/**
 * What one load is, before it is a command. Immutable; amounts are minor units.
 *
 * @param period YYMM; 0: outside of the monthly run
 * @param runKey of the run that it belongs to and draws on; {@link #NO_RUN}: none
 * @param programmeId whose run it is
 * @param components at most {@value #MOST_COMPONENTS} that sum to the two amounts; none: not told
 */
public record LoadTerms(
    int period, long cashMinor, long hjartanMinor, long runKey, int programmeId, List<Component> components) {
  /** Most components of one load. */
  public static final int MOST_COMPONENTS = 16;

  /** Instead of a run's key. */
  public static final long NO_RUN = 0;

  /** Copies the list. */
  public LoadTerms {
    components = List.copyOf(components);
  }

  /** Writes the command; returns its length. */
  int write(MutableDirectBuffer buffer, int offset, DirectBuffer token, int tokenOffset) {
    LoadEncoder encoder = new LoadEncoder();
    encoder
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .period(period)
        .cashMinor(cashMinor)
        .hjartanMinor(hjartanMinor)
        .runKey(runKey)
        .programmeId(programmeId);
    int place = encoder.offset() + LoadEncoder.panTokenEncodingOffset();
    buffer.putBytes(place, token, tokenOffset, CardTable.TOKEN_LENGTH);
    LoadEncoder.ComponentsEncoder group = encoder.componentsCount(components.size());
    for (Component component : components) {
      byte[] type = component.type().getBytes(StandardCharsets.US_ASCII);
      group.next().kind(kind(component.kind())).amountMinor(component.amountMinor());
      group.putSupplement(type, 0, type.length);
    }
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
  }

  private static LoadKind kind(LoadStatement.Kind kind) {
    return switch (kind) {
      case BASE -> LoadKind.BASE;
      case RENT -> LoadKind.RENT;
      case SPECIAL_NEEDS -> LoadKind.SPECIAL_NEEDS;
      case UPLIFT -> LoadKind.UPLIFT;
      case TAPER -> LoadKind.TAPER;
      case SUPPLEMENT -> LoadKind.SUPPLEMENT;
      case RING -> LoadKind.RING;
    };
  }
}
