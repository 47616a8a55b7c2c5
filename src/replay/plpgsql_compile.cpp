#include "replay/plpgsql_compile.hpp"

#include "analyze/types.hpp"
#include "catalog/conditions.hpp"
#include "parse/newer_syntax.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <ordain/overloaded.hpp>
#include <ordain/plpgsql.hpp>
#include <string>
#include <vector>

namespace ordain::replay {
namespace {

namespace pl = plpgsql;
using catalog::Lookup;

/// A body as it was read.
struct Body {
    std::string_view what; ///< For doubts.
    const pl::Block* block = nullptr;
    std::string_view text;
    const std::optional<StatementFault>& fault;
    std::uint32_t fault_reached = 0;
};

/// One walk through a block in the order of its text.
class Compiler {
public:
    Compiler(Step& step, const Body& body) : step_(step), body_(body) {}

    void run() {
        if (body_.block != nullptr) walk(*body_.block);
        if (!body_.fault || step_.refused()) return;
        if (parse::is_certain(*body_.fault, body_.text, step_.database().postgres)) {
            step_.refuse(body_.fault->sqlstate, body_.fault->message, body_.fault->span);
        } else {
            step_.doubt(body_.fault->message);
        }
    }

private:
    /// What stands at `place` is looked up, unless something was refused before.
    [[nodiscard]] bool reaches(Span place) const {
        return !step_.refused() && (!body_.fault || place.begin < body_.fault_reached);
    }

    // ---- statements
    void walk(const pl::Block& block) {
        for (const pl::Declaration& declaration : block.declarations)
            check(declaration);
        walk(block.body);
        for (const pl::Handler& handler : block.handlers) {
            for (const pl::Handler::Condition& condition : handler.conditions) {
                if (condition.sqlstate.empty() && condition.name.text != "others")
                    check_condition(condition.name);
            }
            walk(handler.body);
        }
    }

    void walk(const std::vector<pl::Statement>& statements) {
        for (const pl::Statement& statement : statements) {
            if (reaches(statement.span)) walk(statement);
        }
    }

    void walk(const std::vector<pl::Branch>& branches) {
        for (const pl::Branch& branch : branches)
            walk(branch.body);
    }

    void walk(const pl::Statement& statement) {
        std::visit(Overloaded{
                       [this](const pl::Block& block) { walk(block); },
                       [this](const pl::If& branches) {
                           walk(branches.branches);
                           walk(branches.otherwise);
                       },
                       [this](const pl::Case& branches) {
                           walk(branches.branches);
                           walk(branches.otherwise);
                       },
                       [this](const pl::Loop& loop) { walk(loop.body); },
                       [this](const pl::Raise& raise) {
                           if (!raise.condition.empty()) check_condition(raise.condition);
                       },
                       [](const auto&) {},
                   },
                   statement.form);
    }

    void check_condition(const Identifier& name) {
        if (!reaches(name.span) || !catalog::find_conditions(name.text).empty()) return;
        step_.refuse("42704", fmt::format("unrecognized exception condition \"{}\"", name.text),
                     name.span);
    }

    // ---- declarations
    void check(const pl::Declaration& declaration) {
        for (const pl::Declaration& argument : declaration.arguments)
            check(argument);
        if (!reaches(declaration.name.span)) return;
        if (declaration.type && reaches(declaration.type->span))
            check_type(declaration.name, *declaration.type);
        if (declaration.reference && reaches(declaration.reference->sign))
            check_reference(*declaration.reference);
    }

    void check_type(const Identifier& variable, const TypeName& name) {
        const analyze::Binder::BoundType bound = step_.binder().bind_type(name);
        if (bound.serial) {
            refuse_type(name, name.name.name.text);
        } else if (bound.problem && bound.problem->sqlstate == "42704" &&
                   name.array_dimensions > 0) {
            refuse_type(name, qualified(name.name.schema, name.name.name));
        } else if (bound.problem) {
            step_.refuse(*bound.problem);
        } else if (!bound.doubt.empty()) {
            doubt(bound.doubt);
        } else {
            check_pseudo_type(variable, bound.type);
        }
    }

    void refuse_type(const TypeName& name, const std::string& text) {
        step_.refuse("42704",
                     fmt::format("type \"{}{}\" does not exist", text,
                                 name.array_dimensions > 0 ? "[]" : ""),
                     name.span);
    }

