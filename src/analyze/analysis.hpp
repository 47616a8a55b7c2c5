#pragma once

#include "analyze/binder.hpp"
#include "analyze/node.hpp"
#include "analyze/scope.hpp"
#include "analyze/types.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::analyze {

/// What a query returns, while it is bound as part of another one.
struct QueryResult {
    BoundText text;
    std::vector<RangeColumn> columns;
    bool open = false; ///< It may return columns that are not listed.
    std::string reason;
    bool needs_rows = false;        ///< Returns none while the tables that it reads hold none.
    bool rows_from_nothing = false; ///< Aggregates without GROUP BY, VALUES, no FROM.
};

/// An entry of a select list or of RETURNING after transformation.
struct BoundTarget {
    Node node;
    std::string_view name;
};

/// One candidate of overload resolution: a function or an operator, of whatever origin.
struct Candidate {
    std::vector<TypeRef> arguments; ///< One for each actual argument, variadic ones expanded.
    TypeRef result;
    const catalog::BuiltinFunction* builtin = nullptr;
    const catalog::BuiltinOperator* operation = nullptr;
    const Object* object = nullptr;
    std::size_t defaults_used = 0;
    bool variadic = false;
    std::size_t path = 0; ///< Position of its schema in the search_path.
};

/// How overload resolution ended (FuncDetailCode).
enum class Choice { none, one, ambiguous, not_known };
struct Resolution {
    Choice choice = Choice::none;
    const Candidate* candidate = nullptr;
};

/// Binds one statement: the state and the rules of parse_analyze. A new one for each statement.
class Analysis {
public:
    explicit Analysis(const catalog::Resolver& resolver)
        : resolver_(resolver),
          catalog_(resolver.catalog()),
          types_(resolver) {}
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;
    ~Analysis() = default;

    // ---- entry points and results (analysis.cpp)
    void open_scope(const std::vector<ScopeRelation>* relations, Place place);
    void set_parameters(const std::vector<ScopeColumn>* parameters) { parameters_ = parameters; }
    Bound finish(const Node& node);
    BoundQuery finish_query(QueryResult result);
    Node condition(const Expression& written, std::string_view clause);
    Node value(const Expression& written, TypeRef target, std::string_view column);
    Node expression(const Expression& written);
    Node known_expression(const Expression& written) { return as_known(expression(written)); }
    QueryResult top_query(const Query& written);
    Binder::BoundType type_name(const TypeName& name);
    Binder::BoundFunction signature(const FunctionSignature& written, ObjectKind kind);

private:
    struct ColumnMatch {
        enum class State { none, one, ambiguous, not_known };
        State state = State::none;
        RangeColumn column{};
        std::string reason{};
        std::uint32_t level = 0;
    };
    struct InsertColumn {
        std::string_view name;
        TypeRef type{};
        const Object* column = nullptr;
    };
    enum class SystemColumns { included, left_out };
    struct EntryMatch {
        const RangeEntry* entry = nullptr;
        std::uint32_t level = 0;
        bool ambiguous = false;
    };

    // ---- what was found out (analysis.cpp)
    void fail(std::string_view sqlstate, std::string message, Span span);
    void doubt(std::string reason);
    void use(ObjectId object, Span span);
    void depend(ObjectId object);
    void depend_on_type(TypeRef type, Span span);
    void depend_on_member(Oid member);
    void worsen(char volatility);
    void may_fail(std::string_view reason);
    void check_volatility();
    void fill(Bound& bound);
    [[nodiscard]] std::vector<ObjectId> dependencies() const;
    std::string_view keep(std::string text);
    static Node unknown_node(std::string text, Span span);

    // ---- type names and signatures (type.cpp)
    void apply_modifiers(const TypeName& name, Binder::BoundType& bound) const;
    void type_of_column(const TypeName& name, Binder::BoundType& bound) const;
    struct NamedFunction {
        std::vector<TypeRef> arguments{};
        const Object* object = nullptr; ///< Null for builtin ones.
        bool right_kind = false;
    };
    void find_functions(const FunctionSignature& written,
                        ObjectKind kind,
                        std::vector<NamedFunction>& found) const;
    [[nodiscard]] std::string signature_text(const FunctionSignature& written,
                                             const std::vector<TypeRef>& arguments) const;

    // ---- printing (print.cpp)
    enum class ImplicitCasts { hidden, shown };
    void print(const Node& node, BoundText& text, ImplicitCasts casts) const;
    void print_list(const std::vector<Node>& nodes,
                    std::size_t first,
                    std::size_t last,
                    BoundText& text,
                    ImplicitCasts casts) const;
    void print_constant(const Node& node, BoundText& text) const;
    void print_cast(const Node& node, BoundText& text, ImplicitCasts casts) const;
    void print_call(const Node& node, BoundText& text) const;
    void print_case(const Node& node, BoundText& text) const;
    static void print_column(const Node& node, BoundText& text);
    void print_type(TypeRef type, BoundText& text) const;
    static void print_prefix(const RangeEntry& entry, BoundText& text);

