package se.valfardskort.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.EngineStore;

/** The client knows the wire and nothing of the server, or it would only prove that the server agrees with itself. */
final class ArchitectureTest {
  private static final ArchRule KNOWS_ONLY_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage("se.valfardskort.loadtest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("se.valfardskort.authorizer..", "org.jpos..");

  /** A fault of the codec must not agree with itself: conformance is judged in bytes, the codec only shows them. */
  private static final ArchRule JUDGES_WITHOUT_THE_CODEC =
      noClasses()
          .that()
          .resideInAPackage("se.valfardskort.loadtest.certify..")
          .and()
          .doNotHaveSimpleName("Shown")
          .and()
          .doNotHaveSimpleName("Partner")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("se.valfardskort.iso8583..", "io.netty..");

  @Test
  void shouldJudgeConformanceWithoutTheCodec() {
    JUDGES_WITHOUT_THE_CODEC.check(
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("se.valfardskort.loadtest.certify"));
  }

  @Test
  void shouldKnowNeitherTheAuthorizerNorJpos() {
    JavaClasses main =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("se.valfardskort.loadtest");

    KNOWS_ONLY_THE_WIRE.check(main);
  }

  @Test
  void shouldFailOnAClassThatKnowsTheAuthorizer() {
    JavaClasses leaky = new ClassFileImporter().importClasses(KnowsTheAuthorizer.class);

    assertTrue(KNOWS_ONLY_THE_WIRE.evaluate(leaky).hasViolation());
  }

  /** The control: what main must not contain. */
  abstract static class KnowsTheAuthorizer {
    abstract EngineStore store();
  }
}
