#include "analyze/analysis.hpp"
#include "parse/parser.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unordered_set>

/// Function calls, as ParseFuncOrColumn resolves them.
namespace ordain::analyze {

using catalog::BuiltinFunction;
using catalog::CastContext;
using catalog::FunctionKind;
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

/// What the kinds of function tell about how a call's arguments meet its parameters.
struct Signature {
    std::vector<TypeRef> arguments;
    std::vector<std::string_view> names;
    std::size_t defaults = 0;
    TypeRef variadic; ///< What each further argument is; not known: not variadic.
};

Signature signature_of(const BuiltinFunction& function) {
    Signature made;
    for (const Oid type : function.arguments)
        made.arguments.push_back(Types::from_oid(type));
    made.names.assign(function.argument_names.begin(), function.argument_names.end());
    made.defaults = function.defaults;
    if (function.variadic != 0) made.variadic = Types::from_oid(function.variadic);
    return made;
}

Signature signature_of(const FunctionDetails& function) {
    Signature made;
    made.arguments = function.arguments;
    made.names.assign(function.argument_names.begin(), function.argument_names.end());
    made.defaults = function.defaults;
    if (!function.variadic || made.arguments.empty()) return made;
    const TypeRef last = made.arguments.back();
    made.variadic = is_type(last, type_oid::anyarray) ? builtin_type(type_oid::anyelement)
                                                      : Types::element(last);
    return made;
}

/// The types that the arguments of a call meet, in their order; nothing when they do not fit in
/// number or name.
std::optional<Candidate>
match_arguments(const Signature& signature, const Expression& written, std::size_t count) {
    Candidate made;
    const std::size_t declared = signature.arguments.size();
    const bool named = !written.operands.empty() &&
                       written.operands.back().kind == Expression::Kind::named_argument;
    if (named) {
        std::vector<bool> given(declared, false);
        for (std::size_t i = 0; i < count; ++i) {
            std::size_t place = i;
            if (written.operands[i].kind == Expression::Kind::named_argument) {
                const auto found =
                    std::ranges::find(signature.names, written.operands[i].names.front().text);
                place = static_cast<std::size_t>(found - signature.names.begin());
            }
            if (place >= declared || given[place]) return std::nullopt;
            given[place] = true;
            made.arguments.push_back(signature.arguments[place]);
        }
        for (std::size_t i = 0; i + signature.defaults < declared; ++i) {
            if (!given[i]) return std::nullopt;
        }
        made.defaults_used = declared - count;
        return made;
    }
    if (signature.variadic.known() && !written.variadic) {
        const bool anything = is_type(signature.variadic, type_oid::any);
        if (count + 1 > declared || (count + 1 == declared && anything)) {
            if (count >= declared) {
                made.arguments.assign(signature.arguments.begin(), signature.arguments.end() - 1);
                made.arguments.resize(count, signature.variadic);
                made.variadic = true;
                return made;
            }
        }
    }
    if (count > declared || count + signature.defaults < declared) return std::nullopt;
    made.arguments.assign(signature.arguments.begin(),
                          signature.arguments.begin() + static_cast<std::ptrdiff_t>(count));
    made.defaults_used = declared - count;
    return made;
}

/// Functions that fail for no value of their arguments, as long as memory lasts.
bool never_fails(std::string_view name) {
    static const std::unordered_set<std::string_view> names = {
        "abs",
        "age",
        "array_agg",
        "array_append",
        "array_cat",
        "array_length",
        "array_position",
        "array_remove",
        "array_to_string",
        "ascii",
        "avg",
        "bool_and",
        "bool_or",
        "btrim",
        "cardinality",
        "ceil",
        "ceiling",
        "char_length",
        "character_length",
        "clock_timestamp",
        "concat",
        "concat_ws",
        "count",
        "cume_dist",
        "current_database",
        "current_schema",
        "dense_rank",
        "every",
        "first_value",
        "floor",
        "format_type",
        "gen_random_uuid",
        "greatest",
        "initcap",
        "json_agg",
        "json_build_array",
        "json_typeof",
        "jsonb_agg",
        "jsonb_build_array",
        "jsonb_typeof",
        "lag",
        "last_value",
        "lead",
        "least",
        "left",
        "length",
        "lower",
        "ltrim",
        "max",
        "md5",
        "min",
        "nextval",
        "now",
        "octet_length",
        "percent_rank",
        "pg_backend_pid",
        "position",
        "quote_ident",
        "quote_literal",
        "quote_nullable",
        "random",
        "rank",
        "replace",
        "reverse",
        "right",
        "round",
        "row_number",
        "row_to_json",
        "rtrim",
        "starts_with",
        "statement_timestamp",
        "string_agg",
        "strpos",
        "sum",
        "timeofday",
        "to_json",
        "to_jsonb",
        "to_tsvector",
        "transaction_timestamp",
        "translate",
        "trunc",
        "unnest",
        "upper",
        "uuid_generate_v4",
    };
    return names.contains(name);
}

bool is_aggregate(FunctionKind kind) {
    return kind == FunctionKind::aggregate || kind == FunctionKind::ordered_set_aggregate ||
           kind == FunctionKind::hypothetical_set_aggregate;
}

FunctionKind kind_of(const Candidate& candidate) {
    if (candidate.builtin != nullptr) return candidate.builtin->kind;
    if (candidate.object->kind == ObjectKind::aggregate) return FunctionKind::aggregate;
    if (candidate.object->kind == ObjectKind::procedure) return FunctionKind::procedure;
    return FunctionKind::function;
}

TypeRef result_of(const FunctionDetails& details) {
    if (details.result.known()) return details.result;
    const catalog::BuiltinType* named = catalog::find_builtin_type(details.result_name);
    return named == nullptr ? TypeRef{} : Types::from_oid(named->oid);
}

/// Same effective arguments: only the nearest in the search_path can be meant.
void add_unless_hidden(std::vector<Candidate>& candidates, Candidate made) {
    for (Candidate& other : candidates) {
        if (!std::ranges::equal(other.arguments, made.arguments, same_type)) continue;
        const bool nearer = made.path < other.path;
        const bool simpler = made.path == other.path &&
                             (other.variadic || other.defaults_used > made.defaults_used) &&
                             !made.variadic;
        const bool equal_rank = made.path == other.path && other.variadic == made.variadic &&
                                other.defaults_used == made.defaults_used;
        if (nearer || simpler) {
            other = std::move(made);
            return;
        }
        // Two that use defaults and look alike stay both: the call is ambiguous.
        if (equal_rank && made.defaults_used > 0) break;
        return;
    }
    candidates.push_back(std::move(made));
}

} // namespace