    void check_pseudo_type(const Identifier& variable, TypeRef type) {
        const catalog::BuiltinType* builtin = analyze::Types::description(type);
        const bool pseudo = builtin != nullptr && builtin->kind == catalog::TypeKind::pseudo &&
                            builtin->name != "record";
        if (pseudo)
            step_.refuse(
                "0A000",
                fmt::format("variable \"{}\" has pseudo-type {}", variable.text, builtin->display),
                variable.span);
    }

    void doubt(const std::string& why) { step_.doubt(fmt::format("{}: {}", body_.what, why)); }

    static std::string qualified(const Identifier& schema, const Identifier& name) {
        return schema.empty() ? name.text : fmt::format("{}.{}", schema.text, name.text);
    }

    void check_reference(const pl::TypeReference& reference) {
        if (reference.row) {
            check_row_type(reference);
        } else if (reference.names.size() == 1) {
            check_name_type(reference);
        } else {
            check_column_type(reference);
        }
    }

    /// A relation that has rows.
    void check_row_type(const pl::TypeReference& reference) {
        const Identifier& name = reference.names.back();
        const Identifier schema =
            reference.names.size() > 1 ? reference.names.front() : Identifier{};
        const Lookup relation = step_.resolver().relation({.schema = schema, .name = name});
        if (relation.absent()) {
            const bool no_schema = !schema.empty() && step_.resolver().schema(schema.text).absent();
            step_.refuse(
                no_schema ? "3F000" : "42P01",
                no_schema ? fmt::format("schema \"{}\" does not exist", schema.text)
                          : fmt::format("relation \"{}\" does not exist", qualified(schema, name)),
                name.span);
            return;
        }
        doubt_unless_present(relation);
        const bool rowless = relation.present() && relation.object != nullptr &&
                             (relation.object->kind == ObjectKind::index ||
                              relation.object->kind == ObjectKind::sequence);
        if (rowless)
            step_.refuse("42809",
                         fmt::format("relation \"{}\" does not have a composite type", name.text),
                         name.span);
    }

    /// What is no variable may be a type that is no row's.
    void check_name_type(const pl::TypeReference& reference) {
        const Lookup type = step_.resolver().type({.schema = {}, .name = reference.names.front()});
        const bool row = type.present() && is_row(type);
        if (type.absent() || row) return refuse_sign(reference);
        doubt_unless_present(type);
    }

    void check_column_type(const pl::TypeReference& reference) {
        const std::size_t count = reference.names.size();
        const Identifier schema = count > 2 ? reference.names.front() : Identifier{};
        const Lookup relation =
            step_.resolver().relation({.schema = schema, .name = reference.names[count - 2]});
        if (relation.absent()) return refuse_sign(reference);
        doubt_unless_present(relation);
        if (!relation.present() || is_system_column(reference.names.back().text)) return;
        const Lookup column = step_.resolver().column(relation.id, reference.names.back().text);
        if (column.absent()) return refuse_sign(reference);
        doubt_unless_present(column);
    }

    [[nodiscard]] bool is_row(const Lookup& type) const {
        if (type.object != nullptr)
            return analyze::Types(step_.resolver()).is_composite({.type = type.id});
        const catalog::BuiltinType* builtin =
            catalog::find_builtin_type_by_oid(static_cast<catalog::Oid>(type.id));
        return builtin != nullptr && builtin->kind == catalog::TypeKind::composite;
    }

    /// The server's own tables are known without these.
    static bool is_system_column(std::string_view name) {
        static constexpr std::array<std::string_view, 6> names = {"cmax",     "cmin", "ctid",
                                                                  "tableoid", "xmax", "xmin"};
        return std::ranges::find(names, name) != names.end();
    }

    void doubt_unless_present(const Lookup& lookup) {
        if (!lookup.present() && !lookup.assumed) doubt(lookup.reason);
    }

    /// A name that is nothing is read as a type, in which no % may stand.
    void refuse_sign(const pl::TypeReference& reference) {
        step_.refuse("42601", "syntax error at or near \"%\"", reference.sign);
    }

    Step& step_;
    const Body& body_;
};

} // namespace

void compile(Step& step, const Do& block) {
    const Body body{.what = "a DO block",
                    .block = block.block.get(),
                    .text = block.body,
                    .fault = block.body_fault,
                    .fault_reached = block.fault_reached};
    Compiler(step, body).run();
}

void compile(Step& step, const CreateFunction& function) {
    const Body body{.what = "a function's body",
                    .block = function.block.get(),
                    .text = function.body,
                    .fault = function.body_fault,
                    .fault_reached = function.fault_reached};
    Compiler(step, body).run();
}

} // namespace ordain::replay
