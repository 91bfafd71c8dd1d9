package se.valfardskort.iso8583;

import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import se.valfardskort.iso8583.Dialect.FieldSpec;

/**
 * Reads a file in jPOS's GenericPackager format. Used once, at start, by one thread.
 *
 * <p>A composite field ({@code isofieldpackager}) is taken as its outer field: its parts are the business of whoever
 * reads the field. A document type is recognised and never read, so that no entity exists and nothing is fetched.
 */
final class DialectParser {
  private static final String PACKAGE = "org.jpos.iso.";
  private static final Pattern VERSION = Pattern.compile("mti-version\\s*=\\s*[\"']([0-9])[\"']");

  private final String source;
  private final @Nullable FieldSpec[] specs = new FieldSpec[Dialect.MAX_DE + 1];
  private int mtiVersion;
  private int maxValidField = Dialect.MAX_DE;
  /** How many composite fields enclose the current place. */
  private int depth;

  DialectParser(String source) {
    this.source = source;
  }

  Dialect parse(Reader in) {
    XMLStreamReader xml = null;
    try {
      xml = factory().createXMLStreamReader(in);
      while (xml.hasNext()) {
        take(xml.next(), xml);
      }
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
      throw new DialectException(at(line) + "not well-formed XML; mend the element at or before this line", e);
    } finally {
      close(xml);
    }
    return compile();
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
      throw new XMLStreamException("a dialect file may not refer to another file: " + systemId);
    });
    return factory;
  }

  private static void close(@Nullable XMLStreamReader xml) {
    if (xml == null) {
      return;
    }
    try {
      xml.close();
    } catch (XMLStreamException ignored) {
      // Nothing was written, and what was read has been judged already.
    }
  }

  private void take(int event, XMLStreamReader xml) {
    switch (event) {
      case XMLStreamConstants.PROCESSING_INSTRUCTION -> instruction(xml);
      case XMLStreamConstants.START_ELEMENT -> start(xml);
      case XMLStreamConstants.END_ELEMENT -> {
        if (xml.getLocalName().equals("isofieldpackager")) {
          depth--;
        }
      }
      case XMLStreamConstants.ENTITY_REFERENCE -> throw new DialectException(
          at(line(xml)) + "entity &" + xml.getLocalName() + "; is not allowed; write its text instead");
      default -> { }
    }
  }

  private void instruction(XMLStreamReader xml) {
    if (!"valfardskort".equals(xml.getPITarget())) {
      return;
    }
    Matcher matcher = VERSION.matcher(String.valueOf(xml.getPIData()));
    if (!matcher.find()) {
      throw new DialectException(at(line(xml)) + "the instruction must say mti-version=\"0\" (1987) or \"1\" (1993)");
    }
    mtiVersion = matcher.group(1).charAt(0) - '0';
  }

  private void start(XMLStreamReader xml) {
    switch (xml.getLocalName()) {
      case "isopackager" -> root(xml);
      case "isofield" -> {
        if (depth == 0) {
          field(xml);
        }
      }
      case "isofieldpackager" -> {
        if (depth == 0) {
          field(xml);
        }
        depth++;
      }
      default -> throw new DialectException(at(line(xml)) + "unknown element <" + xml.getLocalName()
          + ">; a dialect holds isofield and isofieldpackager only");
    }
  }

  private void root(XMLStreamReader xml) {
    refuseOther(xml, "bitmapField", "1");
    refuseOther(xml, "firstField", "0");
    refuseOther(xml, "emitBitmap", "true");
    refuseOther(xml, "headerLength", "0");
    refuseOther(xml, "thirdBitmapField", "-999");
    String last = xml.getAttributeValue(null, "maxValidField");
    if (last != null) {
      maxValidField = number(last, "maxValidField", 1, Dialect.MAX_DE, line(xml));
    }
  }

  private void refuseOther(XMLStreamReader xml, String attribute, String only) {
    String value = xml.getAttributeValue(null, attribute);
    if (value != null && !value.equals(only)) {
      throw new DialectException(at(line(xml)) + attribute + "=\"" + value + "\" is not supported; remove it"
          + (attribute.equals("headerLength") ? " and let the partner's framing name the header" : ""));
    }
  }

  private void field(XMLStreamReader xml) {
    int line = line(xml);
    int de = number(required(xml, "id"), "id", 0, Dialect.MAX_DE, line);
    if (specs[de] != null) {
      throw new DialectException(at(line) + "DE " + de + " is defined twice; keep one of the two");
    }
    String className = required(xml, "class");
    String shortName = className.startsWith(PACKAGE) ? className.substring(PACKAGE.length()) : className;
    FieldClass fieldClass = FieldClass.of(shortName);
    if (fieldClass == null) {
      throw new DialectException(at(line) + "DE " + de + " has the class " + className
          + ", which is not supported; use one of " + FieldClass.names());
    }
    int length = number(required(xml, "length"), "length", 0, 999_999, line);
    if (length > fieldClass.prefixLimit()) {
      throw new DialectException(at(line) + "DE " + de + " has length " + length + ", but the prefix of " + shortName
          + " ends at " + fieldClass.prefixLimit() + "; lower the length or choose a class with a longer prefix");
    }
    int op = fieldClass.op("true".equals(xml.getAttributeValue(null, "pad")));
    boolean amount = op == FieldClass.AMOUNT_ASCII || op == FieldClass.AMOUNT_EBCDIC || op == FieldClass.AMOUNT_BCD;
    if (amount && length < 2) {
      throw new DialectException(at(line) + "DE " + de + " is an amount of length " + length
          + "; it needs at least 2: the sign and a digit");
    }
    if (op == FieldClass.AMOUNT_BCD && (length & 1) == 0 && !"true".equals(xml.getAttributeValue(null, "pad"))) {
      throw new DialectException(at(line) + "DE " + de
          + " would fill its odd number of digits on the right; add pad=\"true\" or change the length by one");
    }
    if (de == 35) {
      op = FieldClass.asTrack(op);
    }
    boolean bitmap = op >= FieldClass.BITMAP_BINARY;
    if (bitmap && de != 1 && de != 65) {
      throw new DialectException(at(line) + "DE " + de + " cannot be a bitmap; only DE 1 is");
    }
    specs[de] = new FieldSpec(required(xml, "name"), length, op, fieldClass);
  }

  private Dialect compile() {
    FieldSpec mti = specs[0];
    if (mti == null || mti.length() != 4 || mti.fieldClass().prefixBytes() != 0
        || mti.op() < FieldClass.DIGITS_ASCII || mti.op() > FieldClass.DIGITS_BCD_RIGHT_F) {
      throw new DialectException(source + ": DE 0 (message type) must be four digits of fixed length; "
          + "add an isofield with id 0, length 4 and class IFA_NUMERIC, IFB_NUMERIC or IFE_NUMERIC");
    }
    FieldSpec bitmap = specs[1];
    if (bitmap == null || bitmap.op() < FieldClass.BITMAP_BINARY
        || (bitmap.length() != 8 && bitmap.length() != 16)) {
      throw new DialectException(source + ": DE 1 must be a bitmap of 8 or 16 bytes; add an isofield with id 1, "
          + "length 16 and class IFA_BITMAP, IFB_BITMAP or IFE_BITMAP");
    }
    for (int de = maxValidField + 1; de <= Dialect.MAX_DE; de++) {
      specs[de] = null;
    }
    String name = source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    String plain = name.endsWith(".xml") ? name.substring(0, name.length() - 4) : name;
    return new Dialect(plain, mtiVersion, specs, mti, bitmap);
  }

  private String required(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    if (value == null) {
      throw new DialectException(at(line(xml)) + "<" + xml.getLocalName() + "> lacks the attribute " + attribute
          + "; add it");
    }
    return value;
  }

  private int number(String text, String attribute, int min, int max, int line) {
    try {
      int value = Integer.parseInt(text.trim());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException expected) {
      // Said below, together with the numbers out of range.
    }
    throw new DialectException(at(line) + attribute + "=\"" + text + "\" must be a number from " + min + " to " + max);
  }

  private static int line(XMLStreamReader xml) {
    return xml.getLocation().getLineNumber();
  }

  private String at(int line) {
    return source + ", line " + line + ": ";
  }
}
