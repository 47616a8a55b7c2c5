#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ordain/expression.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ordain {

namespace plpgsql {
struct Block;
} // namespace plpgsql

/// Every kind of object that DDL names, in the manual's words.
enum class ObjectKind : std::uint8_t {
    schema,
    table,
    partitioned_table,
    foreign_table,
    view,
    materialized_view,
    sequence,
    composite_type,
    column,
    constraint,
    index,
    function,
    procedure,
    aggregate,
    trigger,
    policy,
    rule,
    enum_,
    domain,
    range,
    type,
    extension,
    role,
    database,
    tablespace,
    language,
    statistics,
    publication,
    subscription,
    event_trigger,
    operator_,
    operator_class,
    operator_family,
    cast,
    collation,
    conversion,
    foreign_data_wrapper,
    server,
    user_mapping,
    access_method,
    text_search_parser,
    text_search_dictionary,
    text_search_template,
    text_search_configuration,
    transform,
    large_object,
    default_privileges,
};

/// "table", "materialized view", "enum" ... as inspect prints them; parse_object_kind inverts it.
[[nodiscard]] std::string_view name_of(ObjectKind kind);
[[nodiscard]] std::optional<ObjectKind> parse_object_kind(std::string_view text);

/// IF EXISTS, IF NOT EXISTS or OR REPLACE.
enum class Guard : std::uint8_t { none, if_exists, if_not_exists, or_replace };
enum class DropBehavior : std::uint8_t { restrict_, cascade };
enum class Persistence : std::uint8_t { permanent, unlogged, temporary };
enum class ReferentialAction : std::uint8_t {
    no_action,
    restrict_,
    cascade,
    set_null,
    set_default
};
/// "no action", "restrict", "cascade", "set null", "set default".
[[nodiscard]] std::string_view name_of(ReferentialAction action);

/// The grammar's refusal of a text, or ours to read it.
struct StatementFault {
    std::string sqlstate;
    std::string message; ///< In the server's words, without "ERROR:".
    Span span;
};

/// key = value of WITH (...), SET (...), sequence and role options; the value as text.
struct Option {
    Identifier name;
    std::string value;
    Span span;
};

/// An element of an index, or of an exclusion constraint (then with its operator).
struct IndexElement {
    Identifier column;                    ///< Set when it is a plain column.
    std::optional<Expression> expression; ///< Set otherwise.
    QualifiedName collation;
    QualifiedName operator_class;
    QualifiedName exclusion_operator;
    bool descending = false;
    std::optional<bool> nulls_first;
    Span span;
};

struct ConstraintDefinition {
    enum class Kind : std::uint8_t {
        null,
        not_null,
        default_,
        identity,
        generated,
        check,
        primary_key,
        unique,
        exclusion,
        foreign_key
    };
    Kind kind = Kind::check;
    Span span;
    Identifier name; ///< Empty: the server generates one.
    std::vector<Identifier> columns;
    std::vector<Identifier> including;
    std::optional<Expression> expression; ///< DEFAULT, CHECK, GENERATED.
    bool identity_always = false;
    std::vector<Option> options; ///< Sequence options of an identity, storage parameters otherwise.
    QualifiedName referenced_table;
    std::vector<Identifier> referenced_columns; ///< Empty: the primary key.
    ReferentialAction on_delete = ReferentialAction::no_action;
    ReferentialAction on_update = ReferentialAction::no_action;
    std::vector<Identifier> on_delete_columns; ///< SET NULL (columns), PostgreSQL 15.
    bool match_full = false;
    bool deferrable = false;
    bool initially_deferred = false;
    bool not_valid = false;
    bool no_inherit = false;
    bool nulls_not_distinct = false;
    Identifier using_index;
    std::string access_method; ///< Of an exclusion constraint; "gist" by default.
    std::vector<IndexElement> elements;
    std::optional<Expression> where;
};

struct ColumnDefinition {
    Identifier name;
    TypeName type; ///< type.name is empty for columns that only refine (OF type, PARTITION OF).
    QualifiedName collation;
    std::vector<ConstraintDefinition> constraints; ///< As written: DEFAULT and NOT NULL as well.
    std::string storage;
    Span span;
};

// ---- schemas, tables -------------------------------------------------------------------------

struct CreateSchema {
    Identifier name; ///< Empty: AUTHORIZATION's role names it.
    Identifier authorization;
    /// Its CREATE TABLE, VIEW, INDEX ... elements follow as Actions of their own, in the server's
    /// order, with this schema filled in where the element names none.
};

