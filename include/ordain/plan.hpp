#pragma once

#include <cstdint>
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

/// One step of a plan.
struct Migration {
    std::string id;      ///< File stem less ".up", or the folder's name: unique within a plan.
    std::string version; ///< The part that orders it, as written; empty when there is none.
    std::uint32_t ordinal = 0; ///< Place in the plan's order, from 1.
    Script up;
    std::optional<Script> down;
};

/// Something about the folder itself that the runner would trip over or silently ignore.
struct LayoutNote {
    /// error: the runner would stop; warning: it would do something surprising; note: left out.
    enum class Severity { error, warning, note };
    Severity severity = Severity::note;
    std::string path;
    std::string message;
};

/// A folder of migrations as its tool reads it.
struct Plan {
    std::string layout;                ///< "sqlx", "diesel", "plain" ...
    std::string root;                  ///< The folder, as the user named it.
    std::vector<std::string> evidence; ///< Why this layout was chosen, a sentence each.
    /// True when the runner sends a file whole, so that a late syntax error means nothing ran.
    bool sent_whole = true;
    /// True when the runner always wraps a file in one transaction unless told otherwise.
    bool wraps_in_transaction = true;
    /// Tables that the runner creates before the first migration, schema-qualified or not.
    std::vector<std::string> tracking_tables;
    std::vector<Migration> migrations; ///< In the order in which the runner applies them.
    std::vector<LayoutNote> notes;
};

} // namespace ordain
