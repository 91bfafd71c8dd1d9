package se.valfardskort.authorizer.mutation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.stream.Collectors;

/** Applies an {@link Edit} to the bytes of a class, or says loudly why it cannot. */
final class Rewriter {
  private Rewriter() {}

  static byte[] rewrite(byte[] bytes, Edit edit) {
    ClassFile files =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(Rewriter.class.getClassLoader())
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    ClassModel type = files.parse(bytes);
    MethodModel method = find(type, edit);
    CodeModel code = method.code().orElseThrow(() -> new MutationException(edit.where() + " has no code"));
    return files.transformClass(type, (classBuilder, member) -> {
      if (member != method) {
        classBuilder.with(member);
        return;
      }
      classBuilder.transformMethod(method, (methodBuilder, part) -> {
        if (part instanceof CodeModel) {
          methodBuilder.withCode(builder -> new CodeEdit(edit, method, code, builder).write());
        } else {
          methodBuilder.with(part);
        }
      });
    });
  }

  private static MethodModel find(ClassModel type, Edit edit) {
    List<MethodModel> found = type.methods().stream().filter(method -> isNamed(method, edit.method())).toList();
    if (found.size() != 1) {
      String all = type.methods().stream().map(Rewriter::signature).collect(Collectors.joining(" "));
      throw new MutationException(
          edit.className() + " has " + found.size() + " methods " + edit.method() + "; it has " + all);
    }
    return found.getFirst();
  }

  private static boolean isNamed(MethodModel method, String name) {
    return name.indexOf('(') < 0 ? method.methodName().equalsString(name) : signature(method).equals(name);
  }

  private static String signature(MethodModel method) {
    MethodTypeDesc type = method.methodTypeSymbol();
    return method.methodName().stringValue()
        + type.parameterList().stream().map(ClassDesc::displayName).collect(Collectors.joining(",", "(", ")"));
  }
}