struct LikeClause {
    QualifiedName table;
    bool defaults = false, constraints = false, identity = false, generated = false,
         indexes = false, comments = false, storage = false, statistics = false;
    std::uint32_t position = 0; ///< How many columns were written before it.
};

struct CreateTable {
    QualifiedName table;
    Persistence persistence = Persistence::permanent;
    std::vector<ColumnDefinition> columns;
    std::vector<ConstraintDefinition> constraints;
    std::vector<LikeClause> like;
    std::vector<QualifiedName> inherits;
    QualifiedName partition_of;
    std::string partition_bound;  ///< FOR VALUES ... as canonical text; "default" for DEFAULT.
    std::string partition_method; ///< "range", "list", "hash"; empty when not partitioned.
    std::vector<IndexElement> partition_key;
    QualifiedName of_type;
    std::vector<Option> options;
    Identifier tablespace;
    Identifier server;     ///< CREATE FOREIGN TABLE.
    std::string on_commit; ///< "drop", "delete rows" or empty.
};

struct CreateTableAs {
    QualifiedName table;
    Persistence persistence = Persistence::permanent;
    bool materialized_view = false;
    bool with_no_data = false;
    std::vector<Identifier> columns;
    Query query; ///< kind unsupported for EXECUTE.
};

// ---- ALTER TABLE (and ALTER INDEX, SEQUENCE, VIEW ... where the subcommand is shared) ----------
// Each subcommand is one Action; `relation` is repeated in each.

struct AddColumn {
    QualifiedName relation;
    ColumnDefinition column;
};
struct DropColumn {
    QualifiedName relation;
    Identifier column;
    DropBehavior behavior{};
};
struct SetColumnDefault {
    QualifiedName relation;
    Identifier column;
    std::optional<Expression> value; /**< Unset: DROP DEFAULT. */
};
struct SetColumnNotNull {
    QualifiedName relation;
    Identifier column;
    bool not_null = true;
};
struct AlterColumnType {
    QualifiedName relation;
    Identifier column;
    TypeName type;
    QualifiedName collation;
    std::optional<Expression> using_;
};
struct AddIdentity {
    QualifiedName relation;
    Identifier column;
    bool always = false;
    std::vector<Option> options;
};
struct AlterIdentity {
    QualifiedName relation;
    Identifier column;
    std::vector<Option> options;
};
struct DropIdentity {
    QualifiedName relation;
    Identifier column;
};
struct DropExpression {
    QualifiedName relation;
    Identifier column;
};
struct AddConstraint {
    QualifiedName relation;
    ConstraintDefinition constraint;
};
struct DropConstraint {
    QualifiedName relation;
    Identifier constraint;
    DropBehavior behavior{};
};
struct ValidateConstraint {
    QualifiedName relation;
    Identifier constraint;
};
struct AlterConstraint {
    QualifiedName relation;
    Identifier constraint;
    bool deferrable = false;
    bool initially_deferred = false;
};
struct SetRowSecurity {
    enum class State : std::uint8_t { enable, disable, force, no_force };
    QualifiedName relation;
    State state{};
};
/// ENABLE / DISABLE [REPLICA | ALWAYS] TRIGGER or RULE; name empty: ALL or USER.
struct SetTriggerState {
    QualifiedName relation;
    Identifier trigger;
    std::string scope;
    std::string state;
    bool rule = false;
};
struct AttachPartition {
    QualifiedName relation;
    QualifiedName partition;
    std::string bound;
};
struct DetachPartition {
    QualifiedName relation;
    QualifiedName partition;
    bool concurrently = false;
    bool finalize = false;
};
struct SetInherit {
    QualifiedName relation;
    QualifiedName parent;
    bool inherit = true;
};
struct SetPersistence {
    QualifiedName relation;
    bool logged = true;
};
/// Storage parameters, column statistics and storage, CLUSTER ON, REPLICA IDENTITY, access method,
/// tablespace: changes a property that no other Action reads. `what` is the manual's words.
struct SetProperty {
    QualifiedName relation;
    Identifier column;
    std::string what;
    std::vector<Option> options;
};

// ---- other objects -----------------------------------------------------------------------------

