package se.valfardskort.authorizer.mutation;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one method's code anew with one {@link Change}. Made for one use. */
final class CodeEdit {
  private final Edit edit;
  private final MethodModel method;
  private final CodeModel code;
  private final List<CodeElement> elements;
  private final CodeBuilder out;
  private int changes;

  CodeEdit(Edit edit, MethodModel method, CodeModel code, CodeBuilder out) {
    this.edit = edit;
    this.method = method;
    this.code = code;
    this.elements = code.elementList();
    this.out = out;
  }

  void write() {
    switch (edit.change()) {
      case Change.Returns returns -> giveBack(returns.value());
      case Change.Guard guard -> guard(guard);
      case Change.Call call -> elements.forEach(element -> call(element, call));
      case Change.Write write -> elements.forEach(element -> writing(element, write.name()));
      case Change.Read read -> elements.forEach(element -> reading(element, read));
      case Change.Constant constant -> elements.forEach(element -> constant(element, constant));
    }
    if (changes == 0) {
      throw new MutationException(edit.where() + ": " + edit.change() + " changes nothing there");
    }
  }

  private void giveBack(@Nullable Object value) {
    ClassDesc result = method.methodTypeSymbol().returnType();
    if (!result.equals(ConstantDescs.CD_void)) {
      load(value, result);
    } else if (value != null) {
      throw new MutationException(edit.where() + " returns nothing");
    }
    out.return_(TypeKind.from(result));
    changes++;
  }

  private void load(@Nullable Object value, ClassDesc type) {
    switch (value) {
      case null -> {
        if (type.isPrimitive()) {
          throw new MutationException(edit.where() + ": null is no " + type.displayName());
        }
        out.aconst_null();
      }
      case Boolean truth -> out.loadConstant(truth ? 1 : 0);
      case Enum<?> constant -> {
        ClassDesc itsType = constant.getDeclaringClass().describeConstable().orElseThrow();
        out.getstatic(itsType, constant.name(), itsType);
      }
      case ConstantDesc constant -> out.loadConstant(constant);
      default -> throw new MutationException(edit.where() + ": cannot write " + value + " into code");
    }
  }

  private void call(CodeElement element, Change.Call change) {
    if (!(element instanceof InvokeInstruction call) || !call.name().equalsString(change.name())) {
      out.with(element);
      return;
    }
    changes++;
    List<ClassDesc> operands = new ArrayList<>(call.typeSymbol().parameterList());
    boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
    if (!isStatic) {
      operands.addFirst(ConstantDescs.CD_Object);
    }
    int kept = change.argument() == Change.NO_ARGUMENT ? -1 : change.argument() + (isStatic ? 0 : 1);
    int local = ((CodeAttribute) code).maxLocals();
    for (int i = operands.size() - 1; i >= 0; i--) {
      TypeKind kind = TypeKind.from(operands.get(i));
      if (i == kept) {
        out.storeLocal(kind, local);
      } else {
        pop(kind);
      }
    }
    ClassDesc result = call.typeSymbol().returnType();
    if (kept >= 0) {
      out.loadLocal(TypeKind.from(result), local);
    } else if (!result.equals(ConstantDescs.CD_void)) {
      load(change.value(), result);
    }
  }

  private void writing(CodeElement element, String name) {
    if (element instanceof FieldInstruction field
        && field.name().equalsString(name)
        && (field.opcode() == Opcode.PUTFIELD || field.opcode() == Opcode.PUTSTATIC)) {
      changes++;
      pop(TypeKind.from(field.typeSymbol()));
      if (field.opcode() == Opcode.PUTFIELD) {
        out.pop();
      }
    } else {
      out.with(element);
    }
  }

  private void reading(CodeElement element, Change.Read read) {
    if (element instanceof FieldInstruction field
        && field.name().equalsString(read.name())
        && (field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC)) {
      changes++;
      if (field.opcode() == Opcode.GETFIELD) {
        out.pop();
      }
      load(read.value(), field.typeSymbol());
    } else {
      out.with(element);
    }
  }

  private void constant(CodeElement element, Change.Constant change) {
    if (element instanceof ConstantInstruction constant && change.from().equals(constant.constantValue())) {
      changes++;
      out.loadConstant((ConstantDesc) change.to());
    } else {
      out.with(element);
    }
  }

