#include "layout/choose.hpp"

#include "layout/order_notes.hpp"
#include "layout/shown_path.hpp"
#include "layout/tool.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 24> unsupported_tools = {
    "alembic",          "atlas",  "dbmate",   "django",    "drizzle",
    "ef-core",          "evolve", "flyway",   "goose",     "golang-migrate",
    "graphile-migrate", "grate",  "hasura",   "liquibase", "mybatis",
    "node-pg-migrate",  "play",   "pop",      "rails",     "refinery",
    "sql-migrate",      "sqitch", "supabase", "tern",
};

std::string described(const std::vector<Candidate>& candidates) {
    std::vector<std::string> parts;
    parts.reserve(candidates.size());
    for (const Candidate& each : candidates) {
        parts.push_back(fmt::format("{} ({})", each.tool, each.evidence));
    }
    return fmt::format("{}", fmt::join(parts, " or "));
}

Failure ambiguous(const fs::path& folder, const Detection& detection) {
    return {.message = fmt::format(
                "{} is ambiguous: it may be {}; say which with --layout, one of {}", shown(folder),
                described(detection.candidates), fmt::join(layout_names(), ", "))};
}

bool plain_reads_it(const FileTree& tree, const fs::path& folder) {
    const Result<Draft> draft = plain.draft(tree, folder);
    return draft && !draft->steps.empty();
}

/// Plain numbered files as a runner of the user's own sends them.
void take_wrapping(Tool& tool, Draft& draft, Wrapping wrapping) {
    tool.wrapping = wrapping;
    tool.wraps_in_transaction =
        wrapping == Wrapping::explicit_block || wrapping == Wrapping::all_migrations;
    tool.sent_whole = tool.wraps_in_transaction || wrapping == Wrapping::implicit_block;
    tool.client = wrapping == Wrapping::script ? Client::psql : Client::driver;
    for (Step& step : draft.steps)
        step.wrapping = wrapping;
}

/// The user's choice stands, but not silently, when the folder says something else.
Choice chosen_by_user(const FileTree& tree, const fs::path& folder, const Tool& tool) {
    Choice choice{.tool = &tool,
                  .evidence = {"chosen by --layout or in ordain.toml"},
                  .notes = {},
                  .wrapping = std::nullopt};
    const Result<Detection> detection = detect(tree, folder);
    if (!detection || detection->candidates.empty()) return choice;
    const auto is_chosen = [&](const Candidate& each) { return each.tool == tool.name; };
    if (detection->tool() == plain.name || std::ranges::any_of(detection->candidates, is_chosen)) {
        return choice;
    }
    choice.notes.push_back(note_on(LayoutNote::Severity::warning, folder,
                                   fmt::format("read as {} because --layout or ordain.toml says "
                                               "so, but it looks like {}",
                                               tool.name, described(detection->candidates))));
    return choice;
}

} // namespace

std::vector<std::string_view> layout_names() {
    std::vector<std::string_view> names;
    for (const Tool* tool : all_tools())
        names.push_back(tool->name);
    return names;
}

Result<const Tool*> named_tool(const std::string& name) {
    if (const Tool* tool = find_tool(name)) return tool;
    const bool known = std::ranges::find(unsupported_tools, name) != unsupported_tools.end();
    return failure(fmt::format("--layout {}: {}; choose one of {}", printable(name),
                               known ? "that tool is not supported yet" : "no such layout",
                               fmt::join(layout_names(), ", ")));
}

Failure unsupported(const FileTree& tree, const fs::path& folder, const Candidate& candidate) {
    std::string way_out = "it cannot be read";
    if (is_written_in_code(candidate.tool)) {
        way_out = "let the tool write its migrations as SQL files and name their folder";
    } else if (plain_reads_it(tree, folder)) {
        way_out = "--layout plain reads it as plain numbered files, each sent as it stands";
    }
    return {.message = fmt::format("{} belongs to {} ({}), which is not supported yet; {}",
                                   shown(folder), candidate.tool, candidate.evidence, way_out)};
}

Result<Choice> choose(const FileTree& tree, const fs::path& folder, const LayoutOptions& options) {
    if (options.layout) {
        const Result<const Tool*> tool = named_tool(*options.layout);
        if (!tool) return tl::unexpected(tool.error());
        Choice choice = chosen_by_user(tree, folder, **tool);
        if (*tool == &plain) choice.wrapping = options.wrapping;
        return choice;
    }
    const Result<Detection> detection = detect(tree, folder);
    if (!detection) return tl::unexpected(detection.error());
    if (detection->candidates.empty()) return Choice();
    if (detection->ambiguous()) return tl::unexpected(ambiguous(folder, *detection));
    const Tool* tool = find_tool(detection->tool());
    if (tool == nullptr) {
        return tl::unexpected(unsupported(tree, folder, detection->candidates.front()));
    }
    Choice choice{.tool = tool, .evidence = {}, .notes = {}, .wrapping = std::nullopt};
    for (const Candidate& each : detection->candidates)
        choice.evidence.push_back(each.evidence);
    if (tool == &plain) choice.wrapping = options.wrapping;
    if (!detection->caution.empty()) {
        choice.notes.push_back(note_on(LayoutNote::Severity::warning, folder, detection->caution));
    }
    return choice;
}

Result<Reading>
read_folder(const FileTree& tree, const fs::path& folder, Choice choice, SourceSet& sources) {
    Result<Draft> draft = choice.tool->draft(tree, folder);
    if (!draft) return tl::unexpected(draft.error());
    std::ranges::move(choice.notes, std::back_inserter(draft->notes));
    Tool tool = *choice.tool;
    if (choice.wrapping) take_wrapping(tool, *draft, *choice.wrapping);
    Result<Reading> reading = load(tree, tool, folder, *std::move(draft), sources);
    if (reading) reading->plan.evidence = std::move(choice.evidence);
    return reading;
}

} // namespace ordain::layout
