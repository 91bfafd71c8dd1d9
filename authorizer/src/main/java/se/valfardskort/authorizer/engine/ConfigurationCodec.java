package se.valfardskort.authorizer.engine;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.domain.SavingsRule;

/**
 * A {@link Configuration} as bytes: what the configuration commands carry and what SHA-256 is taken of.
 *
 * <p>Any thread. The same configuration always gives the same bytes. Off the hot path. Little-endian; a text is its
 * length in UTF-8 bytes (u16) and those bytes; a list is its length (i32) and its items; enums are their names.
 *
 * <pre>
 *  "VKCF" | version u16
 *  civil time   list of transition i64, then (length + 1) offsets i32
 *  BAZ names    list of text
 *  programmes   list of { id u16, name, home country i32, contactless limit i64, contactless count i32, open holds i32,
 *                 unlisted group, categories, MCC ranges, merchant rules, limits (from version 3),
 *                 savings a month i64 and months u16, review percent u16 (from version 3),
 *                 {@link OffersCodec offers} (from version 4) }
 *    category     { name, group, reason code u16 (0: none), luxury limit i64, monthly cap i64,
 *                   completion tolerance in percent u16, limits (from version 3) }
 *    limits       { a purchase i64, a day i64, purchases a day i32, a month i64, purchases a month i32 }
 *    MCC range    { first u16, last u16, category u16, abroad always u8 }
 *    rule         { acquirer i64, merchant id, denied u8, category i32 }
 *  providers    list of { acquirer i64, merchant id, list of BAZ i32, status, category, list of token, ceiling i64 }
 *  partners     list of { id u16, name, list of acquirer i64, code text of each approval,
 *                 list of { reason u16, code text } by ascending reason, unknown original declined u8, adjustments u8,
 *                 advice limit i64 }
 * </pre>
 */
public final class ConfigurationCodec {
  private static final int MAGIC = 'V' | 'K' << 8 | 'C' << 16 | 'F' << 24;
  private static final int VERSION = 4;
  /** Oldest that can be read: what it does not say is not limited and not offered. */
  private static final int OLDEST_VERSION = 2;
  /** The first with limits, savings and reviews. */
  private static final int LIMITS_VERSION = 3;
  /** The first with grants and bonuses. */
  private static final int OFFERS_VERSION = 4;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private ConfigurationCodec() {}

  /** Encodes. */
  public static byte[] encode(Configuration configuration) {
    Writer writer = new Writer();
    writer.int32(MAGIC);
    writer.uint16(VERSION);
    long[] transitions = configuration.civilTime().transitionsEpochSecond();
    writer.int32(transitions.length);
    for (long transition : transitions) {
      writer.int64(transition);
    }
    for (int offset : configuration.civilTime().offsetsSecond()) {
      writer.int32(offset);
    }
    writer.int32(configuration.bazNames().size());
    for (String name : configuration.bazNames()) {
      writer.text(name);
    }
    writer.int32(configuration.programmes().size());
    for (Programme programme : configuration.programmes()) {
      encode(writer, programme);
    }
    writer.int32(configuration.providers().size());
    for (Provider provider : configuration.providers()) {
      encode(writer, provider);
    }
    writer.int32(configuration.partners().size());
    for (Partner partner : configuration.partners()) {
      encode(writer, partner);
    }
    return writer.bytes();
  }

