#include "parse/lower_definition.hpp"
#include "parse/lower_object_name.hpp"
#include "parse/lower_statement.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace ordain::parse {
namespace {

/// One subcommand: its node, and where it is; the locator stands at its first word.
struct Subcommand {
    Lowering& lowering;
    const PgQuery__AlterTableStmt& statement;
    const PgQuery__AlterTableCmd& node;
    const QualifiedName& relation;
    Span span;

    [[nodiscard]] Locator& locator() const { return lowering.locator(); }
    template <typename Payload>
    void add(Payload payload, Guard guard = Guard::none) const {
        Action& action = lowering.add(std::move(payload), span);
        action.guard = guard;
        action.relation_if_exists = statement.missing_ok != 0;
        action.written_for = object_kind(statement.objtype);
    }
    /// Passes ALTER [COLUMN] or the like and the column's name.
    [[nodiscard]] Identifier column() const;
    [[nodiscard]] Guard if_exists() const {
        return guard_if(node.missing_ok != 0, Guard::if_exists);
    }
};

Identifier Subcommand::column() const {
    locator().skip(); // ALTER or DROP
    if (!locator().accept("column") && statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE)
        locator().accept("attribute");
    if (node.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn)
        locator().accept_guard(node.missing_ok != 0);
    return locator().name(node.name);
}

/// The name behind ALTER, DROP or VALIDATE CONSTRAINT.
Identifier constraint_name(const Subcommand& command, std::string_view name) {
    command.locator().skip();
    command.locator().accept("constraint");
    command.locator().accept_guard(command.node.missing_ok != 0);
    return command.locator().name(name);
}

void add_column(const Subcommand& command) {
    if (command.node.def == nullptr) return;
    command.add(AddColumn{.relation = command.relation,
                          .column = lower_column(command.lowering, *command.node.def->column_def)},
                guard_if(command.node.missing_ok != 0, Guard::if_not_exists));
}

void alter_column_type(const Subcommand& command) {
    AlterColumnType change;
    change.relation = command.relation;
    change.column = command.column();
    const PgQuery__ColumnDef& definition = *command.node.def->column_def;
    change.type = command.lowering.type(definition.type_name);
    change.collation = command.lowering.collation(definition.coll_clause);
    change.using_ = command.lowering.expression(definition.raw_default);
    command.add(std::move(change));
}

void set_column_default(const Subcommand& command) {
    Identifier column = command.column();
    command.add(SetColumnDefault{.relation = command.relation,
                                 .column = std::move(column),
                                 .value = command.lowering.expression(command.node.def)});
}

template <bool NotNull>
void set_not_null(const Subcommand& command) {
    command.add(SetColumnNotNull{
        .relation = command.relation, .column = command.column(), .not_null = NotNull});
}

void add_constraint(const Subcommand& command) {
    const PgQuery__Constraint& node = *command.node.def->constraint;
    command.add(
        AddConstraint{.relation = command.relation,
                      .constraint = lower_constraint(command.lowering, node, command.span.end)});
}

void alter_constraint(const Subcommand& command) {
    const PgQuery__Constraint& node = *command.node.def->constraint;
    command.add(AlterConstraint{.relation = command.relation,
                                .constraint = constraint_name(command, node.conname),
                                .deferrable = node.deferrable != 0,
                                .initially_deferred = node.initdeferred != 0});
}

void add_identity(const Subcommand& command) {
    const PgQuery__Constraint& node = *command.node.def->constraint;
    Identifier column = command.column();
    command.locator().skip_past("identity");
    command.add(AddIdentity{
        .relation = command.relation,
        .column = std::move(column),
        .always = is_always(node),
        .options = command.lowering.bracketed_options(nodes(node.options, node.n_options))});
}

void alter_identity(const Subcommand& command) {
    AlterIdentity change;
    change.relation = command.relation;
    change.column = command.column();
    change.options = command.lowering.options(items_of(command.node.def));
    for (Option& option : change.options) {
        // The tree has the letter's code (pg_attribute.attidentity).
        if (option.name.text == "generated")
            option.value = option.value == std::to_string('a') ? "always" : "by default";
    }
    command.add(std::move(change));
}

template <SetRowSecurity::State State>
void set_row_security(const Subcommand& command) {
    command.add(SetRowSecurity{.relation = command.relation, .state = State});
}

template <bool Inherit>
void set_inherit(const Subcommand& command) {
    command.add(SetInherit{.relation = command.relation,
                           .parent = command.lowering.relation(command.node.def->range_var),
                           .inherit = Inherit});
}

void attach_partition(const Subcommand& command) {
    const PgQuery__PartitionCmd& node = *command.node.def->partition_cmd;
    AttachPartition attach;
    attach.relation = command.relation;
    attach.partition = command.lowering.relation(node.name);
    attach.bound = lower_partition_bound(command.lowering, node.bound);
    command.add(std::move(attach));
}

template <bool Finalize>
void detach_partition(const Subcommand& command) {
    const PgQuery__PartitionCmd& node = *command.node.def->partition_cmd;
    command.add(DetachPartition{.relation = command.relation,
                                .partition = command.lowering.relation(node.name),
                                .concurrently = node.concurrent != 0,
                                .finalize = Finalize});
}

/// ENABLE or DISABLE TRIGGER or RULE; `scope` is "all" or "user" where no name is given.
void set_trigger_state(const Subcommand& command, std::string_view state, std::string_view scope) {
    SetTriggerState change;
    change.relation = command.relation;
    change.scope = scope;
    change.state = state;
    command.locator().accept_all({"enable", "disable", "replica", "always"});
    change.rule = command.locator().accept("rule");
    command.locator().accept("trigger");
    change.trigger = command.locator().name(command.node.name);
    command.add(std::move(change));
}

void set_owner(const Subcommand& command) {
    SetOwner change;
    change.object.kind = object_kind(command.statement.objtype);
    change.object.name = command.relation;
    change.object.span = command.relation.span();
    change.role = command.lowering.role(command.node.newowner);
    command.add(std::move(change));
}

/// What a property's Action holds beside its words.
struct Property {
    std::string_view what;
    Identifier column;
    std::vector<Option> options;
};

void set_property(const Subcommand& command, Property property) {
    command.add(SetProperty{.relation = command.relation,
                            .column = std::move(property.column),
                            .what = std::string(property.what),
                            .options = std::move(property.options)});
}

/// An option that the grammar has no DefElem for.
Option made_option(std::string_view name, std::string value, Span span) {
    return Option{
        .name = {.text = std::string(name), .span = span}, .value = std::move(value), .span = span};
}

/// ALTER COLUMN name SET STATISTICS n, STORAGE x, COMPRESSION x. An index's column may be a number.
void set_column_value(const Subcommand& command, std::string_view what, std::string_view word) {
    Property property{.what = what, .column = {}, .options = {}};
    if (*command.node.name != '\0') property.column = command.column();
    command.locator().skip_past(word);
    property.options.push_back(
        made_option(word, value_text(command.node.def), command.locator().next_span()));
    set_property(command, std::move(property));
}

/// SET (...) and RESET (...) of a relation, a column or a foreign table's OPTIONS.
void set_options(const Subcommand& command, std::string_view what, std::string_view absent) {
    Property property{.what = what, .column = {}, .options = {}};
    if (*command.node.name != '\0') property.column = command.column();
    property.options = command.lowering.options(items_of(command.node.def), absent);
    set_property(command, std::move(property));
}

/// A property whose value is the name behind the subcommand's last keyword.
void set_named(const Subcommand& command, std::string_view what, std::string_view keyword) {
    Property property{.what = what, .column = {}, .options = {}};
    if (command.locator().skip_past(keyword)) {
        const Identifier value = command.locator().name(command.node.name);
        property.options.push_back(made_option(keyword, value.text, value.span));
    }
    set_property(command, std::move(property));
}

/// pg_class.relreplident in the manual's words.
std::string identity_word(std::string_view letter) {
    if (letter == "f") return "full";
    return letter == "n" ? "nothing" : "default";
}

void set_replica_identity(const Subcommand& command) {
    const PgQuery__ReplicaIdentityStmt& node = *command.node.def->replica_identity_stmt;
    command.locator().skip_past("identity");
    const Span value = command.locator().next_span();
    Property property{.what = "replica identity", .column = {}, .options = {}};
    if (std::string_view(node.identity_type) == "i") {
        command.locator().skip_past("index");
        const Identifier index = command.locator().name(node.name);
        property.options.push_back(made_option("index", index.text, index.span));
    } else {
        property.options.push_back(
            made_option("identity", identity_word(node.identity_type), value));
    }
    set_property(command, std::move(property));
}

void set_bare(const Subcommand& command, std::string_view what, std::string_view /*word*/) {
    set_property(command, {.what = what, .column = {}, .options = {}});
}

void set_of_type(const Subcommand& command) {
    const TypeName type = command.lowering.type(command.node.def->type_name);
    set_property(command, {.what = "of",
                           .column = {},
                           .options = {made_option("type", to_string(type.name), type.span)}});
}

void validate_constraint(const Subcommand& command) {
    command.add(ValidateConstraint{.relation = command.relation,
                                   .constraint = constraint_name(command, command.node.name)});
}

void drop_identity(const Subcommand& command) {
    command.add(DropIdentity{.relation = command.relation, .column = command.column()},
                command.if_exists());
}

void drop_expression(const Subcommand& command) {
    command.add(DropExpression{.relation = command.relation, .column = command.column()},
                command.if_exists());
}

template <bool Logged>
void set_persistence(const Subcommand& command) {
    command.add(SetPersistence{.relation = command.relation, .logged = Logged});
}

void drop_column(const Subcommand& command) {
    command.add(DropColumn{.relation = command.relation,
                           .column = command.column(),
                           .behavior = drop_behavior(command.node.behavior)},
                command.if_exists());
}

void drop_constraint(const Subcommand& command) {
    command.add(DropConstraint{.relation = command.relation,
                               .constraint = constraint_name(command, command.node.name),
                               .behavior = drop_behavior(command.node.behavior)},
                command.if_exists());
}

struct Handler {
    PgQuery__AlterTableType subtype;
    void (*lower)(const Subcommand&);
};

constexpr auto handlers = std::to_array<Handler>({
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn, add_column},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault, set_column_default},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull, set_not_null<false>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull, set_not_null<true>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn, drop_column},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType, alter_column_type},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity, add_identity},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity, alter_identity},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity, drop_identity},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression, drop_expression},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint, add_constraint},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint, alter_constraint},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint, drop_constraint},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint, validate_constraint},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner, set_owner},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit, set_inherit<true>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit, set_inherit<false>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition, attach_partition},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition, detach_partition<false>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize, detach_partition<true>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged, set_persistence<true>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged, set_persistence<false>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity,
     set_row_security<SetRowSecurity::State::enable>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity,
     set_row_security<SetRowSecurity::State::disable>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity,
     set_row_security<SetRowSecurity::State::force>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity,
     set_row_security<SetRowSecurity::State::no_force>},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddOf, set_of_type},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity, set_replica_identity},
});

