#include "analyze/analysis.hpp"
#include "analyze/literal.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Conversions between types, as parse_coerce.c makes them.
namespace ordain::analyze {

using catalog::CastContext;
using catalog::Lookup;

namespace {

struct Range {
    Oid type;
    int rank;
};
/// Number types by what they hold: a cast to a lower rank may be out of range.
constexpr std::array<Range, 7> number_ranks{{{type_oid::int2, 1},
                                             {type_oid::int4, 2},
                                             {type_oid::oid, 2},
                                             {type_oid::int8, 3},
                                             {type_oid::float4, 4},
                                             {type_oid::float8, 5},
                                             {type_oid::numeric, 6}}};

constexpr int float4_rank = 4;

int rank_of(TypeRef type) {
    for (const Range& range : number_ranks) {
        if (is_type(type, range.type)) return range.rank;
    }
    return 0;
}

bool short_number(const Node& node) {
    constexpr std::size_t few = 30;
    return node.kind == Node::Kind::constant && node.text.size() < few &&
           node.text.find_first_of("eE") == std::string::npos;
}

bool sized_text(TypeRef type) {
    return type.modifier >= 0 &&
           (is_type(type, type_oid::varchar) || is_type(type, type_oid::bpchar));
}

/// How many digits before the point a numeric(p, s) takes; -1 without a modifier.
int whole_digits(TypeRef numeric) {
    if (numeric.modifier < 4) return -1;
    constexpr unsigned scale_mask = 0x7FF;
    constexpr int scale_sign = 0x400;
    const auto packed = static_cast<unsigned>(numeric.modifier - 4);
    const int scale = (static_cast<int>(packed & scale_mask) ^ scale_sign) - scale_sign;
    return static_cast<int>(packed >> 16U) - scale;
}

/// Whether any value of `node` fits the modifier of `target` for certain, which is of its type or
/// one that an integer turns into.
bool holds(TypeRef target, const Node& node) {
    const bool numeric = is_type(target, type_oid::numeric);
    if (!numeric) {
        return sized_text(target) ? sized_text(node.type) && node.type.modifier <= target.modifier
                                  : true; // Timestamps and intervals are rounded.
    }
    const int digits = whole_digits(target);
    if (digits < 0) return true;
    const Node& inner = node.kind == Node::Kind::cast ? node.operands.front() : node;
    if (inner.kind == Node::Kind::constant && !inner.null) {
        std::string_view text = inner.text;
        if (text.starts_with('-')) text.remove_prefix(1);
        // Rounding may add one digit.
        const std::size_t whole = std::min(text.find_first_not_of("0123456789"), text.size());
        const bool plain = text.find_first_of("eE") == std::string_view::npos;
        if (plain && static_cast<int>(whole) < digits) return true;
        const bool zero = text.starts_with("0.") && plain;
        return zero && digits >= 1;
    }
    constexpr int int2_digits = 5;
    constexpr int int4_digits = 10;
    constexpr int int8_digits = 19;
    if (is_type(inner.type, type_oid::int2)) return digits >= int2_digits;
    if (is_type(inner.type, type_oid::int4)) return digits >= int4_digits;
    if (is_type(inner.type, type_oid::int8)) return digits >= int8_digits;
    return is_type(inner.type, type_oid::numeric) && inner.type.modifier >= 4 &&
           whole_digits(inner.type) < digits;
}

bool fits_text(TypeRef target, const Node& node) {
    if (!sized_text(target)) return !is_type(target, type_oid::numeric) || holds(target, node);
    const bool constant = node.kind == Node::Kind::constant;
    if (constant) return node.text.size() <= static_cast<std::size_t>(target.modifier - 4);
    return sized_text(node.type) && node.type.modifier <= target.modifier;
}

Node cast_node(Node node, TypeRef target, bool implicit) {
    Node made;
    made.kind = Node::Kind::cast;
    made.implicit = implicit;
    made.span = node.span;
    made.type = target;
    made.aggregate = false;
    made.set = node.set;
    made.operands.push_back(std::move(node));
    return made;
}

/// Spellings that the server prints alike.
std::string normal_literal(const std::string& text, Oid type, bool array) {
    if (array) return text;
    const std::size_t first = text.find_first_not_of(" \t\n\r\f\v+");
    if (first == std::string::npos) return text;
    if (type == type_oid::boolean) {
        const char c = text[first];
        const bool on =
            text.size() > first + 1 && (text[first + 1] == 'n' || text[first + 1] == 'N');
        const bool yes = c == 't' || c == 'T' || c == 'y' || c == 'Y' || c == '1' ||
                         ((c == 'o' || c == 'O') && on);
        return yes ? "true" : "false";
    }
    if (type != type_oid::int2 && type != type_oid::int4 && type != type_oid::int8) return text;
    const bool negative = text[first] == '-';
    const std::size_t digit = text.find_first_of("123456789", first);
    if (digit == std::string::npos) return "0";
    const std::size_t end = text.find_first_not_of("0123456789", digit);
    return (negative ? "-" : "") + text.substr(digit, end - digit);
}

std::size_t characters(std::string_view text) {
    constexpr unsigned continuation_mask = 0xC0U;
    constexpr unsigned continuation = 0x80U;
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & continuation_mask) != continuation;
    }));
}

} // namespace

