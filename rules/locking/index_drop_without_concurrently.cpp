#include "rules/advice.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// What is known of the index; null where it was never seen.
struct Dropped {
    const Object* index = nullptr;
    const Object* table = nullptr;
};

Dropped dropped_by(const ActionContext& context) {
    Dropped dropped;
    if (!context.outcome.targets.empty())
        dropped.index = context.catalog.find(context.outcome.targets.front());
    if (dropped.index != nullptr) dropped.table = context.catalog.find(dropped.index->parent);
    return dropped;
}

bool is_partitioned(const Dropped& dropped) {
    return dropped.table != nullptr && dropped.table->kind == ObjectKind::partitioned_table;
}

std::string
message_about(const ActionContext& context, const Identifier& index, const Dropped& dropped) {
    const std::string table =
        dropped.table == nullptr ? std::string("the index's table")
        : is_partitioned(dropped)
            ? fmt::format(R"("{}" and its partitions)", context.display_name(dropped.table->id))
            : fmt::format(R"("{}")", context.display_name(dropped.table->id));
    return fmt::format(
        "every query of {} waits until all that run now have ended and \"{}\" is gone "
        "(ACCESS EXCLUSIVE lock)",
        table, index.text);
}

std::string advice(const ActionContext& context, const DropObject& drop, const Dropped& dropped) {
    if (is_partitioned(dropped)) {
        return "a partitioned index refuses CONCURRENTLY, and the indexes of its partitions cannot "
               "go without it: set lock_timeout, and try again until the drop gets its lock at "
               "once";
    }
    const SourceFile& file = context.sources.file(context.migration.up.file);
    std::string text = fmt::format("DROP INDEX CONCURRENTLY {}{};",
                                   context.action.guard == Guard::if_exists ? "IF EXISTS " : "",
                                   file.text(drop.object.name.span()));
    if (drop.behavior == DropBehavior::cascade)
        text += "\nCONCURRENTLY refuses CASCADE: drop what depends on the index first";
    return text + outside_of_transaction(context);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* drop = context.action_as<DropObject>();
    const bool waits =
        drop != nullptr && drop->object.kind == ObjectKind::index && !drop->concurrently;
    const Outcome::Status status = context.outcome.status;
    const bool runs = status == Outcome::Status::done || status == Outcome::Status::unknown;
    if (!waits || !runs) return;
    const Dropped dropped = dropped_by(context);
    if (dropped.index != nullptr && context.created_in_this_deployment(dropped.index->id)) return;
    findings.add(drop->object.name.span(), message_about(context, drop->object.name.name, dropped))
        .instead = advice(context, *drop, dropped);
}

} // namespace

constinit const Rule index_drop_without_concurrently{
    .id = "index-drop-without-concurrently",
    .category = Category::locking,
    .severity = Severity::warning,
    .summary = "An index of a live table is dropped while all its queries wait.",
    .why =
        R"(`DROP INDEX` takes an `ACCESS EXCLUSIVE` lock on the table of the index. The drop itself
is quick, but it waits for every transaction that uses the table, and all queries that come after it,
reads too, wait behind it; in a transaction they go on waiting until that ends.
`DROP INDEX CONCURRENTLY` takes `SHARE UPDATE EXCLUSIVE` and waits without holding anybody up (manual,
DROP INDEX).

Not reported for an index that the same deployment made, nor where `IF EXISTS` finds none.)",
    .fix =
        R"(Drop it with `CONCURRENTLY`: one index a statement, without `CASCADE`, and outside of a
transaction block (25001), so in a migration of its own that its tool does not wrap. A partitioned
index refuses `CONCURRENTLY`: set `lock_timeout` and try again until the lock is free.)",
    .elsewhere = R"(squawk require-concurrent-index-deletion, atlas PG102, postgres-language-server
requireConcurrentIndexDeletion, strong_migrations remove_index, pgsafe drop-index-non-concurrent,
pgrubic US019, diesel-guard DropIndexCheck, sqlfluff PG01)",
    .bad = R"(DROP INDEX orders_customer_idx;)",
    .good = R"(DROP INDEX CONCURRENTLY orders_customer_idx;)",
    .check = check,
};

} // namespace ordain::rules
