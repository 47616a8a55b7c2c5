#include "analyze/types.hpp"
#include "catalog/inheritance.hpp"
#include "parse/parser.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <numeric>
#include <optional>

namespace ordain::replay {
namespace {

// ---- the key

bool bind_key_column(Step& step,
                     const Object& relation,
                     const IndexElement& element,
                     std::string_view method,
                     RelationDetails& details) {
    const catalog::Lookup lookup = step.resolver().column(relation.id, element.column.text);
    const Span span = element.span;
    if (lookup.absent()) {
        return step.refuse(
            "42703",
            fmt::format("column \"{}\" named in partition key does not exist", element.column.text),
            span);
    }
    if (lookup.object == nullptr) {
        return !lookup.present() ||
               step.refuse("42P17",
                           fmt::format("cannot use system column \"{}\" in partition key",
                                       element.column.text),
                           span);
    }
    const auto& column = lookup.object->as<ColumnDetails>();
    if (column.generated != '\0')
        return step.refuse("42P17", "cannot use generated column in partition key", span);
    details.partition_columns.push_back(lookup.id);
    IndexDetails::Element key;
    key.collation = to_string(element.collation);
    key.operator_class = to_string(element.operator_class);
    return has_operator_class(step, method, key, column.type, span);
}

bool bind_key_expression(Step& step,
                         const Object& relation,
                         const IndexElement& element,
                         std::string_view method,
                         RelationDetails& details) {
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    const analyze::Bound bound =
        step.binder().bind_expression(*element.expression, &scope, analyze::Place::partition_key);
    if (!step.accept(bound)) return false;
    if (bound.constant) {
        return step.refuse("42P17", "cannot use constant expression as partition key",
                           element.span);
    }
    details.partition_columns.push_back(no_object);
    for (const ObjectId id : bound.depends) {
        const Object* object = step.catalog().find(id);
        if (object != nullptr && object->parent == relation.id)
            details.partition_expression_columns.push_back(id);
    }
    IndexDetails::Element key;
    key.collation = to_string(element.collation);
    key.operator_class = to_string(element.operator_class);
    return has_operator_class(step, method, key, bound.type, element.span);
}

// ---- bounds

/// A partition's bound as its parts are written.
struct Bound {
    enum class Kind { default_, range, list, hash, unreadable };
    Kind kind = Kind::unreadable;
    std::vector<std::string> from; ///< Of a list: its values.
    std::vector<std::string> to;
    long modulus = 0;
    long remainder = 0;
};

/// "(a, 'b, c')" at the start of text, which is taken off.
std::optional<std::vector<std::string>> take_list(std::string_view& text) {
    if (!text.starts_with('(')) return std::nullopt;
    std::vector<std::string> items(1);
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\'') quoted = !quoted;
        if (!quoted && c == ')' && depth == 0) {
            text.remove_prefix(i + 1);
            return items;
        }
        if (!quoted && c == '(') ++depth;
        if (!quoted && c == ')') --depth;
        if (!quoted && c == ',' && depth == 0) {
            items.emplace_back();
        } else if (c != ' ' || !items.back().empty()) {
            items.back() += c;
        }
    }
    return std::nullopt;
}

std::optional<long> number_after(const std::string& text, std::string_view word) {
    if (!text.starts_with(word)) return std::nullopt;
    long number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data() + word.size(), end, number);
    return fault == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

Bound parse_bound(std::string_view text) {
    Bound bound;
    if (text == "default") bound.kind = Bound::Kind::default_;
    if (!take(text, "FOR VALUES ")) return bound;
    if (take(text, "FROM ")) {
        const auto from = take_list(text);
        const auto to = take(text, " TO ") ? take_list(text) : std::nullopt;
        if (!from || !to) return bound;
        return {.kind = Bound::Kind::range, .from = *from, .to = *to};
    }
    if (take(text, "IN ")) {
        const auto values = take_list(text);
        if (!values) return bound;
        return {.kind = Bound::Kind::list, .from = *values, .to = {}};
    }
    const auto parts = take(text, "WITH ") ? take_list(text) : std::nullopt;
    if (!parts || parts->size() != 2) return bound;
    const auto modulus = number_after((*parts)[0], "modulus ");
    const auto remainder = number_after((*parts)[1], "remainder ");
    if (!modulus || !remainder) return bound;
    bound.kind = Bound::Kind::hash;
    bound.modulus = *modulus;
    bound.remainder = *remainder;
    return bound;
}