struct CreateIndex {
    Identifier name; ///< Empty: generated.
    QualifiedName table;
    bool only = false;
    bool unique = false;
    bool concurrently = false;
    bool nulls_not_distinct = false;
    std::string method; ///< "btree" by default.
    std::vector<IndexElement> elements;
    std::vector<Identifier> including;
    std::vector<Option> options;
    Identifier tablespace;
    std::optional<Expression> where;
};
struct CreateView {
    QualifiedName view;
    Persistence persistence = Persistence::permanent;
    std::vector<Identifier> columns;
    std::vector<Option> options;
    bool recursive = false;
    std::string check_option; ///< "local", "cascaded" or empty.
    Query query;
};
struct CreateSequence {
    QualifiedName sequence;
    Persistence persistence = Persistence::permanent;
    std::vector<Option>
        options; /**< as, increment, start, owned_by (value "table.column" or "none") ... */
    QualifiedName owned_by_table;
    Identifier owned_by_column;
};
struct AlterSequence {
    QualifiedName sequence;
    std::vector<Option> options;
    QualifiedName owned_by_table;
    Identifier owned_by_column;
    bool owned_by_none = false;
};

struct FunctionParameter {
    enum class Mode : std::uint8_t { in, out, inout, variadic, table };
    Identifier name;
    TypeName type;
    Mode mode = Mode::in;
    std::optional<Expression> default_;
};
struct CreateFunction {
    QualifiedName function;
    bool procedure = false;
    std::vector<FunctionParameter> parameters;
    std::optional<TypeName> returns;
    std::string language;              ///< Folded; "sql" for a BEGIN ATOMIC or RETURN body.
    std::string body;                  ///< AS '...' unescaped; empty for BEGIN ATOMIC.
    Span body_span;                    ///< The literal, quotes included.
    bool atomic_body = false;          ///< RETURN expression or BEGIN ATOMIC ... END.
    std::vector<Query> atomic_queries; ///< Its statements.
    std::optional<Expression> atomic_return;
    /// A LANGUAGE sql string, parsed as the server does when it creates the function.
    std::vector<Query> body_queries;
    /// The first refusal of a body by what reads it when the function is created; of a string in
    /// LANGUAGE sql or plpgsql.
    std::optional<StatementFault> body_fault;
    /// A LANGUAGE plpgsql body; null as in Do.
    std::shared_ptr<const plpgsql::Block> block;
    std::uint32_t fault_reached = 0; ///< See Do.
    std::string volatility;          ///< "volatile" (default), "stable", "immutable".
    bool security_definer = false;
    bool strict = false;
    bool window = false;
    std::vector<Option> options; ///< SET x, COST, ROWS, PARALLEL, SUPPORT, LEAKPROOF, link symbol.
};
/// A function as DROP, ALTER, COMMENT or GRANT names it.
struct FunctionSignature {
    QualifiedName name;
    bool arguments_given = false;
    std::vector<TypeName> arguments; ///< Input arguments (and VARIADIC).
};
struct AlterFunction {
    FunctionSignature function;
    ObjectKind kind = ObjectKind::function;
    std::vector<Option> options;
};

struct CreateEnum {
    QualifiedName type;
    std::vector<Identifier> labels;
};
struct AlterEnumAdd {
    QualifiedName type;
    Identifier label;
    Identifier neighbor;
    bool after = true;
};
struct AlterEnumRename {
    QualifiedName type;
    Identifier from;
    Identifier to;
};
struct CreateDomain {
    QualifiedName domain;
    TypeName base;
    QualifiedName collation;
    std::vector<ConstraintDefinition> constraints;
};
struct AlterDomain {
    QualifiedName domain;
    std::string what; /**< "set default", "drop default", "set not null", "drop not null", "add
                         constraint", "drop constraint", "validate constraint" */
    Identifier constraint_name;
    std::optional<ConstraintDefinition> constraint;
    std::optional<Expression> value;
    DropBehavior behavior{};
};
struct CreateCompositeType {
    QualifiedName type;
    std::vector<ColumnDefinition> attributes;
};
struct CreateRange {
    QualifiedName type;
    std::vector<Option> options;
    TypeName subtype;
};

