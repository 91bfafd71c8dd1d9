package se.valfardskort.authorizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.leaky.LeakyDomain;
import se.valfardskort.authorizer.engine.leaky.KnowsTheDomain;

/**
 * The arrows between the authorizer's packages, as compiled.
 *
 * <pre>
 *   app -> gateway, admin, storage -> pipeline -> engine -> domain -> JDK
 *          gateway -> iso8583
 *          admin -> explain -> pipeline
 * </pre>
 *
 * <p>Each package has a list of all that it may know; what is not listed is forbidden, so a new library or a new
 * package has to be let in here first.
 */
final class ArchitectureTest {
  private static final String ROOT = "se.valfardskort.authorizer.";
  private static final List<String> EVERYWHERE = List.of("java..", "org.jspecify.annotations..");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages("se.valfardskort.authorizer");

  private static final Part DOMAIN = new Part("domain", "org.agrona.collections..");

  private static final List<Part> PARTS =
      List.of(
          DOMAIN,
          new Part("engine", part("domain"), "org.agrona.."),
          new Part("pipeline", part("engine"), part("domain"), "org.agrona..", "com.lmax.disruptor.."),
          new Part(
              "gateway",
              part("pipeline"),
              part("engine"),
              part("domain"),
              "se.valfardskort.iso8583..",
              "io.netty..",
              "org.agrona..",
              "javax.crypto.."),
          new Part("explain", part("pipeline"), part("engine"), part("domain"), "org.agrona.."),
          new Part(
              "admin",
              part("explain"),
              part("pipeline"),
              part("engine"),
              part("domain"),
              "org.agrona..",
              "com.sun.net.httpserver.."),
          new Part("storage", part("pipeline"), part("engine"), part("domain"), "org.agrona..", "net.openhft.."),
          new Part(
              "app",
              part("gateway"),
              part("admin"),
              part("explain"),
              part("storage"),
              part("pipeline"),
              part("engine"),
              part("domain"),
              "se.valfardskort.iso8583..",
              "org.agrona..",
              "picocli..",
              "org.snakeyaml.engine..", "de.siegmar.fastcsv.."));

  /** A package and what it may know beside itself, the JDK's {@code java..} and the null annotations. */
  record Part(String name, List<String> mayKnow) {
    Part(String name, String... mayKnow) {
      this(name, List.of(mayKnow));
    }

    ArchRule rule() {
      List<String> allowed = new ArrayList<>(EVERYWHERE);
      allowed.add(part(name));
      allowed.addAll(mayKnow);
      return classes()
          .that()
          .resideInAPackage(part(name))
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(allowed.toArray(String[]::new))
          .because("architecture.md section 2 draws the arrows one way, and each library into one package");
    }
  }

  private static final ArchRule NO_CYCLES = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  private static final ArchRule NO_FLOATING_POINT_FIELDS =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(part("domain"), part("engine"))
          .should()
          .notHaveRawType("double")
          .andShould()
          .notHaveRawType("float")
          .because("money is whole minor units");

  private static final ArchRule NO_FLOATING_POINT_RESULTS =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(part("domain"), part("engine"))
          .should()
          .notHaveRawReturnType("double")
          .andShould()
          .notHaveRawReturnType("float")
          .because("money is whole minor units");

  private static final ArchRule PURE =
      noClasses()
          .that()
          .resideInAnyPackage(part("domain"), part("engine"))
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..", "java.util.random..")
          .orShould()
          .dependOnClassesThat()
          // Not all of java.io: the generated SBE code turns the IOException of an Appendable into an unchecked one.
          .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile|.*Stream|.*Reader|.*Writer)")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.lang\\.Thread|java\\.util\\.(Random|UUID)|java\\.time\\.(Clock|InstantSource)")
          .because("the same commands must give the same decisions in replay: no clock, chance, thread or file inside");

  private static final ArchRule INDEPENDENT =
      classes()
          .that()
          .resideInAPackage("se.valfardskort.independent..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "se.valfardskort.independent..", "java..", "org.jspecify.annotations..", "org.junit.jupiter..")
          .because("who checks the authorizer from outside must know nothing but the published interface");

  @ParameterizedTest
  @FieldSource("PARTS")
  void shouldKnowOnlyWhatItsPackageMay(Part part) {
    part.rule().allowEmptyShould(true).check(MAIN);
  }

  @Test
  void shouldHaveNoPackageThatTheRulesDoNotName() {
    Set<String> named = new TreeSet<>();
    for (Part part : PARTS) {
      named.add(part.name());
    }

    Set<String> unnamed = new TreeSet<>();
    for (JavaClass type : MAIN) {
      String below = type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
      if (!named.contains(below)) {
        unnamed.add(below);
      }
    }

    assertEquals(Set.of(), unnamed, "give each of these a row in ArchitectureTest.PARTS");
  }

  @Test
  void shouldHaveNoCycles() {
    NO_CYCLES.check(MAIN);
  }

  @Test
  void shouldCountMoneyInWholeNumbers() {
    NO_FLOATING_POINT_FIELDS.check(MAIN);
    NO_FLOATING_POINT_RESULTS.check(MAIN);
  }

  @Test
  void shouldKeepTheEngineDeterministic() {
    PURE.check(MAIN);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        LeakyDomain.KnowsTheEngine.class,
        LeakyDomain.KnowsNetty.class,
        LeakyDomain.KnowsTheDisruptor.class
      })
  void shouldFailOnAClassThatKnowsTooMuch(Class<?> leaky) {
    JavaClasses classes = new ClassFileImporter().importClasses(leaky);

    assertTrue(DOMAIN.rule().evaluate(classes).hasViolation());
  }

  @Test
  void shouldKeepTheSecondModelIndependent() {
    INDEPENDENT.check(
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/leaky/"))
            .importPackages("se.valfardskort.independent"));
  }

  @Test
  void shouldFailOnATestThatKnowsTheAuthorizer() {
    JavaClasses leaky = new ClassFileImporter().importPackages("se.valfardskort.independent.leaky");

    assertTrue(INDEPENDENT.evaluate(leaky).hasViolation());
  }

  @Test
  void shouldFailOnACycle() {
    JavaClasses cycle = new ClassFileImporter().importClasses(LeakyDomain.KnowsTheEngine.class, KnowsTheDomain.class);

    assertTrue(NO_CYCLES.evaluate(cycle).hasViolation());
  }

  @Test
  void shouldFailOnFloatingPointAndOnImpurity() {
    ClassFileImporter importer = new ClassFileImporter();

    assertTrue(
        NO_FLOATING_POINT_FIELDS
            .evaluate(importer.importClasses(LeakyDomain.CountsInFloatingPoint.class))
            .hasViolation());
    assertTrue(PURE.evaluate(importer.importClasses(LeakyDomain.ReadsTheClock.class)).hasViolation());
    assertTrue(PURE.evaluate(importer.importClasses(LeakyDomain.Waits.class)).hasViolation());
    assertTrue(PURE.evaluate(importer.importClasses(LeakyDomain.Prints.class)).hasViolation());
  }

  private static String part(String name) {
    return ROOT + name + "..";
  }
}
