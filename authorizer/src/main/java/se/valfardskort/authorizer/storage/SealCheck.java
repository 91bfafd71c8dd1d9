package se.valfardskort.authorizer.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * Checks the seals of a journal while it is read: that each fits, and that those are met which anchor and witness have
 * seen. Without a key it checks nothing. Owned by the reader's thread.
 */
final class SealCheck {
  private final JournalFolder folder;
  private final List<SealMark> required;
  private @Nullable SealChain chain;
  private long seals;
  private long sealedTo;

  SealCheck(JournalFolder folder) {
    this.folder = folder;
    this.required = folder.requiredSeals();
  }

  /** @param fromTheBeginning the first segment that will be read is the journal's first */
  void begin(boolean fromTheBeginning) {
    SealKey key = folder.sealKey();
    chain = key == null ? null : new SealChain(key, fromTheBeginning);
  }

  /** The chain as it goes on; null: without a key. */
  @Nullable SealChain chain() {
    return chain;
  }

  /** The last seal that was met. */
  SealMark mark() {
    SealChain checked = chain;
    return checked == null ? SealMark.NONE : checked.mark();
  }

  JournalReader.Sealing sealing() {
    return new JournalReader.Sealing(seals, sealedTo);
  }

  /** These bytes, a header's or a whole record's, come next. */
  void cover(SegmentWindow window, int at, int length) {
    SealChain checked = chain;
    if (checked != null) {
      checked.cover(window.buffer(), at, length);
    }
  }

  /** Returns what is wrong with a seal; null: it fits. */
  @Nullable String wrong(JournalRecord seal) {
    if (seal.commandLength != SealChain.BODY_LENGTH || seal.decisionLength != 0) {
      return "a seal of another length stands here";
    }
    SealChain checked = chain;
    if (checked == null) {
      return null;
    }
    if (!checked.check(seal.sequence, seal.buffer, seal.commandOffset)) {
      return "seal " + checked.number() + ", over what lies between sequence " + sealedTo + " and " + seal.sequence
          + ", does not fit: these bytes, or the seal, are not what this authorizer wrote here";
    }
    for (SealMark seen : required) {
      if (checked.number() == seen.number() && !checked.mark().equals(seen)) {
        return "seal " + seen.number() + " is not the one that the anchor or the witness has seen: this is another"
            + " continuation of the same journal";
      }
    }
    seals++;
    sealedTo = seal.sequence;
    return null;
  }

  /** Number of a seal that was on stable storage and was not met; 0: there is none. */
  long missing() {
    SealChain checked = chain;
    for (SealMark seen : required) {
      if (checked != null && checked.number() < seen.number()) {
        return seen.number();
      }
    }
    return 0;
  }
}
