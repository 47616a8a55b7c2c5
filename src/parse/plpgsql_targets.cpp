#include "parse/plpgsql_targets.hpp"

#include <utility>

namespace ordain::parse {

using plpgsql::Target;

namespace {

constexpr std::string_view syntax_error_state = "42601";

Span place_of(const PlpgsqlName& name) {
    return {.begin = name.names.front().span.begin, .end = name.names.back().span.end};
}

} // namespace

bool PlpgsqlTargets::is_record(const PlpgsqlName& name) {
    return !name.variable.field && name.variable.variable->kind == PlpgsqlVariable::Kind::record;
}

void PlpgsqlTargets::check_assignable(const PlpgsqlName& name) {
    const PlpgsqlVariable& variable = *name.variable.variable;
    if (!variable.constant) return;
    source_.refuse("22005", "variable \"" + variable.name + "\" is declared CONSTANT",
                   place_of(name));
}

void PlpgsqlTargets::refuse_unknown(const PlpgsqlName& name) {
    if (name.kind != PlpgsqlName::Kind::word && name.kind != PlpgsqlName::Kind::composite)
        return source_.syntax_error();
    source_.refuse(syntax_error_state, "\"" + name.text() + "\" is not a known variable",
                   place_of(name));
}

Target PlpgsqlTargets::take(const PlpgsqlName& name) {
    source_.tokens.advance(name.tokens);
    Target target{.names = name.names};
    // Interpreted is the variable itself, under the name that it was declared with.
    if (name.variable.labelled) target.names.erase(target.names.begin());
    target.names.front().text = name.variable.variable->name;
    if (purpose_ == Purpose::check) return target;
    const std::vector<std::string> plain = {target.names.front().text};
    if (scope_.find(plain).variable != name.variable.variable) source_.give_up();
    return target;
}

Target PlpgsqlTargets::scalar() {
    const PlpgsqlName name = this->name();
    if (name.kind != PlpgsqlName::Kind::variable) {
        refuse_unknown(name);
        return {};
    }
    check_assignable(name);
    if (is_record(name))
        source_.refuse(syntax_error_state, "\"" + name.text() + "\" is not a scalar variable",
                       place_of(name));
    return take(name);
}

void PlpgsqlTargets::add_scalars(std::vector<Target>& list, const PlpgsqlName& first) {
    constexpr std::size_t most = 1024;
    check_assignable(first);
    list.push_back(take(first));
    while (source_.tokens.is(",")) {
        if (list.size() >= most)
            return source_.refuse("54000", "too many INTO variables specified",
                                  source_.tokens.current().span);
        source_.tokens.advance();
        list.push_back(scalar());
    }
}

std::vector<Target> PlpgsqlTargets::into() {
    std::vector<Target> list;
    const PlpgsqlName first = name();
    if (first.kind != PlpgsqlName::Kind::variable) {
        refuse_unknown(first);
    } else if (is_record(first)) {
        check_assignable(first);
        list.push_back(take(first));
        if (source_.tokens.is(","))
            source_.refuse(syntax_error_state,
                           "record variable cannot be part of multiple-item INTO list",
                           source_.tokens.current().span);
    } else {
        add_scalars(list, first);
    }
    return list;
}

PlpgsqlTargets::LoopVariables PlpgsqlTargets::loop_variables() {
    LoopVariables variables;
    variables.first = name();
    const PlpgsqlName& first = variables.first;
    variables.name = first.text();
    variables.known = first.kind == PlpgsqlName::Kind::variable;
    const bool list = source_.tokens.is(source_.tokens.ahead(first.tokens), ",");
    const bool new_name = first.kind == PlpgsqlName::Kind::word && !list;
    if (!variables.known && !new_name) {
        refuse_unknown(first);
    } else if (variables.known && list && !is_record(first)) {
        add_scalars(variables.targets, first);
    } else {
        variables.targets.push_back({.names = first.names});
        source_.tokens.advance(first.tokens);
    }
    return variables;
}

} // namespace ordain::parse
