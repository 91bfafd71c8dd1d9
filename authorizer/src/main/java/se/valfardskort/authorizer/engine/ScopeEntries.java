package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder.ScopeDecoder;
import se.valfardskort.authorizer.engine.sbe.GroupSizeEncodingDecoder;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;

/**
 * The scope of a grant, entry after entry: the SBE group that ApprovalGrant and EarmarkGrant end with, whose fields
 * are the same in both. Used by one thread; allocates, so off the purchase path.
 */
final class ScopeEntries implements Scope.Entries {
  private final DirectBuffer bytes;
  private final int entryLength;
  private final int count;

  /** Where the present entry begins. */
  private int at;

  private int index;

  /** The group that begins at {@code offset}, with its size. */
  ScopeEntries(DirectBuffer bytes, int offset) {
    GroupSizeEncodingDecoder size = new GroupSizeEncodingDecoder().wrap(bytes, offset);
    this.bytes = bytes;
    entryLength = size.blockLength();
    count = size.numInGroup();
    at = offset + GroupSizeEncodingDecoder.ENCODED_LENGTH - entryLength;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean next() {
    at += entryLength;
    return index++ < count;
  }

  @Override
  public ScopeKind kind() {
    return ScopeKind.get((short) (bytes.getByte(at + ScopeDecoder.kindEncodingOffset()) & 0xFF));
  }

  @Override
  public int mcc() {
    return bytes.getShort(at + ScopeDecoder.mccEncodingOffset(), GroupSizeEncodingDecoder.BYTE_ORDER) & 0xFFFF;
  }

  @Override
  public long acquirer() {
    return bytes.getLong(at + ScopeDecoder.acquirerEncodingOffset(), GroupSizeEncodingDecoder.BYTE_ORDER);
  }

  @Override
  public String merchantId() {
    return text(ScopeDecoder.merchantIdEncodingOffset(), ScopeDecoder.merchantIdLength());
  }

  @Override
  public String category() {
    return text(ScopeDecoder.categoryEncodingOffset(), ScopeDecoder.categoryLength());
  }

  private String text(int offset, int length) {
    byte[] text = new byte[length];
    bytes.getBytes(at + offset, text);
    return new String(text, StandardCharsets.US_ASCII);
  }
}