std::vector<Candidate> Analysis::function_candidates(const Call& call) const {
    std::vector<Candidate> candidates;
    const std::string_view name = call.name.name.text;
    const std::string_view schema = call.name.schema.text;
    const std::size_t count = call.arguments.size();
    const auto add_builtin = [&](const BuiltinFunction& function, std::size_t path) {
        auto made = match_arguments(signature_of(function), call.written, count);
        if (!made) return;
        made->builtin = &function;
        made->result = Types::from_oid(function.result);
        made->path = path;
        add_unless_hidden(candidates, std::move(*made));
    };
    std::size_t path = 1;
    if (schema.empty() || schema == "pg_catalog") {
        for (const BuiltinFunction& function : catalog::builtin_functions(name)) {
            add_builtin(function, 0);
        }
    }
    if (schema == "information_schema") {
        for (const BuiltinFunction& function :
             catalog::builtin_functions(name, catalog::BuiltinSchema::information_schema)) {
            add_builtin(function, 0);
        }
    }
    ObjectId home{};
    for (const Object* function : resolver_.functions(call.name)) {
        const auto* details = function->get_if<FunctionDetails>();
        if (details == nullptr) continue;
        if (function->schema != home) ++path;
        home = function->schema;
        auto made = match_arguments(signature_of(*details), call.written, count);
        if (!made) continue;
        made->object = function;
        made->result = result_of(*details);
        made->path = path;
        add_unless_hidden(candidates, std::move(*made));
    }
    for (const catalog::BuiltinExtension* extension :
         resolver_.visible_extensions(call.name.schema.text)) {
        for (const BuiltinFunction& function : catalog::functions_of(*extension, name))
            add_builtin(function, path + 1);
    }
    return candidates;
}

