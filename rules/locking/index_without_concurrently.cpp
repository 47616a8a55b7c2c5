#include "rules/advice.hpp"
#include "rules/live_work.hpp"
#include "rules/rules.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// Longer statements are shown without their text.
constexpr std::size_t longest_shown = 400;

/// The statement with CONCURRENTLY put in.
std::string with_concurrently(const ActionContext& context) {
    const SourceFile& file = context.sources.file(context.migration.up.file);
    const std::string_view text = file.text(context.statement.span);
    if (text.size() > longest_shown) return "CREATE INDEX CONCURRENTLY ...;";
    text::Lexer lexer(text);
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        if (!text::is_keyword(lexer.text_of(token), "index")) continue;
        return fmt::format("{} CONCURRENTLY{};", text.substr(0, token.span.end),
                           text.substr(token.span.end));
    }
    return "CREATE INDEX CONCURRENTLY ...;";
}

std::string advice(const ActionContext& context, const Object* relation, const CreateIndex& index) {
    if (relation != nullptr && relation->kind == ObjectKind::partitioned_table) {
        return fmt::format(
            "a partitioned table refuses CONCURRENTLY: create the index with ON ONLY \"{}\", build "
            "one on each partition with CREATE INDEX CONCURRENTLY, and join them with ALTER INDEX "
            "... ATTACH PARTITION",
            index.table.name.text);
    }
    return with_concurrently(context) + outside_of_transaction(context);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* create = context.action_as<CreateIndex>();
    if (create == nullptr || create->concurrently) return;
    const Work* build = live_work(context, Work::Kind::index_build);
    if (build == nullptr) return;
    const Object* relation = context.catalog.find(build->relation);
    const bool partitioned = relation != nullptr && relation->kind == ObjectKind::partitioned_table;
    if (partitioned && create->only) return;
    const bool view = relation != nullptr && relation->kind == ObjectKind::materialized_view;
    const std::string waits =
        view ? fmt::format("no REFRESH of \"{}\" can run", context.display_name(build->relation))
             : who_waits(context, *build);
    Finding& finding = findings.add(create->table.span(),
                                    fmt::format("{} while the index is built from all its rows {}",
                                                waits, lock_held(context, *build)));
    if (view) finding.severity = Severity::warning;
    finding.instead = advice(context, relation, *create);
}

} // namespace

constinit const Rule index_without_concurrently{
    .id = "index-without-concurrently",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "An index is built on a live table while its writes wait.",
    .why = R"(`CREATE INDEX` holds a `SHARE` lock until the transaction ends: every `INSERT`,
`UPDATE` and `DELETE` of the table waits for as long as it takes to read all rows and sort the keys.
Minutes are common on large tables. `CREATE INDEX CONCURRENTLY` takes `SHARE UPDATE EXCLUSIVE`,
which lets reads and writes pass (manual, CREATE INDEX, Building Indexes Concurrently).

Not reported on a table that the same migration created, nor with `ON ONLY` a partitioned table:
nothing is built there. On a materialized view the lock holds up nothing but `REFRESH`: a warning.)",
    .fix = R"(Build the index with `CONCURRENTLY`. It cannot run inside a transaction block (25001),
so it belongs into a migration of its own that its tool does not wrap; when it fails, an invalid index
stays behind that must be dropped before the next try. A partitioned table refuses `CONCURRENTLY`:
create the index `ON ONLY` the parent, then concurrently on each partition, and attach them.)",
    .elsewhere =
        R"(squawk require-concurrent-index-creation, eugene E6, atlas PG101, postgres-language-server
requireConcurrentIndexCreation, strong_migrations add_index, pgsafe add-index-non-concurrent, pgfence
create-index-not-concurrent, pgrubic US016, diesel-guard AddIndexCheck, sqlfluff PG01)",
    .bad = R"(CREATE INDEX orders_customer_idx ON orders (customer_id);)",
    .good = R"(CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);)",
    .check = check,
};

} // namespace ordain::rules
