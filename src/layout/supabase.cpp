#include "layout/file_name.hpp"
#include "layout/order_notes.hpp"
#include "layout/tool.hpp"
#include "text/letter_case.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

// Supabase's CLI (apps/cli-go/pkg/migration/list.go, file.go): `<digits>_<name>.sql`, in the order
// of the file names; other names are skipped with a message. The statements of a file go out in one
// pipeline, which is one implicit transaction; what cannot run in it runs alone since its version
// 2.109, and the file is not atomic then.

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;
using Severity = LayoutNote::Severity;

bool is_migration(std::string_view name) {
    const std::size_t digits = leading_digits(name).size();
    return digits > 0 && digits < name.size() && name[digits] == '_' && name.ends_with(".sql");
}

bool same_version(const Step& left, const Step& right) {
    return left.version == right.version;
}

Result<Draft> draft(const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    Draft draft;
    for (const Entry& entry : *entries) {
        const fs::path path = folder / entry.name;
        if (!ends_with_any_case(entry.name, ".sql")) continue;
        if (entry.kind == EntryKind::unreadable) {
            draft.notes.push_back(note_on(Severity::error, path, "this link leads nowhere"));
        } else if (entry.kind != EntryKind::file) {
            draft.notes.push_back(note_on(Severity::note, path, "left out: not a regular file"));
        } else if (!is_migration(entry.name)) {
            const bool numbered = !leading_digits(entry.name).empty();
            draft.notes.push_back(note_on(
                numbered ? Severity::warning : Severity::note, path,
                "skipped by the Supabase CLI, which reads <digits>_<name>.sql in lower case only"));
        } else {
            draft.steps.push_back({.id = std::string(migration_stem(entry.name)),
                                   .version = std::string(leading_digits(entry.name)),
                                   .up = path,
                                   .down = std::nullopt,
                                   .wrapping = Wrapping::implicit_block});
        }
    }
    std::ranges::move(duplicate_notes(draft.steps, same_version,
                                      "the Supabase CLI fails when it records the second one "
                                      "(23505 on supabase_migrations.schema_migrations)"),
                      std::back_inserter(draft.notes));
    return draft;
}

/// The first word of a statement that the CLI runs alone: CONCURRENTLY, VACUUM, CLUSTER and ALTER
/// SYSTEM run in no transaction block. Empty when there is none.
Span word_outside_transaction(std::string_view text) {
    text::Lexer lexer(text);
    std::string before;
    bool begins = true;
    for (text::Token token = lexer.next(); token.kind != text::Token::Kind::end;
         token = lexer.next()) {
        if (token.kind == text::Token::Kind::comment) continue;
        const bool is_word = token.kind == text::Token::Kind::word;
        const std::string word =
            is_word ? text::lower_case(text.substr(token.span.begin, token.span.size())) : "";
        const bool alone = word == "concurrently" ||
                           (begins && (word == "vacuum" || word == "cluster")) ||
                           (before == "alter" && word == "system");
        if (alone) return token.span;
        begins = token.is(';');
        before = word;
    }
    return {};
}

ScriptReading read_script(const SourceFile& file, Wrapping by_default, Direction /*direction*/) {
    ScriptReading reading{.wrapping = by_default, .directive = {}, .ignored = false, .notes = {}};
    if (word_outside_transaction(file.bytes()).empty()) return reading;
    reading.wrapping = Wrapping::each_statement;
    reading.notes.push_back(
        {.severity = Severity::note,
         .path = file.path(),
         .message = "read as the Supabase CLI runs it since version 2.109: statement by statement, "
                    "because one of them cannot run in a transaction; an older CLI fails at it "
                    "(25001) unless it is the only one"});
    return reading;
}

} // namespace

// pkg/migration/apply.go looks at versions only: it stops where the database has one that the
// folder lacks, or lacks one that stands before its last (`--include-all` runs it all the same).
constinit const Tool supabase{
    .name = "supabase",
    .sent_whole = true,
    .wraps_in_transaction = true,
    .tracking = "CREATE SCHEMA IF NOT EXISTS supabase_migrations; "
                "CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations "
                "(version text PRIMARY KEY NOT NULL, statements text[], name text);",
    .wrapping = Wrapping::implicit_block,
    .client = Client::driver,
    .history = {.edited = OnRewrite::overlooks,
                .deleted = OnRewrite::stops,
                .inserted = OnRewrite::stops,
                .by_name = false},
    .commands = {.run = "supabase db push", .undo = {}},
    .outside_transaction = "put the statement alone in a migration",
    .draft = draft,
    .read_script = read_script,
};

} // namespace ordain::layout