std::optional<Node> Analysis::as_field(Call& call) {
    if (call.arguments.size() != 1 || !call.name.schema.empty() || call.written.over ||
        call.written.distinct || call.written.star) {
        return std::nullopt;
    }
    const TypeRef row = types_.base(call.inputs.front());
    const Object* relation = types_.is_composite(row) ? types_.object(row) : nullptr;
    if (relation == nullptr) return std::nullopt;
    if (resolver_.column(relation->id, call.name.name.text).object == nullptr) return std::nullopt;
    return select_field(std::move(call.arguments.front()), call.name.name);
}

/// f(x) as x::f, where f is a type: text(x), timestamptz('...').
std::optional<Node> Analysis::as_cast(Call& call) {
    if (call.arguments.size() != 1 || call.written.over || call.written.distinct)
        return std::nullopt;
    const catalog::Lookup found = resolver_.type(call.name);
    if (!found.present()) return std::nullopt;
    const TypeRef target{.type = found.id};
    const TypeRef input = call.inputs.front();
    if (!is_unknown_literal(input)) {
        const Path path = types_.coercion(input, target, CastContext::explicit_).path;
        if (path != Path::same && path != Path::inout) return std::nullopt;
        if (path == Path::inout && types_.category(target) == 'S' &&
            (types_.is_composite(input) || is_type(input, type_oid::record))) {
            return std::nullopt;
        }
    }
    return coerce(std::move(call.arguments.front()), target, CastContext::explicit_);
}

Node Analysis::function_call(const Expression& written) {
    Call call{
        .written = written, .arguments = expressions(written.operands), .inputs = {}, .name = {}};
    if (!written.names.empty()) call.name.name = written.names.back();
    if (written.names.size() > 1) call.name.schema = written.names[written.names.size() - 2];
    // WITHIN GROUP (ORDER BY x): what is sorted are arguments too.
    const auto overloads = catalog::builtin_functions(call.name.name.text);
    const bool ordered_set = std::ranges::any_of(overloads, [](const BuiltinFunction& function) {
        return function.kind == FunctionKind::ordered_set_aggregate;
    });
    if (ordered_set && written.clauses && written.clauses->within_group) {
        for (const SortKey& key : written.clauses->order_by)
            call.arguments.push_back(expression(key.expression));
    }
    for (const Node& argument : call.arguments)
        call.inputs.push_back(argument.type);
    if (auto field = as_field(call)) return std::move(*field);
    const std::vector<Candidate> candidates = function_candidates(call);
    const Resolution resolution = choose(candidates, call.inputs);
    const bool exact = resolution.choice == Choice::one &&
                       std::ranges::equal(resolution.candidate->arguments, call.inputs, same_type);
    if (!exact) {
        if (auto made = as_cast(call)) return std::move(*made);
    }
    if (resolution.choice != Choice::one) return call_not_found(std::move(call), resolution);
    return call_candidate(std::move(call), *resolution.candidate);
}

