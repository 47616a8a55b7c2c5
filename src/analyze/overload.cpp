#include "analyze/analysis.hpp"

#include <algorithm>
#include <array>

/// Which of several functions or operators of one name is meant: manual 10.2 and 10.3,
/// parse_func.c.
namespace ordain::analyze {

using catalog::CastContext;

namespace {

constexpr std::array compatible_types = {
    type_oid::anycompatible, type_oid::anycompatiblearray, type_oid::anycompatiblenonarray,
    type_oid::anycompatiblerange, type_oid::anycompatiblemultirange};

bool is_compatible_family(TypeRef type) {
    return !type.array && std::ranges::count(compatible_types, static_cast<Oid>(type.type)) > 0;
}

/// What one family of polymorphic types stands for in a call.
struct Family {
    TypeRef element;
    TypeRef range;
    TypeRef multirange;
    bool any_array = false;
};

TypeRef subtype_of(TypeRef range) {
    const catalog::BuiltinType* shipped = Types::description(range);
    if (shipped == nullptr || shipped->kind != catalog::TypeKind::range) return {};
    return Types::from_oid(shipped->underlying);
}

bool set_once(TypeRef& slot, TypeRef value) {
    if (slot.known() && !same_type(slot, value)) return false;
    slot = {.type = value.type, .array = value.array};
    return true;
}

/// Takes in one argument of the anyelement family; false when it contradicts those before it.
bool take_simple(Family& family, const Types& types, TypeRef declared, TypeRef input) {
    switch (static_cast<Oid>(declared.type)) {
    case type_oid::anyarray: {
        const TypeRef base = types.base(input);
        family.any_array = true;
        return base.array && set_once(family.element, Types::element(base));
    }
    case type_oid::anyrange: {
        const TypeRef base = types.base(input);
        if (types.category(base) != 'R' && base.known()) return false;
        if (!set_once(family.range, base)) return false;
        const TypeRef subtype = subtype_of(base);
        return !subtype.known() || set_once(family.element, subtype);
    }
    case type_oid::anymultirange: {
        const catalog::BuiltinType* shipped = Types::description(types.base(input));
        if (shipped == nullptr || shipped->kind != catalog::TypeKind::multirange) return false;
        const TypeRef range = Types::from_oid(shipped->underlying);
        family.multirange = types.base(input);
        return set_once(family.range, range) && set_once(family.element, subtype_of(range));
    }
    case type_oid::anynonarray: return !types.base(input).array && set_once(family.element, input);
    case type_oid::anyenum: return types.category(input) == 'E' && set_once(family.element, input);
    default: return set_once(family.element, input);
    }
}

TypeRef substitute(const Family& family, TypeRef declared) {
    switch (static_cast<Oid>(declared.type)) {
    case type_oid::anyarray:
    case type_oid::anycompatiblearray: return Types::array_of(family.element);
    case type_oid::anyrange:
    case type_oid::anycompatiblerange: return family.range;
    case type_oid::anymultirange:
    case type_oid::anycompatiblemultirange: return family.multirange;
    default: return family.element;
    }
}

bool same_arguments(const std::vector<TypeRef>& a, const std::vector<TypeRef>& b) {
    return std::ranges::equal(a, b, same_type);
}

} // namespace

Analysis::Fit Analysis::fits(TypeRef input, TypeRef target) const {
    if (!input.known() || is_unknown_literal(input) || same_type(input, target)) return Fit::yes;
    if (is_type(target, type_oid::any) || Types::is_polymorphic(target)) return Fit::yes;
    switch (types_.coercion(input, target, CastContext::implicit).path) {
    case Path::impossible: return Fit::no;
    case Path::not_known: return Fit::not_known;
    case Path::same:
    case Path::function:
    case Path::inout: return Fit::yes;
    }
    return Fit::no;
}

Analysis::Fit Analysis::fits(const Candidate& candidate, const std::vector<TypeRef>& inputs) const {
    Fit worst = Fit::yes;
    bool polymorphic = false;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const TypeRef declared = candidate.arguments[i];
        const Fit fit = fits(inputs[i], declared);
        if (fit == Fit::no) return Fit::no;
        if (fit == Fit::not_known) worst = fit;
        polymorphic = polymorphic || Types::is_polymorphic(declared);
    }
    if (!polymorphic) return worst;
    const Fit fit = resolve_polymorphic(candidate, inputs).fit;
    return fit == Fit::yes ? worst : fit;
}

