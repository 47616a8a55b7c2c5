#pragma once

#include "parse/plpgsql_source.hpp"

#include <optional>
#include <ordain/plpgsql.hpp>
#include <string>
#include <vector>

namespace ordain::parse {

/// What a value of this type is to the compiler. `span` is the type's place within the body.
[[nodiscard]] PlpgsqlVariable variable_of(const TypeName& type, Span span);

/// Reads DECLARE sections and puts what they declare into the scope's innermost level (pl_gram.y,
/// decl_stmts).
class PlpgsqlDeclarations {
public:
    PlpgsqlDeclarations(PlpgsqlSource& source, PlpgsqlScope& scope)
        : source_(source),
          scope_(scope) {}

    /// What stands between DECLARE and BEGIN.
    std::vector<plpgsql::Declaration> read();

    /// SQLSTATE and SQLERRM, which EXCEPTION declares.
    void declare_error_variables();
    /// The variable of a loop over numbers.
    void declare_counter(const std::string& name);
    /// The variable of a loop over a cursor.
    void declare_row(const std::string& name);

private:
    plpgsql::Declaration declaration();
    Identifier new_name();
    void read_alias(plpgsql::Declaration& declaration);
    void read_cursor(plpgsql::Declaration& declaration);
    void read_cursor_arguments(plpgsql::Declaration& declaration);
    PlpgsqlVariable read_variable(plpgsql::Declaration& declaration);
    PlpgsqlVariable read_type(plpgsql::Declaration& declaration);
    std::optional<PlpgsqlVariable> read_reference(plpgsql::Declaration& declaration,
                                                  const PlpgsqlName& name);
    void skip_type();
    [[nodiscard]] bool is_keyword(std::string_view word) const;

    PlpgsqlSource& source_;
    PlpgsqlScope& scope_;
    PlpgsqlTokens& tokens_ = source_.tokens;
};

} // namespace ordain::parse