Node Analysis::call_not_found(Call call, const Resolution& resolution) {
    const std::string shown = to_string(call.name);
    const std::string signature = call_signature(call);
    const auto opaque = [this](TypeRef type) {
        return !type.known() || (types_.is_opaque(type) && !is_unknown_literal(type));
    };
    std::string reason = resolver_.function_doubt(call.name);
    if (reason.empty() && std::ranges::any_of(call.inputs, opaque)) {
        reason = "the types of its arguments are not known";
    }
    const bool uncertain = resolution.choice == Choice::not_known || !reason.empty();
    if (uncertain) {
        const bool spread = std::ranges::any_of(call.inputs, [](TypeRef t) { return !t.known(); });
        if (!spread || resolution.choice != Choice::not_known) {
            doubt(fmt::format("function {}: {}", signature,
                              reason.empty() ? "one of several" : reason));
        }
        worsen('?');
    } else if (resolution.choice == Choice::ambiguous) {
        fail("42725", fmt::format("function {} is not unique", signature), call.written.span);
    } else if (!call.name.schema.empty() && resolver_.schema(call.name.schema.text).absent()) {
        fail("3F000", fmt::format("schema \"{}\" does not exist", call.name.schema.text),
             call.written.span);
    } else {
        fail("42883", fmt::format("function {} does not exist", signature), call.written.span);
    }
    Node node;
    node.kind = Node::Kind::call;
    node.span = call.written.span;
    node.text = shown;
    node.operands = std::move(call.arguments);
    may_fail(fmt::format("function {}", shown));
    return node;
}

/// A function of one SELECT expression is inlined before its volatility is looked at (clauses.c
/// inline_function): then that of the expression counts.
char Analysis::effective_volatility(const FunctionDetails& details) const {
    constexpr int deepest = 8;
    const bool inlined = details.language == "sql" && details.volatility != 'i' &&
                         !details.returns_set && !details.security_definer && !details.strict &&
                         details.options.empty() && !details.body.empty() && depth_ < deepest;
    if (!inlined) return details.volatility;
    const Statement statement = parse::parse_statement(details.body, 0, 1);
    if (statement.fault || statement.actions.size() != 1) return details.volatility;
    const auto* run = std::get_if<RunQuery>(&statement.actions.front().payload);
    if (run == nullptr) return details.volatility;
    const Query& body = run->query;
    const bool simple = body.kind == Query::Kind::select && body.targets.size() == 1 &&
                        body.from.empty() && body.with.empty() && !body.where && !body.having &&
                        body.group_by.empty() && body.order_by.empty() && !body.limit &&
                        !body.offset && !body.distinct;
    if (!simple) return details.volatility;
    std::vector<ScopeColumn> parameters;
    for (std::size_t i = 0; i < details.arguments.size(); ++i) {
        const std::string name =
            i < details.argument_names.size() ? details.argument_names[i] : std::string();
        parameters.push_back({.name = name, .type = details.arguments[i]});
    }
    Analysis inner(resolver_);
    inner.depth_ = depth_ + 1;
    inner.set_parameters(&parameters);
    const Bound bound = inner.finish(inner.known_expression(body.targets.front().expression));
    if (bound.problem || !bound.doubts.empty()) return details.volatility;
    // Stable may not hide volatile; and the cheaper label is kept when the body is worse.
    return bound.volatility == 'i' || bound.volatility == 's' ? bound.volatility
                                                              : details.volatility;
}

void Analysis::call_user_function(const Object& function, Span span, Node& node) {
    const auto& details = function.as<FunctionDetails>();
    node.object = function.id;
    node.text.clear();
    use(function.id, span);
    depend(function.id);
    calls_.push_back(function.id);
    const std::string_view gone = resolver_.catalog().presence_doubt(function);
    if (!gone.empty()) doubt(fmt::format("function {}: {}", function.name, gone));
    const bool uncertain = !function.unknown.empty();
    worsen(uncertain ? '?' : effective_volatility(details));
    may_fail(fmt::format("function {}", function.name));
    node.set = details.returns_set;
}

/// Only a negative length makes it fail.
bool Analysis::is_plain_substring(const Call& call) {
    const std::string& name = call.name.name.text;
    if (name != "substring" && name != "substr") return false;
    if (call.written.operands.size() < 3) return true;
    const Expression& length = call.written.operands[2];
    return length.kind == Expression::Kind::integer_constant && !length.value.starts_with('-');
}

void Analysis::describe_call(const Candidate& chosen, const Call& call, Node& node) {
    if (chosen.object != nullptr) {
        // The name's span, so that renames touch the name alone.
        call_user_function(*chosen.object, call.name.span(), node);
        return;
    }
    node.object = ObjectId{chosen.builtin->oid};
    node.set = chosen.builtin->returns_set;
    worsen(letter(chosen.builtin->volatility));
    depend_on_member(chosen.builtin->oid);
    if (!never_fails(chosen.builtin->name) && !is_plain_substring(call))
        may_fail(fmt::format("function {}", chosen.builtin->name));
}