/// check_generic_type_consistency and enforce_generic_type_consistency in one.
Analysis::Polymorphic Analysis::resolve_polymorphic(const Candidate& candidate,
                                                    const std::vector<TypeRef>& inputs) const {
    Family simple;
    Family compatible;
    std::vector<Node> commons;
    Polymorphic made{.arguments = candidate.arguments, .result = candidate.result};
    std::size_t simple_literals = 0;
    std::size_t simple_inputs = 0;
    std::size_t compatible_literals = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const TypeRef declared = candidate.arguments[i];
        if (!Types::is_polymorphic(declared)) continue;
        const bool compatible_family = is_compatible_family(declared);
        if (!compatible_family) ++simple_inputs;
        if (is_unknown_literal(inputs[i])) {
            ++(compatible_family ? compatible_literals : simple_literals);
            continue;
        }
        if (!inputs[i].known()) {
            made.fit = Fit::not_known;
            continue;
        }
        if (!compatible_family) {
            if (!take_simple(simple, types_, declared, inputs[i])) return {.fit = Fit::no};
            continue;
        }
        TypeRef common = inputs[i];
        if (static_cast<Oid>(declared.type) == type_oid::anycompatiblearray) {
            common = types_.base(common);
            if (!common.array) return {.fit = Fit::no};
            common = Types::element(common);
        } else if (static_cast<Oid>(declared.type) == type_oid::anycompatiblerange) {
            compatible.range = types_.base(common);
            common = subtype_of(compatible.range);
        } else if (static_cast<Oid>(declared.type) == type_oid::anycompatiblenonarray &&
                   types_.base(common).array) {
            return {.fit = Fit::no};
        }
        Node& node = commons.emplace_back();
        node.type = common;
    }
    if (!commons.empty()) {
        std::vector<Node*> nodes;
        nodes.reserve(commons.size());
        for (Node& node : commons)
            nodes.push_back(&node);
        const Common common = find_common_type(nodes);
        compatible.element = common.other.known() ? TypeRef{} : common.type;
        if (!compatible.element.known()) {
            const auto opaque = [this](const Node& node) {
                return types_.category(node.type) == '\0';
            };
            if (!std::ranges::any_of(commons, opaque)) return {.fit = Fit::no};
            made.fit = Fit::not_known;
        }
    }
    made.undetermined = simple_inputs > 0 && simple_literals == simple_inputs;
    if (commons.empty() && compatible_literals > 0) compatible.element = text_type;
    const auto resolved = [&](TypeRef declared) {
        if (!Types::is_polymorphic(declared)) return declared;
        return substitute(is_compatible_family(declared) ? compatible : simple, declared);
    };
    for (TypeRef& argument : made.arguments)
        argument = resolved(argument);
    made.result = resolved(made.result);
    return made;
}

Resolution Analysis::choose(const std::vector<Candidate>& candidates,
                            const std::vector<TypeRef>& inputs) const {
    const bool all_known = std::ranges::all_of(inputs, &TypeRef::known);
    std::vector<const Candidate*> fitting;
    bool doubtful = false;
    for (const Candidate& candidate : candidates) {
        if (all_known && same_arguments(candidate.arguments, inputs)) {
            return {.choice = Choice::one, .candidate = &candidate};
        }
    }
    for (const Candidate& candidate : candidates) {
        const Fit fit = fits(candidate, inputs);
        if (fit == Fit::no) continue;
        doubtful = doubtful || fit == Fit::not_known;
        fitting.push_back(&candidate);
    }
    if (fitting.empty()) return {};
    if (fitting.size() == 1) return {.choice = Choice::one, .candidate = fitting.front()};
    if (!all_known || doubtful) return {.choice = Choice::not_known, .candidate = fitting.front()};
    return select(std::move(fitting), inputs);
}

