#include "analyze/analysis.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// Operators, as parse_oper.c finds them.
namespace ordain::analyze {

using catalog::BuiltinOperator;
using catalog::CastContext;
using catalog::Volatility;

namespace {

char letter(Volatility volatility) {
    switch (volatility) {
    case Volatility::immutable: return 'i';
    case Volatility::stable: return 's';
    case Volatility::volatile_: return 'v';
    }
    return 'v';
}

using Operators = std::span<const BuiltinOperator>;

const BuiltinOperator* exact(const std::vector<Operators>& lists, Oid left, Oid right) {
    for (const Operators list : lists) {
        for (const BuiltinOperator& operation : list) {
            if (operation.left == left && operation.right == right) return &operation;
        }
    }
    return nullptr;
}

Candidate candidate_of(const BuiltinOperator& operation) {
    Candidate made;
    if (operation.left != 0) made.arguments.push_back(Types::from_oid(operation.left));
    made.arguments.push_back(Types::from_oid(operation.right));
    made.result = Types::from_oid(operation.result);
    made.operation = &operation;
    return made;
}

constexpr std::array whole_numbers = {type_oid::int2, type_oid::int4, type_oid::int8};

} // namespace

void Analysis::note_operator_failures(std::string_view name, TypeRef result) {
    if (name == "/" || name == "%") may_fail("a division by zero");
    const bool arithmetic = name == "+" || name == "-" || name == "*";
    const bool whole =
        std::ranges::any_of(whole_numbers, [&](Oid oid) { return is_type(result, oid); });
    if (arithmetic && whole) may_fail(fmt::format("{} may be out of range", types_.name(result)));
}

/// text || anynonarray is a function in SQL that casts and concatenates: where an expression must
/// be immutable, the server looks at what that comes to (CheckMutability, inline_function).
char Analysis::volatility_of(const BuiltinOperator& operation,
                             const std::vector<TypeRef>& inputs) const {
    const bool indexed = place_ == Place::index_expression || place_ == Place::index_predicate ||
                         place_ == Place::partition_key;
    const bool concatenates = operation.name == "||" && (operation.left == type_oid::anynonarray ||
                                                         operation.right == type_oid::anynonarray);
    if (!indexed || !concatenates || inputs.size() != 2) return letter(operation.volatility);
    const TypeRef other = operation.left == type_oid::anynonarray ? inputs[0] : inputs[1];
    return types_.coercion(other, text_type, CastContext::explicit_).volatility;
}

Node Analysis::operator_result(std::string_view name,
                               const Candidate& chosen,
                               std::vector<Node> operands,
                               Span span) {
    std::vector<TypeRef> inputs;
    inputs.reserve(operands.size());
    for (const Node& operand : operands)
        inputs.push_back(operand.type);
    const Polymorphic resolved = resolve_polymorphic(chosen, inputs);
    if (resolved.undetermined) {
        fail("42804", "could not determine polymorphic type because input has type unknown", span);
    }
    Node node;
    node.kind = operands.size() == 1 ? Node::Kind::prefix : Node::Kind::infix;
    node.span = span;
    node.text = name;
    node.type = Types::is_polymorphic(resolved.result) ? TypeRef{} : resolved.result;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const TypeRef wanted = i < resolved.arguments.size() ? resolved.arguments[i] : TypeRef{};
        const bool convert =
            wanted.known() && !Types::is_polymorphic(wanted) && !is_type(wanted, type_oid::any);
        node.set = node.set || operands[i].set;
        if (!convert) {
            node.operands.push_back(as_known(std::move(operands[i])));
            continue;
        }
        node.operands.push_back(coerce(std::move(operands[i]), wanted, CastContext::implicit));
    }
    if (chosen.operation != nullptr) {
        worsen(volatility_of(*chosen.operation, inputs));
        depend_on_member(chosen.operation->oid);
    }
    note_operator_failures(name, node.type);
    return node;
}

