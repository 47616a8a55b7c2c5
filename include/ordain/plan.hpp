#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {

/// How a runner wraps a script in transactions.
enum class Wrapping {
    explicit_block, ///< BEGIN ... COMMIT around the file.
    implicit_block, ///< No BEGIN, but the file is one simple query: PostgreSQL makes several
                    ///< statements one implicit transaction block (protocol, section 55.2.2.1).
    each_statement, ///< Every statement commits by itself.
    all_migrations, ///< One transaction around all pending migrations.
    script,         ///< Only the script's own BEGIN and COMMIT.
};

/// "explicit", "implicit", "statement", "all" or "script".
[[nodiscard]] std::string_view name_of(Wrapping wrapping);
[[nodiscard]] std::optional<Wrapping> parse_wrapping(std::string_view text);

/// SQL that a runner sends: a file, or the section of a file that is meant for one direction.
struct Script {
    FileId file{};
    Span section; ///< What of the file is sent.
    Wrapping wrapping = Wrapping::explicit_block;
    /// The directive that chose the wrapping (`-- no-transaction`), empty when it is the default.
    Span directive;
    /// True when the runner replaces the whole script by a no-op (postgres-migrations "ignore").
    bool ignored = false;
};

/// All of a file.
[[nodiscard]] Script whole_script(const SourceSet& sources, FileId file, Wrapping wrapping);

/// One step of a plan.
struct Migration {
    std::string id;      ///< File stem less ".up", or the folder's name: unique within a plan.
    std::string version; ///< The part that orders it, as written; empty when there is none.
    std::uint32_t ordinal = 0; ///< Place in the plan's order, from 1.
    Script up;
    std::optional<Script> down;
    /// The plan's base has it: production ran it before this deployment.
    bool applied = false;
};

/// Something about the folder itself that the runner would trip over or silently ignore.
struct LayoutNote {
    /// error: the runner would stop; warning: it would do something surprising; note: left out.
    enum class Severity { error, warning, note };
    Severity severity = Severity::note;
    std::string path;
    std::string message;
};

/// A migration of the base that is not what it was: most runners have run it and will not again.
struct Rewrite {
    enum class Kind {
        edited,   ///< Its up script has another text.
        deleted,  ///< Its up script is gone.
        renamed,  ///< The same text has another name, by which the runner knows it.
        inserted, ///< A new migration stands before one that has run.
    };
    Kind kind = Kind::edited;
    /// The up script: of deleted as the base has it, else as it is now.
    FileId file{};
    std::uint32_t migration = 0; ///< Ordinal; 0 for deleted.
    /// The path that it had before, of renamed; of inserted the id of the first that has run.
    std::string other;
};

/// What the plan's changes are counted from: what it has is taken to have run.
struct Base {
    enum class Kind {
        commit, ///< Of a git repository.
        list,   ///< A file that names what has run.
    };
    Kind kind = Kind::commit;
    std::string name;   ///< "origin/main", or as the user said; of a list its path.
    std::string commit; ///< Its id; empty before a repository's first commit, and of a list.
    std::string reason; ///< Why this one, where it is not a remote's default branch; else empty.
    std::vector<Rewrite> rewrites; ///< In the order of the plan; deleted ones last.
};

/// SQL that has run before the first migration.
struct EarlierScript {
    enum class Kind { tool, platform, dump, assumption };
    Kind kind = Kind::assumption;
    std::string name; ///< What it is, for messages: "sqlx", "platform supabase", "db/schema.sql".
    Script script;
    /// The schemas and relations that it makes may hold more than it says.
    bool open = false;
};

/// What exists before the first migration although no migration makes it.
struct Beforehand {
    std::vector<EarlierScript> scripts;   ///< In the order in which they ran.
    std::vector<std::string> search_path; ///< Of new connections; empty: the server's default.
    std::string platform;                 ///< Its name; empty when none is known.
};

/// A folder of migrations as its tool reads it.
struct Plan {
    std::string layout;                ///< "sqlx", "diesel", "plain" ...
    std::string root;                  ///< The folder, as the user named it.
    std::filesystem::path folder;      ///< Likewise, in the bytes of the file system.
    std::vector<std::string> evidence; ///< Why this layout was chosen, a sentence each.
    /// True when the runner sends a file whole, so that a late syntax error means nothing ran.
    bool sent_whole = true;
    /// True when the runner always wraps a file in one transaction unless told otherwise.
    bool wraps_in_transaction = true;
    Beforehand beforehand;
    std::vector<Migration> migrations; ///< In the order in which the runner applies them.
    std::vector<LayoutNote> notes;
    /// Set: the migrations that are not applied are one deployment. Unset: each is one of its own.
    std::optional<Base> base;
};

/// The indexes of all migrations of a plan.
[[nodiscard]] std::vector<std::size_t> all_migrations(const Plan& plan);

} // namespace ordain
