#include "catalog/resolve.hpp"
#include "lint/row_uses.hpp"
#include "rules/live_work.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

/// Longer clauses are shown without their text.
constexpr std::size_t longest_shown = 300;

/// A foreign key that an action adds to a table.
struct AddedKey {
    const ConstraintDefinition* definition = nullptr;
    const QualifiedName* table = nullptr;
    /// ADD COLUMN ... REFERENCES. The key of a column without DEFAULT is not tried on any row
    /// (transformAlterTableStmt: skipValidation); DEFAULT NULL counts as a default there.
    bool with_column = false;
    bool filled = false;
    bool null_default = false; ///< The default is the word NULL.
};

bool has(const ColumnDefinition& column, Kind kind) {
    return std::ranges::count(column.constraints, kind, &ConstraintDefinition::kind) > 0;
}

AddedKey key_of_column(const AddColumn& add) {
    const auto key =
        std::ranges::find(add.column.constraints, Kind::foreign_key, &ConstraintDefinition::kind);
    if (key == add.column.constraints.end()) return {};
    const std::string& type = add.column.type.name.name.text;
    const auto is_null = [](const ConstraintDefinition& clause) {
        return clause.kind == Kind::default_ && clause.expression &&
               clause.expression->kind == Expression::Kind::null_constant;
    };
    return {.definition = &*key,
            .table = &add.relation,
            .with_column = true,
            .filled = has(add.column, Kind::default_) || has(add.column, Kind::generated) ||
                      has(add.column, Kind::identity) || type.find("serial") != std::string::npos,
            .null_default = std::ranges::any_of(add.column.constraints, is_null)};
}

AddedKey added_key(const ActionContext& context) {
    if (const auto* add = context.action_as<AddColumn>()) return key_of_column(*add);
    const auto* add = context.action_as<AddConstraint>();
    const bool key = add != nullptr && add->constraint.kind == Kind::foreign_key;
    if (!key || add->constraint.not_valid) return {};
    return {.definition = &add->constraint, .table = &add->relation};
}

/// Both ends of the key in the catalog before the action; null where not known.
struct Ends {
    const Object* referencing = nullptr;
    const Object* referenced = nullptr;
};

Ends ends_of(const ActionContext& context, const AddedKey& key) {
    Ends ends;
    for (const LockTaken& lock : context.outcome.locks) {
        const Object* relation = context.catalog.find(lock.relation);
        if (relation == nullptr || relation->get_if<RelationDetails>() == nullptr) continue;
        if (relation->name == key.table->name.text && ends.referencing == nullptr) {
            ends.referencing = relation;
        }
        if (relation->name == key.definition->referenced_table.name.text)
            ends.referenced = relation;
    }
    return ends;
}

std::string display(const ActionContext& context, const Object* object, const QualifiedName& name) {
    return object == nullptr ? to_string(name) : context.display_name(object->id);
}

bool is_live(const ActionContext& context, const Object* object) {
    return object == nullptr || !context.created_in_this_deployment(object->id);
}

bool has_rows(const ActionContext& context, const Object* object) {
    return is_live(context, object) &&
           (object == nullptr || !lint::has_no_pages(context, object->id));
}

std::string message_about(const ActionContext& context, const AddedKey& key, const Ends& ends) {
    const std::string own = display(context, ends.referencing, *key.table);
    const std::string other = display(context, ends.referenced, key.definition->referenced_table);
    const bool both = own != other && is_live(context, ends.referenced);
    if (key.with_column) {
        return fmt::format(
            "every query of \"{}\" waits while the foreign key is checked for all "
            "its rows (ACCESS EXCLUSIVE lock){}",
            own, both ? fmt::format(", and writes to \"{}\" wait as long", other) : std::string());
    }
    const LockMode held =
        ends.referencing == nullptr ? LockMode::none : context.lock_on(ends.referencing->id);
    if (held == LockMode::access_exclusive) {
        return fmt::format(
            "every query of \"{}\" waits{} while the foreign key is checked for all rows of \"{}\" "
            "(ACCESS EXCLUSIVE lock, held since an earlier statement)",
            own, both ? fmt::format(", and writes to \"{}\" wait,", other) : std::string(), own);
    }
    return fmt::format("writes to \"{}\"{} wait while the foreign key is checked for all rows of "
                       "\"{}\" (SHARE ROW EXCLUSIVE lock)",
                       own, both ? fmt::format(" and \"{}\"", other) : std::string(), own);
}

/// The name that the key gets, generated or not.
std::string name_of_key(const ActionContext& context, const AddedKey& key) {
    if (!key.definition->name.empty()) return key.definition->name.text;
    for (const ObjectId id : context.outcome.targets) {
        const Object* object = context.catalog.last_version(id);
        if (object != nullptr && object->kind == ObjectKind::constraint) return object->name;
    }
    return "<name>";
}

std::string table_as_written(const AddedKey& key) {
    const std::string name = catalog::quote_identifier(key.table->name.text);
    return key.table->schema.empty()
               ? name
               : catalog::quote_identifier(key.table->schema.text) + "." + name;
}

