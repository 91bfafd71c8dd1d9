package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jpos.iso.packager.GenericPackager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dialect files: ours, a partner's, and those that must be refused with a mend. */
class DialectTest {
  private static final String HEAD = """
      <isopackager>
      <isofield id='0' length='4' name='MTI' class='org.jpos.iso.IFA_NUMERIC'/>
      <isofield id='1' length='16' name='Bitmap' class='org.jpos.iso.IFA_BITMAP'/>
      """;
  private static final String TAIL = "\n</isopackager>";

  private static Dialect parse(String text) {
    return Dialect.load(new StringReader(text), "partner.xml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii"})
  void shouldDefineEveryFieldOf1987(String name) {
    Dialect dialect = Dialects.load(name);

    assertEquals(name, dialect.name());
    assertEquals(0, dialect.mtiVersion());
    for (int de = 2; de <= 128; de++) {
      assertEquals(de != 65, dialect.defines(de), "DE " + de);
    }
    assertEquals(19, dialect.maxLength(2));
    assertFalse(dialect.isFixed(2));
    assertTrue(dialect.isFixed(4));
    assertTrue(dialect.isBinary(52));
    assertEquals("Primary account number", dialect.fieldName(2));
  }

  @Test
  void shouldDefineEveryFieldOf1993WhereItsEditionHasIt() {
    Dialect dialect = Dialects.load("iso93-binary");

    assertEquals(1, dialect.mtiVersion());
    for (int de = 2; de <= 128; de++) {
      assertEquals(de != 65, dialect.defines(de), "DE " + de);
    }
    int[][] lengths = {{12, 12}, {15, 6}, {22, 12}, {24, 3}, {25, 4}, {26, 4}, {28, 6}, {30, 24}, {39, 3}, {70, 3}};
    for (int[] row : lengths) {
      assertTrue(dialect.isFixed(row[0]), "DE " + row[0]);
      assertEquals(row[1], dialect.maxLength(row[0]), "DE " + row[0]);
    }
    assertFalse(dialect.isFixed(56));
    assertEquals(35, dialect.maxLength(56));
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      # a line in the third place of the file;                                     what the message must hold
      <isofield id='2' length='19' name='x' class='org.jpos.iso.IFX_LLNUM'/>     | DE 2 has the class org.jpos
      <isofield id='2' length='19' name='x' class='com.partner.Secret'/>         | com.partner.Secret
      <isofield id='2' length='100' name='x' class='org.jpos.iso.IFA_LLNUM'/>    | ends at 99
      <isofield id='129' length='1' name='x' class='org.jpos.iso.IF_CHAR'/>      | from 0 to 128
      <isofield id='x' length='1' name='x' class='org.jpos.iso.IF_CHAR'/>        | id="x"
      <isofield id='2' length='-1' name='x' class='org.jpos.iso.IF_CHAR'/>       | length="-1"
      <isofield id='2' name='x' class='org.jpos.iso.IF_CHAR'/>                   | lacks the attribute length
      <isofield id='1' length='16' name='x' class='org.jpos.iso.IFA_BITMAP'/>    | DE 1 is defined twice
      <isofield id='2' length='16' name='x' class='org.jpos.iso.IFA_BITMAP'/>    | DE 2 cannot be a bitmap
      <isofield id='28' length='1' name='x' class='org.jpos.iso.IFA_AMOUNT'/>    | at least 2
      <isofield id='28' length='10' name='x' class='org.jpos.iso.IFB_AMOUNT'/>   | add pad="true"
      <field id='2'/>                                                            | unknown element <field>
      <?valfardskort mti='1'?>                                                   | mti-version
      <isofield id='2' length='&len;' name='x' class='org.jpos.iso.IF_CHAR'/>    | not well-formed
      &name;                                                                     | entity &name;
      """, delimiter = '|')
  void shouldNameFileLineAndMend(String line, String says) {
    String text = HEAD + line.strip() + TAIL;

    String message = String.valueOf(assertThrows(DialectException.class, () -> parse(text)).getMessage());

    assertTrue(message.startsWith("partner.xml, line 4: "), message);
    assertTrue(message.contains(says), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"headerLength='5'", "bitmapField='2'", "emitBitmap='false'", "thirdBitmapField='65'"})
  void shouldRefuseWhatItWouldMisread(String attribute) {
    String text = HEAD.replace("<isopackager>", "<isopackager " + attribute + ">") + TAIL;

    String message = String.valueOf(assertThrows(DialectException.class, () -> parse(text)).getMessage());

    assertTrue(message.startsWith("partner.xml, line 1: " + attribute.replace('\'', '"')), message);
  }

  @Test
  void shouldDemandMessageTypeAndBitmap() {
    assertTrue(String.valueOf(assertThrows(DialectException.class, () -> parse("<isopackager/>")).getMessage())
        .contains("DE 0"));
    assertTrue(String.valueOf(assertThrows(DialectException.class,
        () -> parse(HEAD.replace("IFA_BITMAP", "IFA_NUMERIC") + TAIL)).getMessage()).contains("DE 1"));
    assertTrue(String.valueOf(assertThrows(DialectException.class,
        () -> parse(HEAD.replace("'16'", "'24'") + TAIL)).getMessage()).contains("8 or 16 bytes"));
  }

  @Test
  void shouldTakeACompositeFieldAsItsOuterField() {
    Dialect dialect = parse(HEAD
        + "<isofieldpackager id='48' length='999' name='Outer' class='org.jpos.iso.IFA_LLLCHAR' packager='x.Y'>"
        + "<isofield id='1' length='3' name='Inner' class='x.Unknown'/></isofieldpackager>"
        + "<isofield id='49' length='3' name='Currency' class='org.jpos.iso.IF_CHAR'/>" + TAIL);

    assertEquals("Outer", dialect.fieldName(48));
    assertEquals(999, dialect.maxLength(48));
    assertTrue(dialect.defines(49));
  }

  @Test
  void shouldNeverFollowAReferenceOutOfTheFile(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "hunter2");
    String text = "<!DOCTYPE isopackager SYSTEM '" + secret.toUri() + "' [<!ENTITY x SYSTEM '" + secret.toUri()
        + "'><!ENTITY y 'yy'>]>\n" + HEAD + "<isofield id='2' length='1' name='N' class='org.jpos.iso.IF_CHAR'>&x;"
        + "</isofield>" + TAIL;

    String message = String.valueOf(assertThrows(DialectException.class, () -> parse(text)).getMessage());

    assertFalse(message.contains("hunter2"), message);
    assertTrue(message.startsWith("partner.xml, line 5: "), message);
  }

  @Test
  void shouldSayThatAFileIsMissing(@TempDir Path folder) {
    Path missing = folder.resolve("none.xml");

    String message =
        String.valueOf(assertThrows(DialectException.class, () -> Dialect.load(missing)).getMessage());

    assertTrue(message.startsWith(missing.toString()), message);
    assertTrue(message.contains("check the path"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso87binary", "iso87ascii", "iso93binary", "iso93ascii"})
  void shouldLoadTheFilesThatJposShips(String name) throws IOException {
    try (InputStream in = GenericPackager.class.getResourceAsStream("/packager/" + name + ".xml")) {
      if (in == null) {
        throw new IllegalStateException("jPOS no longer ships " + name);
      }
      Dialect dialect = Dialect.load(new InputStreamReader(in, StandardCharsets.UTF_8), name + ".xml");
      assertTrue(dialect.defines(2) && dialect.defines(11) && dialect.defines(39), name);
    }
  }
}