/// A literal as it is compared; none for what must be evaluated first.
std::optional<std::string> literal_of(const std::string& value) {
    if (value.size() < 2 || !value.starts_with('\'')) return value;
    const std::size_t end = value.rfind('\'');
    const bool cast = end + 1 < value.size() && value.compare(end + 1, 2, "::") == 0;
    if (end == 0 || (end + 1 != value.size() && !cast)) return std::nullopt;
    return value.substr(1, end - 1);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "2024-01-31", perhaps with a time of day, as text that sorts; empty for other spellings.
std::string sortable_moment(const std::string& text) {
    constexpr std::string_view shape = "0000-00-00 00:00:00";
    constexpr std::size_t day = 10;
    std::string moment = text.size() == day ? text + " 00:00:00" : text;
    if (moment.size() > day && moment[day] == 'T') moment[day] = ' ';
    if (moment.size() != shape.size()) return {};
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == '0' ? !is_digit(moment[i]) : moment[i] != shape[i]) return {};
    }
    return moment;
}

std::optional<int> compare(TypeRef type, const std::string& left, const std::string& right) {
    const auto a = literal_of(left);
    const auto b = literal_of(right);
    if (!a || !b) return std::nullopt;
    if (*a == *b) return 0;
    if (counts(type)) {
        const auto x = number_after(*a, "");
        const auto y = number_after(*b, "");
        if (!x || !y) return std::nullopt;
        return *x < *y ? -1 : *x > *y ? 1 : 0;
    }
    const bool moment = analyze::is_type(type, catalog::type_oid::date) ||
                        analyze::is_type(type, catalog::type_oid::timestamp) ||
                        analyze::is_type(type, catalog::type_oid::timestamptz);
    if (!moment) return std::nullopt;
    const std::string x = sortable_moment(*a);
    const std::string y = sortable_moment(*b);
    if (x.empty() || y.empty()) return std::nullopt;
    return x < y ? -1 : x > y ? 1 : 0;
}

using Types = std::vector<TypeRef>;

int infinity(const std::string& value) {
    return value == "MINVALUE" ? -1 : value == "MAXVALUE" ? 1 : 0;
}

/// One end of a range against another.
std::optional<int> compare_ends(const Types& types,
                                const std::vector<std::string>& left,
                                const std::vector<std::string>& right) {
    for (std::size_t i = 0; i < types.size(); ++i) {
        const int a = infinity(left[i]);
        const int b = infinity(right[i]);
        if (a != b) return a < b ? -1 : 1;
        if (a != 0) return 0;
        const std::optional<int> order = compare(types[i], left[i], right[i]);
        if (!order || *order != 0) return order;
    }
    return 0;
}

enum class Overlap { yes, no, unknown };

Overlap overlap_of_lists(TypeRef type, const Bound& left, const Bound& right) {
    Overlap worst = Overlap::no;
    const bool texts = analyze::is_type(type, catalog::type_oid::text) ||
                       analyze::is_type(type, catalog::type_oid::varchar);
    for (const std::string& a : left.from) {
        for (const std::string& b : right.from) {
            const auto x = literal_of(a);
            const auto y = literal_of(b);
            if (x && y && *x == *y) return Overlap::yes;
            const bool null = a == "NULL" || b == "NULL";
            const bool known = null || (x && y && (texts || compare(type, a, b)));
            if (!known && !is_builtin(type.type)) continue; // Labels differ where they differ.
            if (!known) worst = Overlap::unknown;
        }
    }
    return worst;
}

Overlap overlap(const Types& types, const Bound& left, const Bound& right) {
    if (left.kind != right.kind) return Overlap::no;
    if (left.kind == Bound::Kind::list) return overlap_of_lists(types.front(), left, right);
    if (left.kind == Bound::Kind::hash) {
        const long common = std::gcd(left.modulus, right.modulus);
        return left.remainder % common == right.remainder % common ? Overlap::yes : Overlap::no;
    }
    if (left.kind != Bound::Kind::range) return Overlap::unknown;
    const bool same_size = left.from.size() == right.from.size();
    if (!same_size || right.to.size() != types.size()) return Overlap::unknown;
    const auto below = compare_ends(types, left.from, right.to);
    const auto above = compare_ends(types, right.from, left.to);
    if ((below && *below >= 0) || (above && *above >= 0)) return Overlap::no;
    return below && above ? Overlap::yes : Overlap::unknown;
}