namespace {

struct UnknownSlot {
    char category = '\0';
    bool preferred = false;
    bool conflict = false;
};

/// The category that the candidates agree on for an unknown literal, or string if any takes that.
UnknownSlot
slot_of(const std::vector<const Candidate*>& candidates, std::size_t place, const Types& types) {
    UnknownSlot slot;
    for (const Candidate* candidate : candidates) {
        const TypeRef type = candidate->arguments[place];
        const char category = types.category(type);
        const bool preferred = Types::preferred(type);
        if (category == slot.category) {
            slot.preferred = slot.preferred || preferred;
        } else if (slot.category == '\0' || category == 'S') {
            slot.category = category;
            slot.preferred = preferred;
        } else {
            slot.conflict = true;
        }
    }
    if (slot.category == 'S') slot.conflict = false;
    return slot;
}

std::vector<const Candidate*> best_by(const std::vector<const Candidate*>& candidates,
                                      const auto& score) {
    std::vector<const Candidate*> best;
    std::size_t highest = 0;
    for (const Candidate* candidate : candidates) {
        const std::size_t points = score(*candidate);
        if (points > highest || best.empty()) {
            highest = points;
            best.clear();
        }
        if (points == highest) best.push_back(candidate);
    }
    return best;
}

} // namespace

/// func_select_candidate.
Resolution Analysis::select(std::vector<const Candidate*> candidates,
                            const std::vector<TypeRef>& inputs) const {
    std::vector<TypeRef> bases;
    std::size_t unknowns = 0;
    for (const TypeRef input : inputs) {
        bases.push_back(types_.base(input));
        if (is_unknown_literal(input)) ++unknowns;
    }
    const auto counted = [&](const Candidate& candidate, bool with_preferred) {
        std::size_t points = 0;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (is_unknown_literal(inputs[i])) continue;
            const TypeRef type = candidate.arguments[i];
            const bool preferred = with_preferred && Types::preferred(type) &&
                                   types_.category(type) == types_.category(bases[i]);
            if (same_type(type, bases[i]) || preferred) ++points;
        }
        return points;
    };
    for (const bool with_preferred : {false, true}) {
        candidates =
            best_by(candidates, [&](const Candidate& c) { return counted(c, with_preferred); });
        if (candidates.size() == 1) return {.choice = Choice::one, .candidate = candidates.front()};
    }
    if (unknowns == 0) return {.choice = Choice::ambiguous, .candidate = nullptr};

    std::vector<UnknownSlot> slots(inputs.size());
    bool resolved = true;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!is_unknown_literal(inputs[i])) continue;
        slots[i] = slot_of(candidates, i, types_);
        if (slots[i].conflict) resolved = false;
    }
    if (resolved) {
        std::vector<const Candidate*> kept;
        for (const Candidate* candidate : candidates) {
            bool keep = true;
            for (std::size_t i = 0; i < inputs.size() && keep; ++i) {
                if (!is_unknown_literal(inputs[i])) continue;
                const TypeRef type = candidate->arguments[i];
                keep = types_.category(type) == slots[i].category &&
                       (!slots[i].preferred || Types::preferred(type));
            }
            if (keep) kept.push_back(candidate);
        }
        if (!kept.empty()) candidates = std::move(kept);
        if (candidates.size() == 1) return {.choice = Choice::one, .candidate = candidates.front()};
    }
    if (unknowns == inputs.size()) return {.choice = Choice::ambiguous, .candidate = nullptr};

    // All known inputs of one type: the unknown ones may be of it too.
    TypeRef known;
    for (const TypeRef base : bases) {
        if (is_unknown_literal(base)) continue;
        if (known.known() && !same_type(known, base))
            return {.choice = Choice::ambiguous, .candidate = nullptr};
        known = base;
    }
    const std::vector<TypeRef> guess(inputs.size(), known);
    const Candidate* last = nullptr;
    for (const Candidate* candidate : candidates) {
        if (fits(*candidate, guess) != Fit::yes) continue;
        if (last != nullptr) return {.choice = Choice::ambiguous, .candidate = nullptr};
        last = candidate;
    }
    if (last == nullptr) return {.choice = Choice::ambiguous, .candidate = nullptr};
    return {.choice = Choice::one, .candidate = last};
}

} // namespace ordain::analyze
