#include "layout/file_name.hpp"
#include "layout/locale_order.hpp"
#include "layout/order_notes.hpp"
#include "layout/shown_path.hpp"
#include "layout/toml_value.hpp"
#include "layout/tool.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

// Prisma Migrate (packages/migrate/src/utils/listMigrations.ts): every folder is a migration and
// must hold migration.sql; folders are ordered by localeCompare.

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;
using Severity = LayoutNote::Severity;

std::optional<Failure> wrong_provider(const FileTree& tree, const fs::path& folder) {
    const fs::path lock = folder / "migration_lock.toml";
    const std::optional<std::string> provider = read_toml_string(tree, lock, "provider");
    if (!provider || *provider == "postgresql" || *provider == "postgres") return std::nullopt;
    return Failure{.message = fmt::format("{} says that these migrations are for {}; only "
                                          "postgresql can be read",
                                          shown(lock), printable(*provider))};
}

void add_folder(Draft& draft, const FileTree& tree, const fs::path& path, const std::string& name) {
    const fs::path script = path / "migration.sql";
    if (tree.kind(script) != EntryKind::file) {
        draft.notes.push_back(note_on(
            Severity::error, path, "Prisma stops at this folder (P3015): it has no migration.sql"));
        return;
    }
    draft.steps.push_back({.id = name,
                           .version = std::string(leading_digits(name)),
                           .up = script,
                           .down = std::nullopt,
                           .wrapping = Wrapping::implicit_block});
}

bool is_before(const Step& left, const Step& right) {
    const auto order = compare_in_locale(left.id, right.id);
    return order != 0 ? order < 0 : left.id < right.id;
}

Result<Draft> draft(const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    if (std::optional<Failure> wrong = wrong_provider(tree, folder)) {
        return tl::unexpected(*std::move(wrong));
    }
    Draft draft;
    for (const Entry& entry : *entries) {
        const fs::path path = folder / entry.name;
        if (entry.kind == EntryKind::folder) {
            add_folder(draft, tree, path, entry.name);
        } else if (ends_with_any_case(entry.name, ".sql")) {
            draft.notes.push_back(
                note_on(Severity::note, path, "left out: Prisma reads <name>/migration.sql only"));
        }
    }
    std::ranges::sort(draft.steps, is_before);
    std::ranges::move(
        order_notes(draft.steps, folder,
                    "Prisma orders by locale (localeCompare) and old releases bytewise"),
        std::back_inserter(draft.notes));
    return draft;
}

} // namespace

// `prisma migrate deploy` (schema-engine, apply_migrations.rs) runs every name that its table lacks
// and looks at nothing else; `prisma migrate dev` wants to reset the database.
constinit const Tool prisma{
    .name = "prisma",
    .sent_whole = true,
    .wraps_in_transaction = false,
    .tracking = "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY NOT NULL, "
                "checksum varchar(64) NOT NULL, finished_at timestamptz, "
                "migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, "
                "started_at timestamptz NOT NULL DEFAULT now(), "
                "applied_steps_count integer NOT NULL DEFAULT 0);",
    .wrapping = Wrapping::implicit_block,
    .client = Client::driver,
    .history = {.edited = OnRewrite::overlooks,
                .deleted = OnRewrite::overlooks,
                .inserted = OnRewrite::overlooks,
                .by_name = true},
    .commands = {.run = "npx prisma migrate deploy", .undo = ""},
    .outside_transaction = "put the statement alone in a migration: several statements of one file "
                           "are one transaction",
    .draft = draft,
    .read_script = nullptr,
};

} // namespace ordain::layout