void Analysis::check_call_place(const Call& call, FunctionKind kind, bool set, Node& node) {
    const Forbidden& forbidden = scope_->forbidden;
    const Span span = call.written.span;
    if (kind == FunctionKind::procedure) {
        fail("42809", fmt::format("{} is a procedure", call_signature(call)), span);
        return;
    }
    if (call.written.over && !is_aggregate(kind) && kind != FunctionKind::window) {
        fail(
            "42809",
            fmt::format("OVER specified, but {} is not a window function nor an aggregate function",
                        to_string(call.name)),
            span);
        return;
    }
    if (!call.written.over && kind == FunctionKind::window) {
        fail("42809",
             fmt::format("window function {} requires an OVER clause", to_string(call.name)), span);
        return;
    }
    if (call.written.over) {
        if (!forbidden.windows.empty()) {
            fail("42P20", fmt::format("window functions are not allowed in {}", forbidden.windows),
                 span);
        }
        return;
    }
    if (is_aggregate(kind)) {
        std::uint32_t level = lowest_level(node);
        Scope* owner = scope_;
        for (std::uint32_t i = 0; i < level && owner->parent != nullptr; ++i)
            owner = owner->parent;
        node.aggregate = true;
        node.level = level;
        if (!owner->forbidden.aggregates.empty()) {
            fail("42803",
                 fmt::format("aggregate functions are not allowed in {}",
                             owner->forbidden.aggregates),
                 span);
        }
        owner->aggregates = true;
        return;
    }
    if (set && !forbidden.sets.empty()) {
        fail("0A000", fmt::format("set-returning functions are not allowed in {}", forbidden.sets),
             span);
    }
}

std::string Analysis::call_signature(const Call& call) const {
    std::string signature = to_string(call.name) + "(";
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
        signature += i > 0 ? ", " : "";
        const Expression* written =
            i < call.written.operands.size() ? &call.written.operands[i] : nullptr;
        if (written != nullptr && written->kind == Expression::Kind::named_argument) {
            signature += written->names.front().text + " => ";
        }
        signature += types_.name(call.inputs[i]);
    }
    return signature + ")";
}

/// The level that an aggregate belongs to: the innermost whose columns are in its arguments; its
/// own when there are none.
std::uint32_t Analysis::lowest_level(const Node& node) {
    constexpr std::uint32_t none = 0xFFFFFFFF;
    std::uint32_t lowest = none;
    const auto visit = [&](const auto& self, const Node& each) -> void {
        const bool named = each.kind == Node::Kind::column || each.kind == Node::Kind::whole_row;
        if (named && each.entry != nullptr) lowest = std::min(lowest, each.level);
        if (each.kind == Node::Kind::sublink) lowest = 0;
        for (const Node& operand : each.operands)
            self(self, operand);
    };
    for (const Node& operand : node.operands)
        visit(visit, operand);
    return lowest == none ? 0 : lowest;
}

bool Analysis::holds_aggregate(const Node& node) {
    if (node.kind == Node::Kind::call && node.aggregate && node.level == 0) return true;
    return std::ranges::any_of(node.operands,
                               [](const Node& each) { return holds_aggregate(each); });
}

std::string Analysis::direction_of(const SortKey& key) {
    std::string direction = key.descending ? " DESC" : "";
    const bool first = key.nulls_first.value_or(key.descending);
    if (first != key.descending) direction += first ? " NULLS FIRST" : " NULLS LAST";
    return direction;
}

void Analysis::add_sort_keys(const std::vector<SortKey>& keys, Clauses& clauses) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        clauses.add(i == 0 ? " ORDER BY " : ", ");
        clauses.add(as_known(expression(keys[i].expression)));
        clauses.add(direction_of(keys[i]));
    }
}