// ---- one bound for itself

bool value_fits(Step& step, const Object& column, const std::string& value) {
    Statement statement = parse::parse_statement("SELECT " + value, 0, 1);
    if (statement.fault || statement.actions.size() != 1) return true;
    const auto* run = std::get_if<RunQuery>(&statement.actions.front().payload);
    if (run == nullptr || run->query.targets.size() != 1) return true;
    const TypeRef type = column.as<ColumnDetails>().type;
    const analyze::Bound bound =
        step.binder().bind_value(run->query.targets.front().expression, nullptr, type, column.name);
    if (!bound.problem) return true;
    if (bound.problem->sqlstate != "42804")
        return step.refuse(bound.problem->sqlstate, bound.problem->message, {});
    return step.refuse("42804",
                       fmt::format("specified value cannot be cast to type {} for column \"{}\"",
                                   format_type_name(step.resolver(), type), column.name),
                       {});
}

bool values_fit(Step& step, const RelationDetails& key, const Bound& bound) {
    const auto fits = [&](const std::vector<std::string>& values, std::size_t step_by) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const ObjectId id = key.partition_columns[i * step_by];
            const Object* column = step.catalog().find(id);
            if (column == nullptr || infinity(values[i]) != 0) continue;
            if (!value_fits(step, *column, values[i])) return false;
        }
        return true;
    };
    if (bound.kind == Bound::Kind::list) return fits(bound.from, 0);
    return bound.kind != Bound::Kind::range || (fits(bound.from, 1) && fits(bound.to, 1));
}

bool hash_fits(Step& step, const Bound& bound) {
    const auto refuse = [&](std::string message) {
        return step.refuse("42P16", std::move(message), {});
    };
    if (bound.kind == Bound::Kind::default_)
        return refuse("a hash-partitioned table may not have a default partition");
    if (bound.modulus <= 0)
        return refuse("modulus for hash partition must be an integer value greater than zero");
    if (bound.remainder < 0) {
        return refuse(
            "remainder for hash partition must be an integer value greater than or equal to zero");
    }
    return bound.remainder < bound.modulus ||
           refuse("remainder for hash partition must be less than modulus");
}

bool range_fits(Step& step, const RelationDetails& key, const Bound& bound) {
    const std::size_t columns = key.partition_columns.size();
    const auto count = [&](const std::vector<std::string>& values, std::string_view word) {
        return values.size() == columns ||
               step.refuse(
                   "42P16",
                   fmt::format("{} must specify exactly one value per partitioning column", word),
                   {});
    };
    if (!count(bound.from, "FROM") || !count(bound.to, "TO")) return false;
    for (const auto* values : {&bound.from, &bound.to}) {
        if (std::ranges::count(*values, "NULL") > 0)
            return step.refuse("42P17", "cannot specify NULL in range bound", {});
    }
    return true;
}

bool kind_fits(Step& step, const RelationDetails& key, const Bound& bound) {
    const std::string_view strategy =
        std::string_view(key.partition_key).substr(0, key.partition_key.find(' '));
    const bool by_default = bound.kind == Bound::Kind::default_;
    const bool fits = strategy == "range"  ? bound.kind == Bound::Kind::range || by_default
                      : strategy == "list" ? bound.kind == Bound::Kind::list || by_default
                                           : bound.kind == Bound::Kind::hash || by_default;
    if (!fits) {
        return step.refuse(
            "42P16", fmt::format("invalid bound specification for a {} partition", strategy), {});
    }
    if (strategy == "hash") return hash_fits(step, bound);
    return by_default || strategy == "list" || range_fits(step, key, bound);
}

bool is_factor_of_others(const std::vector<Bound>& others, const Bound& bound) {
    return std::ranges::all_of(others, [&](const Bound& other) {
        if (other.kind != Bound::Kind::hash || other.modulus <= 0) return true;
        const long low = std::min(other.modulus, bound.modulus);
        return std::max(other.modulus, bound.modulus) % low == 0;
    });
}