struct CreateTrigger {
    Identifier trigger;
    QualifiedName relation;
    QualifiedName function;
    std::vector<std::string> arguments;
    std::string timing;              ///< "before", "after", "instead of".
    std::vector<std::string> events; ///< "insert", "update", "delete", "truncate".
    std::vector<Identifier> columns; ///< UPDATE OF.
    bool for_each_row = false;
    bool constraint = false;
    bool deferrable = false;
    bool initially_deferred = false;
    QualifiedName from_table;
    std::optional<Expression> when;
    std::vector<Identifier> transition_tables;
    std::vector<std::string> transition_kinds; ///< Theirs: "old table", "new table", "old row" ...
};
struct CreatePolicy {
    Identifier policy;
    QualifiedName relation;
    bool permissive = true;
    std::string command; ///< "all", "select", "insert", "update", "delete".
    std::vector<Identifier> roles;
    std::optional<Expression> using_;
    std::optional<Expression> check;
};
struct AlterPolicy {
    Identifier policy;
    QualifiedName relation;
    std::vector<Identifier> roles;
    std::optional<Expression> using_;
    std::optional<Expression> check;
};
struct CreateRule {
    Identifier rule;
    QualifiedName relation;
    std::string event;
    bool instead = false;
    std::optional<Expression> where;
    std::vector<Query> actions;
};
struct CreateExtension {
    Identifier extension;
    Identifier schema;
    std::string version;
    bool cascade = false;
};
struct CreateRole {
    Identifier role;
    std::vector<Option> options;
};
struct AlterRole {
    Identifier role;
    std::vector<Option> options;
};
struct CreateStatistics {
    QualifiedName statistics;
    std::vector<std::string> kinds;
    std::vector<IndexElement> elements;
    QualifiedName table;
};
struct CreatePublication {
    Identifier publication;
    bool all_tables = false;
    std::vector<QualifiedName> tables;
    std::vector<Option> options;
};

// ---- any object ---------------------------------------------------------------------------------

/// An object as DROP, COMMENT, ALTER ... RENAME, OWNER TO and SET SCHEMA name it.
struct ObjectName {
    ObjectKind kind =
        ObjectKind::table;  ///< As written: DROP TYPE says type, DROP TABLE says table.
    QualifiedName name;     ///< The object; for parts of a table and for casts see below.
    QualifiedName relation; ///< Table of a column, constraint, trigger, policy or rule.
    FunctionSignature
        function; ///< function, procedure, aggregate (kind routine arrives as function).
    std::vector<TypeName> types; ///< cast: source, target; operator: left, right.
    bool on_domain = false;      ///< COMMENT ON CONSTRAINT c ON DOMAIN d.
    Span span;
};
/// One Action for each object of a DROP; all of a statement are dropped as one set
/// (DROP TABLE a, b succeeds where b depends on a): `set` numbers them.
struct DropObject {
    ObjectName object;
    DropBehavior behavior{};
    bool concurrently = false;
    std::uint32_t index = 0;
    std::uint32_t count = 1;
};
struct RenameObject {
    ObjectName object;
    Identifier to;
    DropBehavior behavior{};
};
struct SetSchema {
    ObjectName object;
    Identifier schema;
};
struct SetOwner {
    ObjectName object;
    Identifier role;
};
struct CommentOn {
    ObjectName object;
    std::optional<std::string> text; /**< Unset: IS NULL. */
};
/// GRANT and REVOKE, one Action for each object (or "all in schema").
struct Grant {
    bool revoke = false;
    bool grant_option = false;
    bool all_in_schema = false; ///< Then object.name.name is the schema.
    ObjectName object;
    std::vector<std::string> privileges; ///< Lower case; empty: ALL.
    std::vector<Identifier> columns;
    std::vector<Identifier> grantees;
    DropBehavior behavior{};
};
struct GrantRole {
    bool revoke = false;
    std::vector<Identifier> roles;
    std::vector<Identifier> grantees;
    bool admin_option = false;
};

// ---- data, session, transaction -----------------------------------------------------------------

/// SELECT, VALUES, INSERT, UPDATE, DELETE, MERGE.
struct RunQuery {
    Query query;
};
struct TruncatedTable {
    QualifiedName name;
    bool only = false; ///< ONLY name: children left out.
};
struct Truncate {
    std::vector<TruncatedTable> tables;
    bool restart_identity = false;
    DropBehavior behavior{};
};
struct CopyRows {
    QualifiedName relation;
    std::vector<Identifier> columns;
    bool from = true;
    std::optional<Query> query;
    bool from_stdin = false;
};
struct LockTable {
    std::vector<QualifiedName> tables;
    std::string mode; /**< "AccessExclusiveLock" ... */
};
struct RefreshMaterializedView {
    QualifiedName view;
    bool concurrently = false;
    bool with_no_data = false;
};
/// VACUUM, ANALYZE, CLUSTER, REINDEX, CHECKPOINT.
struct Maintain {
    std::string command;
    std::string object_kind;
    std::vector<QualifiedName> relations;
    bool full = false;
    bool concurrently = false;
};