  /**
   * A condition is compiled to jumps over what it guards: the last one jumps away when it does not hold. Earlier parts
   * of an "and" jump there, too; those of an "or" jump into the guarded code when they hold.
   */
  private void guard(Change.Guard guard) {
    int mention = mention(guard.name());
    int last = guard.side() == Change.Side.BEFORE ? conditionalBefore(mention) : conditionalAfter(mention);
    Map<Label, Integer> places = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LabelTarget target) {
        places.put(target.label(), i);
      }
    }
    int end = place(places, ((BranchInstruction) elements.get(last)).target());
    if (end <= Math.max(last, guard.side() == Change.Side.BEFORE ? mention : last)) {
      throw new MutationException(edit.where() + ": no condition guards " + guard.name() + " there");
    }
    changes++;
    for (int i = 0; i < elements.size(); i++) {
      CodeElement element = elements.get(i);
      if (i == last) {
        jump((BranchInstruction) element, guard.truth());
      } else if (i < last
          && element instanceof BranchInstruction branch
          && isConditional(branch)
          && isPart(place(places, branch.target()), last, end, guard.truth())) {
        popOperands(branch);
      } else {
        out.with(element);
      }
    }
  }

  /** Whether an earlier jump belongs to the same condition and would be in the way. */
  private boolean isPart(int target, int last, int end, Change.Truth truth) {
    boolean or = leadsInto(target, last, end);
    if (truth == Change.Truth.INVERTED && (or || target == end)) {
      throw new MutationException(edit.where() + ": cannot invert an \"and\" or an \"or\"; switch it off or open it");
    }
    return truth == Change.Truth.ALWAYS ? target == end : or;
  }

  /** The guarded code begins right behind its last jump; a label further in belongs to something else. */
  private boolean leadsInto(int target, int last, int end) {
    if (target <= last || target >= end) {
      return false;
    }
    for (int i = last + 1; i < target; i++) {
      if (elements.get(i) instanceof Instruction) {
        return false;
      }
    }
    return true;
  }

  private static int place(Map<Label, Integer> places, Label label) {
    return places.getOrDefault(label, Integer.MAX_VALUE);
  }

  private void jump(BranchInstruction branch, Change.Truth truth) {
    if (truth == Change.Truth.INVERTED) {
      out.branch(opposite(branch.opcode()), branch.target());
      return;
    }
    popOperands(branch);
    if (truth == Change.Truth.NEVER) {
      out.goto_(branch.target());
    }
  }

  private int mention(String name) {
    for (int i = 0; i < elements.size(); i++) {
      if (mentions(elements.get(i), name)) {
        return i;
      }
    }
    throw new MutationException(edit.where() + " does not mention " + name);
  }

  private static boolean mentions(CodeElement element, String name) {
    return switch (element) {
      case FieldInstruction field -> field.name().equalsString(name);
      case InvokeInstruction call -> call.name().equalsString(name);
      case NewObjectInstruction created -> created.className().asSymbol().displayName().equals(name);
      case ConstantInstruction constant -> name.equals(constant.constantValue());
      case InvokeDynamicInstruction dynamic ->
          dynamic.bootstrapArgs().stream().anyMatch(text -> text instanceof String recipe && recipe.contains(name));
      default -> false;
    };
  }

  private int conditionalBefore(int mention) {
    for (int i = mention - 1; i >= 0; i--) {
      if (elements.get(i) instanceof BranchInstruction branch && isConditional(branch)) {
        return i;
      }
    }
    throw new MutationException(edit.where() + ": no condition stands before that");
  }

  private int conditionalAfter(int mention) {
    for (int i = mention + 1; i < elements.size(); i++) {
      if (elements.get(i) instanceof BranchInstruction branch && isConditional(branch)) {
        return i;
      }
    }
    throw new MutationException(edit.where() + ": no condition stands after that");
  }

  private static boolean isConditional(BranchInstruction branch) {
    return branch.opcode() != Opcode.GOTO && branch.opcode() != Opcode.GOTO_W;
  }

  private void popOperands(BranchInstruction branch) {
    switch (branch.opcode()) {
      case IF_ACMPEQ, IF_ACMPNE, IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPLE, IF_ICMPGT, IF_ICMPGE -> out.pop2();
      default -> out.pop();
    }
  }

  private static Opcode opposite(Opcode opcode) {
    return switch (opcode) {
      case IFEQ -> Opcode.IFNE;
      case IFNE -> Opcode.IFEQ;
      case IFLT -> Opcode.IFGE;
      case IFGE -> Opcode.IFLT;
      case IFGT -> Opcode.IFLE;
      case IFLE -> Opcode.IFGT;
      case IFNULL -> Opcode.IFNONNULL;
      case IFNONNULL -> Opcode.IFNULL;
      case IF_ACMPEQ -> Opcode.IF_ACMPNE;
      case IF_ACMPNE -> Opcode.IF_ACMPEQ;
      case IF_ICMPEQ -> Opcode.IF_ICMPNE;
      case IF_ICMPNE -> Opcode.IF_ICMPEQ;
      case IF_ICMPLT -> Opcode.IF_ICMPGE;
      case IF_ICMPGE -> Opcode.IF_ICMPLT;
      case IF_ICMPGT -> Opcode.IF_ICMPLE;
      case IF_ICMPLE -> Opcode.IF_ICMPGT;
      default -> throw new MutationException(opcode + " is no condition");
    };
  }

  private void pop(TypeKind kind) {
    if (kind.slotSize() == 2) {
      out.pop2();
    } else {
      out.pop();
    }
  }
}
