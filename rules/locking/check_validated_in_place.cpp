#include "rules/advice.hpp"
#include "rules/live_work.hpp"
#include "rules/new_column.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

std::string message_about(const ActionContext& context, const Work& work) {
    return fmt::format("{} while the CHECK is tried on all rows {}", who_waits(context, work),
                       lock_held(context, work));
}

std::string split_in_two(const ActionContext& context, const AddConstraint& add) {
    const std::string table = as_sql(add.relation);
    const std::string clause =
        as_written(context, context.action.span, "ADD CONSTRAINT ... CHECK (...)");
    const std::string name =
        as_sql(Identifier{.text = constraint_name(context, add.constraint), .span = {}});
    return fmt::format("ALTER TABLE {0} {1} NOT VALID;\n{2}"
                       "ALTER TABLE {0} VALIDATE CONSTRAINT {3};",
                       table, clause, later_transaction, name);
}

/// ADD CONSTRAINT ... CHECK.
void check_added(const ActionContext& context, const AddConstraint& add, Findings& findings) {
    const Work* work = live_work(context, Work::Kind::scan);
    if (add.constraint.kind != Kind::check || work == nullptr) return;
    Finding& finding = findings.add(add.constraint.span, message_about(context, *work));
    finding.severity = severity_of(*work);
    finding.instead = split_in_two(context, add);
}

/// ADD COLUMN ... CHECK. Where the rows are written anew anyhow, that is what costs.
void check_of_column(const ActionContext& context, const AddColumn& add, Findings& findings) {
    const ConstraintDefinition* clause = clause_of(add.column, Kind::check);
    const Work* work = live_work(context, Work::Kind::scan);
    const Work* rewrite = live_work(context, Work::Kind::rewrite);
    const bool alone = rewrite == nullptr || !rewrite->certain;
    if (clause == nullptr || work == nullptr || !alone) return;
    Finding& finding = findings.add(clause->span, message_about(context, *work));
    finding.severity = severity_of(*work);
    const std::string table = as_sql(add.relation);
    const std::string name =
        as_sql(Identifier{.text = constraint_name(context, *clause), .span = {}});
    const std::string condition = as_written(context, clause->expression->span, "...");
    finding.instead = fmt::format("-- ADD COLUMN without the CHECK, then:\n"
                                  "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n{3}"
                                  "ALTER TABLE {0} VALIDATE CONSTRAINT {1};",
                                  table, name, condition, later_transaction);
}

/// VALIDATE CONSTRAINT lets writes pass by itself; not under what the transaction holds already.
void validated_under_lock(const ActionContext& context,
                          const ValidateConstraint& validate,
                          Findings& findings) {
    const Work* work = live_work(context, Work::Kind::scan);
    if (work == nullptr || context.outcome.targets.empty()) return;
    const Object* constraint = context.catalog.find(context.outcome.targets.front());
    const auto* details = constraint == nullptr ? nullptr : constraint->get_if<ConstraintDetails>();
    const bool check = details != nullptr && details->kind == Kind::check;
    if (!check || context.lock_on(work->relation) != LockMode::access_exclusive) return;
    Finding& finding = findings.add(validate.constraint.span,
                                    fmt::format("{} while CHECK \"{}\" is tried on all rows {}",
                                                who_waits(context, *work), constraint->name,
                                                lock_held(context, *work)));
    finding.instead = "put VALIDATE CONSTRAINT in a transaction of its own, in a later migration: "
                      "then it takes no more than SHARE UPDATE EXCLUSIVE";
}

/// Every table that stores the domain is read, under a lock that keeps writes waiting.
void domain_altered(const ActionContext& context, const AlterDomain& alter, Findings& findings) {
    const Work* first = live_work(context, Work::Kind::scan);
    if (first == nullptr) return;
    Finding& finding =
        findings.add(alter.constraint ? alter.constraint->span : alter.domain.span(),
                     fmt::format("{} while every value of domain \"{}\" is checked {}",
                                 who_waits(context, *first), alter.domain.name.text,
                                 lock_held(context, *first)));
    for (const Work& work : context.outcome.work) {
        const bool more = &work != first && work.relation != first->relation &&
                          !context.created_in_this_deployment(work.relation);
        if (more) {
            finding.notes.push_back(
                {.message = who_waits(context, work) + " likewise", .where = {}});
        }
    }
    finding.instead =
        alter.what == "add constraint"
            ? "add the constraint NOT VALID, which holds for new values; VALIDATE CONSTRAINT reads "
              "the tables under the same lock, so that a CHECK on each table is the only way to "
              "prove the old ones while writes pass"
            : "put the condition on the tables: a CHECK that is added NOT VALID is validated there "
              "while reads and writes pass";
}

void check(const ActionContext& context, Findings& findings) {
    if (const auto* add = context.action_as<AddConstraint>()) {
        check_added(context, *add, findings);
    } else if (const auto* column = context.action_as<AddColumn>()) {
        check_of_column(context, *column, findings);
    } else if (const auto* validate = context.action_as<ValidateConstraint>()) {
        validated_under_lock(context, *validate, findings);
    } else if (const auto* domain = context.action_as<AlterDomain>()) {
        domain_altered(context, *domain, findings);
    }
}

} // namespace

constinit const Rule check_validated_in_place{
    .id = "check-validated-in-place",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "A CHECK is tried on all rows of a live table while nobody else may use it.",
    .why = R"(`ADD CONSTRAINT ... CHECK` takes an `ACCESS EXCLUSIVE` lock and reads the whole table
under it: every query of the table waits for as long. So does `ADD COLUMN ... CHECK`, even where the
column has no default and all rows hold null. With `NOT VALID` the lock is held for a moment: new rows are
checked from then on, and `VALIDATE CONSTRAINT` tries the old ones later under `SHARE UPDATE EXCLUSIVE`,
which lets reads and writes pass (manual, ALTER TABLE, Notes). In the same transaction that gains nothing:
the lock of `ADD CONSTRAINT`, or of any other statement that took `ACCESS EXCLUSIVE` on the table, is held
until the transaction ends.

`ALTER DOMAIN ... ADD CONSTRAINT` without `NOT VALID`, `VALIDATE CONSTRAINT` and `SET NOT NULL` read every
table that stores the domain under a `SHARE` lock: writes to all of them wait. Not reported on tables of
the same deployment.)",
    .fix =
        R"(Add the `CHECK` with `NOT VALID` and validate it in a later migration. Put conditions of
values that tables hold already on the tables and not on their domain.)",
    .elsewhere =
        R"(squawk constraint-missing-not-valid and ban-alter-domain-with-add-constraint, eugene E1,
atlas PG305, postgres-language-server constraintMissingNotValid and requireSeparateConstraintValidation,
strong_migrations add_check_constraint and validate_check_constraint, pgsafe
add-domain-constraint-without-not-valid and add-domain-not-null, pgfence not-valid-validate-same-tx,
pgrubic US013, diesel-guard AddCheckConstraint)",
    .bad = R"(ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);)",
    .good = R"(ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;)",
    .check = check,
};

} // namespace ordain::rules
