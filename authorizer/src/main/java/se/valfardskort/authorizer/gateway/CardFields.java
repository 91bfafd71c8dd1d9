package se.valfardskort.authorizer.gateway;

import java.util.Arrays;
import se.valfardskort.authorizer.engine.sbe.RequestFlagsEncoder;
import se.valfardskort.iso8583.MessageReader;

/**
 * DE 2, 14 and 35: the card as its token, and its expiry.
 *
 * <p>Owned by one event loop; allocates nothing a message. The PAN is wiped before {@link #take} returns.
 */
final class CardFields {
  private static final int NOT_PRESENT = -1;

  private final PanTokenizer tokenizer;
  private final byte[] pan = new byte[64];
  private final byte[] token = new byte[PanTokenizer.TOKEN_LENGTH];

  CardFields(PanTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Writes token, expiry, and what is at fault with them. */
  void take(MessageReader in, CommandDraft draft) {
    int separator = card(in, draft);
    expiry(in, separator, draft);
    draft.out.putPanToken(token, 0, token.length);
  }

  /** The token of the message last taken, zeros without a PAN; this object's. */
  byte[] token() {
    return token;
  }

  /** Token and check digit of DE 2, else of the track; gives the index of the track's separator, or -1. */
  private int card(MessageReader in, CommandDraft draft) {
    Arrays.fill(token, (byte) 0);
    int length = 0;
    if (in.readable(2)) {
      length = in.length(2) <= pan.length ? in.copyText(2, pan, 0) : 0;
      if (!PanTokenizer.isPanLength(length)) {
        draft.fault(2);
        length = 0;
      }
    }
    int separator = NOT_PRESENT;
    if (in.readable(35)) {
      separator = separator(in);
      if (separator < 0 || !PanTokenizer.isPanLength(separator)) {
        draft.fault(35);
        separator = NOT_PRESENT;
      } else if (!in.readable(2)) {
        length = copyTrackPan(in, separator);
      } else if (length > 0 && !samePan(in, length, separator)) {
        draft.fault(35);
      }
    } else if (!in.readable(2) && !MessageType.isReversal(in.mti())) {
      draft.fault(2);
    }
    if (length > 0) {
      tokenizer.tokenize(pan, 0, length, token, 0);
      draft.flags = RequestFlagsEncoder.panPresent(draft.flags, true);
      draft.flags = RequestFlagsEncoder.panCheckDigitOk(draft.flags, PanTokenizer.checkDigitOk(pan, 0, length));
      Arrays.fill(pan, 0, length, (byte) 0);
    }
    return separator;
  }

  private static int separator(MessageReader in) {
    int length = in.length(35);
    for (int i = 0; i < length; i++) {
      int character = in.textAt(35, i);
      if (character == '=' || character == 'D') {
        return i;
      }
      if (character < '0' || character > '9') {
        return NOT_PRESENT;
      }
    }
    return NOT_PRESENT;
  }

  private int copyTrackPan(MessageReader in, int length) {
    for (int i = 0; i < length; i++) {
      pan[i] = in.textAt(35, i);
    }
    return length;
  }

  private boolean samePan(MessageReader in, int length, int separator) {
    int different = length ^ separator;
    for (int i = 0; i < Math.min(length, separator); i++) {
      different |= pan[i] ^ in.textAt(35, i);
    }
    return different == 0;
  }

  /** DE 14, else the four digits behind the track's separator; a second separator there says that there is none. */
  private static void expiry(MessageReader in, int separator, CommandDraft draft) {
    long expiry = NOT_PRESENT;
    if (in.readable(14)) {
      expiry = in.number(14);
      if (!FieldRules.isYearMonth(expiry)) {
        draft.fault(14);
        expiry = NOT_PRESENT;
      }
    }
    int from = separator + 1;
    if (separator >= 0 && (in.length(35) <= from || in.textAt(35, from) != '=')) {
      long onTrack = in.number(35, from, 4);
      if (!FieldRules.isYearMonth(onTrack)) {
        draft.fault(35);
      } else if (expiry < 0) {
        expiry = onTrack;
      } else if (expiry != onTrack) {
        draft.flags = RequestFlagsEncoder.expiryConflict(draft.flags, true);
      }
    }
    if (expiry >= 0) {
      draft.out.expiryYearMonth((int) expiry);
    }
  }
}
