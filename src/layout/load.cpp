#include "layout/load.hpp"

#include "layout/shown_path.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

/// Below this, starting a thread costs more than it saves.
constexpr std::size_t files_per_thread = 64;
constexpr std::size_t max_threads = 4;

using Texts = std::vector<Result<std::string>>;

void read_some(const FileTree& tree,
               const std::vector<fs::path>& paths,
               Texts& texts,
               std::atomic<std::size_t>& next) {
    for (std::size_t index = next++; index < paths.size(); index = next++) {
        texts[index] = tree.read(paths[index]);
    }
}

Texts read_all(const FileTree& tree, const std::vector<fs::path>& paths) {
    Texts texts(paths.size());
    std::atomic<std::size_t> next = 0;
    const std::size_t helpers =
        std::min({paths.size() / files_per_thread, max_threads,
                  static_cast<std::size_t>(std::thread::hardware_concurrency())});
    std::vector<std::jthread> threads;
    for (std::size_t index = 1; index < helpers; ++index) {
        threads.emplace_back([&] { read_some(tree, paths, texts, next); });
    }
    read_some(tree, paths, texts, next);
    threads.clear();
    return texts;
}

std::vector<fs::path> script_paths(const std::vector<Step>& steps) {
    std::vector<fs::path> paths;
    for (const Step& step : steps) {
        paths.push_back(step.up);
        if (step.down) paths.push_back(*step.down);
    }
    return paths;
}

/// Makes ids printable, and unique where two files differ only in what an id leaves out.
class Ids {
public:
    std::string take(const Step& step) {
        std::string id = printable(step.id);
        if (used_.insert(id).second) return id;
        id = printable(step.up.filename().string());
        for (std::size_t count = 2; !used_.insert(id).second; ++count) {
            id = fmt::format("{} ({})", printable(step.id), count);
        }
        return id;
    }

private:
    std::set<std::string> used_;
};

Script make_script(const Tool& tool,
                   const SourceSet& sources,
                   FileId file,
                   Wrapping by_default,
                   Direction direction,
                   std::vector<LayoutNote>& notes) {
    const SourceFile& source = sources.file(file);
    Script script = whole_script(sources, file, by_default);
    if (tool.read_script == nullptr) return script;
    ScriptReading reading = tool.read_script(source, by_default, direction);
    script.wrapping = reading.wrapping;
    script.directive = reading.directive;
    script.ignored = reading.ignored;
    std::ranges::move(reading.notes, std::back_inserter(notes));
    return script;
}

} // namespace

Result<Reading> load(const FileTree& tree,
                     const Tool& tool,
                     const fs::path& folder,
                     Draft draft,
                     SourceSet& sources) {
    const std::vector<fs::path> paths = script_paths(draft.steps);
    Texts texts = read_all(tree, paths);
    for (const Result<std::string>& text : texts) {
        if (!text) return tl::unexpected(text.error());
    }
    Plan plan{.layout = std::string(tool.name),
              .root = shown(folder),
              .folder = folder,
              .evidence = {},
              .sent_whole = tool.sent_whole,
              .wraps_in_transaction = tool.wraps_in_transaction,
              .beforehand = {},
              .migrations = {},
              .notes = std::move(draft.notes),
              .base = std::nullopt};
    Ids ids;
    std::size_t next = 0;
    const auto add_script = [&](const Step& step, Direction direction) {
        const FileId file = sources.add(shown(paths[next]), *std::move(texts[next]), tool.client);
        ++next;
        return make_script(tool, sources, file, step.wrapping, direction, plan.notes);
    };
    for (const Step& step : draft.steps) {
        Migration migration{.id = ids.take(step),
                            .version = printable(step.version),
                            .ordinal = static_cast<std::uint32_t>(plan.migrations.size() + 1),
                            .up = add_script(step, Direction::up),
                            .down = std::nullopt,
                            .applied = false};
        if (step.down) migration.down = add_script(step, Direction::down);
        plan.migrations.push_back(std::move(migration));
    }
    if (!tool.tracking.empty()) {
        const FileId file =
            sources.add(std::string(tool.name), std::string(tool.tracking), Client::driver);
        plan.beforehand.scripts.push_back({.kind = EarlierScript::Kind::tool,
                                           .name = std::string(tool.name),
                                           .script = whole_script(sources, file, Wrapping::script),
                                           .open = false});
    }
    return Reading{.plan = std::move(plan), .steps = std::move(draft.steps)};
}

} // namespace ordain::layout