/// Against one partition that is there already.
bool stands_beside(Step& step,
                   const Types& types,
                   const std::string& partition,
                   const Bound& bound,
                   const Object& sibling,
                   const Bound& other) {
    if (bound.kind != other.kind || bound.kind == Bound::Kind::unreadable) return true;
    if (bound.kind == Bound::Kind::default_) {
        return step.refuse(
            "42P17",
            fmt::format(R"(partition "{}" conflicts with existing default partition "{}")",
                        partition, sibling.name),
            {});
    }
    const Overlap meets = overlap(types, bound, other);
    const bool factor = bound.kind != Bound::Kind::hash || is_factor_of_others({other}, bound);
    if (meets == Overlap::unknown)
        step.doubt("whether the bounds of two partitions overlap is not known");
    if (meets != Overlap::yes || !factor) return true;
    return step.refuse(
        "42P17",
        fmt::format(R"(partition "{}" would overlap partition "{}")", partition, sibling.name), {});
}

/// Against all of them (check_new_partition_bound).
bool stands_beside_all(Step& step,
                       const Types& types,
                       const Object& parent,
                       const std::string& partition,
                       const Bound& bound) {
    std::vector<Bound> others;
    for (const ObjectId id : catalog::inheritors(step.catalog(), parent.id)) {
        const Object& sibling = step.catalog().at(id);
        others.push_back(parse_bound(sibling.as<RelationDetails>().partition_bound));
        if (!stands_beside(step, types, partition, bound, sibling, others.back())) return false;
    }
    if (bound.kind != Bound::Kind::hash || is_factor_of_others(others, bound)) return true;
    return step.refuse(
        "42P17", "every hash partition modulus must be a factor of the next larger modulus", {});
}

} // namespace

void bind_partition_key(Step& step, ObjectId relation_id, const CreateTable& create) {
    if (create.partition_method.empty()) return;
    const Object relation = step.catalog().at(relation_id);
    Object changed = relation;
    auto& details = changed.as<RelationDetails>();
    const std::string_view method = create.partition_method == "hash" ? "hash" : "btree";
    for (const IndexElement& element : create.partition_key) {
        const bool bound = element.expression
                               ? bind_key_expression(step, relation, element, method, details)
                               : bind_key_column(step, relation, element, method, details);
        if (!bound) return;
    }
    step.put(std::move(changed));
}

bool covers_partition_key(Step& step, const Object& relation, const Object& index) {
    const auto& key = relation.as<RelationDetails>().partition_columns;
    const auto& details = index.as<IndexDetails>();
    if (!details.unique) return true;
    for (const ObjectId column : key) {
        if (column == no_object) {
            return step.refuse(
                "0A000",
                fmt::format("unsupported {} constraint with partition key definition",
                            details.primary ? "PRIMARY KEY" : "UNIQUE"),
                {});
        }
        const auto is_key = [column](const IndexDetails::Element& element) {
            return element.column == column;
        };
        if (std::ranges::any_of(details.elements, is_key)) continue;
        return step.refuse(
            "0A000", "unique constraint on partitioned table must include all partitioning columns",
            {});
    }
    return true;
}

bool bound_fits(Step& step,
                const Object& parent,
                const std::string& partition,
                const std::string& text) {
    const auto& key = parent.as<RelationDetails>();
    const Bound bound = parse_bound(text);
    if (bound.kind == Bound::Kind::unreadable || key.partition_columns.empty()) return true;
    if (!kind_fits(step, key, bound) || !values_fit(step, key, bound)) return false;
    Types types;
    types.reserve(key.partition_columns.size());
    for (const ObjectId column : key.partition_columns)
        types.push_back(column_type(step.catalog(), column));
    if (bound.kind == Bound::Kind::range) {
        const auto order = compare_ends(types, bound.from, bound.to);
        if (order && *order >= 0) {
            return step.refuse(
                "42P17", fmt::format("empty range bound specified for partition \"{}\"", partition),
                {});
        }
    }
    return stands_beside_all(step, types, parent, partition, bound);
}

} // namespace ordain::replay