    // ---- names (scope.cpp)
    RangeEntry& new_entry();
    [[nodiscard]] ColumnMatch
    find_column(const RangeEntry& entry, std::string_view name, SystemColumns system) const;
    [[nodiscard]] ColumnMatch
    find_in_relation(const RangeEntry& entry, std::string_view name, SystemColumns system) const;
    [[nodiscard]] ColumnMatch find_in_join(const RangeEntry& entry, std::string_view name) const;
    [[nodiscard]] ColumnMatch find_unqualified(std::string_view name) const;
    [[nodiscard]] std::vector<RangeColumn> list_columns(const RangeEntry& entry) const;
    [[nodiscard]] static const RangeEntry* first_open(const RangeEntry& entry);
    [[nodiscard]] const RangeEntry* open_in_sight() const;
    [[nodiscard]] EntryMatch find_entry(std::string_view alias, std::string_view schema) const;
    Node column_reference(const Expression& written);
    Node unqualified_column(const Expression& written);
    Node qualified_column(const Expression& written);
    std::optional<Node> parameter_reference(const Expression& written);
    [[nodiscard]] bool is_generated(ObjectId column) const;
    void check_trigger_row(const RangeEntry& entry, bool system, bool generated, Span span);
    void check_place_of(const RangeColumn& column, Span span);
    Node column_node(const RangeColumn& column, std::uint32_t level, Span span);
    Node whole_row(const RangeEntry& entry, std::uint32_t level, Span span);
    Node missing_entry(const Expression& written);
    [[nodiscard]] bool in_range_table(std::string_view name) const;
    void expand_star(const Expression& written, std::vector<BoundTarget>& targets);
    void expand_entry(const RangeEntry& entry,
                      std::uint32_t level,
                      Span span,
                      std::vector<BoundTarget>& targets);
    void use_column(const RangeColumn& column, Span span);

    // ---- FROM (from.cpp)
    using Items = std::vector<NamespaceItem>;
    void from_clause(const std::vector<FromItem>& items, BoundText& text);
    Items from_item(const FromItem& item, BoundText& text);
    Items from_relation(const FromItem& item, BoundText& text);
    Items from_subquery(const FromItem& item, BoundText& text);
    Items from_function(const FromItem& item, BoundText& text);
    Items from_join(const FromItem& item, BoundText& text);
    void join_condition(RangeEntry& entry, const FromItem& item, Items sides, BoundText& text);
    void function_columns(RangeEntry& entry, const Node& call, const FromItem& item);
    void definition_columns(RangeEntry& entry, const FromItem& item);
    void join_columns(RangeEntry& entry, const FromItem& item);
    void merge_column(RangeEntry& entry, const Identifier& name);
    void alias_columns(RangeEntry& entry, const FromItem& item);
    void check_conflicts(const Items& left, const Items& right, Span span);
    RangeEntry* relation_entry(const QualifiedName& name);
    RangeEntry* common_table_entry(const QualifiedName& name);
    Items visible(const RangeEntry& entry);

    // ---- expressions (expression.cpp, literal_expression.cpp)
    static Node constant(const Expression& written);
    Node operator_expression(const Expression& written);
    Node in_list(const Expression& written);
    Node between(const Expression& written);
    Node any_all(const Expression& written);
    Node like(const Expression& written);
    Node distinct_from(const Expression& written);
    Node boolean_operation(const Expression& written);
    Node case_expression(const Expression& written);
    Node common_type_call(const Expression& written, std::string_view keyword);
    Node null_if(const Expression& written);
    Node array_constructor(const Expression& written);
    Node array_of_type(const Expression& written, TypeRef array);
    Node row_constructor(const Expression& written);
    Node sublink(const Expression& written);
    Node compared_sublink(const Expression& written, Node node, QueryResult& inner);
    Node suffix(const Expression& written, std::string text);
    Node boolean_test(const Expression& written);
    Node sql_value(const Expression& written);
    Node subscript(const Expression& written);
    Node field_selection(const Expression& written);
    Node select_field(Node base, const Identifier& field);
    Node collate(const Expression& written);
    Node cast(const Expression& written);
    Node parameter(const Expression& written);
    Node comparison(std::string_view name, Node left, Node right, Span span);
    std::vector<Node> expressions(const std::vector<Expression>& list);