Node Analysis::as_known(Node node) {
    if (!is_unknown_literal(node.type)) return node;
    return coerce(std::move(node), text_type, CastContext::implicit);
}

/// A literal that names an object: 'users'::regclass. It is looked up when it is read.
void Analysis::reference_literal(const Node& node, TypeRef target) {
    const bool relation = is_type(target, type_oid::regclass);
    if (!relation && !is_type(target, type_oid::regtype)) return;
    const std::string& text = node.text;
    if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return;
    if (text == "-") return;
    QualifiedName name;
    std::string part;
    bool quoted = false;
    std::size_t parts = 0;
    const auto finish_part = [&] {
        if (parts > 0) name.schema = name.name;
        name.name = {.text = part, .span = node.span};
        part.clear();
        ++parts;
    };
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '.' && !quoted) {
            finish_part();
        } else {
            part += quoted ? c : text::lower(c);
        }
    }
    finish_part();
    const bool plain = relation || text.find_first_of("([ ") == std::string::npos;
    if (!plain || parts > 2) return;
    Lookup found = relation ? resolver_.relation(name) : resolver_.type(name);
    if (found.object != nullptr) {
        use(found.id, node.span);
        depend(found.id);
    }
    if (found.present()) return;
    if (!found.absent()) {
        doubt(fmt::format("\"{}\": {}", text, found.reason));
    } else if (relation) {
        const Lookup schema = name.schema.empty() ? Lookup{} : resolver_.schema(name.schema.text);
        if (!name.schema.empty() && schema.absent()) {
            fail("3F000", fmt::format("schema \"{}\" does not exist", name.schema.text), node.span);
            return;
        }
        fail("42P01", fmt::format("relation \"{}\" does not exist", to_string(name)), node.span);
    } else {
        doubt(fmt::format("type \"{}\" as text", text));
    }
}