struct SetVariable {
    enum class Scope : std::uint8_t { session, local };
    Scope scope = Scope::session;
    Identifier name; ///< Folded, dots included: "search_path", "lock_timeout", "all" for RESET ALL.
    bool reset = false;             ///< RESET, SET ... TO DEFAULT.
    std::vector<Identifier> values; ///< As text, one for each list element.
    bool transaction_mode =
        false; ///< SET TRANSACTION / SET SESSION CHARACTERISTICS: name says which.
};
struct Transaction {
    enum class Kind : std::uint8_t {
        begin,
        commit,
        rollback,
        savepoint,
        release,
        rollback_to,
        prepare,
        commit_prepared,
        rollback_prepared
    };
    Kind kind{};
    Identifier savepoint;
    bool chain = false;
    std::vector<Option> options;
};
/// DO.
struct Do {
    std::string language;
    std::string body;
    Span body_span; ///< The literal, quotes included.
    /// The body as read; null when it is not PL/pgSQL, when escapes hide where its text stands in
    /// the file, or when Ordain could not read it.
    std::shared_ptr<const plpgsql::Block> block;
    std::uint32_t body_offset = 0; ///< Where body's text begins in the file, when block is set.
    /// The first refusal that needs no catalog; a server compiles the block before it runs.
    std::optional<StatementFault> body_fault;
    /// Where the compiler stands then: types and conditions named before are looked up earlier.
    std::uint32_t fault_reached = 0;
    bool partly_read = false; ///< The block holds only what stands before body_fault.
};
struct Call {
    Expression call;
};

/// A word that an unread statement holds, a name or a keyword, folded as an identifier would be.
struct Mention {
    std::string word;
    Span span;
};
/// What the grammar read and the replay does not model: it taints what it mentions.
struct Unmodelled {
    std::string kind; ///< The statement in the manual's words: "CREATE OPERATOR", "ALTER SYSTEM".
    bool anything = false; ///< What it works on does not stand there: it taints every name.
};

using ActionPayload = std::variant<Unmodelled,
                                   CreateSchema,
                                   CreateTable,
                                   CreateTableAs,
                                   AddColumn,
                                   DropColumn,
                                   SetColumnDefault,
                                   SetColumnNotNull,
                                   AlterColumnType,
                                   AddIdentity,
                                   AlterIdentity,
                                   DropIdentity,
                                   DropExpression,
                                   AddConstraint,
                                   DropConstraint,
                                   ValidateConstraint,
                                   AlterConstraint,
                                   SetRowSecurity,
                                   SetTriggerState,
                                   AttachPartition,
                                   DetachPartition,
                                   SetInherit,
                                   SetPersistence,
                                   SetProperty,
                                   CreateIndex,
                                   CreateView,
                                   CreateSequence,
                                   AlterSequence,
                                   CreateFunction,
                                   AlterFunction,
                                   CreateEnum,
                                   AlterEnumAdd,
                                   AlterEnumRename,
                                   CreateDomain,
                                   AlterDomain,
                                   CreateCompositeType,
                                   CreateRange,
                                   CreateTrigger,
                                   CreatePolicy,
                                   AlterPolicy,
                                   CreateRule,
                                   CreateExtension,
                                   CreateRole,
                                   AlterRole,
                                   CreateStatistics,
                                   CreatePublication,
                                   DropObject,
                                   RenameObject,
                                   SetSchema,
                                   SetOwner,
                                   CommentOn,
                                   Grant,
                                   GrantRole,
                                   RunQuery,
                                   Truncate,
                                   CopyRows,
                                   LockTable,
                                   RefreshMaterializedView,
                                   Maintain,
                                   SetVariable,
                                   Transaction,
                                   Do,
                                   Call>;

/// One thing that a statement does, in PostgreSQL's own terms.
struct Action {
    ActionPayload payload;
    Span span; ///< The subcommand, the dropped object ... within the statement.
    Guard guard = Guard::none;
    /// ALTER TABLE IF EXISTS on the relation, where guard speaks of the subcommand.
    bool relation_if_exists = false;
    /// What an ALTER was written for: ALTER TABLE v ... on a view is legal for some, refused for
    /// others.
    ObjectKind written_for = ObjectKind::table;
    /// For Unmodelled, Do, Call and the body of CreateFunction: every word of the statement, those
    /// inside string literals and bodies included.
    std::vector<Mention> mentions;
};

} // namespace ordain
