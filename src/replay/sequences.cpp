#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/core.h>
#include <optional>

namespace ordain::replay {
namespace {

/// The column of OWNED BY; no_object when refused or not known.
ObjectId owner_column(Step& step, const QualifiedName& table, const Identifier& column) {
    const Object* relation = step.relation(table, LockMode::access_share);
    if (relation == nullptr) return no_object;
    const Object* found = step.column(*relation, column);
    return found == nullptr ? no_object : found->id;
}

/// What a sequence has without an option.
bool is_usual(const std::string& line) {
    return line == "as=int8" || line == "increment=1" || line == "cache=1" || line == "cycle=false";
}

std::vector<std::string> kept_options(const std::vector<Option>& options) {
    std::vector<std::string> lines = option_lines(options);
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("owned_by="); });
    return lines;
}

/// A sequence's options as far as they bound its values.
struct Bounds {
    catalog::Oid type = catalog::type_oid::int8;
    std::optional<std::int64_t> increment, minimum, maximum, start, restart, cache;
};

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data(), end, number);
    return fault == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

void take_option(Bounds& bounds, const std::string& name, const std::string& value) {
    const std::optional<std::int64_t> number = whole_number(value);
    if (name == "increment") bounds.increment = number;
    if (name == "minvalue") bounds.minimum = number;
    if (name == "maxvalue") bounds.maximum = number;
    if (name == "start") bounds.start = number;
    if (name == "restart") bounds.restart = number;
    if (name == "cache") bounds.cache = number;
}

struct TypeBounds {
    std::string_view name;
    std::int64_t minimum;
    std::int64_t maximum;
};
TypeBounds bounds_of(catalog::Oid type) {
    if (type == catalog::type_oid::int2) return {"smallint", INT16_MIN, INT16_MAX};
    if (type == catalog::type_oid::int4) return {"integer", INT32_MIN, INT32_MAX};
    return {"bigint", INT64_MIN, INT64_MAX};
}

std::string out_of_range(std::string_view what, std::int64_t value, const Bounds& bounds) {
    return fmt::format("{} ({}) is out of range for sequence data type {}", what, value,
                       bounds_of(bounds.type).name);
}

std::string
outside(std::string_view what, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value < low)
        return fmt::format("{} value ({}) cannot be less than MINVALUE ({})", what, value, low);
    if (value > high)
        return fmt::format("{} value ({}) cannot be greater than MAXVALUE ({})", what, value, high);
    return {};
}

/// The server's message; empty when nothing is wrong.
std::string fault_of(const Bounds& bounds) {
    const TypeBounds type = bounds_of(bounds.type);
    if (bounds.increment == 0) return "INCREMENT must not be zero";
    const bool ascending = bounds.increment.value_or(1) > 0;
    const std::int64_t high = bounds.maximum.value_or(ascending ? type.maximum : -1);
    const std::int64_t low = bounds.minimum.value_or(ascending ? 1 : type.minimum);
    if (high < type.minimum || high > type.maximum) return out_of_range("MAXVALUE", high, bounds);
    if (low < type.minimum || low > type.maximum) return out_of_range("MINVALUE", low, bounds);
    if (low >= high) return fmt::format("MINVALUE ({}) must be less than MAXVALUE ({})", low, high);
    std::string start = outside("START", bounds.start.value_or(ascending ? low : high), low, high);
    if (!start.empty()) return start;
    std::string restart = bounds.restart ? outside("RESTART", *bounds.restart, low, high) : start;
    if (!restart.empty()) return restart;
    if (bounds.cache && *bounds.cache < 1)
        return fmt::format("CACHE ({}) must be greater than zero", *bounds.cache);
    return {};
}

} // namespace

bool sequence_options_fit(Step& step,
                          const std::vector<Option>& options,
                          const std::vector<std::string>& earlier,
                          TypeRef type) {
    Bounds bounds;
    if (counts(type)) bounds.type = static_cast<catalog::Oid>(type.type);
    const auto take_type = [&](const std::string& name) {
        const catalog::BuiltinType* found =
            catalog::find_builtin_type(name.substr(name.find('.') + 1));
        if (found == nullptr) return true;
        bounds.type = found->oid;
        return counts({.type = ObjectId{found->oid}}) ||
               step.refuse("22023", "sequence type must be smallint, integer, or bigint", {});
    };
    for (const std::string& line : earlier) {
        const std::size_t equals = line.find('=');
        const std::string name = line.substr(0, equals);
        if (name == "as" && !take_type(line.substr(equals + 1))) return false;
        if (name != "restart") take_option(bounds, name, line.substr(equals + 1));
    }
    for (const Option& option : options) {
        if (option.name.text == "as" && !take_type(option.value)) return false;
        take_option(bounds, option.name.text, option.value);
    }
    std::string fault = fault_of(bounds);
    return fault.empty() || step.refuse("22023", std::move(fault), {});
}

void apply(Step& step, const CreateSequence& create) {
    const ObjectId schema = step.creation_schema(create.sequence);
    if (schema == no_object || step.refused()) return;
    if (step.action().guard == Guard::if_not_exists && !name_is_free(step, schema, create.sequence))
        return;
    if (!sequence_options_fit(step, create.options, {}, {})) return;
    if (!name_is_free(step, schema, create.sequence)) return;
    ObjectId owner = no_object;
    if (!create.owned_by_column.empty()) {
        owner = owner_column(step, create.owned_by_table, create.owned_by_column);
        if (step.refused()) return;
    }
    step.target(make_sequence(step, schema, create.sequence.name.text, owner,
                              DependencyType::automatic, kept_options(create.options),
                              create.sequence.name.span));
}

void apply(Step& step, const AlterSequence& alter) {
    const Object* sequence = step.relation(alter.sequence, LockMode::share_row_exclusive);
    if (sequence == nullptr) return;
    if (sequence->kind != ObjectKind::sequence) {
        step.refuse("42809", fmt::format("\"{}\" is not a sequence", sequence->name),
                    alter.sequence.span());
        return;
    }
    const ObjectId id = sequence->id;
    step.target(id);
    Object changed = step.change(id);
    auto& details = changed.as<SequenceDetails>();
    const bool typed = details.owned_by == no_object;
    if (typed && !sequence_options_fit(step, alter.options, details.options, {})) return;
    std::vector<std::string> added = kept_options(alter.options);
    for (std::string& line : added) {
        const std::string key = line.substr(0, line.find('=') + 1);
        if (key == "restart=") continue;
        std::erase_if(details.options,
                      [&](const std::string& old) { return old.starts_with(key); });
        details.options.push_back(std::move(line));
    }
    std::ranges::sort(details.options);
    std::erase_if(details.options, is_usual);
    const bool disowns = alter.owned_by_none || !alter.owned_by_column.empty();
    if (disowns) {
        std::erase_if(changed.depends, [&](const Dependency& dependency) {
            return dependency.on == details.owned_by;
        });
        details.owned_by = no_object;
    }
    if (!alter.owned_by_column.empty()) {
        details.owned_by = owner_column(step, alter.owned_by_table, alter.owned_by_column);
        if (step.refused()) return;
        add_dependency(changed, details.owned_by, DependencyType::automatic);
    }
    step.put(std::move(changed));
}

} // namespace ordain::replay