    // ---- functions (function.cpp)
    struct Call {
        const Expression& written;
        std::vector<Node> arguments;
        std::vector<TypeRef> inputs;
        QualifiedName name;
    };
    Node function_call(const Expression& written);
    std::optional<Node> as_field(Call& call);
    std::optional<Node> as_cast(Call& call);
    Node call_candidate(Call call, const Candidate& chosen);
    void describe_call(const Candidate& chosen, const Call& call, Node& node);
    [[nodiscard]] char effective_volatility(const FunctionDetails& details) const;
    [[nodiscard]] static bool is_plain_substring(const Call& call);
    void call_user_function(const Object& function, Span span, Node& node);
    void check_call_place(const Call& call, catalog::FunctionKind kind, bool set, Node& node);
    /// Expressions, and what is printed before each of them and after the last.
    struct Clauses {
        std::vector<Node> nodes;
        std::vector<std::string> words{""};

        void add(std::string_view word) { words.back() += word; }
        void add(Node node) {
            nodes.push_back(std::move(node));
            words.emplace_back();
        }
    };
    void add_clauses(const Call& call, Node& node);
    void add_sort_keys(const std::vector<SortKey>& keys, Clauses& clauses);
    void add_window(const Window& window, Clauses& clauses);
    [[nodiscard]] static std::string direction_of(const SortKey& key);
    static Node name_argument(const Expression& written, std::size_t place, Node node);
    [[nodiscard]] std::string call_signature(const Call& call) const;
    [[nodiscard]] static std::uint32_t lowest_level(const Node& node);
    [[nodiscard]] static bool holds_aggregate(const Node& node);
    Node call_not_found(Call call, const Resolution& resolution);
    [[nodiscard]] std::vector<Candidate> function_candidates(const Call& call) const;

    // ---- overload resolution (overload.cpp)
    [[nodiscard]] Resolution choose(const std::vector<Candidate>& candidates,
                                    const std::vector<TypeRef>& inputs) const;
    [[nodiscard]] Resolution select(std::vector<const Candidate*> candidates,
                                    const std::vector<TypeRef>& inputs) const;
    enum class Fit { no, yes, not_known };
    [[nodiscard]] Fit fits(const Candidate& candidate, const std::vector<TypeRef>& inputs) const;
    [[nodiscard]] Fit fits(TypeRef input, TypeRef target) const;
    struct Polymorphic {
        Fit fit = Fit::yes;
        bool undetermined = false; ///< Only literals without a type stand where it is taken from.
        std::vector<TypeRef> arguments{};
        TypeRef result{};
    };
    [[nodiscard]] Polymorphic resolve_polymorphic(const Candidate& candidate,
                                                  const std::vector<TypeRef>& inputs) const;

    // ---- operators (operator.cpp)
    Node
    apply_operator(const std::vector<Identifier>& names, std::vector<Node> operands, Span span);
    [[nodiscard]] char volatility_of(const catalog::BuiltinOperator& operation,
                                     const std::vector<TypeRef>& inputs) const;
    Node operator_result(std::string_view name,
                         const Candidate& chosen,
                         std::vector<Node> operands,
                         Span span);
    Node
    operator_not_found(std::string_view name, std::vector<Node> operands, Choice choice, Span span);
    void note_operator_failures(std::string_view name, TypeRef result);

    // ---- coercion (coerce.cpp)
    Node coerce(Node node, TypeRef target, catalog::CastContext context);
    Node coerce_literal(Node node, TypeRef target, catalog::CastContext context);
    Node coerce_or_fail(Node node, TypeRef target, std::string_view message_context);
    Node assign(Node node, TypeRef target, std::string_view column, std::string_view what);
    Node coerce_to_boolean(Node node, std::string_view clause);
    struct Common {
        TypeRef type{};
        TypeRef other{}; ///< What does not match `type`, then a refusal.
        Span span{};
    };
    [[nodiscard]] Common find_common_type(const std::vector<Node*>& nodes) const;
    TypeRef common_type(const std::vector<Node*>& nodes, std::string_view context);
    Node as_known(Node node);
    void reference_literal(const Node& node, TypeRef target);

    // ---- nulls (nullness.cpp)
    [[nodiscard]] bool never_null(const Node& node) const;
    [[nodiscard]] bool proven(const Node& node) const;
    [[nodiscard]] bool plain_array(const Node& any_all) const;
    void prove(const Node& condition);
    void note_assigned(const InsertColumn& column, const Node& node);