Node Analysis::coerce_literal(Node node, TypeRef target, CastContext context) {
    const TypeRef base = types_.base(target);
    const bool domain = !same_type(base, target);
    const std::int32_t modifier = target.modifier >= 0 ? target.modifier : base.modifier;
    node.type = {.type = base.type, .array = base.array};
    depend_on_type(target, node.span);
    if (domain) may_fail(fmt::format("a constraint of domain {}", types_.name(target)));
    const bool implicit = context != CastContext::explicit_;
    const auto finish = [&](Node made) {
        // Only interval's input function takes the modifier; others are cast to it (coerce_type).
        const bool by_input = is_type(base, type_oid::interval) && !base.array;
        const TypeRef sized{.type = base.type, .array = base.array, .modifier = modifier};
        if (modifier >= 0 && by_input) made.type = sized;
        if (modifier >= 0 && !by_input) made = cast_node(std::move(made), sized, implicit);
        return domain ? cast_node(std::move(made), target, implicit) : made;
    };
    if (node.null || node.kind != Node::Kind::constant) return finish(std::move(node));
    if (const EnumDetails* labels = types_.as_enum(base)) {
        const Object& type = *types_.object(base);
        const bool known = std::ranges::count(labels->labels, node.text) > 0;
        if (std::ranges::count(labels->uncommitted, node.text) > 0) {
            fail("55P04",
                 fmt::format("unsafe use of new value \"{}\" of enum type {}", node.text,
                             types_.name(base)),
                 node.span);
        } else if (!known && type.unknown.empty() &&
                   resolver_.catalog().alteration_doubt(type).empty()) {
            fail("22P02",
                 fmt::format("invalid input value for enum {}: \"{}\"", types_.name(base),
                             node.text),
                 node.span);
        } else if (!known) {
            doubt(fmt::format("enum {} may have no label \"{}\"", types_.name(base), node.text));
        }
        return finish(std::move(node));
    }
    if (!is_builtin(base.type)) {
        if (!base.array) doubt(fmt::format("text as input of type {}", types_.name(base)));
        return finish(std::move(node));
    }
    reference_literal(node, base);
    const auto number = static_cast<Oid>(base.type);
    const LiteralVerdict verdict =
        base.array ? judge_array_literal(node.text, number) : judge_literal(node.text, number);
    if (verdict.state == LiteralVerdict::State::invalid) {
        fail(verdict.sqlstate, verdict.message, node.span);
    } else if (verdict.state == LiteralVerdict::State::not_sure) {
        may_fail(fmt::format("text as input of type {}", types_.name(base)));
    }
    if (verdict.state == LiteralVerdict::State::valid)
        node.text = normal_literal(node.text, number, base.array);
    const TypeRef sized{.type = base.type, .array = base.array, .modifier = modifier};
    if (sized_text(sized) && implicit &&
        characters(node.text) > static_cast<std::size_t>(modifier - 4)) {
        may_fail(fmt::format("value too long for type {}", catalog::format_type(resolver_, sized)));
    }
    return finish(std::move(node));
}

Node Analysis::coerce(Node node, TypeRef target, CastContext context) {
    if (!target.known()) {
        node.type = {};
        return node;
    }
    if (is_unknown_literal(node.type) && node.kind == Node::Kind::constant) {
        return coerce_literal(std::move(node), target, context);
    }
    const bool implicit = context != CastContext::explicit_;
    const TypeRef from = node.type;
    if (!from.known() || is_unknown_literal(from)) {
        depend_on_type(target, node.span);
        if (from.known()) node.type = {};
        may_fail("a cast of what is not known");
        return cast_node(std::move(node), target, implicit);
    }
    if (same_type(from, target)) {
        if (target.modifier == from.modifier || (implicit && target.modifier < 0)) return node;
        if (implicit && !holds(target, node)) {
            may_fail(fmt::format("{} may be too long or out of range", types_.name(target)));
        }
        return cast_node(std::move(node), target, implicit);
    }
    const Coercion found = types_.coercion(from, target, context);
    depend_on_type(target, node.span);
    switch (found.path) {
    case Path::impossible:
        fail("42846",
             fmt::format("cannot cast type {} to {}", types_.name(from), types_.name(target)),
             node.span);
        node.type = {};
        return node;
    case Path::not_known:
        may_fail(fmt::format("a cast of {} to {}", types_.name(from), types_.name(target)));
        break;
    case Path::same: break;
    case Path::function:
        if (short_number(node) && types_.category(target) == 'N' &&
            rank_of(types_.base(target)) >= float4_rank) {
            // What is written out in a few digits is in the range of every such type.
        } else if (rank_of(types_.base(target)) != 0 &&
                   rank_of(types_.base(from)) > rank_of(types_.base(target))) {
            may_fail(fmt::format("{} may be out of range", types_.name(target)));
        } else if (rank_of(types_.base(target)) == 0 || rank_of(types_.base(from)) == 0) {
            const bool widening = types_.category(from) == 'S' || types_.category(from) == 'D' ||
                                  types_.category(target) == 'S';
            if (!widening)
                may_fail(fmt::format("a cast of {} to {}", types_.name(from), types_.name(target)));
        }
        worsen(found.volatility);
        break;
    case Path::inout:
        if (types_.category(target) != 'S') {
            may_fail(fmt::format("text as input of type {}", types_.name(target)));
        }
        worsen(found.volatility);
        break;
    }
    if (types_.is_domain(target))
        may_fail(fmt::format("a constraint of domain {}", types_.name(target)));
    if (implicit && !fits_text(target, node)) {
        may_fail(
            fmt::format("a value that {} cannot hold", catalog::format_type(resolver_, target)));
    }
    return cast_node(std::move(node), target, implicit);
}

