#include "catalog/builtin.hpp"
#include "replay/plpgsql_interpreter.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <utility>

namespace ordain::replay {
namespace {

std::string key_of(const pl::Target& target) {
    std::string key;
    for (const Identifier& name : target.names) {
        if (!key.empty()) key += '.';
        key += name.text;
    }
    return key;
}

/// Texts of so many bytes fit: a character has at least one.
std::size_t fitting_bytes(TypeRef type) {
    constexpr std::size_t longest_name = 63;
    if (static_cast<catalog::Oid>(type.type) == catalog::type_oid::name) return longest_name;
    constexpr std::int32_t header = 4; // of an atttypmod
    return type.modifier < header ? max_value_bytes
                                  : static_cast<std::size_t>(type.modifier - header);
}

/// A value as the variable's type keeps it.
Value stored(Value value, TypeRef type) {
    if (!value.is_known() || !type.known()) return value;
    const auto oid = static_cast<catalog::Oid>(type.type);
    if (type.array) {
        return value.kind == Value::Kind::array ? value : Value::unknown("an array literal");
    }
    const bool any_length = oid == catalog::type_oid::text || oid == catalog::type_oid::varchar ||
                            oid == catalog::type_oid::name || oid == catalog::type_oid::refcursor;
    if (any_length && value.text.size() <= fitting_bytes(type))
        return value.kind == Value::Kind::boolean ? Value::of_text(value.text)
                                                  : as_text(std::move(value));
    if (oid == catalog::type_oid::boolean) return as_kind(std::move(value), Value::Kind::boolean);
    if (oid == catalog::type_oid::int4 || oid == catalog::type_oid::int8)
        return as_kind(std::move(value), Value::Kind::integer);
    if (value.kind == Value::Kind::oid) return value;
    return Value::unknown("a variable of this type is not modelled");
}

} // namespace

void Interpreter::forget(const std::string& word, const std::string& why) {
    for (auto variable = variables_.lower_bound(word); variable != variables_.end(); ++variable) {
        const bool same =
            variable->first == word || variable->first.compare(0, word.size() + 1, word + '.') == 0;
        if (!same && variable->first.compare(0, word.size(), word) != 0) return;
        if (same) variable->second = Value::unknown(why);
    }
}

void Interpreter::declare_type(const std::string& name, TypeRef type) {
    std::erase_if(scope_, [&](const analyze::ScopeColumn& column) { return column.name == name; });
    scope_.push_back({.name = name, .type = type, .column = {}});
}

Flow Interpreter::declare(const pl::Declaration& declaration) {
    const std::string& name = declaration.name.text;
    TypeRef type;
    if (declaration.type) {
        const analyze::Binder::BoundType bound = step_.binder().bind_type(*declaration.type);
        if (bound.problem)
            return refuse(bound.problem->sqlstate, bound.problem->message, bound.problem->span);
        if (!bound.doubt.empty()) doubt(bound.doubt);
        type = bound.type;
    } else if (declaration.reference) {
        type = type_of(*declaration.reference);
    } else if (!declaration.composite && declaration.alias_of.empty()) {
        type = {.type = static_cast<ObjectId>(catalog::type_oid::refcursor)}; // A cursor.
    }
    declare_type(name, type);
    if (declaration.not_null) not_null_.insert(name);
    if (declaration.composite || !declaration.alias_of.empty())
        records_[name] = row_relation(declaration);
    Value value = Value::null();
    if (declaration.value) {
        value = evaluate(*declaration.value);
        if (step_.refused()) return Flow::refused();
    }
    if (!declaration.alias_of.empty()) value = Value::unknown("an alias");
    check_null(name, value, declaration.name.span);
    variables_[name] = checked(std::move(value), type);
    return {};
}

void Interpreter::check_null(const std::string& name, const Value& value, Span span) {
    if (!not_null_.contains(name)) return;
    if (value.is_null())
        refuse(
            "22004",
            fmt::format("null value cannot be assigned to variable \"{}\" declared NOT NULL", name),
            span);
    if (value.is_unknown()) doubt(fmt::format("\"{}\" may become null", name));
}

ObjectId Interpreter::row_relation(const pl::Declaration& declaration) const {
    if (!declaration.reference || !declaration.reference->row) return no_object;
    const std::vector<Identifier>& names = declaration.reference->names;
    const Identifier schema = names.size() > 1 ? names.front() : Identifier{};
    const catalog::Lookup relation =
        step_.resolver().relation({.schema = schema, .name = names.back()});
    return relation.present() ? relation.id : no_object;
}

/// Rows have the columns of their relation.
void Interpreter::check_field(const pl::Target& target) {
    const auto record = records_.find(target.names.front().text);
    if (target.names.size() != 2 || record == records_.end() || record->second == no_object) return;
    const Identifier& field = target.names.back();
    const catalog::Lookup column = step_.resolver().column(record->second, field.text);
    if (!column.absent()) return;
    refuse("42703",
           fmt::format(R"(record "{}" has no field "{}")", target.names.front().text, field.text),
           field.span);
}

/// Of name%TYPE where a table's column is meant.
TypeRef Interpreter::type_of(const pl::TypeReference& reference) const {
    const std::size_t count = reference.names.size();
    if (reference.row || count < 2) return {};
    const Identifier schema = count > 2 ? reference.names.front() : Identifier{};
    const catalog::Lookup relation =
        step_.resolver().relation({.schema = schema, .name = reference.names[count - 2]});
    if (relation.object == nullptr) return {};
    const Object* column = step_.resolver().column(relation.id, reference.names.back().text).object;
    return column == nullptr || !column->unknown.empty() ? TypeRef{}
                                                         : column->as<ColumnDetails>().type;
}

Value Interpreter::checked(Value value, TypeRef type) {
    const bool known = value.is_known();
    if (known && !type.known()) value = Value::unknown("a variable of this type is not modelled");
    Value kept = stored(std::move(value), type);
    if (known && kept.is_unknown()) doubt(kept.why);
    return kept;
}

void Interpreter::assign(const pl::Target& target, Value value) {
    const std::string key = key_of(target);
    if (target.element) value = Value::unknown("an element of an array was assigned");
    const auto declared = std::ranges::find(scope_, key, &analyze::ScopeColumn::name);
    const TypeRef type = declared == scope_.end() ? TypeRef{} : declared->type;
    check_null(key, value, target.names.front().span);
    forget(target.names.front().text, "a part of it was assigned");
    check_field(target);
    // A record's fields are of what it was given.
    const bool field = target.names.size() > 1 && records_.contains(target.names.front().text);
    variables_[key] = field ? std::move(value) : checked(std::move(value), type);
}

void Interpreter::assign_row(const std::vector<pl::Target>& targets,
                             const std::vector<std::string>& columns,
                             const Row& row) {
    if (targets.size() == 1 && records_.contains(key_of(targets.front()))) {
        const std::string name = key_of(targets.front());
        forget(name, "the record has no such field");
        variables_[name] = Value::unknown("a record");
        for (std::size_t index = 0; index < std::min(columns.size(), row.values.size()); ++index)
            variables_[name + '.' + columns[index]] = row.values[index];
        return;
    }
    for (std::size_t index = 0; index < targets.size(); ++index)
        assign(targets[index], index < row.values.size() ? row.values[index] : Value::null());
}

void Interpreter::set_found(Value value) {
    variables_["found"] = std::move(value);
}

void Interpreter::forget_target(const pl::Target& target, const std::string& why) {
    forget(target.names.front().text, why);
    variables_[key_of(target)] = Value::unknown(why);
}

} // namespace ordain::replay