void Analysis::add_window(const Window& window, Clauses& clauses) {
    clauses.add("(");
    if (!window.base.empty()) clauses.add(catalog::quote_identifier(window.base.text));
    for (std::size_t i = 0; i < window.partition_by.size(); ++i) {
        clauses.add(i == 0 ? " PARTITION BY " : ", ");
        clauses.add(as_known(expression(window.partition_by[i])));
    }
    add_sort_keys(window.order_by, clauses);
    if (!window.frame.empty()) clauses.add(" " + window.frame);
    for (const Expression& offset : window.frame_offsets) {
        clauses.add(" ");
        clauses.add(as_known(expression(offset)));
    }
    clauses.add(")");
}

/// What WITHIN GROUP sorts are arguments already when the aggregate is known to take them.
void Analysis::add_clauses(const Call& call, Node& node) {
    if (!call.written.clauses) return;
    const CallClauses& written = *call.written.clauses;
    Clauses clauses;
    if (written.within_group) clauses.add(" WITHIN GROUP");
    if (call.arguments.size() == call.written.operands.size()) {
        add_sort_keys(written.order_by, clauses);
    } else {
        for (const SortKey& key : written.order_by)
            clauses.add(direction_of(key) + ",");
    }
    if (written.filter) {
        clauses.add(" FILTER ");
        clauses.add(as_known(expression(*written.filter)));
    }
    if (written.over) {
        clauses.add(" OVER ");
        if (!written.over->name.empty()) {
            clauses.add(catalog::quote_identifier(written.over->name.text));
        } else {
            add_window(*written.over, clauses);
        }
    }
    node.extra = clauses.nodes.size();
    node.clauses = std::move(clauses.words);
    std::ranges::move(clauses.nodes, std::back_inserter(node.operands));
}

Node Analysis::call_candidate(Call call, const Candidate& chosen) {
    const FunctionKind kind = kind_of(chosen);
    const Polymorphic resolved = resolve_polymorphic(chosen, call.inputs);
    if (resolved.undetermined) {
        fail("42804", "could not determine polymorphic type because input has type unknown",
             call.written.span);
    }
    Node node;
    node.kind = Node::Kind::call;
    node.span = call.written.span;
    node.text = to_string(call.name);
    node.distinct = call.written.distinct;
    node.type = resolved.result;
    if (Types::is_polymorphic(node.type) || resolved.fit == Fit::not_known) node.type = {};
    if (Types::is_polymorphic(chosen.result) && !node.type.known()) {
        const bool known = std::ranges::all_of(call.inputs, &TypeRef::known);
        if (known) doubt(fmt::format("the type that {} returns", to_string(call.name)));
    }
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const TypeRef wanted = resolved.arguments[i];
        Node& argument = call.arguments[i];
        const bool fixed =
            wanted.known() && !is_type(wanted, type_oid::any) && !Types::is_polymorphic(wanted);
        Node made = fixed ? coerce(std::move(argument), wanted, CastContext::implicit)
                          : as_known(std::move(argument));
        if (is_aggregate(kind) && !call.written.over && holds_aggregate(made)) {
            fail("42803", "aggregate function calls cannot be nested", made.span);
        }
        node.operands.push_back(name_argument(call.written, i, std::move(made)));
    }
    if (call.written.star) {
        Node star;
        star.text = "*";
        node.operands.push_back(std::move(star));
    }
    describe_call(chosen, call, node);
    if (chosen.builtin != nullptr) node.text = chosen.builtin->name;
    check_call_place(call, kind, node.set, node);
    add_clauses(call, node);
    return node;
}

Node Analysis::name_argument(const Expression& written, std::size_t place, Node node) {
    if (place >= written.operands.size()) return node;
    const Expression& argument = written.operands[place];
    if (argument.kind != Expression::Kind::named_argument) return node;
    Node named;
    named.kind = Node::Kind::prefix;
    named.text = argument.names.front().text + " =>";
    named.type = node.type;
    named.span = argument.span;
    named.operands.push_back(std::move(node));
    return named;
}

} // namespace ordain::analyze