  /**
   * Decodes what {@link #encode} made.
   *
   * @throws IllegalArgumentException when the bytes are no configuration of this version or one before
   */
  public static Configuration decode(DirectBuffer buffer, int offset, int length) {
    Reader reader = new Reader(buffer, offset, length);
    if (reader.int32() != MAGIC) {
      throw new IllegalArgumentException("not a compiled configuration: it does not start with VKCF");
    }
    reader.version = reader.uint16();
    if (reader.version < OLDEST_VERSION || reader.version > VERSION) {
      throw new IllegalArgumentException(
          "compiled configuration of version " + reader.version + "; this binary reads versions " + OLDEST_VERSION
              + " to " + VERSION);
    }
    long[] transitions = new long[reader.size(Long.BYTES)];
    for (int index = 0; index < transitions.length; index++) {
      transitions[index] = reader.int64();
    }
    int[] offsets = new int[transitions.length + 1];
    for (int index = 0; index < offsets.length; index++) {
      offsets[index] = reader.int32();
    }
    List<String> bazNames = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      bazNames.add(reader.text());
    }
    List<Programme> programmes = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      programmes.add(programme(reader));
    }
    List<Provider> providers = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      providers.add(provider(reader));
    }
    List<Partner> partners = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      partners.add(partner(reader));
    }
    reader.finish();
    return new Configuration(
        List.copyOf(programmes),
        List.copyOf(bazNames),
        List.copyOf(providers),
        List.copyOf(partners),
        new CivilTime(transitions, offsets));
  }

  private static void encode(Writer writer, Programme programme) {
    writer.uint16(programme.id());
    writer.text(programme.name());
    writer.int32(programme.homeCountry());
    writer.int64(programme.contactlessLimitMinor());
    writer.int32(programme.contactlessCount());
    writer.int32(programme.openHolds());
    writer.text(programme.unlistedGroup().name());
    writer.int32(programme.categories().size());
    for (Category category : programme.categories()) {
      DeclineReason reason = category.declineReason();
      writer.text(category.name());
      writer.text(category.group().name());
      writer.uint16(reason == null ? 0 : reason.code);
      writer.int64(category.luxuryLimitMinor());
      writer.int64(category.monthlyCapMinor());
      writer.uint16(category.completionTolerancePercent());
      encode(writer, category.limits());
    }
    writer.int32(programme.mccRanges().size());
    for (MccRange range : programme.mccRanges()) {
      writer.uint16(range.first());
      writer.uint16(range.last());
      writer.uint16(range.category());
      writer.bool(range.abroadAlways());
    }
    writer.int32(programme.merchantRules().size());
    for (MerchantRule rule : programme.merchantRules()) {
      writer.int64(rule.acquirer());
      writer.text(rule.merchantId());
      writer.bool(rule.denied());
      writer.int32(rule.category());
    }
    encode(writer, programme.limits());
    writer.int64(programme.savings().monthMinor());
    writer.uint16(programme.savings().bufferMonths());
    writer.uint16(programme.reviewPercent());
    OffersCodec.encode(writer, programme.offers());
  }

  private static void encode(Writer writer, Limits limits) {
    writer.int64(limits.purchaseMinor());
    writer.int64(limits.dayMinor());
    writer.int32(limits.dayCount());
    writer.int64(limits.monthMinor());
    writer.int32(limits.monthCount());
  }

  private static Limits limits(Reader reader) {
    return reader.version < LIMITS_VERSION
        ? Limits.NONE
        : new Limits(reader.int64(), reader.int64(), reader.int32(), reader.int64(), reader.int32());
  }

  private static Programme programme(Reader reader) {
    int id = reader.uint16();
    String name = reader.text();
    int homeCountry = reader.int32();
    long contactlessLimitMinor = reader.int64();
    int contactlessCount = reader.int32();
    int openHolds = reader.int32();
    CategoryGroup unlistedGroup = CategoryGroup.valueOf(reader.text());
    List<Category> categories = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      String category = reader.text();
      CategoryGroup group = CategoryGroup.valueOf(reader.text());
      int reason = reader.uint16();
      categories.add(
          new Category(
              category,
              group,
              reason == 0 ? null : DeclineReason.ofCode(reason),
              reader.int64(),
              reader.int64(),
              reader.uint16(),
              limits(reader)));
    }
    List<MccRange> ranges = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      ranges.add(new MccRange(reader.uint16(), reader.uint16(), reader.uint16(), reader.bool()));
    }
    List<MerchantRule> rules = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      rules.add(new MerchantRule(reader.int64(), reader.text(), reader.bool(), reader.int32()));
    }
    return new Programme(
        id,
        name,
        List.copyOf(categories),
        List.copyOf(ranges),
        List.copyOf(rules),
        unlistedGroup,
        homeCountry,
        contactlessLimitMinor,
        contactlessCount,
        openHolds,
        limits(reader),
        reader.version < LIMITS_VERSION ? SavingsRule.NOT_OFFERED : new SavingsRule(reader.int64(), reader.uint16()),
        reader.version < LIMITS_VERSION ? 0 : reader.uint16(),
        reader.version < OFFERS_VERSION ? HolderOffers.NONE : OffersCodec.decode(reader));
  }

  private static void encode(Writer writer, Provider provider) {
    writer.int64(provider.acquirer());
    writer.text(provider.merchantId());
    writer.int32(provider.bazIds().size());
    for (int bazId : provider.bazIds()) {
      writer.int32(bazId);
    }
    writer.text(provider.status().name());
    writer.text(provider.category());
    writer.int32(provider.ownerTokens().size());
    for (byte[] token : provider.ownerTokens()) {
      if (token.length != CardTable.TOKEN_LENGTH) {
        throw new IllegalArgumentException(
            "provider " + provider.merchantId() + ": an owner's token of " + token.length + " bytes; it has 32");
      }
      writer.raw(token);
    }
    writer.int64(provider.monthlyCeilingMinor());
  }

  private static Provider provider(Reader reader) {
    long acquirer = reader.int64();
    String merchantId = reader.text();
    List<Integer> bazIds = new ArrayList<>();
    for (int left = reader.size(Integer.BYTES); left > 0; left--) {
      bazIds.add(reader.int32());
    }
    ProviderStatus status = ProviderStatus.valueOf(reader.text());
    String category = reader.text();
    List<byte[]> owners = new ArrayList<>();
    for (int left = reader.size(CardTable.TOKEN_LENGTH); left > 0; left--) {
      owners.add(reader.raw(CardTable.TOKEN_LENGTH));
    }
    return new Provider(
        acquirer, merchantId, List.copyOf(bazIds), status, category, List.copyOf(owners), reader.int64());
  }

  private static void encode(Writer writer, Partner partner) {
    writer.uint16(partner.id());
    writer.text(partner.name());
    writer.int32(partner.acquirers().size());
    for (long acquirer : partner.acquirers()) {
      writer.int64(acquirer);
    }
    for (Approval approval : Approval.values()) {
      writer.text(partner.approvals().getOrDefault(approval, ""));
    }
    writer.int32(partner.declines().size());
    for (Map.Entry<Integer, String> entry : new TreeMap<>(partner.declines()).entrySet()) {
      writer.uint16(entry.getKey());
      writer.text(entry.getValue());
    }
    writer.bool(partner.unknownOriginalDeclined());
    writer.bool(partner.adjustments());
    writer.int64(partner.adviceLimitMinor());
  }

  private static Partner partner(Reader reader) {
    int id = reader.uint16();
    String name = reader.text();
    List<Long> acquirers = new ArrayList<>();
    for (int left = reader.size(Long.BYTES); left > 0; left--) {
      acquirers.add(reader.int64());
    }
    Map<Approval, String> approvals = new EnumMap<>(Approval.class);
    for (Approval approval : Approval.values()) {
      approvals.put(approval, reader.text());
    }
    Map<Integer, String> codes = new TreeMap<>();
    for (int left = reader.size(4); left > 0; left--) {
      codes.put(reader.uint16(), reader.text());
    }
    return new Partner(
        id, name, List.copyOf(acquirers), approvals, codes, reader.bool(), reader.bool(), reader.int64());
  }

  /** Appends. */
  static final class Writer {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(4096);
    private int length;

    void int32(int value) {
      buffer.putInt(length, value, ORDER);
      length += Integer.BYTES;
    }

    void int64(long value) {
      buffer.putLong(length, value, ORDER);
      length += Long.BYTES;
    }

    void uint16(int value) {
      if (value < 0 || value > 0xFFFF) {
        throw new IllegalArgumentException(value + " does not fit 16 bits");
      }
      buffer.putShort(length, (short) value, ORDER);
      length += Short.BYTES;
    }

    void bool(boolean value) {
      buffer.putByte(length++, value ? (byte) 1 : 0);
    }

    void raw(byte[] bytes) {
      buffer.putBytes(length, bytes);
      length += bytes.length;
    }

    void text(String value) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      uint16(bytes.length);
      raw(bytes);
    }

    byte[] bytes() {
      return Arrays.copyOf(buffer.byteArray(), length);
    }
  }

  /** Reads on; everything out of bounds is an {@link IllegalArgumentException}. */
  static final class Reader {
    private final DirectBuffer buffer;
    private final int end;
    private int position;

    /** Of the configuration that is being read. */
    private int version;

    Reader(DirectBuffer buffer, int offset, int length) {
      this.buffer = buffer;
      this.position = offset;
      this.end = offset + length;
    }

    int int32() {
      return buffer.getInt(take(Integer.BYTES), ORDER);
    }

    long int64() {
      return buffer.getLong(take(Long.BYTES), ORDER);
    }

    int uint16() {
      return buffer.getShort(take(Short.BYTES), ORDER) & 0xFFFF;
    }

    boolean bool() {
      return buffer.getByte(take(1)) != 0;
    }

    byte[] raw(int length) {
      byte[] bytes = new byte[length];
      buffer.getBytes(take(length), bytes);
      return bytes;
    }

    String text() {
      return new String(raw(uint16()), StandardCharsets.UTF_8);
    }

    /** A list's length, which the bytes that are left must be able to hold. */
    int size(int smallestItem) {
      int size = int32();
      if (size < 0 || (long) size * smallestItem > end - position) {
        throw new IllegalArgumentException("compiled configuration: a list of " + size + " before " + position);
      }
      return size;
    }

    void finish() {
      if (position != end) {
        throw new IllegalArgumentException("compiled configuration: " + (end - position) + " bytes too many");
      }
    }

    private int take(int length) {
      int start = position;
      if (length > end - start) {
        throw new IllegalArgumentException("compiled configuration: cut off at " + start);
      }
      position = start + length;
      return start;
    }
  }
}
