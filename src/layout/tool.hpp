#pragma once

#include "layout/commands.hpp"
#include "layout/duplicates.hpp"
#include "layout/file_tree.hpp"
#include "layout/history.hpp"
#include "layout/way_out.hpp"

#include <filesystem>
#include <optional>
#include <ordain/plan.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::layout {

/// A migration as its tool sees it from names alone.
struct Step {
    std::string id; ///< Raw bytes of the name; made printable and unique when the plan is built.
    std::string version;
    std::filesystem::path up;
    std::optional<std::filesystem::path> down;
    Wrapping wrapping = Wrapping::explicit_block; ///< Unless the script's text says otherwise.
};

/// A down script that undoes nothing, because its up script is missing.
struct Orphan {
    std::filesystem::path script;
    LayoutNote note; ///< The one of the Draft that says so.
};

/// What a tool makes of a folder before any script is read.
struct Draft {
    std::vector<Step> steps; ///< In the order in which the tool applies them.
    std::vector<LayoutNote> notes;
    std::vector<Orphan> orphans;
};

enum class Direction { up, down };

/// What a script's own text says about how it is run.
struct ScriptReading {
    Wrapping wrapping = Wrapping::explicit_block;
    Span directive;
    bool ignored = false;
    std::vector<LayoutNote> notes;
};

/// A migration tool whose folders can be read.
struct Tool {
    std::string_view name;
    /// See Plan.
    bool sent_whole = true;
    bool wraps_in_transaction = true;
    /// SQL of what it makes before the first migration: the table in which it keeps what has run.
    std::string_view tracking;
    Wrapping wrapping = Wrapping::explicit_block;
    Client client = Client::psql;
    HistoryHandling history;
    Commands commands;
    DuplicateHandling duplicates = {};
    std::string_view outside_transaction; ///< See way_out_of_transaction().
    Result<Draft> (*draft)(const FileTree& tree, const std::filesystem::path& folder) = nullptr;
    ScriptReading (*read_script)(const SourceFile& file,
                                 Wrapping by_default,
                                 Direction direction) = nullptr;
};

extern const Tool diesel;
extern const Tool plain;
extern const Tool postgres_migrations;
extern const Tool prisma;
extern const Tool sqlx;
extern const Tool supabase;

/// In alphabetical order of their names.
[[nodiscard]] std::span<const Tool* const> all_tools();
/// nullptr when there is no such tool.
[[nodiscard]] const Tool* find_tool(std::string_view name);

} // namespace ordain::layout