struct TriggerState {
    PgQuery__AlterTableType subtype;
    std::string_view state;
    std::string_view scope;
};

constexpr auto trigger_states = std::to_array<TriggerState>({
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig, "enable", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig, "enable always", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig, "enable replica", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig, "disable", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll, "enable", "all"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll, "disable", "all"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser, "enable", "user"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser, "disable", "user"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule, "enable", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule, "enable always", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule, "enable replica", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule, "disable", ""},
});

struct PropertyHandler {
    PgQuery__AlterTableType subtype;
    void (*lower)(const Subcommand&, std::string_view what, std::string_view word);
    std::string_view what;
    std::string_view word; ///< Before the value, or the value of an option without one.
};

constexpr auto properties = std::to_array<PropertyHandler>({
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics, set_column_value, "set statistics",
     "statistics"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage, set_column_value, "set storage", "storage"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression, set_column_value, "set compression",
     "compression"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions, set_options, "set attribute option", "true"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions, set_options, "reset attribute option", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnGenericOptions, set_options, "options", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_GenericOptions, set_options, "options", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions, set_options, "set storage parameter", "true"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions, set_options, "reset storage parameter", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace, set_named, "set tablespace", "tablespace"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod, set_named, "set access method", "method"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn, set_named, "cluster on", "on"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster, set_bare, "set without cluster", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropOids, set_bare, "set without oids", ""},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropOf, set_bare, "not of", ""},
});