Node Analysis::operator_not_found(std::string_view name,
                                  std::vector<Node> operands,
                                  Choice choice,
                                  Span span) {
    const auto type_name_of = [this](const Node& node) { return types_.name(node.type); };
    const std::string signature =
        operands.size() == 1
            ? fmt::format("{} {}", name, type_name_of(operands[0]))
            : fmt::format("{} {} {}", type_name_of(operands[0]), name, type_name_of(operands[1]));
    const auto opaque = [this](const Node& node) {
        return !node.type.known() ||
               (types_.is_opaque(node.type) && !is_unknown_literal(node.type));
    };
    const bool uncertain = std::ranges::any_of(operands, opaque);
    const Taint* taint = catalog_.taint(name);
    std::string reason = resolver_.unknown_extension();
    if (taint != nullptr) reason = taint->reason;
    if (reason.empty() && resolver_.world() == catalog::World::open) {
        reason = "what the history does not create is assumed to exist";
    }
    if (uncertain && reason.empty()) reason = "the operators of a type are not known";
    if (!reason.empty()) {
        doubt(fmt::format("operator {}: {}", signature, reason));
    } else if (choice == Choice::ambiguous) {
        fail("42725", fmt::format("operator is not unique: {}", signature), span);
    } else {
        fail("42883", fmt::format("operator does not exist: {}", signature), span);
    }
    Node node;
    node.kind = operands.size() == 1 ? Node::Kind::prefix : Node::Kind::infix;
    node.span = span;
    node.text = name;
    node.operands = std::move(operands);
    return node;
}

Node Analysis::apply_operator(const std::vector<Identifier>& names,
                              std::vector<Node> operands,
                              Span span) {
    const std::string_view name =
        names.empty() ? std::string_view() : std::string_view(names.back().text);
    std::vector<Operators> lists = {catalog::builtin_operators(name)};
    for (const catalog::BuiltinExtension* extension : types_.extensions()) {
        const Operators more = catalog::operators_of(*extension, name);
        if (!more.empty()) lists.push_back(more);
    }
    const bool binary = operands.size() == 2;
    const auto is_null_or_literal = [](const Node& node) { return is_unknown_literal(node.type); };
    if (binary && operands[0].type.known() && operands[1].type.known()) {
        TypeRef left = operands[0].type;
        TypeRef right = operands[1].type;
        const bool guessed = is_null_or_literal(operands[0]) != is_null_or_literal(operands[1]);
        if (guessed)
            (is_unknown_literal(left) ? left : right) = is_unknown_literal(left) ? right : left;
        const BuiltinOperator* found = nullptr;
        if (!is_unknown_literal(left)) {
            found = exact(lists, Types::oid_of(left), Types::oid_of(right));
            if (found == nullptr && guessed && types_.is_domain(left)) {
                const Oid base = Types::oid_of(types_.base(left));
                if (base != 0) found = exact(lists, base, base);
            }
        }
        if (found != nullptr && found->left != 0) {
            return operator_result(name, candidate_of(*found), std::move(operands), span);
        }
    }
    std::vector<Candidate> candidates;
    for (const Operators list : lists) {
        for (const BuiltinOperator& operation : list) {
            if ((operation.left != 0) == binary) candidates.push_back(candidate_of(operation));
        }
    }
    std::vector<TypeRef> inputs;
    inputs.reserve(operands.size());
    for (const Node& operand : operands)
        inputs.push_back(operand.type);
    const Resolution resolution = choose(candidates, inputs);
    switch (resolution.choice) {
    case Choice::one:
        return operator_result(name, *resolution.candidate, std::move(operands), span);
    case Choice::none:
    case Choice::ambiguous:
        return operator_not_found(name, std::move(operands), resolution.choice, span);
    case Choice::not_known: break;
    }
    Node node;
    node.kind = binary ? Node::Kind::infix : Node::Kind::prefix;
    node.span = span;
    node.text = name;
    // Whatever the operands turn out to be, the result may be the same.
    const TypeRef result = resolution.candidate->result;
    const bool agreed = std::ranges::all_of(candidates, [&](const Candidate& candidate) {
        return fits(candidate, inputs) == Fit::no || same_type(candidate.result, result);
    });
    if (agreed && !Types::is_polymorphic(result)) node.type = result;
    if (std::ranges::all_of(inputs, &TypeRef::known)) {
        doubt(fmt::format("operator {} of types that are not known", name));
    }
    node.operands = std::move(operands);
    note_operator_failures(name, node.type);
    return node;
}

} // namespace ordain::analyze
