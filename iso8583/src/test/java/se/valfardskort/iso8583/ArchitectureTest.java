package se.valfardskort.iso8583;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.jpos.iso.ISOMsg;
import org.junit.jupiter.api.Test;

/** The codec stands alone: the JDK and Netty's buffer, and nothing of jPOS, which is only its test's oracle. */
final class ArchitectureTest {
  private static final ArchRule STANDS_ALONE =
      classes()
          .that()
          .resideInAPackage("se.valfardskort..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "se.valfardskort.iso8583..",
              "java..",
              "javax.xml..",
              "org.xml.sax..",
              "org.w3c.dom..",
              "org.jspecify.annotations..",
              "io.netty.buffer..",
              "io.netty.util..");

  @Test
  void shouldKnowOnlyTheJdkAndNettysBuffer() {
    JavaClasses main =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("se.valfardskort");

    STANDS_ALONE.check(main);
  }

  @Test
  void shouldFailOnAClassThatKnowsJpos() {
    JavaClasses leaky = new ClassFileImporter().importClasses(KnowsJpos.class);

    assertTrue(STANDS_ALONE.evaluate(leaky).hasViolation());
  }

  /** The control: what main must not contain. */
  abstract static class KnowsJpos {
    abstract ISOMsg message();
  }
}