/// The tables have every subcommand that the grammar makes; other subtypes are the server's own.
void lower_subcommand(const Subcommand& command) {
    const PgQuery__AlterTableType subtype = command.node.subtype;
    const auto* const handler = std::ranges::find(handlers, subtype, &Handler::subtype);
    if (handler != handlers.end()) return handler->lower(command);
    const auto* const state = std::ranges::find(trigger_states, subtype, &TriggerState::subtype);
    if (state != trigger_states.end())
        return set_trigger_state(command, state->state, state->scope);
    const auto* const property = std::ranges::find(properties, subtype, &PropertyHandler::subtype);
    if (property != properties.end()) property->lower(command, property->what, property->word);
}

} // namespace

void lower(Lowering& lowering, const PgQuery__AlterTableStmt& node) {
    const QualifiedName relation = lowering.relation(node.relation);
    Locator& locator = lowering.locator();
    for (const PgQuery__Node* command : nodes(node.cmds, node.n_cmds)) {
        if (command->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) continue;
        const Span span{.begin = locator.begin(), .end = locator.item_end()};
        lower_subcommand({.lowering = lowering,
                          .statement = node,
                          .node = *command->alter_table_cmd,
                          .relation = relation,
                          .span = span});
        locator.seek(span.begin);
        locator.next_item();
    }
}

} // namespace ordain::parse
