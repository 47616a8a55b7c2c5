#pragma once

#include <cstdint>
#include <optional>
#include <ordain/expression.hpp>
#include <ordain/source.hpp>
#include <ordain/statement.hpp>
#include <string>
#include <variant>
#include <vector>

/// The statements of a PL/pgSQL body (manual chapter 43; pl_gram.y of PostgreSQL 15), with the SQL
/// in them parsed as a server parses it. All spans are places in the file.
namespace ordain::plpgsql {

/// SQL of a body. An expression is what it is for the server: a query, SELECT put in front.
using Sql = ordain::Statement;

struct Statement;

/// A variable, or a field of one: outermost name first.
struct Target {
    std::vector<Identifier> names;
    bool element = false; ///< With a subscript.
};

/// name%TYPE and name%ROWTYPE of what is no variable.
struct TypeReference {
    std::vector<Identifier> names; ///< Outermost first.
    bool row = false;              ///< %ROWTYPE.
    Span sign;                     ///< The %.
};

/// DECLARE. A cursor has neither type nor value that matter here.
struct Declaration {
    Identifier name;
    std::optional<TypeName> type; ///< Missing for references, record and cursors.
    std::optional<TypeReference> reference;
    std::vector<Declaration> arguments; ///< Of a cursor.
    bool composite = false;             ///< A record or row: has fields.
    bool not_null = false;
    std::optional<Sql> value;
    Identifier alias_of; ///< ALIAS FOR.
};

/// WHEN condition OR condition ... THEN. A condition is a name or an SQLSTATE in upper case.
struct Handler {
    struct Condition {
        Identifier name;
        std::string sqlstate;
    };
    std::vector<Condition> conditions;
    std::vector<Statement> body;
};

struct Block {
    Identifier label;
    std::vector<Declaration> declarations;
    std::vector<Statement> body;
    std::vector<Handler> handlers;
};

struct Assignment {
    Target target;
    Sql value;
};

/// A condition, or for CASE with a subject the values that are compared: the query's columns.
struct Branch {
    Sql condition;
    std::vector<Statement> body;
};
struct If {
    std::vector<Branch> branches; ///< IF and every ELSIF.
    std::vector<Statement> otherwise;
};
struct Case {
    std::optional<Sql> subject;
    std::vector<Branch> branches;
    bool has_else = false;
    std::vector<Statement> otherwise;
};

struct Loop {
    enum class Kind : std::uint8_t {
        endless,
        while_,  ///< inputs: the condition.
        range,   ///< inputs: from, to and, where written, the step.
        query,   ///< inputs: the query; or what a bound cursor is called with.
        dynamic, ///< inputs: the command and what USING passes.
        array,   ///< FOREACH; inputs: the array.
    };
    Kind kind = Kind::endless;
    Identifier label;
    std::vector<Target> variables;
    std::vector<Sql> inputs;
    bool reverse = false;
    bool slice = false; ///< FOREACH ... SLICE n.
    std::vector<Statement> body;
};

/// EXIT and CONTINUE.
struct Leave {
    bool again = false; ///< CONTINUE.
    Identifier label;
    std::optional<Sql> condition;
};
struct Return {
    std::optional<Sql> value;
};
struct Raise {
    bool error = true;    ///< EXCEPTION, or no level.
    bool again = false;   ///< A bare RAISE.
    std::string sqlstate; ///< "P0001" unless said otherwise.
    Identifier condition; ///< RAISE division_by_zero.
    std::optional<std::string> format;
    std::vector<Sql> arguments;
    bool options = false; ///< USING: message and code may be other than those above.
};
struct Assert {
    Sql condition;
    std::optional<Sql> message;
};
/// EXECUTE.
struct Execute {
    Sql command;
    std::vector<Sql> arguments;
    std::vector<Target> into;
    bool strict = false;
};
/// An SQL statement, PERFORM or CALL. INTO is blanked out of its text.
struct Run {
    Sql sql;
    std::vector<Target> into = {};
    bool strict = false;
    bool discards = false; ///< PERFORM: the rows are not wanted.
};
/// COMMIT and ROLLBACK.
struct EndTransaction {};
/// NULL and RAISE NOTICE without what could fail.
struct Nothing {};
/// Cursor statements, GET DIAGNOSTICS, RETURN NEXT and RETURN QUERY.
struct Unmodelled {
    std::string kind;
};

struct Statement {
    Span span;
    std::variant<Block,
                 Assignment,
                 If,
                 Case,
                 Loop,
                 Leave,
                 Return,
                 Raise,
                 Assert,
                 Execute,
                 Run,
                 EndTransaction,
                 Nothing,
                 Unmodelled>
        form;
};

} // namespace ordain::plpgsql