std::string advice(const ActionContext& context, const AddedKey& key, const Ends& ends) {
    if (ends.referencing != nullptr && ends.referencing->kind == ObjectKind::partitioned_table) {
        return "a partitioned table refuses NOT VALID: add the key to each partition NOT VALID, "
               "validate each, and add it to the partitioned table at last, which takes those over";
    }
    if (key.null_default) {
        return "leave out DEFAULT NULL: a column without a default is null in every row, and no "
               "row is checked";
    }
    if (key.with_column) {
        return "add the column without the key first, then the key with NOT VALID, and VALIDATE it "
               "in a later transaction";
    }
    const SourceFile& file = context.sources.file(context.migration.up.file);
    const std::string_view written = file.text(context.action.span);
    const std::string_view clause =
        written.size() > longest_shown ? "ADD CONSTRAINT ... FOREIGN KEY ..." : written;
    const std::string table = table_as_written(key);
    return fmt::format("ALTER TABLE {} {} NOT VALID;\n-- then, in a later transaction:\n"
                       "ALTER TABLE {} VALIDATE CONSTRAINT {};",
                       table, clause, table, catalog::quote_identifier(name_of_key(context, key)));
}

/// VALIDATE CONSTRAINT lets writes pass by itself; not under what the transaction holds already,
/// and be it from the NOT VALID.
void validated_under_lock(const ActionContext& context, Findings& findings) {
    const auto* validate = context.action_as<ValidateConstraint>();
    const Work* work = validate == nullptr ? nullptr : live_work(context, Work::Kind::scan);
    if (work == nullptr || context.outcome.targets.empty()) return;
    const Object* constraint = context.catalog.find(context.outcome.targets.front());
    const auto* details = constraint == nullptr ? nullptr : constraint->get_if<ConstraintDetails>();
    const bool key = details != nullptr && details->kind == Kind::foreign_key;
    if (!key || context.lock_on(work->relation) < LockMode::share_row_exclusive) return;
    Finding& finding = findings.add(
        validate->constraint.span,
        fmt::format("{} while the foreign key \"{}\" is checked for all rows {}",
                    who_waits(context, *work), constraint->name, lock_held(context, *work)));
    finding.instead = "put VALIDATE CONSTRAINT in a transaction of its own, in a later migration: "
                      "then it takes no more than SHARE UPDATE EXCLUSIVE";
}

void check(const ActionContext& context, Findings& findings) {
    validated_under_lock(context, findings);
    const AddedKey key = added_key(context);
    const Outcome::Status status = context.outcome.status;
    const bool runs = status == Outcome::Status::done || status == Outcome::Status::unknown;
    if (key.definition == nullptr || !runs) return;
    const Ends ends = ends_of(context, key);
    const bool scanned = has_rows(context, ends.referencing) && (!key.with_column || key.filled);
    if (!scanned) return;
    const Span span = key.definition->span;
    Finding& finding = findings.add(span, message_about(context, key, ends));
    finding.instead = advice(context, key, ends);
}

} // namespace

constinit const Rule foreign_key_validated_in_place{
    .id = "foreign-key-validated-in-place",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "A foreign key is checked for every row of a live table while its writes wait.",
    .why = R"(`ADD FOREIGN KEY` takes a `SHARE ROW EXCLUSIVE` lock on the referencing and on the
referenced table and holds both while it looks up every row's key: writes to both tables wait for
minutes where they are large. With `NOT VALID` the locks are held for a moment: new rows are checked
from then on, and `VALIDATE CONSTRAINT` checks the old ones later under `SHARE UPDATE EXCLUSIVE`,
which lets reads and writes pass (manual, ALTER TABLE, Notes). `ADD COLUMN ... REFERENCES` with a
`DEFAULT`, even `DEFAULT NULL`, checks every row too, under `ACCESS EXCLUSIVE`.

`VALIDATE CONSTRAINT` in the transaction of the `NOT VALID`, or of any other statement that keeps writes
waiting, is reported too: that lock is held while it works.

Not reported where no row is checked: on a table that the same migration created, and for a column
that is added without a default. Both still take `SHARE ROW EXCLUSIVE` on the referenced table for
the rest of the transaction.)",
    .fix = R"(Add the key with `NOT VALID` and validate it in a later migration: in the same
transaction the locks would still be held. A partitioned table refuses `NOT VALID`: add the key to
each partition that way, validate it there, and add it to the partitioned table at last.)",
    .elsewhere =
        R"(squawk adding-foreign-key-constraint, eugene E1, atlas PG306, postgres-language-server
addingForeignKeyConstraint, strong_migrations add_foreign_key, pgsafe add-fk-without-not-valid,
pgrubic US012, diesel-guard AddForeignKeyCheck, sqlfluff PG02)",
    .bad = R"(ALTER TABLE orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id);)",
    .good = R"(ALTER TABLE orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id) NOT VALID;)",
    .check = check,
};

} // namespace ordain::rules
