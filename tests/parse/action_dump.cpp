#include "action_dump.hpp"

#include "expression_dump.hpp"
#include "parse/identifiers.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <variant>

namespace ordain::parse {
namespace {

/// Words with blanks between them; what is not set leaves no trace.
class Line {
public:
    explicit Line(std::string_view head) : text_(head) {}

    Line& word(const std::string& text) {
        if (!text.empty()) text_ += ' ' + text;
        return *this;
    }
    Line& flag(bool set, const std::string& name) { return set ? word(name) : *this; }
    Line& field(const std::string& name, const std::string& value) {
        return value.empty() ? *this : word(name + '=' + value);
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string text(const Identifier& name) {
    return name.text;
}
std::string text(const QualifiedName& name) {
    return name.name.empty() ? "" : to_string(name);
}
std::string text(const TruncatedTable& table) {
    return table.only ? "only " + text(table.name) : text(table.name);
}
std::string text(const std::string& word) {
    return word;
}
std::string text(const TypeName& type) {
    return type.name.name.empty() ? "" : dump(type);
}
std::string text(const Expression& expression) {
    return dump(expression);
}
std::string text(const Query& query) {
    return dump(query);
}
std::string text(const Option& option) {
    return option.value.empty() ? option.name.text : option.name.text + '=' + option.value;
}

std::string text(const IndexElement& element);
std::string text(const ConstraintDefinition& constraint);
std::string text(const ColumnDefinition& column);
std::string text(const LikeClause& like);
std::string text(const FunctionParameter& parameter);

template <typename Part>
std::string text(const std::optional<Part>& part) {
    return part ? text(*part) : std::string();
}

template <typename Part>
std::string text(const std::vector<Part>& parts) {
    if (parts.empty()) return {};
    std::string list = "[";
    for (const Part& part : parts) {
        if (list.size() > 1) list += ' ';
        list += text(part);
    }
    return list + ']';
}

std::string behavior(DropBehavior drop) {
    return drop == DropBehavior::cascade ? "cascade" : "";
}

std::string persistence(Persistence kind) {
    if (kind == Persistence::temporary) return "temporary";
    return kind == Persistence::unlogged ? "unlogged" : "";
}

std::string nulls(std::optional<bool> first) {
    if (!first) return {};
    return *first ? "nulls_first" : "nulls_last";
}

std::string text(const IndexElement& element) {
    return Line(element.expression ? dump(*element.expression) : element.column.text)
        .field("collate", text(element.collation))
        .field("class", text(element.operator_class))
        .flag(element.descending, "desc")
        .word(nulls(element.nulls_first))
        .field("with", text(element.exclusion_operator))
        .text();
}

std::string kind_name(ConstraintDefinition::Kind kind) {
    using Kind = ConstraintDefinition::Kind;
    switch (kind) {
    case Kind::null: return "null";
    case Kind::not_null: return "not_null";
    case Kind::default_: return "default";
    case Kind::identity: return "identity";
    case Kind::generated: return "generated";
    case Kind::check: return "check";
    case Kind::primary_key: return "primary_key";
    case Kind::unique: return "unique";
    case Kind::exclusion: return "exclusion";
    case Kind::foreign_key: return "foreign_key";
    }
    return {};
}

std::string referential(ReferentialAction action) {
    if (action == ReferentialAction::no_action) return {};
    std::string name(name_of(action));
    std::ranges::replace(name, ' ', '_');
    return name;
}

std::string text(const ConstraintDefinition& constraint) {
    return "(" +
           Line(kind_name(constraint.kind))
               .field("name", text(constraint.name))
               .word(text(constraint.columns))
               .word(text(constraint.expression))
               .flag(constraint.identity_always, "always")
               .field("include", text(constraint.including))
               .field("references", text(constraint.referenced_table))
               .word(text(constraint.referenced_columns))
               .field("on_delete", referential(constraint.on_delete))
               .word(text(constraint.on_delete_columns))
               .field("on_update", referential(constraint.on_update))
               .flag(constraint.match_full, "match_full")
               .field("method", constraint.access_method)
               .field("elements", text(constraint.elements))
               .field("using_index", text(constraint.using_index))
               .field("options", text(constraint.options))
               .field("where", text(constraint.where))
               .flag(constraint.nulls_not_distinct, "nulls_not_distinct")
               .flag(constraint.deferrable, "deferrable")
               .flag(constraint.initially_deferred, "deferred")
               .flag(constraint.not_valid, "not_valid")
               .flag(constraint.no_inherit, "no_inherit")
               .text() +
           ")";
}

std::string text(const ColumnDefinition& column) {
    Line line(column.name.text);
    line.word(text(column.type)).field("collate", text(column.collation));
    line.field("storage", column.storage);
    for (const ConstraintDefinition& constraint : column.constraints)
        line.word(text(constraint));
    return "(" + line.text() + ")";
}

std::string text(const LikeClause& like) {
    return "(" +
           Line(text(like.table))
               .word("at=" + std::to_string(like.position))
               .flag(like.defaults, "defaults")
               .flag(like.constraints, "constraints")
               .flag(like.identity, "identity")
               .flag(like.generated, "generated")
               .flag(like.indexes, "indexes")
               .flag(like.comments, "comments")
               .flag(like.storage, "storage")
               .flag(like.statistics, "statistics")
               .text() +
           ")";
}

std::string mode_name(FunctionParameter::Mode mode) {
    using Mode = FunctionParameter::Mode;
    switch (mode) {
    case Mode::in: return "in";
    case Mode::out: return "out";
    case Mode::inout: return "inout";
    case Mode::variadic: return "variadic";
    case Mode::table: return "table";
    }
    return {};
}

std::string text(const FunctionParameter& parameter) {
    return "(" +
           Line(mode_name(parameter.mode))
               .word(text(parameter.name))
               .word(text(parameter.type))
               .field("default", text(parameter.default_))
               .text() +
           ")";
}

std::string text(const FunctionSignature& signature) {
    std::string arguments = text(signature.arguments);
    if (signature.arguments_given && arguments.empty()) arguments = "[]";
    return text(signature.name) + arguments;
}

std::string text(const ObjectName& object) {
    std::string kind(name_of(object.kind));
    std::ranges::replace(kind, ' ', '_');
    Line line(kind);
    line.word(object.function.name.name.empty() ? text(object.name) : text(object.function));
    if (!object.types.empty()) {
        std::string types;
        for (const TypeName& type : object.types)
            types += (types.empty() ? "[" : " ") + (text(type).empty() ? "none" : text(type));
        line.word(types + ']');
    }
    line.field(object.on_domain ? "domain" : "of", text(object.relation));
    return line.text();
}

Line line(std::string_view head, const QualifiedName& relation) {
    return Line(head).word(text(relation));
}

Line line(std::string_view head, const QualifiedName& relation, const Identifier& part) {
    return Line(head).word(text(relation)).word(text(part));
}

Line show(const Unmodelled& a) {
    return Line("unmodelled").word(a.kind);
}
Line show(const CreateSchema& a) {
    return Line("create_schema").word(text(a.name)).field("authorization", text(a.authorization));
}
Line show(const CreateTable& a) {
    Line line = Line("create_table").word(persistence(a.persistence)).word(text(a.table));
    for (const ColumnDefinition& column : a.columns)
        line.word(text(column));
    for (const ConstraintDefinition& constraint : a.constraints)
        line.word(text(constraint));
    return line.field("like", text(a.like))
        .field("inherits", text(a.inherits))
        .field("partition_of", text(a.partition_of))
        .field("bound", a.partition_bound.empty() ? "" : "'" + a.partition_bound + "'")
        .field("partition_by", a.partition_method)
        .word(text(a.partition_key))
        .field("of", text(a.of_type))
        .field("options", text(a.options))
        .field("on_commit", a.on_commit)
        .field("tablespace", text(a.tablespace))
        .field("server", text(a.server));
}
Line show(const CreateTableAs& a) {
    return Line("create_table_as")
        .flag(a.materialized_view, "materialized_view")
        .word(persistence(a.persistence))
        .word(text(a.table))
        .word(text(a.columns))
        .flag(a.with_no_data, "with_no_data")
        .word(dump(a.query));
}
Line show(const AddColumn& a) {
    return line("add_column", a.relation).word(text(a.column));
}
Line show(const DropColumn& a) {
    return line("drop_column", a.relation, a.column).word(behavior(a.behavior));
}
Line show(const SetColumnDefault& a) {
    return line("set_column_default", a.relation, a.column).word(text(a.value));
}
Line show(const SetColumnNotNull& a) {
    return line("set_column_not_null", a.relation, a.column).word(a.not_null ? "true" : "false");
}
Line show(const AlterColumnType& a) {
    return line("alter_column_type", a.relation, a.column)
        .word(text(a.type))
        .field("collate", text(a.collation))
        .field("using", text(a.using_));
}
Line show(const AddIdentity& a) {
    return line("add_identity", a.relation, a.column)
        .flag(a.always, "always")
        .field("options", text(a.options));
}
Line show(const AlterIdentity& a) {
    return line("alter_identity", a.relation, a.column).field("options", text(a.options));
}
Line show(const DropIdentity& a) {
    return line("drop_identity", a.relation, a.column);
}
Line show(const DropExpression& a) {
    return line("drop_expression", a.relation, a.column);
}
Line show(const AddConstraint& a) {
    return line("add_constraint", a.relation).word(text(a.constraint));
}
Line show(const DropConstraint& a) {
    return line("drop_constraint", a.relation, a.constraint).word(behavior(a.behavior));
}
Line show(const ValidateConstraint& a) {
    return line("validate_constraint", a.relation, a.constraint);
}
Line show(const AlterConstraint& a) {
    return line("alter_constraint", a.relation, a.constraint)
        .flag(a.deferrable, "deferrable")
        .flag(a.initially_deferred, "deferred");
}
Line show(const SetRowSecurity& a) {
    using State = SetRowSecurity::State;
    const char* state = a.state == State::enable    ? "enable"
                        : a.state == State::disable ? "disable"
                        : a.state == State::force   ? "force"
                                                    : "no_force";
    return line("set_row_security", a.relation).word(state);
}
Line show(const SetTriggerState& a) {
    return line("set_trigger_state", a.relation, a.trigger)
        .word(a.scope)
        .flag(a.rule, "rule")
        .word(a.state);
}
Line show(const AttachPartition& a) {
    return line("attach_partition", a.relation)
        .word(text(a.partition))
        .field("bound", a.bound.empty() ? "" : "'" + a.bound + "'");
}
Line show(const DetachPartition& a) {
    return line("detach_partition", a.relation)
        .word(text(a.partition))
        .flag(a.concurrently, "concurrently")
        .flag(a.finalize, "finalize");
}
Line show(const SetInherit& a) {
    return line(a.inherit ? "set_inherit" : "set_no_inherit", a.relation).word(text(a.parent));
}
Line show(const SetPersistence& a) {
    return line(a.logged ? "set_logged" : "set_unlogged", a.relation);
}
Line show(const SetProperty& a) {
    return line("set_property", a.relation, a.column)
        .word("'" + a.what + "'")
        .word(text(a.options));
}
Line show(const CreateIndex& a) {
    return Line("create_index")
        .flag(a.unique, "unique")
        .flag(a.concurrently, "concurrently")
        .word(text(a.name))
        .field("on", text(a.table))
        .flag(a.only, "only")
        .field("method", a.method)
        .word(text(a.elements))
        .field("include", text(a.including))
        .flag(a.nulls_not_distinct, "nulls_not_distinct")
        .field("options", text(a.options))
        .field("tablespace", text(a.tablespace))
        .field("where", text(a.where));
}
Line show(const CreateView& a) {
    return Line("create_view")
        .word(persistence(a.persistence))
        .flag(a.recursive, "recursive")
        .word(text(a.view))
        .word(text(a.columns))
        .field("options", text(a.options))
        .field("check", a.check_option)
        .word(dump(a.query));
}
Line show(const CreateSequence& a) {
    return line("create_sequence", a.sequence)
        .word(persistence(a.persistence))
        .field("options", text(a.options))
        .field("owned_by", text(a.owned_by_table))
        .word(text(a.owned_by_column));
}
Line show(const AlterSequence& a) {
    return line("alter_sequence", a.sequence)
        .field("options", text(a.options))
        .field("owned_by", text(a.owned_by_table))
        .word(text(a.owned_by_column))
        .flag(a.owned_by_none, "owned_by_none");
}
Line show(const CreateFunction& a) {
    return Line(a.procedure ? "create_procedure" : "create_function")
        .word(text(a.function))
        .word(text(a.parameters))
        .field("returns", text(a.returns))
        .field("language", a.language)
        .field("body", a.body.empty() ? "" : "'" + a.body + "'")
        .field("queries", text(a.body_queries))
        .flag(a.atomic_body, "atomic")
        .word(text(a.atomic_queries))
        .word(text(a.atomic_return))
        .word(a.volatility)
        .flag(a.security_definer, "security_definer")
        .flag(a.strict, "strict")
        .flag(a.window, "window")
        .field("options", text(a.options));
}
Line show(const AlterFunction& a) {
    return Line("alter_" + std::string(name_of(a.kind)))
        .word(text(a.function))
        .word(text(a.options));
}
Line show(const CreateEnum& a) {
    return line("create_enum", a.type).word(text(a.labels));
}
Line show(const AlterEnumAdd& a) {
    return line("alter_enum_add", a.type)
        .word("'" + a.label.text + "'")
        .field(a.after ? "after" : "before", text(a.neighbor));
}
Line show(const AlterEnumRename& a) {
    return line("alter_enum_rename", a.type).word(text(a.from)).field("to", text(a.to));
}
Line show(const CreateDomain& a) {
    return line("create_domain", a.domain)
        .word(text(a.base))
        .field("collate", text(a.collation))
        .word(text(a.constraints));
}
Line show(const AlterDomain& a) {
    return line("alter_domain", a.domain)
        .word("'" + a.what + "'")
        .word(text(a.constraint_name))
        .word(text(a.constraint))
        .word(text(a.value))
        .word(behavior(a.behavior));
}
Line show(const CreateCompositeType& a) {
    return line("create_composite_type", a.type).word(text(a.attributes));
}
Line show(const CreateRange& a) {
    return line("create_range", a.type)
        .field("subtype", text(a.subtype))
        .field("options", text(a.options));
}
Line show(const CreateTrigger& a) {
    return Line("create_trigger")
        .flag(a.constraint, "constraint")
        .word(text(a.trigger))
        .word(a.timing)
        .word(text(a.events))
        .field("of", text(a.columns))
        .field("on", text(a.relation))
        .field("from", text(a.from_table))
        .flag(a.deferrable, "deferrable")
        .flag(a.initially_deferred, "deferred")
        .field("transitions", text(a.transition_tables))
        .flag(a.for_each_row, "row")
        .field("when", text(a.when))
        .field("execute", text(a.function))
        .word(text(a.arguments));
}
Line show(const CreatePolicy& a) {
    return Line("create_policy")
        .word(text(a.policy))
        .field("on", text(a.relation))
        .word(a.permissive ? "permissive" : "restrictive")
        .field("for", a.command)
        .field("to", text(a.roles))
        .field("using", text(a.using_))
        .field("check", text(a.check));
}
Line show(const AlterPolicy& a) {
    return Line("alter_policy")
        .word(text(a.policy))
        .field("on", text(a.relation))
        .field("to", text(a.roles))
        .field("using", text(a.using_))
        .field("check", text(a.check));
}
Line show(const CreateRule& a) {
    return Line("create_rule")
        .word(text(a.rule))
        .field("on", text(a.relation))
        .field("event", a.event)
        .flag(a.instead, "instead")
        .field("where", text(a.where))
        .word(text(a.actions));
}
Line show(const CreateExtension& a) {
    return Line("create_extension")
        .word(text(a.extension))
        .field("schema", text(a.schema))
        .field("version", a.version)
        .flag(a.cascade, "cascade");
}
Line show(const CreateRole& a) {
    return Line("create_role").word(text(a.role)).word(text(a.options));
}
Line show(const AlterRole& a) {
    return Line("alter_role").word(text(a.role)).word(text(a.options));
}
Line show(const CreateStatistics& a) {
    return line("create_statistics", a.statistics)
        .field("kinds", text(a.kinds))
        .word(text(a.elements))
        .field("from", text(a.table));
}
Line show(const CreatePublication& a) {
    return Line("create_publication")
        .word(text(a.publication))
        .flag(a.all_tables, "all_tables")
        .word(text(a.tables))
        .field("options", text(a.options));
}
Line show(const DropObject& a) {
    return Line("drop")
        .word(text(a.object))
        .flag(a.concurrently, "concurrently")
        .word(behavior(a.behavior))
        .word(std::to_string(a.index + 1) + '/' + std::to_string(a.count));
}
Line show(const RenameObject& a) {
    return Line("rename").word(text(a.object)).field("to", text(a.to)).word(behavior(a.behavior));
}
Line show(const SetSchema& a) {
    return Line("set_schema").word(text(a.object)).field("to", text(a.schema));
}
Line show(const SetOwner& a) {
    return Line("set_owner").word(text(a.object)).field("to", text(a.role));
}
Line show(const CommentOn& a) {
    return Line("comment_on").word(text(a.object)).word(a.text ? "'" + *a.text + "'" : "null");
}
Line show(const Grant& a) {
    return Line(a.revoke ? "revoke" : "grant")
        .flag(a.grant_option, "grant_option")
        .word(a.privileges.empty() ? "all" : text(a.privileges))
        .word(text(a.columns))
        .flag(a.all_in_schema, "all_in_schema")
        .word(text(a.object))
        .field("to", text(a.grantees))
        .word(behavior(a.behavior));
}
Line show(const GrantRole& a) {
    return Line(a.revoke ? "revoke_role" : "grant_role")
        .word(text(a.roles))
        .field("to", text(a.grantees))
        .flag(a.admin_option, "admin_option");
}
Line show(const RunQuery& a) {
    return Line("run").word(dump(a.query));
}
Line show(const Truncate& a) {
    return Line("truncate")
        .word(text(a.tables))
        .flag(a.restart_identity, "restart_identity")
        .word(behavior(a.behavior));
}
Line show(const CopyRows& a) {
    return line(a.from ? "copy_from" : "copy_to", a.relation)
        .word(text(a.columns))
        .flag(a.from_stdin, "stdin")
        .word(text(a.query));
}
Line show(const LockTable& a) {
    return Line("lock").word(text(a.tables)).word(a.mode);
}
Line show(const RefreshMaterializedView& a) {
    return line("refresh", a.view)
        .flag(a.concurrently, "concurrently")
        .flag(a.with_no_data, "with_no_data");
}
Line show(const Maintain& a) {
    return Line("maintain")
        .word(a.command)
        .word(a.object_kind)
        .word(text(a.relations))
        .flag(a.full, "full")
        .flag(a.concurrently, "concurrently");
}
Line show(const SetVariable& a) {
    return Line(a.reset ? "reset" : "set")
        .flag(a.scope == SetVariable::Scope::local, "local")
        .flag(a.transaction_mode, "transaction_mode")
        .word(text(a.name))
        .word(text(a.values));
}
Line show(const Transaction& a) {
    using Kind = Transaction::Kind;
    const char* kind = "begin";
    switch (a.kind) {
    case Kind::begin: break;
    case Kind::commit: kind = "commit"; break;
    case Kind::rollback: kind = "rollback"; break;
    case Kind::savepoint: kind = "savepoint"; break;
    case Kind::release: kind = "release"; break;
    case Kind::rollback_to: kind = "rollback_to"; break;
    case Kind::prepare: kind = "prepare"; break;
    case Kind::commit_prepared: kind = "commit_prepared"; break;
    case Kind::rollback_prepared: kind = "rollback_prepared"; break;
    }
    return Line(kind).word(text(a.savepoint)).flag(a.chain, "chain").word(text(a.options));
}
Line show(const Do& a) {
    return Line("do").word(a.language).word("'" + a.body + "'");
}
Line show(const Call& a) {
    return Line("call").word(dump(a.call));
}

std::string guard_name(Guard guard) {
    switch (guard) {
    case Guard::none: return {};
    case Guard::if_exists: return "if_exists ";
    case Guard::if_not_exists: return "if_not_exists ";
    case Guard::or_replace: return "or_replace ";
    }
    return {};
}

} // namespace

std::string dump(const Action& action) {
    std::string text;
    if (action.written_for != ObjectKind::table)
        text += "<" + std::string(name_of(action.written_for)) + "> ";
    if (action.relation_if_exists) text += "relation_if_exists ";
    text += guard_name(action.guard);
    return text +
           std::visit([](const auto& payload) { return show(payload).text(); }, action.payload);
}

std::string dump(const std::vector<Action>& actions) {
    std::string text;
    for (const Action& action : actions) {
        if (!text.empty()) text += '\n';
        text += dump(action);
    }
    return text;
}

std::string mark_names(std::string_view text, std::vector<Action>& actions) {
    std::vector<Span> spans;
    for (Action& action : actions) {
        for_each_identifier(action, [&spans](Identifier& name) {
            if (!name.span.empty()) spans.push_back(name.span);
        });
    }
    std::ranges::sort(spans);
    spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
    std::string marked;
    std::uint32_t done = 0;
    for (const Span span : spans) {
        marked += std::string(text.substr(done, span.begin - done)) + "«";
        marked += std::string(text.substr(span.begin, span.size())) + "»";
        done = span.end;
    }
    return marked + std::string(text.substr(done));
}

std::string without_marks(std::string_view marked) {
    std::string text(marked);
    for (const std::string_view mark : {"«", "»"}) {
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
            text.erase(at, mark.size());
    }
    return text;
}

} // namespace ordain::parse
