#pragma once

#include "catalog/resolve.hpp"
#include "replay/row_set.hpp"
#include "replay/session.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <ordain/expression.hpp>
#include <ordain/outcome.hpp>
#include <set>
#include <string>
#include <vector>

namespace ordain::replay {

/// The variables of a body by name. Inner declarations hide outer ones.
using Variables = std::map<std::string, Value, std::less<>>;

/// Computes expressions and queries over the system catalogs and constants, in three values: what
/// depends on anything else is unknown, with the reason. Never changes the catalog.
class Evaluator {
public:
    Evaluator(const catalog::Resolver& resolver,
              const Session& session,
              const std::set<std::string>& assumed,
              const Variables& variables)
        : resolver_(resolver),
          session_(session),
          assumed_(assumed),
          variables_(variables) {}

    /// What $1, $2 ... stand for.
    void set_parameters(std::vector<Value> parameters) { parameters_ = std::move(parameters); }

    /// The first column of the only row; null when there is no row.
    [[nodiscard]] Value scalar(const Query& query);
    [[nodiscard]] RowSet rows(const Query& query);
    /// An expression on its own: columns are unknown.
    [[nodiscard]] Value constant(const Expression& expression) {
        return as_kind(value(expression, nullptr), Value::Kind::boolean);
    }

    /// The error that evaluation is certain to raise, the first there is.
    [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

private:
    struct Entry {
        std::string alias;
        const std::vector<std::string>* columns = nullptr;
        const Row* row = nullptr;
    };
    struct Scope {
        std::vector<Entry> entries;
        const Scope* outer = nullptr;
    };
    struct Table {
        std::string alias;
        RowSet set;
    };
    struct NamedTable {
        std::string name;
        RowSet set;
    };

    // ---- queries
    RowSet query_rows(const Query& query, const Scope* outer);
    RowSet select_rows(const Query& query, const Scope* outer);
    RowSet values_rows(const Query& query, const Scope* outer);
    RowSet set_operation_rows(const Query& query, const Scope* outer);
    RowSet grouped_row(const Query& query,
                       const RowSet& joined,
                       const std::vector<Table>& tables,
                       const Scope* outer);
    void project(const Query& query, const Scope& scope, Row& row);
    [[nodiscard]] static std::vector<std::string> output_columns(const Query& query,
                                                                 const std::vector<Table>& tables);
    void limit(const Query& query, RowSet& set, const Scope* outer);
    bool collect(const std::vector<FromItem>& items,
                 std::vector<Table>& tables,
                 std::vector<const Expression*>& conditions,
                 const Scope* outer);
    bool collect(const FromItem& item,
                 std::vector<Table>& tables,
                 std::vector<const Expression*>& conditions,
                 const Scope* outer);
    RowSet relation_rows(const FromItem& item, const std::vector<const Expression*>& conditions);
    RowSet function_rows(const FromItem& item, const Scope* outer);
    RowSet set_rows(const Expression& call, const Scope* outer);
    [[nodiscard]] static bool returns_set(const Expression& expression);
    template <typename Visit>
    void join(const std::vector<Table>& tables,
              const std::vector<const Expression*>& conditions,
              const Scope* outer,
              const Visit& visit);
    static RowSet anything(std::string why);

    // ---- expressions
    Value value(const Expression& expression, const Scope* scope);
    Value column(const Expression& expression, const Scope* scope);
    Value call(const Expression& expression, const Scope* scope);
    Value operation(const Expression& expression, const Scope* scope);
    [[nodiscard]] static Value binary(std::string_view name, const Value& a, const Value& b);
    Value in_list(const Expression& expression, const Scope* scope);
    Value quantified(const Expression& expression, const Scope* scope);
    Value subquery(const Expression& expression, const Scope* scope);
    Value case_value(const Expression& expression, const Scope* scope);
    Value cast(const Expression& expression, const Scope* scope);
    Value to_object(const Value& name, std::string_view type, Span span);
    Value boolean_test(const Expression& expression, const Scope* scope);
    Value subscript(const Expression& expression, const Scope* scope);
    Value current_setting(const std::vector<Value>& arguments, Span span);
    [[nodiscard]] Value setting(std::string_view name) const;
    std::optional<Value> aggregate(const Expression& call);
    [[nodiscard]] bool spend();

    const catalog::Resolver& resolver_;
    const Session& session_;
    const std::set<std::string>& assumed_;
    const Variables& variables_;
    std::vector<Value> parameters_;
    std::vector<NamedTable> common_tables_;
    const RowSet* group_ = nullptr; ///< Rows that an aggregate runs over.
    std::optional<Refusal> refusal_;
    std::size_t spent_ = 0;
};

} // namespace ordain::replay