Node Analysis::coerce_or_fail(Node node, TypeRef target, std::string_view message_context) {
    if (!node.type.known() || is_unknown_literal(node.type)) {
        return coerce(std::move(node), target, CastContext::implicit);
    }
    if (same_type(node.type, target)) return node;
    const Coercion found = types_.coercion(node.type, target, CastContext::implicit);
    if (found.path == Path::impossible) {
        fail("42846",
             fmt::format("{} could not convert type {} to {}", message_context,
                         types_.name(node.type), types_.name(target)),
             node.span);
        return node;
    }
    return coerce(std::move(node), target, CastContext::implicit);
}

Node Analysis::coerce_to_boolean(Node node, std::string_view clause) {
    const TypeRef from = node.type;
    if (!from.known()) return node;
    if (!is_unknown_literal(from) && !is_type(from, type_oid::boolean)) {
        const Coercion found = types_.coercion(from, boolean_type, CastContext::assignment);
        if (found.path == Path::impossible) {
            fail("42804",
                 fmt::format("argument of {} must be type boolean, not type {}", clause,
                             types_.name(from)),
                 node.span);
            return node;
        }
    }
    node = coerce(std::move(node), boolean_type, CastContext::assignment);
    if (node.set) {
        fail("42804", fmt::format("argument of {} must not return a set", clause), node.span);
    }
    return node;
}

Node Analysis::assign(Node node, TypeRef target, std::string_view column, std::string_view what) {
    const TypeRef from = node.type;
    if (!target.known() || !from.known()) return node;
    if (!is_unknown_literal(from) && !same_type(from, target)) {
        const Coercion found = types_.coercion(from, target, CastContext::assignment);
        if (found.path == Path::impossible) {
            const bool transform = what == "USING";
            fail("42804",
                 transform ? fmt::format("result of USING clause for column \"{}\" cannot be cast "
                                         "automatically to type {}",
                                         column, types_.name(target))
                           : fmt::format("column \"{}\" is of type {} but {} is of type {}", column,
                                         types_.name(target), what, types_.name(from)),
                 node.span);
            return node;
        }
    }
    return coerce(std::move(node), target, CastContext::assignment);
}

/// select_common_type.
Analysis::Common Analysis::find_common_type(const std::vector<Node*>& nodes) const {
    if (nodes.empty()) return {};
    const auto not_known = [](const Node* node) { return !node->type.known(); };
    if (std::ranges::any_of(nodes, not_known)) return {};
    const TypeRef first = nodes.front()->type;
    const auto as_first = [&](const Node* node) { return same_type(node->type, first); };
    if (!is_unknown_literal(first) && std::ranges::all_of(nodes, as_first)) {
        const auto sized = [&](const Node* node) { return node->type.modifier == first.modifier; };
        return {.type = {.type = first.type,
                         .array = first.array,
                         .modifier = std::ranges::all_of(nodes, sized) ? first.modifier : -1}};
    }
    TypeRef chosen = types_.base(first);
    for (const Node* node : nodes) {
        const TypeRef next = types_.base(node->type);
        if (!next.known()) return {};
        if (is_unknown_literal(next) || same_type(next, chosen)) continue;
        if (is_unknown_literal(chosen)) {
            chosen = next;
            continue;
        }
        const char a = types_.category(chosen);
        const char b = types_.category(next);
        if (a == '\0' || b == '\0') return {};
        if (a != b) return {.type = chosen, .other = next, .span = node->span};
        if (Types::preferred(chosen)) continue;
        const bool there =
            types_.coercion(chosen, next, CastContext::implicit).path != Path::impossible;
        const bool back =
            types_.coercion(next, chosen, CastContext::implicit).path != Path::impossible;
        if (there && !back) chosen = next;
    }
    if (is_unknown_literal(chosen)) return {.type = text_type};
    return {.type = {.type = chosen.type, .array = chosen.array}};
}

TypeRef Analysis::common_type(const std::vector<Node*>& nodes, std::string_view context) {
    const Common common = find_common_type(nodes);
    if (!common.other.known()) return common.type;
    if (!context.empty()) {
        fail("42804",
             fmt::format("{} types {} and {} cannot be matched", context, types_.name(common.type),
                         types_.name(common.other)),
             common.span);
    }
    return {};
}

} // namespace ordain::analyze
