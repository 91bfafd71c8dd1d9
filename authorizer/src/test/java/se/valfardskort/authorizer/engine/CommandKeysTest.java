package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/** A card's history has all that names the card: no command of the schema is forgotten. */
class CommandKeysTest {
  @Test
  void shouldKnowTheCardOfEachCommandThatNamesOne() throws Exception {
    Document schema =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of(System.getProperty("project.root"), "authorizer/src/main/sbe/records.xml").toFile());
    NodeList messages = schema.getElementsByTagName("sbe:message");
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    MessageHeaderEncoder header = new MessageHeaderEncoder();
    int cards = 0;

    for (int i = 0; i < messages.getLength(); i++) {
      Element message = (Element) messages.item(i);
      header.wrap(command, 0).templateId(Integer.parseInt(message.getAttribute("id")));
      boolean namesACard = false;
      NodeList fields = message.getElementsByTagName("field");
      for (int j = 0; j < fields.getLength(); j++) {
        namesACard |= ((Element) fields.item(j)).getAttribute("name").equals("panToken");
      }
      // Who voted on a neighbour's request is found by nobody who looks for a card.
      namesACard &= !message.getAttribute("name").equals("GrantVote");
      cards += namesACard ? 1 : 0;
      assertEquals(
          namesACard, CommandKeys.tokenOffset(command, 0) != CommandKeys.NONE,
          message.getAttribute("name") + " has a panToken: CommandKeys.tokenOffset must know it");
    }
    assertNotEquals(0, cards);
  }

  @Test
  void shouldFindNoReferenceNumberWhereNoneWasSent() {
    TestRequest request = new TestRequest();
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    request.encode(command);
    assertEquals(CommandKeys.NONE, CommandKeys.rrnOffset(command, 0));
    request.rrn = "632612000001";
    request.encode(command);
    int at = CommandKeys.rrnOffset(command, 0);
    assertEquals("632612000001", command.getStringWithoutLengthAscii(at, CommandKeys.RRN_LENGTH));
    assertFalse(CommandKeys.isLook(command, 0));
  }
}
