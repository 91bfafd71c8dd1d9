package se.valfardskort.loadtest.client;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request to send, field by field as text (binary fields in hexadecimal). Immutable.
 *
 * <p>{@link #toString} shows no value: a PAN must not reach a log.
 */
public final class Request {
  private final int mti;
  private final SortedMap<Integer, String> fields;

  Request(int mti, SortedMap<Integer, String> fields) {
    this.mti = mti;
    this.fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /** The message type, 100 for 0100. */
  public int mti() {
    return mti;
  }

  /** The fields by data element. */
  public SortedMap<Integer, String> fields() {
    return fields;
  }

  /** A field's text, empty where the field is absent. */
  public String field(int de) {
    return fields.getOrDefault(de, "");
  }

  /** The same request with one field other than it was; an empty value removes it. */
  public Request with(int de, String value) {
    SortedMap<Integer, String> changed = new TreeMap<>(fields);
    if (value.isEmpty()) {
      changed.remove(de);
    } else {
      changed.put(de, value);
    }
    return new Request(mti, changed);
  }

  /** The same request for another amount, in minor units. */
  public Request withAmountMinor(long amountMinor) {
    return with(4, RequestBuilder.twelve(amountMinor));
  }

  /** The message type of the answer: function digit + 1, repeat digit cleared (wire.md section 2). */
  public int answerMti() {
    return mti / 10 * 10 + 10;
  }

  @Override
  public String toString() {
    return "Request[0" + mti + ", DE " + fields.keySet() + "]";
  }
}