    // ---- queries (query.cpp, modify.cpp, grouping.cpp)
    QueryResult query(const Query& written, Scope* parent, bool resolve_unknowns);
    QueryResult query_in(const Query& written, bool resolve_unknowns);
    void with_clause(const Query& written, BoundText& text);
    void add_recursive_table(const Query& written, const QueryResult& first);
    void resolve_recursive_literals(const Query& written, QueryResult& first);
    void name_columns(CommonTable& table, const CommonTableExpression& written);
    [[nodiscard]] bool needs_rows(const FromItem& item) const;
    QueryResult select_query(const Query& written, bool resolve_unknowns);
    QueryResult values_query(const Query& written, bool resolve_unknowns);
    QueryResult set_operation(const Query& written);
    std::vector<BoundTarget> target_list(const std::vector<Target>& targets);
    Node sort_expression(const Expression& written,
                         std::vector<BoundTarget>& targets,
                         std::string_view clause);
    std::optional<std::size_t> output_position(const Expression& written,
                                               const std::vector<BoundTarget>& targets,
                                               std::string_view clause);
    void order_by(const std::vector<SortKey>& keys,
                  std::vector<BoundTarget>& targets,
                  BoundText& text,
                  std::vector<Node>& nodes);
    void order_set_operation(const Query& written,
                             std::vector<BoundTarget>& targets,
                             QueryResult& result);
    std::vector<Node>
    group_by(const Query& written, std::vector<BoundTarget>& targets, BoundText& text);
    void check_distinct_order(const std::vector<BoundTarget>& targets,
                              const std::vector<Node>& sorted);
    Node clause_condition(const Expression& written, std::string_view clause, Forbidden words);
    void expand_fields(const Node& base, std::vector<BoundTarget>& targets);
    void limits(const Query& written, BoundText& text);
    void limit(const Expression& written, std::string_view word, BoundText& text);
    [[nodiscard]] BoundText window_clause(const std::vector<Window>& windows);
    QueryResult insert(const Query& written);
    QueryResult update(const Query& written);
    QueryResult delete_from(const Query& written);
    QueryResult merge(const Query& written);
    void returning(const Query& written, QueryResult& result);
    RangeEntry* target_entry(const Query& written, Access access);
    std::optional<InsertColumn> assigned_column(const Identifier& name, const RangeEntry& target);
    std::vector<InsertColumn> insert_columns(const Query& written, const RangeEntry& target);
    void insert_rows(const Query& written,
                     const RangeEntry& target,
                     const std::vector<InsertColumn>& columns);
    void insert_query(const Query& written,
                      const RangeEntry& target,
                      const std::vector<InsertColumn>& columns,
                      QueryResult& result);
    static Node literal_of(const Query& source, std::size_t place, Node node);
    void check_generated(const InsertColumn& column, const Query& written, Span span);
    void on_conflict(const Query& written, const RangeEntry& target);
    void conflict_target(const Query& written, const RangeEntry& target);
    [[nodiscard]] static bool index_matches(const IndexDetails& index,
                                            const Query& written,
                                            const std::vector<ObjectId>& columns,
                                            const std::vector<BoundText>& expressions);
    void set_list(const std::vector<Target>& targets, const RangeEntry& target, BoundText& text);
    void check_grouping(const std::vector<Node>& groups, const std::vector<const Node*>& nodes);
    void ungrouped(const Node& node, const std::vector<Node>& groups);
    [[nodiscard]] bool functionally_dependent(const Node& column,
                                              const std::vector<Node>& groups) const;

    const catalog::Resolver& resolver_;
    const Catalog& catalog_;
    Types types_;
    Place place_ = Place::any;
    Scope base_scope_;
    Scope* scope_ = &base_scope_;
    const std::vector<ScopeColumn>* parameters_ = nullptr;
    std::deque<RangeEntry> entries_;
    std::deque<std::string> words_;
    std::vector<Use> uses_;
    std::vector<ObjectId> depends_;
    std::vector<ObjectId> calls_;
    std::vector<RelationAccess> relations_;
    std::vector<AssignedColumn> assigned_;
    bool in_star_ = false;                 ///< While "*" is expanded.
    std::set<const RangeEntry*> nullable_; ///< On the side of an outer join that may be missing.
    std::optional<Problem> problem_;
    std::vector<std::string> doubts_;
    std::string may_fail_;
    char volatility_ = 'i';
    bool mutable_ = false;        ///< A callee is stable or volatile for certain.
    bool callee_unknown_ = false; ///< The volatility of a callee is not known.
    int depth_ = 0;               ///< Of functions that are inlined into one another.
    bool constant_ = true;
    struct GeneratedValue {
        InsertColumn column;
        Span span;
    };
    std::vector<GeneratedValue> generated_; ///< Columns that the INSERT gives a value to.
    bool open_targets_ = false; ///< The select list may have more entries than are listed.
    const CommonTableExpression* recursive_ = nullptr; ///< Of WITH RECURSIVE, being bound.
    Scope* recursive_home_ = nullptr;
};

} // namespace ordain::analyze
